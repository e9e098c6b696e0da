"""The requisites' lane: visits that pass Scrapy's engine by, a task each.

The frontier gives out pages and requisites from one queue of a host, so both share its places and its pace; what the
engine would add to an image (a Request, a Response, a spider's callback) is half of what it costs.  A visit's way is
the same: robots.txt, the host's turn, the exchange, its links, the WARC, and only then its place is free again.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from broadsheet.archive.exchange import Exchange, Outlink
from broadsheet.archive.http import decode_content, parse_response_head, remove_transfer_coding
from broadsheet.crawler.discovery.links import redirect_links, scanned_links
from broadsheet.crawler.discovery.scan import scan_page
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.requisites.answer import Language, answer_requisites, embed_links, language_of
from broadsheet.crawler.requisites.kind import Kind

logger = logging.getLogger(__name__)

_PICTURE = re.compile(rb"\ncontent-type:[ \t]*(?:image/(?!svg)|font/|video/|audio/)", re.IGNORECASE)
LARGE_BODY = 128 * 1024  # bytes; more is read in a thread: a megabyte of CSS takes a quarter of a second
MAX_DECODED = 16 * 1024 * 1024  # bytes of a body that are looked at


class RequisiteLane:
    """The requisites under way.

    *fetch* makes a visit's exchange and says whether there is something to read in it; *complete* ends the visit with
    its links; *abandon* gives its place back when something went wrong on our side; *on_end* is told when one is over.
    *is_page* says whether a URL, were it linked, would be a page of the crawl.
    """

    def __init__(
        self,
        *,
        fetch: Callable[[Visit], Awaitable[bool]],
        complete: Callable[[Visit, Sequence[Outlink]], Awaitable[None]],
        abandon: Callable[[Visit], None],
        on_end: Callable[[], None],
        is_page: Callable[[str], bool],
        skip: frozenset[Kind],
    ) -> None:
        self._fetch = fetch
        self._complete = complete
        self._abandon = abandon
        self._on_end = on_end
        self._is_page = is_page
        self._skip = skip
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
        self._on_end()

    async def _go(self, visit: Visit) -> None:
        try:
            if await self._fetch(visit):
                await self._complete(visit, await self._links(visit))
        except Exception:
            # A fault of ours: the row stays queued in the journal, for the next run, and its host goes on.
            logger.exception("requisite %s", visit.url)
            self._abandon(visit)

    async def _links(self, visit: Visit) -> Sequence[Outlink]:
        exchange = visit.exchange
        assert exchange is not None
        try:
            if len(exchange.response) > LARGE_BODY:
                return await asyncio.to_thread(self.links_of, exchange, visit.hops)
            return self.links_of(exchange, visit.hops)
        except Exception:
            logger.exception("no requisites from %s", visit.url)  # the capture must not be lost for that
            return ()

    def links_of(self, exchange: Exchange, hops: str) -> Sequence[Outlink]:
        """What the answer of *exchange*, which lies *hops* from a seed, leads to."""
        if exchange.status == 200 and _PICTURE.search(exchange.head):
            return ()  # nine of ten: not worth reading the whole head
        head = parse_response_head(exchange.head)
        location = head.get("Location")
        if location is not None and 300 <= head.status < 400:
            return redirect_links(exchange.url, location)
        content_type = head.get("Content-Type") or ""
        language = language_of(exchange.url, content_type)
        if head.status != 200 or language is None:
            return ()
        payload = remove_transfer_coding(exchange.body, head)
        body = decode_content(payload, head, MAX_DECODED).content
        embeds = embed_links(answer_requisites(exchange.url, content_type, body), hops=hops, skip=self._skip)
        if language is Language.HTML and self._is_page(exchange.url):
            # A page of the site that was met as a picture or an object first: its links must not be lost.
            return (*embeds, *scanned_links(scan_page(body, exchange.url, content_type)).outlinks)
        return embeds


def referrer(url: str, via: str | None) -> str | None:
    """What a browser says in Referer when the page *via* shows *url* (strict-origin-when-cross-origin).

    Servers that keep others from showing their pictures look at it.
    """
    if via is None:
        return None
    here, there = urlsplit(via), urlsplit(url)
    if (here.scheme, here.netloc) == (there.scheme, there.netloc):
        return via
    if here.scheme == "https" and there.scheme == "http":
        return None
    return f"{here.scheme}://{here.netloc}/"
