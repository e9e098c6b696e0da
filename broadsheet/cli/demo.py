"""``broadsheet demo``."""

from __future__ import annotations

import click

from broadsheet.cli.shared import Face, speaks


@click.command("demo")
@speaks
def demo_command(face: Face) -> int:
    """A small built-in news site, crawled, extracted and shown."""
    raise click.UsageError("not yet")
