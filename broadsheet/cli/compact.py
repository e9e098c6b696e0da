"""``broadsheet compact``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks
from broadsheet.cli.units import Duration, Size, size_text
from broadsheet.pipelines.compact.defaults import GRACE_SECONDS, TARGET_BYTES

if TYPE_CHECKING:
    from broadsheet.pipelines.compact.compact import CompactSummary


@click.command("compact")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@option("--target-size", type=Size(least=1), default=TARGET_BYTES, show_default=size_text(TARGET_BYTES),
        help="About how large files become.")  # fmt: skip
@option("--grace", type=Duration(), default=GRACE_SECONDS, show_default=True,
        help="For how long replaced files are kept for those who still read them; 0: not at all.")  # fmt: skip
@speaks
def compact_command(face: Face, directory: Path, target_size: int, grace: float) -> int:
    """Sort the dataset of the collection DIR into few large files.

    Rows are ordered by the SURT keys of their URLs and by time, so one site is read from a few places, and lie in folders
    by the month they were fetched in. Readers see the old files or the new ones, never both. What is extracted later lies
    beside; the same command merges it, and leaves months without new rows alone. See docs/compact.md.
    """
    from broadsheet.pipelines.compact.compact import compact  # noqa: PLC0415 - heavy

    with face.err().status("reading the manifests") as status:

        def on_progress(what: str, number: int, total: int) -> None:
            status.update(f"{what} ({number:,} of {total:,})")

        summary = compact(directory, target_bytes=target_size, grace=grace, on_progress=on_progress)
    face.print_json(summary)
    if not face.as_json:
        _show(face, summary)
    return 0


def _show(face: Face, summary: CompactSummary) -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy

    out = face.out()
    if not summary.rewritten:
        out.print("Nothing is new since the last time.")
    table = Table("table", *(f"{name}" for name in ("rows", "files before", "now", "MB before", "now")), box=None)
    for one in summary.tables:
        sizes = (f"{one.bytes_before / 1e6:,.1f}", f"{one.bytes / 1e6:,.1f}")
        table.add_row(one.table, f"{one.rows:,}", f"{one.files_before:,}", f"{one.files:,}", *sizes)
    out.print(table)
    if summary.rewritten:
        out.print(f"{summary.rewritten:,} months of tables were sorted, {summary.untouched:,} had nothing new.")
        if summary.grace_seconds:
            when = f"after {summary.grace_seconds:,.0f} s"
            out.print(f"The replaced files are removed by the first command that writes here {when}.", soft_wrap=True)
