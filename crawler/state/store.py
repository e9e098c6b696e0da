"""The door to a crawl's state: what a frontier, a session, recovery, the report and the check may ask, and how it changes.

    crawler/state/sqlite.py    in the journal of the collection: what a crawl uses
    crawler/state/memory.py    in memory: for a crawl that is thrown away, and for tests

tests/crawler/state/contract.py is this contract as tests, run over each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broadsheet.archive.catalogue import Catalogue, LatestAnswer
from broadsheet.crawler.bounds.evidence import LeftOutCount, RuleCount, ShapeCount
from broadsheet.crawler.cookies.cookie import Cookie
from broadsheet.crawler.state.url import FoundUrl, Lane, State, UrlRecord
from broadsheet.pipelines.capture.submission import Journal


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many URLs of a host are queued in a lane."""

    host: str
    lane: Lane
    count: int


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many URLs are in a state and a lane."""

    state: State
    lane: Lane
    count: int


@dataclass(frozen=True, slots=True)
class Failure:
    """How many URLs failed or were refused for a reason; None: for none that is known."""

    error: str | None
    count: int


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """Where the robots.txt of an origin lies in the archive.  ``status`` is None when there was no answer."""

    fetched: datetime
    status: int | None
    error: str | None
    warc_filename: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """The page that stands for a family of spellings (crawler/bounds/family.py), and where its answer lies."""

    fingerprint: bytes
    url: str
    warc_filename: str | None = None
    offset: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Crawl:
    """A crawl of the collection: the first one, or an update.

    Its captures lie in the files with ids from ``first_warc`` on; URLs that it found have an order from ``first_order`` on.
    ``opened``: known pages are queued, but for the ``spared`` ones, which their sitemap calls unchanged.
    """

    id: int
    is_update: bool
    first_warc: int
    first_order: int
    opened: bool
    spared: int
    finished: bool


class CrawlStore(Journal, Protocol):
    """The state of the crawls of one collection.

    Everything that happens to URLs goes in by `apply`, within `transaction`; what is asked shows all transactions that
    have ended and, to who is in one, what it has applied so far.  Applying a change twice is applying it once.  The other
    writing methods (`keep_options`, `begin_update`, `finish_crawl`) are for the time before and after a crawl runs.

    One thread applies while another one asks: through what `journal` returns, and through the store itself.  A store makes
    up nothing: of two stores that took in the same changes in the same order, each question has the same answer.
    """

    def journal(self, catalogue: Catalogue) -> Journal:
        """What applies changes in the thread that owns *catalogue*, in one transaction with it."""
        ...

    # -- URLs: asked by the frontier

    def seen(self, fingerprints: Sequence[bytes]) -> set[bytes]:
        """Those of *fingerprints* whose URLs are known, in whatever state."""
        ...

    def resting(self, fingerprints: Sequence[bytes]) -> list[FoundUrl]:
        """The requisites among them in the state KNOWN, as they were found."""
        ...

    def load(self, host: str, lane: Lane, limit: int, held: Collection[bytes] = ()) -> list[UrlRecord]:
        """At most *limit* queued URLs of a lane of *host* but for those *held*: highest priority first, then by order."""
        ...

    def waiting(self) -> list[Waiting]:
        """How many URLs are queued, by host and lane; without those that have none."""
        ...

    def has_answered(self, host: str) -> bool:
        """Whether a URL of *host* was ever answered, in this crawl or before it was begun anew."""
        ...

    def next_order(self) -> int:
        """The least order that a new URL may get."""
        ...

    # -- URLs: asked by whoever explains a crawl

    def why(self, url: str) -> UrlRecord | None:
        """What is known of *url*, or of one with the same fingerprint; None: it was never met."""
        ...

    def counts(self) -> list[StateCount]:
        """All URLs by state and lane, in that order; without those that have none."""
        ...

    def failures(self) -> list[Failure]:
        """URLs that failed or were refused, by error, in alphabetical order; those without one first."""
        ...

    def failed(self, error: str | None, limit: int) -> list[str]:
        """At most *limit* URLs that failed or were refused with *error*, in the order found."""
        ...

    def seeds(self) -> list[UrlRecord]:
        """The seeds (hops ""), in the order found."""
        ...

    def seed_redirects(self) -> list[str]:
        """Where seeds have redirected to, in the order found."""
        ...

    # -- what was learnt of sites (crawler/bounds)

    def family(self, key: int) -> FamilyPage | None:
        """The page that stands for the family *key*: the first that was fetched."""
        ...

    def rule_counts(self, site: str) -> list[RuleCount]:
        """What is known of the spellings of *site*, by rule."""
        ...

    def shape_counts(self, site: str) -> list[ShapeCount]:
        """What the URLs of *site* have brought, by shape."""
        ...

    def variants_of(self, fingerprint: bytes, limit: int) -> list[str]:
        """At most *limit* URLs for which the page of that fingerprint stands, in the order found."""
        ...

    def learnt_sites(self) -> list[str]:
        """The sites of which something is known, by name."""
        ...

    def left_out(self) -> list[LeftOutCount]:
        """How many URLs were left out and are not kept one by one, by rule."""
        ...

    def left_out_reasons(self, examples: int) -> list[LeftOutCount]:
        """How many URLs are in the state LEFT_OUT, by error, with at most *examples* each, in the order found."""
        ...

    def take_left_out(self, like: str) -> int:
        """Queue the URLs that were left out with an error that begins with *like*; how many.  For the time before a crawl."""
        ...

    # -- what else a crawl keeps

    def options(self) -> str | None:
        """The options of the crawl as they were given to `keep_options`; None when there was none."""
        ...

    def keep_options(self, text: str) -> None:
        """Keep the options of the crawl, JSON, in place of earlier ones."""
        ...

    def robots(self, origin: str) -> RobotsCopy | None:
        """The robots.txt of *origin* that was fetched last."""
        ...

    def cookies(self) -> list[Cookie]:
        """All cookies that were set, expired ones too, by domain, path and name."""
        ...

    def callback(self, fingerprint: bytes) -> str | None:
        """The spider's own Request for a URL, as `CallbackKept` brought it; None: there is none."""
        ...

    # -- updates (crawler/state/updates.py says what they are)

    def latest_crawl(self) -> Crawl:
        """The crawl that is under way, or was the last."""
        ...

    def found_since(self, order: int) -> int:
        """How many URLs have that order or a higher one."""
        ...

    def earlier_capture(self, fingerprint: bytes) -> tuple[int, int] | None:
        """File id and number of the URL's latest whole answer before the update under way; None: it has none."""
        ...

    def begin_update(self, first_warc: int, answers: Iterable[LatestAnswer]) -> None:
        """Begin an update, whose captures will lie in the files with ids from *first_warc* on, within `transaction`.

        All URLs but those that are queued become KNOWN, with the tries and errors of a new crawl, and sources (seeds,
        sitemaps, feeds, and what they redirected to) are queued.  *answers* are what the archive has of the URLs.
        """
        ...

    def finish_crawl(self, crawl: int) -> None:
        """Say that the crawl of that id is complete, extraction included."""
        ...
