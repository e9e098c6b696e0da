"""The requisites' lane: visits that pass Scrapy's engine by, a task each.

The frontier gives out pages and requisites from one queue of a host, so both share its places and its pace; what the
engine would add to an image (a Request, a Response, a spider's callback) is half of what it costs.  A visit's way is
the same: robots.txt, the host's turn, the exchange, its links, the WARC, and only then its place is free again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.decoding import DecodingBudget, decode_within
from broadsheet.crawler.fetcher import Fetched
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.reading import LinkReader, in_thread_if_large

logger = logging.getLogger(__name__)


class VisitMaker(Protocol):
    """Makes visits and ends them: the crawl session."""

    async def fetch(self, visit: Visit) -> Fetched | None:
        """Make *visit*; None when there is nothing to read in it and it is ended already."""
        ...

    async def complete(self, visit: Visit, fetched: Fetched, links: Sequence[Outlink] = ()) -> None:
        """End *visit* with what it brought and where that leads."""
        ...

    def abandon(self, visit: Visit) -> None:
        """Something went wrong on our side: free the place of *visit*, whose URL stays queued for the next run."""
        ...

    def requisite_ended(self) -> None:
        """A visit of the lane is over, however it went."""
        ...


class RequisiteLane:
    """The requisites under way: *visits* makes them, *reader* reads what they brought, decoded within *budget*."""

    def __init__(self, visits: VisitMaker, reader: LinkReader, budget: DecodingBudget) -> None:
        self._budget = budget
        self._visits = visits
        self._reader = reader
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def active(self) -> int:
        """Requisites under way."""
        return len(self._tasks)

    def start(self, visit: Visit) -> None:
        """Begin *visit*, a leased one, in the running event loop."""
        task = asyncio.get_running_loop().create_task(self._go(visit))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def finish(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._visits.requisite_ended()

    async def _go(self, visit: Visit) -> None:
        try:
            fetched = await self._visits.fetch(visit)
            if fetched is not None:
                await self._visits.complete(visit, fetched, await self._links(visit, fetched))
        except Exception:
            # A fault of ours: the row stays queued in the journal, for the next run, and its host goes on.
            logger.exception("requisite %s", visit.url)
            self._visits.abandon(visit)

    async def _links(self, visit: Visit, fetched: Fetched) -> Sequence[Outlink]:
        answer = fetched.exchange.answer
        if fetched.reading is not None:
            return fetched.reading.links
        if answer is None:
            return ()
        try:
            if not self._reader.reads_content(answer, visit):
                return self._reader.links_of(answer, visit).links
            decoded = await decode_within(self._budget, answer)
            try:
                reading = await in_thread_if_large(
                    answer,
                    lambda: self._reader.links_of(answer, visit, decoded.content),
                    large=decoded.room is not None,
                )
            finally:
                decoded.release()
        except Exception:
            logger.exception("no requisites from %s", visit.url)  # the capture must not be lost for that
            return ()
        return reading.links
