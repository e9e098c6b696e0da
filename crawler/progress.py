"""What a crawl says of itself: how it goes, to whoever watches it, and how it ended.

A ``CrawlObserver`` is told several times a second, from the crawl's own thread: it must be quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class UpdateCounts:
    """What an update did.  ``asked`` exchanges brought ``stored`` new or changed answers with status 200 and ``unchanged``
    ones, revisits; ``spared`` known pages were not asked, for their sitemap calls them unchanged; ``found`` URLs are new."""

    asked: int = 0
    stored: int = 0
    unchanged: int = 0
    spared: int = 0
    found: int = 0


class CrawlEnd(StrEnum):
    """Why a crawl stopped."""

    FINISHED = "finished"
    ALREADY_FINISHED = "already finished"
    INTERRUPTED = "interrupted"
    PAGE_LIMIT = "page limit reached"
    WAITING = "waiting"  # for hosts that cannot be asked now
    DISK_FULL = "disk full"
    DISK_LIMIT = "disk limit reached"  # before it is full
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """A moment of a crawl.  ``exchanges``, ``pages`` and ``errors`` count since the crawl was begun, all else this run."""

    exchanges: int = 0
    pages: int = 0
    queued: int = 0
    in_flight: int = 0
    bytes_received: int = 0
    warc_bytes: int = 0
    elapsed: float = 0.0
    rate: float = 0.0  # exchanges a second
    articles_extracted: int = 0
    extraction_backlog: int = 0
    statuses: Mapping[int, int] = field(default_factory=dict)
    errors: Mapping[str, int] = field(default_factory=dict)
    current_url: str | None = None
    phase: str = "crawl"  # crawl | extract


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """How a crawl ended.  ``exit_code`` is that of the command: 0 complete, 1 failed, 3 incomplete and resumable."""

    directory: Path
    end: CrawlEnd
    exit_code: int
    progress: CrawlProgress
    warc_files: int = 0
    articles: int = 0  # rows of the table articles
    extraction_failures: int = 0  # rows whose status is not ok
    updated: UpdateCounts | None = None  # of an update
    message: str = ""  # one line: what happened, what to do next


class CrawlObserver(Protocol):
    """Is told how a crawl goes."""

    def update(self, progress: CrawlProgress) -> None:
        """A new moment; called a few times a second."""
        ...

    def note(self, line: str) -> None:
        """Something a person should know now, e.g. a host that asks to wait."""
        ...
