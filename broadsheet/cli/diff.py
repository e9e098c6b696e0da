"""``broadsheet diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks
from broadsheet.pipelines.dataset.defaults import DIFFERENCES_LISTED

if TYPE_CHECKING:
    from broadsheet.pipelines.dataset.diff import Difference


@click.command("diff")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("other", required=False, type=click.Path(path_type=Path), metavar="[DIR2]")
@option("--from", "from_id", metavar="ID", help="The old extraction; without it, the newest but one (of DIR).")
@option("--to", "to_id", metavar="ID", help="The new extraction; without it, the newest (of DIR2, if given).")
@option("--limit", type=click.IntRange(0), default=DIFFERENCES_LISTED, show_default=True, metavar="N",
              help="Rows to list of each kind of change; all are counted.")  # fmt: skip
@speaks
def diff_command(
    face: Face, directory: Path, other: Path | None, from_id: str | None, to_id: str | None, limit: int
) -> int:
    """Compare two extractions of the same pages: rows lost and gained, and what changed in the others.

    Both may lie in the collection DIR, or the new one in another collection DIR2. Rows are matched by id, the WARC
    record. Texts are compared word by word, the most changed first.

    \b
    broadsheet diff example
    broadsheet diff example --from 41f0c3aa52be9d17 --to 9c64d18e0fb32a75 --limit 5
    broadsheet diff before after --json
    """
    from broadsheet.pipelines.dataset.diff import diff  # noqa: PLC0415 - heavy

    with face.err().status("comparing"):
        difference = diff(directory, other or directory, from_id=from_id, to_id=to_id, limit=limit)
    face.print_json(difference)
    if not face.as_json:
        _show(face, difference)
    return 0


def _show(face: Face, found: Difference) -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy

    out = face.out()
    table = Table.grid(padding=(0, 2))
    for label, side in (("from", found.before), ("to", found.after)):
        table.add_row(label, f"{side.extraction_id}, {side.rows:,} rows in {side.directory}")
    table.add_row("the same", f"{found.same:,}")
    table.add_row("lost, gained", f"{found.lost:,}, {found.gained:,}")
    for name, count in found.changed.items():
        table.add_row(f"{name.replace('_', ' ')} changed", f"{count:,}{_details(found, name)}")
    out.print(table)
    for title, rows in (("Lost", found.lost_rows), ("Gained", found.gained_rows)):
        for row in rows:
            out.print(f"{title}: {row.url}  {row.id}", soft_wrap=True, markup=False)
    for name, changes in found.fields.items():
        for change in changes:
            values = f"{change.before!r} -> {change.after!r}"
            out.print(f"{name}: {change.url}\n    {values}", soft_wrap=True, markup=False)
    for text in found.texts:
        measure = text.measure
        words = f"+{measure.words_added:,} -{measure.words_removed:,} of {measure.words_before:,} words"
        out.print(
            f"text {measure.similarity:.3f} ({measure.kind.value}, {words}): {text.url}", soft_wrap=True, markup=False
        )
        for sign, sample in (("-", measure.removed_sample), ("+", measure.added_sample)):
            if sample is not None:
                out.print(f"    {sign} {sample}", soft_wrap=True, markup=False)


def _details(found: Difference, name: str) -> str:
    if name == "status":
        counts = found.transitions
    elif name == "text":
        counts = {**found.text_kinds, **{f"similarity {span}": count for span, count in found.similarity.items()}}
    else:
        return ""
    return f" ({', '.join(f'{what}: {count:,}' for what, count in counts.items())})" if counts else ""
