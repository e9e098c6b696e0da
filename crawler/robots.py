"""robots.txt of each origin: fetched through the capture client, archived like any other exchange, asked before a page.

The rules themselves are RFC 9309's (crawler/politeness/robots.py); here is when to fetch, whom to follow and what to
remember.  A continued crawl reads the file back from the WARC for a day, so that it asks for nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.exchange import Exchange, FetchError, Provenance
from broadsheet.archive.http import decode_content, parse_response_head, remove_transfer_coding
from broadsheet.archive.warc.reader import WarcSource, read_record_at
from broadsheet.crawler.discovery.links import redirect_links
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.politeness.robots import RobotsRules
from broadsheet.crawler.state.changes import RobotsFetched
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.pipelines.capture.submission import Submission

logger = logging.getLogger(__name__)

FRESH = timedelta(hours=24)  # RFC 9309, 2.4
MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2
MAX_TRIES = 3
_NO_CONNECTION = frozenset(
    {FetchError.DNS, FetchError.CONNECT, FetchError.TLS, FetchError.PROXY, FetchError.REFUSED_ADDRESS}
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_BODY = 512 * 1024  # bytes that are read; RFC 9309, 2.5 asks for 500 KiB at least


class RobotsCache:
    """The rules of every origin that the crawl has met.

    *fetch* makes a polite exchange with a URL; *submit* takes what is to be durable; *on_rules* is told the rules of
    an origin, once.
    """

    def __init__(
        self,
        collection: Collection,
        store: CrawlStore,
        *,
        fetch: Callable[[str], Awaitable[Exchange]],
        submit: Callable[[Submission], None],
        on_rules: Callable[[str, RobotsRules], None],
    ) -> None:
        self._collection = collection
        self._store = store
        self._fetch = fetch
        self._submit = submit
        self._on_rules = on_rules
        self._rules: dict[str, asyncio.Task[RobotsRules]] = {}

    async def rules(self, visit: Visit) -> RobotsRules:
        """The rules for the origin of *visit*; fetched on first need, by one of all who wait."""
        parts = urlsplit(visit.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        task = self._rules.get(origin)
        if task is None:
            task = self._rules[origin] = asyncio.create_task(self._obtain(origin, visit))
        return task.result() if task.done() else await asyncio.shield(task)

    async def close(self) -> None:
        """Give up what is still being fetched."""
        for task in self._rules.values():
            task.cancel()
        await asyncio.gather(*self._rules.values(), return_exceptions=True)

    async def _obtain(self, origin: str, visit: Visit) -> RobotsRules:
        rules = self._remembered(origin) or await self._ask(origin, visit)
        self._on_rules(origin, rules)
        return rules

    def _remembered(self, origin: str) -> RobotsRules | None:
        copy = self._store.robots(origin)
        if copy is None or copy.status is None or copy.status in REDIRECTS or copy.status >= 500:
            return None
        if datetime.now(UTC) - copy.fetched > FRESH:
            return None
        try:
            source = WarcSource.of(self._collection.warc_path(copy.warc_filename))
            record = read_record_at(source, copy.offset, copy.length)
            return RobotsRules.parse(copy.status, _body(record.block))
        except BroadsheetError as error:  # not worth a crawl's end: it can be asked for again
            logger.warning("robots.txt of %s cannot be read back (%s): asking again", origin, error)
            return None

    async def _ask(self, origin: str, visit: Visit) -> RobotsRules:
        """Fetch it, again after the host's rest where it says "not now": no rules means that nothing may be asked."""
        for tries in range(1, MAX_TRIES + 1):
            exchange = await self._follow(origin, visit)
            refused = exchange.status is not None and (exchange.status >= 500 or exchange.status == 429)
            if not refused and exchange.error is not FetchError.TIMEOUT:
                break
            logger.info("robots.txt of %s, try %d: status %s, %s", origin, tries, exchange.status, exchange.error)
        if exchange.error in _NO_CONNECTION:
            return RobotsRules()  # the pages will fail in the same way, and say so themselves
        return RobotsRules.parse(exchange.status, _body(exchange.response))

    async def _follow(self, origin: str, visit: Visit) -> Exchange:
        """The answer to /robots.txt behind its redirects."""
        url = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            exchange = await self._fetch(url)
            error = None if exchange.error is None else str(exchange.error)
            fetched = RobotsFetched(origin, exchange.status, error)
            # Kept whole each time: it is read back from where it lies.
            self._submit(Submission(fetched, exchange, Provenance(visit.url, visit.hops + "P"), dedupe=False))
            if exchange.status not in REDIRECTS:
                break
            links = redirect_links(url, parse_response_head(exchange.head).get("Location") or "")
            if not links:
                break
            url = links[0].url
        return exchange


def _body(response: bytes) -> bytes:
    """The file in a response, decoded; empty when there is none."""
    if not response:
        return b""
    head = parse_response_head(response)
    payload = remove_transfer_coding(response[head.head_length :], head)
    return decode_content(payload, head, MAX_BODY).content
