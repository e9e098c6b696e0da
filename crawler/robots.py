"""robots.txt of each origin: fetched like anything else, archived, and asked before a page.

What an answer means is RFC 9309's (crawler/politeness/robots.py); here is when to fetch, whom to follow and what to remember.
One that cannot be had bars nothing for good: the host waits and is asked again with back-off, a few times in a run, and again
in the next (2.3.1.4).  A continued crawl reads the file back from the WARC for a day, so that it asks for nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.exchange import Exchange, FetchError, Provenance
from broadsheet.archive.http import decode_content, parse_response_head, remove_transfer_coding
from broadsheet.archive.url import normalise
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.archive.warc.source import WarcSource
from broadsheet.crawler.discovery.links import redirect_links
from broadsheet.crawler.discovery.sitemap import named_sitemaps
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.politeness.gate import HostGivenUp, PolitenessGate
from broadsheet.crawler.politeness.retry_after import backoff
from broadsheet.crawler.politeness.robots import REDIRECTS, ROBOTS_TOKEN, RobotsRules, why_unreachable
from broadsheet.crawler.state.changes import RobotsFetched
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.pipelines.capture.log import CaptureLog
from broadsheet.pipelines.capture.submission import Submission

logger = logging.getLogger(__name__)

FRESH = timedelta(hours=24)  # RFC 9309, 2.4
MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2
MAX_TRIES = 5  # in one run: with the back-off half a minute, or what Retry-After asks for
MAX_BODY = 512 * 1024  # bytes that are read; RFC 9309, 2.5 asks for 500 KiB at least


@dataclass(frozen=True, slots=True)
class RobotsUnreachable:
    """The robots.txt of an origin cannot be had, *why*; it is asked for again at ``when`` on the event loop's clock.

    ``when`` None: it was asked for as often as a run may.
    """

    why: str
    when: float | None


class RobotsClient(Protocol):
    """Asks for URLs, politely."""

    async def ask(self, url: str) -> Exchange:
        """Ask for *url* once."""
        ...


class SitemapQueue(Protocol):
    """Takes the sitemaps that a robots.txt names."""

    def add_sitemaps(self, origin: str, urls: Iterable[str]) -> None:
        """Queue those of *urls*, which the robots.txt of *origin* names, that are new and are the crawl's to read."""
        ...


class RobotsCache:
    """The rules of every origin that the crawl has met.

    *client* asks for them; they and the exchanges go to *log*.  *gate* is told of a Crawl-delay, and to let a host wait;
    *sitemaps* takes what the files name.  *token* is the product that their rules are read for.
    """

    def __init__(
        self,
        collection: Collection,
        store: CrawlStore,
        *,
        client: RobotsClient,
        log: CaptureLog,
        gate: PolitenessGate,
        sitemaps: SitemapQueue,
        token: str = ROBOTS_TOKEN,
    ) -> None:
        self.token = token
        self._collection = collection
        self._store = store
        self._client = client
        self._log = log
        self._gate = gate
        self._sitemaps = sitemaps
        self._known: dict[str, RobotsRules | RobotsUnreachable] = {}
        self._tries: dict[str, int] = {}
        self._asking: dict[str, asyncio.Task[RobotsRules | RobotsUnreachable]] = {}

    async def rules(self, visit: Visit) -> RobotsRules | RobotsUnreachable:
        """The rules for the origin of *visit*; fetched on first need, by one of all who wait.

        Raises:
            GateClosed: the crawl ends.
            HostGivenUp: the host has never answered, and was asked often enough.
            HostLeft: nothing more is asked of it in this run.
        """
        parts = urlsplit(visit.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(origin)
        if known is not None and (isinstance(known, RobotsRules) or known.when is None):
            return known
        task = self._asking.get(origin)
        if task is None:
            task = self._asking[origin] = asyncio.create_task(self._obtain(origin, visit))
            task.add_done_callback(lambda _: self._asking.pop(origin, None))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Give up what is still being fetched."""
        asking = tuple(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _obtain(self, origin: str, visit: Visit) -> RobotsRules | RobotsUnreachable:
        rules = self._remembered(origin) or await self._ask(origin, visit)
        self._known[origin] = rules
        if isinstance(rules, RobotsRules):
            delay = rules.crawl_delay(self.token)
            if delay is not None:
                self._gate.slow_down(host_of(origin), delay)
            named = (normalise(url, f"{origin}/robots.txt") for url in named_sitemaps(rules.sitemaps))
            self._sitemaps.add_sitemaps(origin, [url for url in named if url is not None])
        return rules

    def _remembered(self, origin: str) -> RobotsRules | None:
        """The rules by the file that the archive holds; None when there is none that is fresh and says something."""
        copy = self._store.robots(origin)
        if copy is None or copy.status in REDIRECTS:
            return None
        error = None if copy.error is None else FetchError(copy.error)
        if why_unreachable(copy.status, error, own_host=False) is not None:
            return None
        if datetime.now(UTC) - copy.fetched > FRESH:
            return None
        try:
            source = WarcSource.of(self._collection.warc_path(copy.warc_filename))
            record = read_record_at(source, copy.offset, copy.length)
            return RobotsRules.parse(copy.status, content_of(record.block))
        except BroadsheetError as error:  # not worth a crawl's end: it can be asked for again
            logger.warning("robots.txt of %s cannot be read back (%s): asking again", origin, error)
            return None

    async def _ask(self, origin: str, visit: Visit) -> RobotsRules | RobotsUnreachable:
        """Ask for it once.  While it cannot be had nothing of its host may be asked (RFC 9309, 2.3.1.4): the host waits."""
        before = self._known.get(origin)
        try:
            exchange = await self._follow(origin, visit)
        except HostGivenUp:
            if isinstance(before, RobotsUnreachable):  # it did take our connection: no fault of its URLs
                return RobotsUnreachable(before.why, None)
            raise
        own_host = exchange.url == f"{origin}/robots.txt"
        why = why_unreachable(exchange.status, exchange.error, own_host=own_host, asked=bool(exchange.request))
        if why is None and exchange.status in REDIRECTS and not redirect_target(exchange):
            why = "it redirects to nowhere"
        if why is None:
            return RobotsRules.parse(exchange.status, content_of(exchange.response))
        tries = self._tries[origin] = self._tries.get(origin, 0) + 1
        logger.info("robots.txt of %s, try %d: %s", origin, tries, why)
        if tries >= MAX_TRIES:
            return RobotsUnreachable(why, None)
        host = host_of(origin)
        return RobotsUnreachable(why, self._gate.rest(host, backoff(host, tries)))

    async def _follow(self, origin: str, visit: Visit) -> Exchange:
        """The answer to /robots.txt behind its redirects."""
        url = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            exchange = await self._client.ask(url)
            error = None if exchange.error is None else str(exchange.error)
            fetched = RobotsFetched(origin, exchange.status, error)
            # Kept whole each time: it is read back from where it lies.
            self._log.submit(Submission(fetched, exchange, Provenance(visit.url, visit.hops + "P"), dedupe=False))
            target = redirect_target(exchange)
            if target is None:
                break
            url = target
        return exchange


def redirect_target(exchange: Exchange) -> str | None:
    """Where the redirect *exchange* leads; None when it is none, or leads nowhere."""
    if exchange.status not in REDIRECTS or exchange.answer is None:
        return None
    location = exchange.answer.head.reference("Location")
    links = redirect_links(exchange.url, location) if location else ()
    return links[0].url if links else None


def content_of(response: bytes) -> bytes:
    """The file in a response, decoded; empty when there is none."""
    if not response:
        return b""
    head = parse_response_head(response)
    payload = remove_transfer_coding(response[head.head_length :], head)
    return decode_content(payload, head, MAX_BODY).content
