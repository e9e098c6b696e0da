"""How a visit is made: the contract between a crawl and whatever fetches for it.

`broadsheet.crawler.client.capture_fetcher.CaptureFetcher` is the implementation over sockets: one visit, one exchange.  One
that loads pages in a browser makes many exchanges of one visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from broadsheet.archive.exchange import Exchange
from broadsheet.archive.warc.revisit import Original
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.reading import Reading
from broadsheet.crawler.state.url import State


@dataclass(frozen=True, slots=True)
class Fetched:
    """The visit was made.

    ``exchange`` is the visit's own, answered or not; ``others`` are what else it took, in the order in which they ended.
    ``unmodified`` is the capture that its request asked about with a condition.  ``reading`` is what the answer leads to, where
    the fetcher knows it better than the bytes do; None: the bytes are to be read.
    """

    exchange: Exchange
    others: tuple[Exchange, ...] = ()
    unmodified: Original | None = None
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The URL is not asked for, and will not be: ``state`` is REFUSED when it may not be, FAILED when it cannot."""

    why: str
    state: State = State.REFUSED


@dataclass(frozen=True, slots=True)
class Later:
    """The URL's host cannot be asked now.  The URL keeps its place in the queue and loses no try.

    ``when`` is the earliest moment for it on the event loop's clock; None: not in this run.
    """

    when: float | None
    why: str


class Fetcher(Protocol):
    """Fetches visits, several at a time, in one event loop.

    The contract: `fetch` honours robots.txt and the host's turn, and asks no address that the crawl may not ask.  It raises
    for no fault of a server: how a request went wrong is part of its exchange.  It writes no exchange of the visit and does
    not end it: whoever called it does, by what it returns.  An exchange that it returns is exact to the byte.
    """

    async def fetch(self, visit: Visit) -> Fetched | Refused | Later:
        """Make *visit*."""
        ...

    async def close(self) -> None:
        """Give up what is under way, and hang up."""
        ...
