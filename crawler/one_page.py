"""One page, fetched for its own sake: for a program that wants an article, not a site.

As polite and as guarded as a crawl: robots.txt is obeyed (RFC 9309) and remembered for an hour, a host is asked once every
*delay* seconds by all threads of the process together, and no private address is connected to that the caller did not name.
All that was asked and answered, robots.txt and redirects too, is handed back, to be kept or not.
"""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from broadsheet.archive.errors import BadInput, BroadsheetError, RemoteFault
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.url import normalise
from broadsheet.crawler.allowed_addresses import address_policy
from broadsheet.crawler.client.client import CaptureClient, ClientOptions
from broadsheet.crawler.client.request import CaptureRequest
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.headers import RequestHeaders
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.politeness.robots import REDIRECTS, RobotsRules, product_token, why_unreachable
from broadsheet.crawler.robots import MAX_REDIRECTS, content_of, redirect_target

_FRESH = 3600.0  # seconds for which a robots.txt holds


@dataclass(slots=True)
class FetchedPage:
    """What came of it: the *exchanges* in order, each with why it was made; the page's is the last.  *failure* says why there
    is no page; None: there is."""

    exchanges: list[tuple[Exchange, Provenance]] = field(default_factory=list)
    failure: BroadsheetError | None = None

    @property
    def page(self) -> Exchange:
        """The exchange that brought the page."""
        return self.exchanges[-1][0]


async def fetch_page(url: str, options: CrawlOptions) -> FetchedPage:
    """Ask for *url*, as *options* say: those of them that are about a request and its politeness."""
    fetched = FetchedPage()
    policy = address_policy(replace(options, seeds=(url,)))
    limits = ClientOptions(timeout=options.timeout, max_size=options.max_size, proxy=options.proxy)
    async with CaptureClient(limits, policy) as client:
        asking = _Asking(client, RequestHeaders(options), options, fetched)
        try:
            await asking.page(url)
        except BroadsheetError as error:
            fetched.failure = error
    return fetched


class _Asking:
    """The requests for one page."""

    def __init__(
        self, client: CaptureClient, headers: RequestHeaders, options: CrawlOptions, fetched: FetchedPage
    ) -> None:
        self._client = client
        self._headers = headers
        self._options = options
        self._fetched = fetched
        self._token = product_token(options.user_agent)

    async def page(self, url: str) -> None:
        """The page at *url*, behind its redirects.

        Raises:
            BadInput: *url* is none, or robots.txt forbids it.
            RemoteFault: it cannot be had.
        """
        target, via, hops = normalise(url), None, ""
        if target is None:
            raise BadInput(url, "is not a URL that can be fetched", "Write it like https://blog.example.org/story.")
        for _ in range(MAX_REDIRECTS + 1):
            await self._permitted(target, hops)
            exchange = await self._ask(target, Provenance(via, hops))
            following = redirect_target(exchange)
            if following is None:
                break
            target, via, hops = following, target, hops + "R"
        if exchange.status is None or exchange.error is not None:
            raise RemoteFault(
                target, f"cannot be fetched ({exchange.error}: {exchange.error_detail})", "Check the URL."
            )
        if exchange.status != 200:
            raise RemoteFault(target, f"answers with status {exchange.status}", "Name a page that is there.")

    async def _permitted(self, url: str, hops: str) -> None:
        """Return if robots.txt allows *url*; else raise."""
        if self._options.ignore_robots:
            return
        rules = await self._rules("{0.scheme}://{0.netloc}".format(urlsplit(url)), url, hops)
        if not rules.allowed(url, self._token):
            raise BadInput(url, "its site's robots.txt forbids it", "Ask for another page, or the owner's leave.")

    async def _rules(self, origin: str, url: str, hops: str) -> RobotsRules:
        known = _robots.get(origin)
        if known is not None and time.monotonic() - known[0] < _FRESH:
            return known[1]
        target = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            exchange = await self._ask(target, Provenance(url, hops + "P"))
            following = redirect_target(exchange)
            if following is None:
                break
            target = following
        own_host = exchange.url == f"{origin}/robots.txt"
        why = why_unreachable(exchange.status, exchange.error, own_host=own_host, asked=bool(exchange.request))
        if why is None and exchange.status in REDIRECTS and redirect_target(exchange) is None:
            why = "it redirects to nowhere"
        if why is not None:
            raise RemoteFault(f"{origin}/robots.txt", f"cannot be had ({why})", "Until it can, ask for nothing there.")
        rules = RobotsRules.parse(exchange.status, content_of(exchange.response))
        _robots[origin] = time.monotonic(), rules
        return rules

    async def _ask(self, url: str, provenance: Provenance) -> Exchange:
        host = host_of(url)
        known = _robots.get("{0.scheme}://{0.netloc}".format(urlsplit(url)))
        asked_for = None if known is None or self._options.ignore_robots else known[1].crawl_delay(self._token)
        await asyncio.sleep(_turns.wait(host, max(self._options.delay, asked_for or 0.0)))
        fields = self._headers.fields(url, requisite=False)
        exchange = await self._client.fetch(CaptureRequest(url, headers=fields))
        self._fetched.exchanges.append((exchange, provenance))
        return exchange


class _Turns:
    """When each host may be asked next, whoever asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: dict[str, float] = {}

    def wait(self, host: str, delay: float) -> float:
        """Take the next turn of *host*, after which it rests for *delay* seconds; how long to wait for it, in seconds."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free.get(host, 0.0))
            self._free[host] = turn + delay
            return turn - now


_turns = _Turns()
_robots: dict[str, tuple[float, RobotsRules]] = {}  # by origin, with when they came
