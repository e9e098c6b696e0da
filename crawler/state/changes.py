"""What changes a crawl's state, as values: none of them knows how the state is stored.

They are made where something happens and applied in the transaction that journals the exchange (pipelines/capture), so a
URL's "done", its records and the URLs that it named are durable together.  Each is idempotent: a store that has it already
is not changed by it, nor by one that a later change of the same thing has overtaken, as far as ``tries`` and times tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broadsheet.crawler.bounds.evidence import LeftOutCount, RuleCount, ShapeCount
from broadsheet.crawler.cookies.cookie import Cookie
from broadsheet.crawler.state.url import FoundUrl, State
from broadsheet.pipelines.capture.submission import Change


@dataclass(frozen=True, slots=True)
class Discovery(Change):
    """New URLs that no answer named."""

    found: tuple[FoundUrl, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What an answer taught of its site: counts as they are now, and the key of the family that its page stands for."""

    rules: tuple[RuleCount, ...] = ()
    shapes: tuple[ShapeCount, ...] = ()
    family: int | None = None


@dataclass(frozen=True, slots=True)
class Completion(Change):
    """What try number ``tries`` made of a URL, and the URLs that its answer named.  QUEUED means: try again.

    ``changed_until``: when known URLs were changed at the latest, as a sitemap says, by fingerprint.  ``variant_of`` is the
    page that it is another spelling of.
    """

    fingerprint: bytes
    host: str
    state: State
    tries: int
    priority: int
    error: str | None = None
    found: tuple[FoundUrl, ...] = ()
    changed_until: tuple[tuple[bytes, datetime], ...] = ()
    learnt: Learnt | None = None
    variant_of: bytes | None = None


@dataclass(frozen=True, slots=True)
class Requeued(Change):
    """A URL that was done with try number ``tries`` is to be asked for once more."""

    fingerprint: bytes
    tries: int


@dataclass(frozen=True, slots=True)
class RobotsFetched(Change):
    """The robots.txt of an origin (scheme://host:port) was asked for, with what outcome; its exchange comes along."""

    origin: str
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class CookiesSet(Change):
    """Cookies that were set, or ended."""

    cookies: tuple[Cookie, ...]


@dataclass(frozen=True, slots=True)
class CallbackKept(Change):
    """A spider's own Request for a URL, as JSON: its callback, and what goes along to it.  The first for a URL counts."""

    fingerprint: bytes
    request: str


@dataclass(frozen=True, slots=True)
class LeftOut(Change):
    """How many URLs were left out by rule so far, those that are not kept one by one."""

    counts: tuple[LeftOutCount, ...]


@dataclass(frozen=True, slots=True)
class Opening(Change):
    """The sources of the update *crawl* are done: the known pages are to be asked, all of them, or but for those that their
    sitemap calls unchanged."""

    crawl: int
    ask_all: bool
