"""``broadsheet dedupe``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.cli.option import option
from broadsheet.cli.shared import Face, speaks
from broadsheet.pipelines.dedupe.defaults import THRESHOLD

if TYPE_CHECKING:
    from broadsheet.pipelines.dedupe.dedupe import DedupeSummary


@click.command("dedupe")
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@option("--threshold", type=click.FloatRange(0.1, 1.0), default=THRESHOLD, show_default=True, metavar="J",
              help="Share of word triples in common (Jaccard) from which on two texts are versions of one.")  # fmt: skip
@option("--extraction", "extraction_id", metavar="ID", help="Only this extraction; without it, each.")
@speaks
def dedupe_command(face: Face, directory: Path, threshold: float, extraction_id: str | None) -> int:
    """Label exact, near and cut duplicates among the articles of the collection DIR.

    The labels are the table `signatures`: duplicate_of, relation, score, cluster_id. Join it to `articles` by id and
    extraction_id. Nothing is deleted. Kept is the earliest published, then the earliest captured.

    Near are two versions of a text; contained is a cut copy in the whole one. See docs/dedupe.md.
    """
    from broadsheet.pipelines.dedupe.dedupe import dedupe  # noqa: PLC0415 - heavy

    with face.err().status("reading") as status:

        def on_progress(phase: str, done: int, total: int) -> None:
            status.update(f"{phase} {done:,}" + (f" of {total:,}" if total else ""))

        summaries = dedupe(directory, extraction_id=extraction_id, threshold=threshold, on_progress=on_progress)
    face.print_json(summaries)
    if not face.as_json:
        for summary in summaries:
            _show(face, summary)
    return 0


def _show(face: Face, summary: DedupeSummary) -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy

    out = face.out()
    if not summary.fresh:
        out.print("Nothing has changed since the last time.")
    table = Table.grid(padding=(0, 2))
    table.add_row("extraction", summary.extraction_id)
    table.add_row("articles", f"{summary.rows:,} ({summary.rows - summary.compared:,} with too little text to compare)")
    table.add_row("duplicates", f"{summary.duplicates:,} in {summary.clusters:,} clusters")
    for relation, count in summary.relations.items():
        table.add_row(f"  {relation}", f"{count:,}")
    for place, host in enumerate(summary.top_hosts):
        table.add_row("most on" if place == 0 else "", f"{host.duplicates:,} {host.host}")
    for place, cluster in enumerate(summary.largest[:3]):
        table.add_row("largest" if place == 0 else "", f"{cluster.rows:,} rows like {cluster.id}")
    out.print(table)
    out.print(f"The labels are in {summary.path}", soft_wrap=True, markup=False)
