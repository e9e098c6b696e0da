"""``broadsheet repair``."""

from __future__ import annotations

from pathlib import Path

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks


@click.command("repair")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="WARC|WACZ...")
@option("-o", "--output", type=click.Path(path_type=Path), required=True, metavar="OUT",
              help="The new file; for several WARCs, or those of a WACZ, a folder. Nothing is ever overwritten.")  # fmt: skip
@option("--keep-doubtful", is_flag=True,
              help="Keep plain and zstd records that can be read and whose block does not have its digest.")  # fmt: skip
@speaks
def repair_command(face: Face, inputs: tuple[Path, ...], output: Path, keep_doubtful: bool) -> int:
    """Save what can be read of truncated or damaged WARCs into new ones, and say exactly what is lost.

    \b
    Good records are copied byte for byte. The input is only read. What is lost is named by its place, the reason and,
    where its header can still be read, its id and URL. The new file is verified at the end. Of a WACZ its WARCs are
    saved, also when its end is missing; `broadsheet pack` makes a new WACZ of them.

    \b
    broadsheet repair torn.warc.gz -o mended.warc.gz
    broadsheet repair archive/*.warc.gz -o mended/
    broadsheet repair broken.wacz -o mended/

    Exit code 0 when the new files are sound, 1 when an error is left in them (it was in the input, too).
    """
    from broadsheet.warcs.repairing import repair_all, show_repairs  # noqa: PLC0415 - heavy

    repaired = repair_all(face, inputs, output, keep_doubtful=keep_doubtful)
    show_repairs(face, repaired)
    return 1 if any(one.errors for one in repaired) else 0
