"""``broadsheet verify``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.shared import Face, speaks


@click.command("verify")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings, too.")
@speaks
def verify_command(face: Face, paths: tuple[Path, ...], strict: bool) -> int:
    """Check WARC and WACZ files and whole collections, strictly.

    \b
    Of a WARC: structure, gzip members, truncation, fields, digests, links between records, HTTP framing, and whether an
    answer is one to its request. Of a collection: its WARCs, and its journal against them and against its dataset.

    Exit code 1 when an error is found.
    """
    from broadsheet.verification import show_verification, verify_paths  # noqa: PLC0415 - heavy

    verification = verify_paths(paths)
    show_verification(face, verification)
    failed = verification.errors or (strict and verification.warnings)
    return 1 if failed else 0
