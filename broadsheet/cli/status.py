"""``broadsheet status``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.shared import Face, speaks


@click.command("status")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@speaks
def status_command(face: Face, directory: Path) -> int:
    """How the crawl in DIR stands: what is queued, how fast it goes, hosts with delays and errors, the last pages.

    A crawl that works on DIR goes on undisturbed. `broadsheet serve DIR` shows the same on its page Monitor, which moves.

    \b
    broadsheet status news
    broadsheet status news --json
    """
    from broadsheet.archive.collection import Collection  # noqa: PLC0415 - heavy
    from broadsheet.status import crawl_status  # noqa: PLC0415
    from broadsheet.terminal.status import show_status  # noqa: PLC0415

    show_status(face, crawl_status(Collection.open(directory)))
    return 0
