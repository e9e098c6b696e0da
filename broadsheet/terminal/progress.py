"""How a crawl is seen while it runs: a live line on a terminal, plain lines elsewhere, nothing when told to be quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.table import Table

from broadsheet.cli.shared import Face
from broadsheet.crawler.progress import CrawlObserver, CrawlProgress
from broadsheet.terminal.amounts import duration, size

PLAIN_SECONDS = 5.0


@contextmanager
def crawl_observer(face: Face) -> Iterator[CrawlObserver]:
    """The observer that fits where standard error goes."""
    if face.quiet:
        yield SilentObserver()
    elif sys.stderr.isatty():
        console = face.err()
        with Live(console=console, refresh_per_second=4, transient=True) as live:
            yield LiveObserver(console, live)
    else:
        yield PlainObserver(face.err())


class SilentObserver:
    """Says nothing."""

    def update(self, progress: CrawlProgress) -> None:
        """Not shown."""

    def note(self, line: str) -> None:
        """Not shown."""


class PlainObserver:
    """A line every few seconds, for logs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = time.monotonic() + PLAIN_SECONDS

    def update(self, progress: CrawlProgress) -> None:
        """A line, if it is time for one."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PLAIN_SECONDS
            self._console.print(describe(progress), soft_wrap=True)

    def note(self, line: str) -> None:
        """The line."""
        self._console.print(line, soft_wrap=True, markup=False)


class LiveObserver:
    """A small table that stays in its place."""

    def __init__(self, console: Console, live: Live) -> None:
        self._console = console
        self._live = live

    def update(self, progress: CrawlProgress) -> None:
        """Redraw."""
        self._live.update(live_table(progress))

    def note(self, line: str) -> None:
        """The line, above the table."""
        self._console.print(line, markup=False)


def describe(progress: CrawlProgress) -> str:
    """One line about this moment."""
    if progress.phase == "extract":
        return f"extracting: {progress.articles_extracted:,} articles, {progress.extraction_backlog:,} records to go"
    parts = [
        f"{progress.pages:,} pages",
        f"{progress.exchanges:,} exchanges",
        f"{progress.queued:,} queued",
        f"{progress.rate:.1f}/s",
        size(progress.bytes_received),
    ]
    parts += [f"{name}: {count:,}" for name, count in sorted(progress.errors.items())]
    if (eta := remaining(progress)) is not None:
        parts.append(f"about {duration(eta)} for what is queued")
    return ", ".join(parts)


def live_table(progress: CrawlProgress) -> Table:
    """The same for a terminal."""
    table = Table.grid(padding=(0, 2))
    for label, value in (
        ("pages", f"{progress.pages:,}"),
        ("queue", f"{progress.queued:,} (+{progress.in_flight} in flight)"),
        ("rate", f"{progress.rate:.1f} exchanges/s, {size(progress.bytes_received)} received"),
        ("errors", ", ".join(f"{k} {v:,}" for k, v in sorted(progress.errors.items())) or "none"),
        ("time", _times(progress)),
        ("now", _short(progress.current_url or "")),
    ):
        table.add_row(f"[bold]{label}[/]", value)
    if progress.phase == "extract":
        table.add_row("[bold]extraction[/]", describe(progress))
    return table


def remaining(progress: CrawlProgress) -> float | None:
    """Seconds for what is queued now, at this rate; None before that can be said."""
    speed = progress.rate
    return progress.queued / speed if speed and progress.elapsed > 2 and progress.queued else None


def _times(progress: CrawlProgress) -> str:
    eta = remaining(progress)
    so_far = duration(progress.elapsed)
    return so_far if eta is None else f"{so_far}, about {duration(eta)} for what is queued"


def _short(url: str, width: int = 90) -> str:
    return url if len(url) <= width else f"{url[: width - 1]}…"
