"""A crawl session: the way of one visit, from the frontier to the frontier.

    frontier -> fetcher (robots.txt, the host's turn, the exchange) -> its links -> capture log and frontier

Scrapy's scheduler, download handler and spider each call the one method that is theirs, and so does the requisites' lane
(crawler/requisites/lane.py), whose visits pass Scrapy by.  What they are made of stands in crawler/assembly.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from scrapy import Request, Spider

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.exchange import Exchange, Outlink, Provenance
from broadsheet.crawler.assembly import assemble
from broadsheet.crawler.bounds.archived_pages import archived_facts
from broadsheet.crawler.bounds.sameness import MAX_CONTENT, page_facts
from broadsheet.crawler.control.action import Action, ActionKind
from broadsheet.crawler.control.control import CrawlControl
from broadsheet.crawler.decoding import DecodingBudget
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.disk import DiskWatch
from broadsheet.crawler.fetcher import Fetched, Later, Refused
from broadsheet.crawler.frontier.outcome import judge
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.made_visit import LeasedVisit
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.progress import CrawlObserver, CrawlProgress
from broadsheet.crawler.requisites.lane import RequisiteLane
from broadsheet.crawler.scrapy_project.request_values import NotKept
from broadsheet.crawler.spider_requests import SpiderRequests
from broadsheet.crawler.state.changes import LeftOut, Opening
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import State
from broadsheet.pipelines.capture.log import CaptureLog, WarcOptions
from broadsheet.pipelines.capture.submission import Submission

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.25


class CrawlSession:
    """One run of a crawl over a collection whose journal is recovered and whose lock is held.

    Made before the event loop runs; `begin` is called in it, `close` when the engine has stopped.
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
        control: CrawlControl,
        excluded: Iterable[str] = (),
    ) -> None:
        log = CaptureLog(
            collection, warc, journal=store.journal, on_commit=self._on_commit, on_failure=self._on_failure
        )
        made = assemble(
            collection,
            options,
            catalogue=catalogue,
            store=store,
            scope=scope,
            log=log,
            observer=observer,
            excluded=excluded,
        )
        self.failure: BroadsheetError | None = None
        self.waiting_for: dict[str, str] = {}  # hosts that are asked no more in this run, and why
        self.frontier = made.frontier
        self.reader = made.reader
        self.tally = made.tally
        self._made = made
        self._collection = collection
        self._options = options
        self._observer = observer
        self._loop = loop
        self._log = log
        self.spider_requests = SpiderRequests(made.frontier, store, log.submit)
        self.decoding = DecodingBudget()
        self.shortage: str | None = None  # why the disk lets the crawl go on no further
        self._disk = DiskWatch(collection.directory, keep_free=options.keep_free, max_disk=options.max_disk)
        self._lane = RequisiteLane(self, made.reader, self.decoding)
        self._unopened = not made.crawl.opened
        self._stopping = False
        self._paused = False
        self._control = control
        self._tasks: list[asyncio.Task[None]] = []
        self._stop: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._wake: Callable[[], None] | None = None
        self._woken = False

    # -- the scheduler's side -----------------------------------------------------------------------------------------

    def begin(self, stop: Callable[[], Coroutine[Any, Any, None]], wake: Callable[[], None]) -> None:
        """Begin to run in the current event loop; *stop* ends the engine gracefully, *wake* makes it look for work."""
        self._stop = stop
        self._wake = wake
        self._log.start()
        self._tasks.append(self._loop.create_task(self._report()))

    def has_pending(self) -> bool:
        """Whether there is more to fetch in this run."""
        if self._stopping:
            return False
        waiting = self.frontier.queued - self.frontier.queued_pages if self.limit_reached else self.frontier.queued
        return waiting > 0 or self._lane.active > 0 or (self._may_open() and not self.limit_reached)

    @property
    def incomplete(self) -> bool:
        """Whether URLs are left for another run."""
        return self._unopened or self.frontier.queued > 0 or bool(self.frontier.set_aside)

    @property
    def limit_reached(self) -> bool:
        """Whether the page limit allows no more."""
        return 0 < self._options.max_pages <= self.tally.pages

    def lease(self) -> Visit | None:
        """The next visit of a page; None while all hosts are busy or resting, or when the crawl is to end.

        Requisites that may be fetched meanwhile are begun here, in the order in which the frontier gives them out.
        """
        if (
            self._unopened
            and self._may_open()
            and not (
                self._stopping or self._paused or self.limit_reached or self.frontier.queued or self.frontier.active
            )
        ):
            self._open_known()
        while not (self._stopping or self._paused):
            self._woken = False
            limited = 0 < self._options.max_pages <= self.tally.pages + self.frontier.active_pages
            visit = self.frontier.lease(self._loop.time(), pages=not limited)
            if visit is None or not visit.requisite:
                return visit
            self._lane.start(visit)
        return None

    def _may_open(self) -> bool:
        """Whether the known pages of an update are still to be asked, and its sources could be."""
        return self._unopened and not self.frontier.set_aside

    def _open_known(self) -> None:
        """The sources of an update are done: ask the known pages.  Nothing is under way that could mind the wait."""
        self._log.submit(Submission(Opening(self._made.crawl.id, self._options.ask_all)))
        self._log.flush()
        if self._log.failure is None:
            self._unopened = False
            self.frontier.opened()

    # -- the way of a visit -------------------------------------------------------------------------------------------

    async def fetch(self, visit: Visit) -> Fetched | None:
        """Make *visit*; None when there is nothing in it for a spider and it is ended, or back in the queue."""
        if (pattern := self._made.boundary.excluded_meanwhile(visit.url)) is not None:
            self.frontier.refuse(visit, f"excluded: {pattern}")
            return None
        match await self._made.fetcher.fetch(visit):
            case Later(when=when, why=why):
                self._put_off(visit, when, why)
                return None
            case Refused(why=why, state=State.FAILED):
                self.frontier.give_up(visit, why)
                return None
            case Refused(why=why):
                self.frontier.refuse(visit, why)
                return None
            case Fetched() as fetched:
                if fetched.exchange.status is None or self._is_to_be_repeated(visit, fetched.exchange):
                    await self.complete(visit, fetched)
                    return None
                return fetched

    async def complete(self, visit: Visit, fetched: Fetched, links: Sequence[Outlink] = ()) -> None:
        """End *visit* with what it brought and the *links* in that.

        Waits until the exchange is in the WARC: its place among the requests under way is free only then, so that a
        kill never costs more exchanges than may be under way.
        """
        exchange = fetched.exchange
        if self._log.failure is not None:
            self.frontier.leave(visit)  # nothing becomes durable any more
            return
        is_page = not (visit.requisite or visit.source) and exchange.answer is not None and exchange.answer.is_page
        self.tally.completed(exchange, is_page=is_page)
        if not visit.hops.strip("R") and self._made.boundary.follow_seed(links):
            self.frontier.scope_widened()
        for other in fetched.others:
            self._log.submit(Submission(None, other, Provenance(visit.url, visit.hops + "E")))
        written: asyncio.Future[None] = self._loop.create_future()
        on_written = partial(self._loop.call_soon_threadsafe, _set, written)
        same = await self._compare(visit, exchange) if is_page else None
        self.frontier.complete(visit, exchange, links, on_written, unmodified=fetched.unmodified, same=same)
        for behind in self._made.cookies.again(visit, exchange, links):
            self.frontier.again(behind)
        await written
        self.frontier.leave(visit)

    async def _compare(self, visit: Visit, exchange: Exchange) -> bool | None:
        """Whether the page that *visit* brought is the one that it was to be held against; None: it was not."""
        test, answer = self.frontier.test_of(visit), exchange.answer
        if test is None or answer is None:
            return None
        primary = self._made.store.family(test.member.key)
        if primary is None or primary.warc_filename is None:
            await asyncio.to_thread(self._log.flush)  # it was fetched just now
            primary = self._made.store.family(test.member.key)
        if primary is None:
            return None
        content_type = answer.head.get("Content-Type") or ""
        sample = await asyncio.to_thread(page_facts, visit.url, answer.content(MAX_CONTENT), content_type)
        archived = await asyncio.to_thread(archived_facts, self._collection, primary)
        return None if archived is None else self.frontier.is_same(test, sample, archived)

    def queue_request(self, request: Request, spider: Spider, hops: str = "") -> bool:
        """Queue *request* of *spider*, to which *hops* led; whether it was new.  What cannot be kept is told."""
        try:
            return self.spider_requests.queue(request, spider, hops)
        except NotKept as error:
            self.refuse_request(request.url, str(error))
            return False

    def request_of(self, visit: Visit, spider: Spider) -> Request:
        """*visit* as the Request that makes it."""
        try:
            return self.spider_requests.request_of(visit, spider)
        except NotKept as error:
            self.refuse_request(visit.url, str(error))
            return LeasedVisit(visit).request()

    def refuse_request(self, url: str, why: str) -> None:
        """What a user's own spider wants of *url* cannot be kept: say so, count it."""
        said = f"{url}: this Request of the spider is not made: {why}."
        logger.error("%s", said)
        self.tally.mishap("request-refused")
        self._observer.note(said)

    def start_failed(self, error: BaseException | None) -> None:
        """What a user's own spider wants to begin with is not all there: say so, count it."""
        self.tally.mishap("start-failed")
        self._observer.note(
            f"The spider's start() failed ({type(error).__name__}: {error}): what it had not yielded is not asked."
        )

    def abandon(self, visit: Visit) -> None:
        """Something went wrong on our side: free the place of *visit*, whose URL stays queued for the next run."""
        self.tally.mishap("requisite-failed")
        self.frontier.leave(visit)

    def requisite_ended(self) -> None:
        """The engine does not see requisites: it must be told that a place is free, or that nothing is left."""
        if self._wake is not None and not self._stopping and not self._woken:
            self._woken = True
            self._wake()

    def _put_off(self, visit: Visit, when: float | None, why: str) -> None:
        """The host of *visit* cannot be asked now; while the crawl ends, the row simply stays queued in the journal."""
        if self._stopping:
            self.frontier.leave(visit)
            return
        if when is None:
            self.waiting_for.setdefault(visit.host, why)
            self.frontier.put_aside(visit.host)
        self.frontier.later(visit)

    def _is_to_be_repeated(self, visit: Visit, exchange: Exchange) -> bool:
        """Whether another try may bring a better answer, so that the links of this one are not worth reading."""
        if exchange.status == 200 and exchange.error is None:
            return False
        outcome = judge(exchange.status, exchange.error, tries=visit.tries + 1, retries=self._options.retries)
        return outcome.state is State.QUEUED

    # -- the end ------------------------------------------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        """Whether the crawl was asked to end early."""
        return self._stopping

    def stop(self) -> bool:
        """End early: what is being fetched is finished, nothing new is begun; whether that is news.  Call it in the loop."""
        if self._stopping:
            return False
        self._stopping = True
        self._made.gate.close()
        if self._stop is not None:
            self._tasks.append(self._loop.create_task(self._stop()))
        return True

    def _act(self, action: Action) -> None:
        """Do what was asked of the running crawl; once more is the same."""
        match action.kind:
            case ActionKind.PAUSE:
                self._paused = True
                self._made.gate.pause()
            case ActionKind.RESUME:
                self._paused = False
                self._made.gate.resume()
            case ActionKind.EXCLUDE:
                self._made.boundary.exclude(action.value)
            case ActionKind.SEED:
                self._made.boundary.add_seed(action.value)
                self.frontier.scope_widened()
                self.frontier.seed([action.value])
        self.requisite_ended()  # the engine looks for work

    async def close(self) -> None:
        """Finish what is under way, end the session's tasks, write what is left, close the WARC."""
        await self._lane.finish()
        await self._made.fetcher.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._keep_left_out()
        await asyncio.to_thread(self._log.close)
        self._observer.update(self.progress())

    def progress(self) -> CrawlProgress:
        """How it goes, now."""
        tally, client = self.tally, self._made.client
        return CrawlProgress(
            exchanges=self._made.exchanges_before + client.exchanges,
            pages=tally.pages,
            queued=self.frontier.queued + sum(self.frontier.set_aside.values()),
            in_flight=self.frontier.active,
            bytes_received=tally.received,
            warc_bytes=self._log.warc_bytes,
            elapsed=tally.elapsed,
            rate=client.exchanges / tally.elapsed if tally.elapsed else 0.0,
            statuses=dict(tally.statuses),
            errors=dict(self.frontier.errors + tally.mishaps + self._made.boundary.trapped),
            current_url=client.current,
        )

    async def _report(self) -> None:
        while True:
            self._observer.update(self.progress())
            self._keep_left_out()
            with suppress(OSError):  # of moving a file, which has effect already: it is moved the next time
                self._control.poll(self._act)
            if not self._stopping and (shortage := self.disk_shortage()) is not None:
                self.shortage = shortage
                self.stop()
            await asyncio.sleep(PROGRESS_SECONDS)

    def _keep_left_out(self) -> None:
        if counts := self._made.boundary.left_out.news():
            self._log.submit(Submission(LeftOut(counts)))

    def disk_shortage(self) -> str | None:
        """Why the disk lets the crawl go on no further; None while it does."""
        return self._disk.shortage(self._log.warc_bytes)

    # -- the log's side -----------------------------------------------------------------------------------------------

    def _on_commit(self, submissions: Iterable[Submission]) -> None:
        self._loop.call_soon_threadsafe(self._committed, submissions)

    def _committed(self, submissions: Iterable[Submission]) -> None:
        self.spider_requests.committed(submissions)
        if self.frontier.committed(submissions):
            self.requisite_ended()

    def _on_failure(self, error: BroadsheetError) -> None:
        self._loop.call_soon_threadsafe(self._fail, error)

    def _fail(self, error: BroadsheetError) -> None:
        self.failure = error
        self.spider_requests.let_go()
        self.stop()


def _set(future: asyncio.Future[None], _capture: Capture | None = None) -> None:
    if not future.done():
        future.set_result(None)
