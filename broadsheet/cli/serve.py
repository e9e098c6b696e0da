"""``broadsheet serve``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks


@click.command("serve")
@click.argument("directories", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@option("--port", type=click.IntRange(0, 65535), default=8900, show_default=True,
        help="Port of the pages on 127.0.0.1; 0 for any that is free.")  # fmt: skip
@option("--archived-port", type=click.IntRange(0, 65535), default=None,
        help="Port of archived pages and raw captures, 0 for any that is free; without it, "
             "one above --port if it is free.")  # fmt: skip
@option("--control", is_flag=True,
        help="Let a running crawl be changed from its page Monitor (pause, resume, leave out, add a seed), by who knows "
             "the token that is printed.")  # fmt: skip
@option("--browser", type=click.Path(path_type=Path), metavar="PATH",
        help="The Chrome or Chromium that full replays open in; else the first that is found.")  # fmt: skip
@speaks
def serve_command(
    face: Face,
    directories: tuple[Path, ...],
    port: int,
    archived_port: int | None,
    control: bool,
    browser: Path | None,
) -> int:
    """Search, read, compare and check the collections DIR in a browser, on this machine alone.

    \b
    Pages are served on 127.0.0.1 until Ctrl-C. Nothing is written into the collections but a search index, which can be
    thrown away; a crawl may go on meanwhile. Each page has its data beside it, under the same address with .json.

    \b
    broadsheet serve example
    broadsheet serve news blogs --port 9000
    """
    from broadsheet.serve.session import run_serve  # noqa: PLC0415 - heavy

    run_serve(face, directories, port, archived_port, control=control, browser=browser)
    return 0
