"""``broadsheet verify``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks


@click.command("verify")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@option("--strict", is_flag=True, help="Exit with 1 on warnings, too.")
@option("--workers", type=click.IntRange(1), default=lambda: os.cpu_count() or 1, show_default="cores",
              help="Files that are read at a time.")  # fmt: skip
@option("--second-reader", is_flag=True,
        help="Read WARCs with warcio, too, and tell where it sees other records (costs as much again).")  # fmt: skip
@speaks
def verify_command(face: Face, paths: tuple[Path, ...], strict: bool, workers: int, second_reader: bool) -> int:
    """Check WARC, CDXJ and WACZ files, anybody's, and whole collections, strictly.

    \b
    Of a WARC: structure, gzip members, truncation, fields, digests, links between records, revisits, HTTP framing, and
    whether an answer is one to its request. Of an index: its form, and against the records both ways. Of a WACZ: the
    zip, its manifest, pages and indexes. Of a collection: its journal against its WARCs and its dataset, too.

    Name files of one crawl, or their folder, together: a revisit's original may lie in another file.

    Exit code 1 when an error is found. Every rule is in docs/verify.md.
    """
    from broadsheet.warcs.verification import show_verification, verification_progress, verify_paths  # noqa: PLC0415 - heavy

    with verification_progress(face) as progress:
        result, collections = verify_paths(paths, workers=workers, on_progress=progress, second_reader=second_reader)
    show_verification(face, result, collections)
    failed = result.errors or (strict and result.warnings)
    return 1 if failed else 0
