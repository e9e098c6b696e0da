"""How results are shown: a few lines for a person, one object for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.table import Table

from broadsheet.archive.errors import EXIT_FAILED
from broadsheet.cli.shared import Face
from broadsheet.crawler.progress import CrawlEnd, CrawlSummary
from broadsheet.terminal.amounts import duration, size

if TYPE_CHECKING:
    from broadsheet.pipelines.derive.extract import ExtractSummary

_SHOWN = 20  # problems that are listed one by one


def show_crawl(face: Face, summary: CrawlSummary) -> None:
    """The end of a crawl."""
    face.print_json(summary)
    if summary.exit_code == EXIT_FAILED:
        click.echo(f"error: {summary.message}", err=True)  # also when told to be quiet
    if face.as_json:
        return
    out, progress = face.out(), summary.progress
    if summary.end is not CrawlEnd.FAILED or progress.exchanges:
        table = Table.grid(padding=(0, 2))
        rows = [
            ("pages", f"{progress.pages:,}"),
            ("exchanges", f"{progress.exchanges:,} ({size(progress.bytes_received)})"),
            ("articles rows", f"{summary.articles:,} ({summary.extraction_failures:,} failed)"),
            ("WARC files", f"{summary.warc_files:,}"),
            ("time", duration(progress.elapsed)),
            ("errors", ", ".join(f"{k}: {v:,}" for k, v in sorted(progress.errors.items())) or "none"),
            ("left in the queue", f"{progress.queued:,}"),
        ]
        for label, value in rows:
            table.add_row(label, value)
        out.print(table)
        out.print(f"The collection is in {summary.directory}", soft_wrap=True, markup=False)
    if summary.exit_code != EXIT_FAILED:
        out.print(summary.message, soft_wrap=True, markup=False)


def show_extract(face: Face, summary: ExtractSummary) -> None:
    """The end of an extraction: rows, and every entry without one by its reason."""
    face.print_json(summary)
    if face.as_json:
        return
    out, counts = face.out(), summary.counts
    if not summary.derived and not counts.damage and not counts.problems:
        out.print("Everything was extracted already: nothing to do.")
    table = Table.grid(padding=(0, 2))
    table.add_row("WARC files", f"{summary.files:,}")
    table.add_row("captures", f"{counts.entries:,}")
    table.add_row("articles rows", f"{counts.articles:,} ({counts.failures:,} failed)")
    for reason, count in sorted(counts.reasons.items(), key=lambda item: -item[1]):
        table.add_row("  without, because", f"{count:,} {reason}")
    out.print(table)
    for line in (counts.damage + counts.problems)[:_SHOWN]:
        click.echo(line, err=True)
    if (more := len(counts.damage) + len(counts.problems) - _SHOWN) > 0:
        click.echo(f"... and {more} more", err=True)
    out.print(f"The collection is in {summary.directory}", soft_wrap=True, markup=False)
