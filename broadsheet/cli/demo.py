"""``broadsheet demo``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks


@click.command("demo")
@option("-o", "--output", "directory", type=click.Path(path_type=Path), default=Path("broadsheet-demo"),
              show_default=True, metavar="DIR", help="Where the collection goes.")  # fmt: skip
@option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the demo site; 0 for any that is free.")
@speaks
def demo_command(face: Face, directory: Path, port: int) -> int:
    """Crawl a small built-in news site on this machine, extract it and show what came out.

    Needs no internet. The site is served on 127.0.0.1 while the command runs, with all that surrounds an article on a
    common blog: author boxes, comments, related and most-read lists, newsletter prompts.
    """
    from broadsheet.demo.run import run_demo  # noqa: PLC0415 - heavy

    return run_demo(face, directory, port)
