"""Requests of a user's own spider that want more than a page in the archive: a callback, with what goes along to it.

The frontier keeps URLs, each once.  What a spider wants with the answer to one is kept beside it, as JSON, by the URL's
fingerprint: callbacks by name, cb_kwargs and meta as plain data.  A page is ended only when the Requests that its callback made
are durable, so a kill loses none of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from scrapy import Request, Spider

from broadsheet.archive.url import normalise
from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint
from broadsheet.crawler.frontier.frontier import Frontier
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.made_visit import OURS, LeasedVisit
from broadsheet.crawler.scrapy_project.request_values import NotKept, request_json, request_of
from broadsheet.crawler.state.changes import CallbackKept, Completion
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import State
from broadsheet.pipelines.capture.submission import Submission

_SCRAPYS_OWN = frozenset({"depth", "is_start_request"})  # keys of meta that no spider needs back


class SpiderRequests:
    """The Requests of one crawl's spider.  *submit* makes changes durable; all methods belong to the event loop's thread."""

    def __init__(self, frontier: Frontier, store: CrawlStore, submit: Callable[[Submission], None]) -> None:
        self._frontier = frontier
        self._store = store
        self._submit = submit
        self._uncommitted: dict[bytes, str] = {}  # what the store does not show yet
        self._given_out: set[bytes] = set()  # visits whose end the store does not show yet
        self._waiting: list[asyncio.Future[None]] = []
        self._any = store.next_order() > 1  # whether one may be kept: where not, nothing is asked of the store

    def queue(self, request: Request, spider: Spider, hops: str = "") -> bool:
        """Queue *request*, to which *hops* led; whether it was new.  Of two Requests for a URL the first counts.

        Raises:
            NotKept: what it wants cannot be kept, or comes too late; the text says why and what to do.
        """
        url = normalise(request.url)
        if url is None:
            raise NotKept("it is no URL that HTTP can fetch. Name one of http or https")
        if lost := unkept(request):
            raise NotKept(f"it has {', '.join(lost)}, and the frontier keeps URLs. Headers for all go with --header")
        meta = {key: value for key, value in request.meta.items() if key not in OURS | _SCRAPYS_OWN}
        if not wants_more(request, meta, spider):
            return bool(self._frontier.seed([url], hops))
        return self._keep(url, request_json(request.replace(url=url, meta=meta), spider), hops)

    def follow(self, visit: Visit, target: str) -> None:
        """*visit* was answered with a redirect to *target*: what was wanted of it is wanted of that.

        Raises:
            NotKept: that was asked already.
        """
        wanted, url = self._wanted(visit.fingerprint), normalise(target)
        if wanted is not None and url is not None:
            self._keep(url, wanted, visit.hops + "R")

    def request_of(self, visit: Visit, spider: Spider) -> Request:
        """*visit* as the Request that the spider made of it, or as one for ``parse``.

        Raises:
            NotKept: the spider has changed since it was queued: a callback is gone.
        """
        self._given_out.add(visit.fingerprint)
        wanted = self._wanted(visit.fingerprint)
        if wanted is None:
            return LeasedVisit(visit).request()
        like = request_of(wanted, spider).replace(url=visit.url)
        return LeasedVisit(visit, like.callback).request(like)

    async def durable(self) -> None:
        """Return when a kill loses nothing more of what was queued."""
        if self._uncommitted:
            committed = asyncio.get_running_loop().create_future()
            self._waiting.append(committed)
            await committed

    def committed(self, submissions: Iterable[Submission]) -> None:
        """The store shows the changes of *submissions* by now."""
        for submission in submissions:
            match submission.change:
                case CallbackKept(fingerprint=print_, request=request):
                    if self._uncommitted.get(print_) == request:
                        del self._uncommitted[print_]
                case Completion(fingerprint=print_):
                    self._given_out.discard(print_)
        if not self._uncommitted:
            self.let_go()

    def let_go(self) -> None:
        """Nobody need wait any longer: all is durable, or nothing becomes so any more."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    def _keep(self, url: str, wanted: str, hops: str) -> bool:
        print_ = fingerprint(dedupe_key(url))
        if self._wanted(print_) is not None:
            return False  # a run before this one has queued it, or another page
        known = self._store.why(url)
        if print_ in self._given_out or (known is not None and known.state is not State.QUEUED):
            raise NotKept(
                "its URL was asked before, and each is asked once, so its callback is not called. Read such a page in"
                " items(), or leave its links out in discover()"
            )
        self._any = True
        self._uncommitted[print_] = wanted
        self._submit(Submission(CallbackKept(print_, wanted)))
        self._frontier.seed([url], hops)
        return True

    def _wanted(self, print_: bytes) -> str | None:
        return (self._uncommitted.get(print_) or self._store.callback(print_)) if self._any else None


def unkept(request: Request) -> tuple[str, ...]:
    """What of *request* a crawl would lose that asks for each URL once, with the headers and cookies of the crawl."""
    carried = (
        ("a method other than GET", request.method != "GET"),
        ("a body", bool(request.body)),
        ("headers of its own", bool(request.headers)),
        ("cookies of its own", bool(request.cookies)),
        ("an errback", request.errback is not None),
    )
    return tuple(name for name, there in carried if there)


def wants_more(request: Request, meta: dict[str, Any], spider: Spider) -> bool:
    """Whether *request* of *spider*, with that *meta*, asks for more than a URL."""
    callback = None if request.callback == getattr(spider, "parse", None) else request.callback
    return callback is not None or bool(request.cb_kwargs) or bool(meta)
