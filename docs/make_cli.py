"""Writes docs/cli.md from the commands' own help: ``uv run python docs/make_cli.py``.  A test keeps it true."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli import cli

PAGE = Path(__file__).parent / "cli.md"


def cli_page() -> str:
    """The page as it should be."""
    parts = ["# The command line\n\nWritten by `docs/make_cli.py` from the commands' help.\n"]
    context = cli.make_context("broadsheet", ["demo"], terminal_width=100)
    parts.append(f"## broadsheet\n\n```text\n{cli.get_help(context)}\n```\n")
    for name in sorted(cli.commands):
        command = cli.commands[name]
        inner = click.Context(command, parent=context, info_name=name, terminal_width=100)
        parts.append(f"## broadsheet {name}\n\n```text\n{command.get_help(inner)}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(cli_page(), "utf-8")
