"""What a user may ask of a crawl, and what a crawl answers: the types between the command line and the crawler.

``CrawlOptions`` is stored in the collection, so that the same command, or the folder alone, continues the crawl.
A ``CrawlObserver`` is told how it goes, several times a second, from the crawl's own thread: it must be quick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class ScopeKind(StrEnum):
    """How far a crawl goes from its seeds."""

    HOST = "host"  # the seed's host, "www." or not
    DOMAIN = "domain"  # the seed's registered domain and its subdomains
    PREFIX = "prefix"  # URLs that begin with the seed up to its last slash


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Settings of one crawl.  Sizes are bytes, times are seconds, 0 means no limit where a limit is meant."""

    directory: Path
    seeds: tuple[str, ...] = ()
    scope: ScopeKind = ScopeKind.HOST
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_pages: int = 0
    max_depth: int = 0
    delay: float = 0.5
    concurrency: int = 2
    total_concurrency: int = 32
    timeout: float = 60.0
    retries: int = 2
    max_size: int = 64 * 1024 * 1024
    warc_size: int = 1_000_000_000
    compression_level: int = 2
    user_agent: str = ""
    ignore_robots: bool = False
    requisites: bool = True
    ask_all: bool = False  # of an update: ask also for pages that their sitemap calls unchanged
    dedupe: bool = True
    dedupe_min_size: int = 1000  # bytes of payload; a revisit record is not much smaller than what it would replace
    skip_requisites: tuple[str, ...] = ()  # kinds (`broadsheet.crawler.requisites.requisite.Kind`) that are not fetched
    allow_private: bool = False
    workers: int = 1
    extract: bool = True
    proxy: str | None = None
    headers: tuple[str, ...] = ()  # "Name: value", besides our own
    cookies: bool = True  # keep what servers set
    load_cookies: str | None = None  # a cookies.txt; kept in the journal from then on
    http_user: str | None = None
    http_password: str | None = None
    operator: str | None = None
    description: str | None = None


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
    DISK_FULL = "disk full"
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
