"""``broadsheet import``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks


@click.command("import")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR|FILE...")
@option("-o", "--output", "directory", type=click.Path(path_type=Path), required=True, metavar="DIR",
        help="The collection: made if there is none, added to if there is.")  # fmt: skip
@option("--list", "listing", type=click.Path(path_type=Path), metavar="FILE",
        help="CSV or JSON lines with file, url and, if known, date: what a file does not say itself.")  # fmt: skip
@option("--no-extract", is_flag=True, help="Import only; `broadsheet extract DIR` makes the dataset.")
@option("--workers", type=click.IntRange(1), default=lambda: os.cpu_count() or 1, show_default="cores",
        help="Processes that extract.")  # fmt: skip
@speaks
def import_command(
    face: Face, inputs: tuple[Path, ...], directory: Path, listing: Path | None, no_extract: bool, workers: int
) -> int:
    """Import pages that you have as files, and make their dataset: HTML, SingleFile, MHTML, HAR, JSON lines.

    They become WARC records that say what they are: not seen on the wire. From then on all commands work on them. The
    same file imported twice is there once; stop it, and the same command goes on. See docs/import.md.

    \b
    broadsheet import saved-pages -o saved
    broadsheet import pages --list pages.csv -o saved
    broadsheet import articles.jsonl trip.har story.mhtml -o saved

    Exit code 1 when something was left out; it is named.
    """
    from broadsheet.pipelines.importers.importing import import_files  # noqa: PLC0415 - heavy
    from broadsheet.terminal.imports import import_progress, show_import  # noqa: PLC0415

    with import_progress(face) as on_progress:
        summary = import_files(inputs, directory, listing=listing, on_progress=on_progress)
    extracted = None
    if not no_extract:
        from broadsheet.pipelines.derive.extract import extract  # noqa: PLC0415 - heavy

        extracted = extract([], directory, workers=workers)
    show_import(face, summary, extracted)
    return max(summary.exit_code, 0 if extracted is None else extracted.exit_code)
