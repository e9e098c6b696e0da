"""How an import is seen: a line every few seconds, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.table import Table

from broadsheet.cli.shared import Face
from broadsheet.terminal.progress import PLAIN_SECONDS

if TYPE_CHECKING:
    from broadsheet.pipelines.derive.extract import ExtractSummary
    from broadsheet.pipelines.importers.importing import ImportProgress, ImportSummary

_SHOWN = 20  # of what was left out


@contextmanager
def import_progress(face: Face) -> Iterator[Callable[[ImportProgress], None]]:
    """Say on standard error how far it is, every few seconds."""
    due = time.monotonic() + PLAIN_SECONDS

    def on_progress(progress: ImportProgress) -> None:
        nonlocal due
        if not face.quiet and time.monotonic() >= due:
            due = time.monotonic() + PLAIN_SECONDS
            done = f"{progress.files:,} of {progress.of_files:,} files"
            face.err().print(f"importing: {done}, {progress.documents:,} documents", soft_wrap=True)

    yield on_progress


def show_import(face: Face, summary: ImportSummary, extracted: ExtractSummary | None) -> None:
    """Print what was imported, and what was made of it."""
    face.print_json({"import": summary, "extract": extracted})
    if face.as_json:
        return
    progress, out = summary.progress, face.out()
    table = Table.grid(padding=(0, 2))
    table.add_row("files", f"{progress.of_files:,}")
    table.add_row("documents imported", f"{progress.documents:,}")
    table.add_row("there already", f"{progress.known:,}")
    table.add_row("left out", f"{len(progress.left_out):,}")
    if progress.other_files:
        table.add_row("files of other kinds", f"{progress.other_files:,}")
    if extracted is not None:
        table.add_row("articles rows", f"{extracted.counts.articles:,} ({extracted.counts.failures:,} failed)")
    out.print(table)
    for line in progress.left_out[:_SHOWN]:
        click.echo(f"left out: {line}", err=True)
    if (more := len(progress.left_out) - _SHOWN) > 0:
        click.echo(f"... and {more:,} more", err=True)
    out.print(f"The collection is in {summary.directory}", soft_wrap=True, markup=False)
