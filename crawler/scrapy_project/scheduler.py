"""A scheduler whose queue is in the journal: a kill at any moment, and the same command goes on.

A Request is done when its callback has given all that it gives, and that has gone through the pipelines.  Until then it is
in the queue; when it was fetched already, its answer comes from the archive and no server is asked again.  The cookies that
servers set are kept with it.

A run that ends because nothing is left to do empties its spider's queue: the next one begins anew.  One that is stopped, or
killed, is gone on with.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import logging
from collections import Counter
from http.cookiejar import Cookie
from itertools import count
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.exceptions import NotConfigured

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.errors import BadInput
from broadsheet.crawler.scrapy_project.changes import CookiesKept, RequestEnded, RequestQueued, RunFinished
from broadsheet.crawler.scrapy_project.extension import ArchiveExtension
from broadsheet.crawler.scrapy_project.journal import ProjectJournal
from broadsheet.crawler.scrapy_project.queue_ids import START, QueueIds
from broadsheet.crawler.scrapy_project.record import PARENT, REQUEST_ID, start_place
from broadsheet.crawler.scrapy_project.request_values import NotKept, request_json, request_of

logger = logging.getLogger(__name__)

_COOKIE = (  # what http.cookiejar.Cookie is made of
    *("version", "name", "value", "port", "port_specified", "domain", "domain_specified", "domain_initial_dot"),
    *("path", "path_specified", "secure", "expires", "discard", "comment", "comment_url", "rfc2109"),
)


class Scheduler(BaseScheduler):
    """SCHEDULER = "broadsheet.scrapy.Scheduler"."""

    def __init__(self, crawler: Crawler) -> None:
        try:
            self._extension = ArchiveExtension.of(crawler)
        except NotConfigured as error:
            raise BadInput("broadsheet.scrapy.Scheduler", "needs the add-on", str(error)) from error
        self._crawler = crawler
        self._ids = QueueIds()
        self._places = count()
        self._queue: list[tuple[int, int, str]] = []  # -priority, place, id
        self._values: dict[str, str] = {}  # of what is queued, by id
        self._known: set[str] = set()
        self._seen: set[str] = set()  # fingerprints
        self._yields: Counter[str] = Counter()  # what a callback has given that is still under way
        self._exhausted: set[str] = set()
        self._cookies: dict[str, str] = {}  # as they are kept, by jar
        self._spider: Spider | None = None
        self.run = ""  # names this run, and what goes on with it
        crawler.signals.connect(self._request_taken, signals.request_scheduled)
        crawler.signals.connect(self._item_ended, signals.item_scraped)
        crawler.signals.connect(self._item_ended, signals.item_dropped)
        crawler.signals.connect(self._item_ended, signals.item_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The scheduler of *crawler*."""
        return cls(crawler)

    # -- the engine's side

    def open(self, spider: Spider) -> None:
        """Take up what an earlier run of *spider* has left."""
        self._spider = spider
        archive = self._extension.archive
        archive.flush()
        waiting = 0
        with Catalogue.open(archive.collection.journal, read_only=True) as catalogue:
            journal = ProjectJournal(catalogue)
            for kept in journal.requests(spider.name):
                self._known.add(kept.request_id)
                if kept.fingerprint:
                    self._seen.add(kept.fingerprint)
                if not kept.done:
                    waiting += 1
                    self._push(kept.request_id, kept.priority, kept.value)
                    if kept.answer is not None:
                        self._extension.answered[kept.request_id] = kept.answer
            self.run = f"{spider.name} {journal.run(spider.name)}"
            self._extension.start_places |= journal.start_places(spider.name)
            self._restore_cookies(journal.cookies(spider.name))
        if self._known:
            logger.info("Going on with a run that was cut off: %d Requests to go of %d.", waiting, len(self._known))

    def close(self, reason: str) -> None:
        """Nothing is left, or the next run goes on."""
        if self._spider is not None and reason == "finished" and not self._queue:
            self._extension.archive.change(RunFinished(self._spider.name))

    def has_pending_requests(self) -> bool:
        """Whether a Request waits."""
        return bool(self._queue)

    def enqueue_request(self, request: Request) -> bool:
        """Queue *request*; whether it was new, and can be kept."""
        spider, stats = self._spider, self._crawler.stats
        assert spider is not None
        assert stats is not None
        request_id, parent = request.meta.get(REQUEST_ID), request.meta.get(PARENT)
        fingerprinter = self._crawler.request_fingerprinter
        assert fingerprinter is not None
        fingerprint = fingerprinter.fingerprint(request).hex()
        try:
            value = request_json(request, spider)
        except NotKept as error:
            logger.error("%s is not made: the queue cannot keep it: %s.", request, error)  # noqa: TRY400 - said in words
            stats.inc_value("scheduler/refused")
            return False
        again = request_id in self._known if request_id else False
        if again:  # a redirect may have set cookies, and what makes it hides its answer from our middleware
            self.keep_cookies(request.meta.get("cookiejar"))
        else:
            request_id = self._ids.name(parent or START, fingerprint)
            if request_id in self._known:
                return False  # an earlier run has it
        assert request_id is not None
        if not request.dont_filter:
            if fingerprint in self._seen:
                stats.inc_value("dupefilter/filtered")
                if again:
                    self.ended(request_id)
                return False
            self._seen.add(fingerprint)
        self._known.add(request_id)
        kept = "" if request.dont_filter else fingerprint
        self._extension.archive.change(
            RequestQueued(spider.name, request_id, kept, request.priority, value, start_place(request), again=again)
        )
        self._push(request_id, request.priority, value)
        stats.inc_value("scheduler/enqueued")
        return True

    def next_request(self) -> Request | None:
        """The Request that is next: the highest priority, then the one queued first."""
        while self._queue:
            _, _, request_id = heapq.heappop(self._queue)
            assert self._spider is not None
            try:
                request = request_of(self._values.pop(request_id), self._spider)
            except NotKept as error:
                logger.error("A Request of an earlier run is not made: %s.", error)  # noqa: TRY400 - said in words
                self.ended(request_id)
                continue
            request.meta[REQUEST_ID] = request_id
            self._ids.forget(request_id)
            return request
        return None

    def _push(self, request_id: str, priority: int, value: str) -> None:
        self._values[request_id] = value
        heapq.heappush(self._queue, (-priority, next(self._places), request_id))

    # -- the end of a Request: told by the middleware and by signals

    def gave(self, request_id: str) -> None:
        """The callback of that Request gave an item or a Request, which is under way now."""
        self._yields[request_id] += 1

    def exhausted(self, request_id: str) -> None:
        """It gives no more."""
        self._exhausted.add(request_id)
        self._end_if_done(request_id)

    def ended(self, request_id: str) -> None:
        """That Request need not be made again."""
        assert self._spider is not None
        self._ids.forget(request_id)
        self._yields.pop(request_id, None)
        self._exhausted.discard(request_id)
        self._extension.archive.change(RequestEnded(self._spider.name, request_id))

    def _item_ended(self, response: Any) -> None:
        request = getattr(response, "request", None)
        if request is not None:
            self._one_less(request.meta.get(REQUEST_ID))

    def _request_taken(self, request: Request) -> None:
        """The engine queues *request*, or refuses it, before it does anything else."""
        asyncio.get_running_loop().call_soon(self._one_less, request.meta.get(PARENT))

    def _one_less(self, request_id: str | None) -> None:
        if request_id is not None and request_id in self._yields:
            self._yields[request_id] -= 1
            self._end_if_done(request_id)

    def _end_if_done(self, request_id: str) -> None:
        if request_id in self._exhausted and self._yields[request_id] <= 0:
            self.ended(request_id)

    # -- cookies

    def keep_cookies(self, jar_key: Any) -> None:
        """Keep what is in the jar that ``meta["cookiejar"]`` names."""
        middleware = self._crawler.get_downloader_middleware(CookiesMiddleware)
        if middleware is None or self._spider is None:
            return
        cookies = [{name: getattr(cookie, name, None) for name in _COOKIE} for cookie in middleware.jars[jar_key].jar]
        try:
            change = CookiesKept(self._spider.name, json.dumps(jar_key), json.dumps(cookies))
        except TypeError:
            logger.warning("The cookies of the jar %r are not kept: its name is no plain value.", jar_key)
            return
        if self._cookies.get(change.jar, "[]") != change.value:
            self._cookies[change.jar] = change.value
            self._extension.archive.change(change)

    def _restore_cookies(self, jars: list[tuple[str, str]]) -> None:
        middleware = self._crawler.get_downloader_middleware(CookiesMiddleware)
        if middleware is None:
            return
        for key, text in jars:
            jar = middleware.jars[json.loads(key)].jar
            for values in json.loads(text):
                jar.set_cookie(Cookie(**{**values, "rest": {}}))
