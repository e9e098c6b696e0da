"""A crawl session: the parts of a running crawl and the way of one visit through them.

    lease -> robots.txt -> the host's turn -> capture client -> (spider: links) -> frontier + capture log

Scrapy's scheduler, download handler and spider each call the one method that is theirs; what they share is here.
What the frontier leases as a requisite goes the same way in the lane of its own (crawler/requisites/lane.py).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.exchange import Exchange, FetchError, Outlink
from broadsheet.archive.http import parse_response_head
from broadsheet.crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions
from broadsheet.crawler.cookies.netscape import read_cookies
from broadsheet.crawler.cookies.session import CookieSession
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.discovery.traps import TrapGuard
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.earlier import EarlierCaptures
from broadsheet.crawler.frontier.frontier import Frontier, FrontierOptions
from broadsheet.crawler.frontier.outcome import judge
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.headers import Headers, RequestHeaders
from broadsheet.crawler.options import CrawlObserver, CrawlOptions, CrawlProgress
from broadsheet.crawler.politeness.gate import GateClosed, HostGivenUp, PolitenessGate
from broadsheet.crawler.politeness.retry_after import parse_retry_after
from broadsheet.crawler.politeness.robots import RobotsRules
from broadsheet.crawler.requisites.lane import RequisiteLane, referrer
from broadsheet.crawler.robots import RobotsCache
from broadsheet.crawler.state.changes import Opening
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.summary import archived
from broadsheet.crawler.state.url import State
from broadsheet.pipelines.capture.log import CaptureLog, WarcOptions
from broadsheet.pipelines.capture.submission import Submission

logger = logging.getLogger(__name__)

ROBOTS_TOKEN = "broadsheet"  # noqa: S105 - the name that robots.txt files know us by
BACKLOG_LIMIT = 64 * 1024 * 1024  # bytes that may wait for the disk before fetching waits for it
PROGRESS_SECONDS = 0.25
GIVEN_UP = "host given up"  # why a URL failed without having been asked for


class CrawlSession:
    """One run of a crawl over a collection whose journal is recovered and whose lock is held.

    Made before the event loop runs; `open` is called in it, `close` when the engine has stopped.
    """

    def __init__(
        self,
        collection: Collection,
        options: CrawlOptions,
        *,
        catalogue: Catalogue,
        store: CrawlStore,
        scope: Scope,
        warc: WarcOptions,
        observer: CrawlObserver,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.collection = collection
        self.options = options
        self.failure: BroadsheetError | None = None
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self._crawl = store.latest_crawl()
        self._unopened = not self._crawl.opened
        self._earlier = EarlierCaptures(collection, catalogue, store) if self._crawl.is_update else None
        before = archived(store, catalogue)
        self.pages, self._exchanges_before = before.pages, before.exchanges
        self.exchanges = 0
        self._bytes = 0
        self._scope = scope
        self._traps = TrapGuard(latest_year=datetime.now(UTC).year + 1)
        self._observer = observer
        self._headers = RequestHeaders(options)
        self._client = CaptureClient(
            ClientOptions(timeout=options.timeout, max_size=options.max_size, proxy=options.proxy),
            AddressPolicy(options.allow_private, frozenset(urlsplit(seed).hostname or "" for seed in options.seeds)),
        )
        self._gate = PolitenessGate(delay=options.delay, connections=options.total_concurrency, on_rest=self._on_rest)
        self._stopping = False
        self._started = time.monotonic()
        self._loop = loop
        self._current: str | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._stop: Callable[[], Coroutine[Any, Any, None]] | None = None
        self.log = CaptureLog(
            collection, warc, journal=store.journal, on_commit=self._on_commit, on_failure=self._on_failure
        )
        self.frontier = Frontier(
            store,
            FrontierOptions(
                options.concurrency,
                options.retries,
                options.max_depth,
                options.requisites,
                updates=self._crawl.is_update,
            ),
            submit=self.log.submit,
            accepts=self.accepts,
            accepts_requisite=self.accepts_requisite,
            ready_at=self._gate.ready_at,
        )
        given = () if options.load_cookies is None else read_cookies(Path(options.load_cookies))
        self._cookies = CookieSession(
            store.cookies(),
            submit=self.log.submit,
            given=(*given, *self._headers.cookies),
            keeps=options.cookies,
        )
        self.skipped = frozenset(options.skip_requisites)
        self._lane = RequisiteLane(
            fetch=self.fetch,
            complete=self.complete,
            abandon=self._abandon,
            on_end=self._requisite_ended,
            is_page=self._scope_accepts,
            skip=self.skipped,
        )
        self._wake: Callable[[], None] | None = None
        self._woken = False
        self._robots = RobotsCache(
            collection, store, fetch=self._fetch_robots, submit=self.log.submit, on_rules=self._on_rules
        )

    def accepts(self, url: str) -> bool:
        """Whether *url* belongs to the crawl; a refusal by the trap guard is counted."""
        if not self._scope.accepts(url):
            return False
        trap = self._traps.refuses(url)
        if trap is not None:
            self.counts[f"trap: {trap}"] += 1
        return trap is None

    def accepts_requisite(self, url: str) -> bool:
        """Whether something that a page shows may be fetched: anywhere, unless the user excludes it."""
        return not self._scope.excludes(url)

    def _scope_accepts(self, url: str) -> bool:
        return self._scope.accepts(url)

    # -- the scheduler's side -----------------------------------------------------------------------------------------

    def begin(self, stop: Callable[[], Coroutine[Any, Any, None]], wake: Callable[[], None]) -> None:
        """Begin to run in the current event loop; *stop* ends the engine gracefully, *wake* makes it look for work."""
        self._stop = stop
        self._wake = wake
        self.log.start()
        self._tasks.append(self._loop.create_task(self._report()))

    def has_pending(self) -> bool:
        """Whether there is more to fetch in this run."""
        if self._stopping:
            return False
        waiting = self.frontier.queued - self.frontier.queued_pages if self.limit_reached else self.frontier.queued
        return waiting > 0 or self._lane.active > 0 or (self._unopened and not self.limit_reached)

    @property
    def incomplete(self) -> bool:
        """Whether URLs are left for another run."""
        return self._unopened or self.frontier.queued > 0

    @property
    def limit_reached(self) -> bool:
        """Whether the page limit allows no more."""
        return 0 < self.options.max_pages <= self.pages

    def lease(self) -> Visit | None:
        """The next visit of a page; None while all hosts are busy or resting, or when the crawl is to end.

        Requisites that may be fetched meanwhile are begun here, in the order in which the frontier gives them out.
        """
        if self._unopened and not (
            self._stopping or self.limit_reached or self.frontier.queued or self.frontier.active
        ):
            self._open_known()
        while not self._stopping:
            self._woken = False
            limited = 0 < self.options.max_pages <= self.pages + self.frontier.active_pages
            visit = self.frontier.lease(self._loop.time(), pages=not limited)
            if visit is None or not visit.requisite:
                return visit
            self._lane.start(visit)
        return None

    def _open_known(self) -> None:
        """The sources of an update are done: ask the known pages.  Nothing is under way that could mind the wait."""
        self.log.submit(Submission(Opening(self._crawl.id, self.options.ask_all)))
        self.log.flush()
        if self.log.failure is None:
            self._unopened = False
            self.frontier.opened()

    def _requisite_ended(self) -> None:
        """The engine does not see requisites: it must be told that a place is free, or that nothing is left."""
        if self._wake is not None and not self._stopping and not self._woken:
            self._woken = True
            self._wake()

    def _abandon(self, visit: Visit) -> None:
        self.count("requisite-failed")
        self.frontier.leave(visit)

    # -- the download handler's side ----------------------------------------------------------------------------------

    async def fetch(self, visit: Visit) -> bool:
        """Make the exchange of *visit*; False when there is nothing in it for a spider and the visit is ended."""
        if self._gate.given_up(visit.host):
            self.frontier.give_up(visit, GIVEN_UP)
            return False
        try:
            if not self.options.ignore_robots:
                rules = await self._robots.rules(visit)
                if not rules.allowed(visit.url, ROBOTS_TOKEN):
                    self.frontier.refuse(visit, str(FetchError.BLOCKED))
                    return False
            via = referrer(visit.url, visit.via) if visit.requisite else None
            visit.exchange = await self._exchange(
                visit.url, requisite=visit.requisite, via=via, conditions=self._conditions(visit)
            )
        except GateClosed:
            self.frontier.leave(visit)
            return False
        except HostGivenUp:
            self.frontier.give_up(visit, GIVEN_UP)
            return False
        if visit.exchange.status is None or self._to_be_repeated(visit, visit.exchange):
            await self.complete(visit)
            return False
        return True

    def _to_be_repeated(self, visit: Visit, exchange: Exchange) -> bool:
        """Whether another try may bring a better answer, so that the links of this one are not worth reading."""
        outcome = judge(exchange.status, exchange.error, tries=visit.tries + 1, retries=self.options.retries)
        return outcome.state is State.QUEUED

    def _conditions(self, visit: Visit) -> Headers:
        """What makes the request of *visit* conditional, when an earlier crawl has an answer to it."""
        visit.unmodified = None
        earlier = None if self._earlier is None or visit.source else self._earlier.of(visit.fingerprint)
        if earlier is None:
            return ()
        visit.unmodified = earlier.original
        return earlier.conditions

    async def _exchange(
        self, url: str, *, requisite: bool = False, via: str | None = None, conditions: Headers = ()
    ) -> Exchange:
        while self.log.backlog > BACKLOG_LIMIT:  # noqa: ASYNC110 - it shrinks in another thread, and hardly ever is
            await asyncio.sleep(0.02)
        self._current = url
        async with self._gate.turn(host_of(url)) as turn:
            cookies = self._cookies.cookies_for(url)
            headers = self._headers.fields(url, requisite=requisite, referrer=via, cookies=cookies)
            exchange = await self._client.fetch(CaptureRequest(url, headers=(*headers, *conditions)))
            turn.answered(exchange.status, _retry_after(exchange))
        self._cookies.answered(exchange)
        return exchange

    def _on_rest(self, host: str, seconds: float) -> None:
        self._observer.note(f"{host} gets a rest of {seconds:.0f} s.")

    async def _fetch_robots(self, url: str) -> Exchange:
        self.exchanges += 1
        return await self._exchange(url)

    def _on_rules(self, origin: str, rules: RobotsRules) -> None:
        host = host_of(origin)
        delay = rules.crawl_delay(ROBOTS_TOKEN)
        if delay is not None:
            self._gate.slow_down(host, delay)
        self.frontier.seed((url for url in rules.sitemaps if self.accepts(url)), hops="I")

    # -- the spider's side --------------------------------------------------------------------------------------------

    async def complete(self, visit: Visit, outlinks: Sequence[Outlink] = ()) -> None:
        """End *visit* with its answer and the links in it.

        Waits until the exchange is in the WARC: its place among the requests under way is free only then, so that a
        kill never costs more exchanges than may be under way.
        """
        exchange, visit.exchange = visit.exchange, None
        assert exchange is not None
        if self.log.failure is not None:
            self.frontier.leave(visit)  # nothing becomes durable any more
            return
        self.exchanges += 1
        self._bytes += len(exchange.response)
        if exchange.status is not None:
            self.statuses[exchange.status] += 1
        self.pages += exchange.answer is not None and exchange.answer.is_page and not visit.requisite
        if not visit.hops.strip("R"):
            self._follow_seed(outlinks)
        written: asyncio.Future[None] = self._loop.create_future()
        on_written = partial(self._loop.call_soon_threadsafe, _set, written)
        self.frontier.complete(visit, exchange, outlinks, on_written)
        for behind in self._cookies.again(visit, exchange, outlinks):
            self.frontier.again(behind)
        await written
        self.frontier.leave(visit)

    def count(self, reason: str) -> None:
        """Count something that went wrong and cost no record."""
        self.counts[reason] += 1

    def _follow_seed(self, outlinks: Sequence[Outlink]) -> None:
        """A seed that redirects to another host takes the crawl there."""
        for link in outlinks:
            if link.hop == "R" and not self._scope.accepts(link.url):
                self._scope = self._scope.with_seed(link.url)
                self.frontier.scope_widened()

    # -- the end ------------------------------------------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        """Whether the crawl was asked to end early."""
        return self._stopping

    def stop(self) -> None:
        """End early: what is being fetched is finished, nothing new is begun.  Call it in the event loop."""
        if self._stopping:
            return
        self._stopping = True
        self._gate.close()
        if self._stop is not None:
            self._tasks.append(self._loop.create_task(self._stop()))

    async def close(self) -> None:
        """Finish what is under way, end the session's tasks, write what is left, close the WARC."""
        await self._lane.finish()
        await self._robots.close()
        await self._client.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self.log.close)
        self._observer.update(self.progress())

    def progress(self) -> CrawlProgress:
        """How it goes, now."""
        elapsed = time.monotonic() - self._started
        return CrawlProgress(
            exchanges=self._exchanges_before + self.exchanges,
            pages=self.pages,
            queued=self.frontier.queued,
            in_flight=self.frontier.active,
            bytes_received=self._bytes,
            warc_bytes=self.log.warc_bytes,
            elapsed=elapsed,
            rate=self.exchanges / elapsed if elapsed else 0.0,
            statuses=dict(self.statuses),
            errors=dict(self.frontier.errors + self.counts),
            current_url=self._current,
        )

    async def _report(self) -> None:
        while True:
            self._observer.update(self.progress())
            await asyncio.sleep(PROGRESS_SECONDS)

    def _on_commit(self, submissions: Iterable[Submission]) -> None:
        self._loop.call_soon_threadsafe(self._committed, submissions)

    def _committed(self, submissions: Iterable[Submission]) -> None:
        if self.frontier.committed(submissions):
            self._requisite_ended()

    def _on_failure(self, error: BroadsheetError) -> None:
        self._loop.call_soon_threadsafe(self._fail, error)

    def _fail(self, error: BroadsheetError) -> None:
        self.failure = error
        self.stop()


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _retry_after(exchange: Exchange) -> float | None:
    """What a refusal says about when to come back, in seconds."""
    if exchange.status not in {429, 503}:
        return None
    return parse_retry_after(parse_response_head(exchange.head).get("Retry-After"), datetime.now(UTC))
