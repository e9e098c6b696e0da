"""Where Requests and items come from: what a callback yields is marked with the answer that the callback was reading.

Next to the engine, so that it sees what all other middlewares have left, and knows when a Request has given all it gives.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from broadsheet.archive.capture import Capture
from broadsheet.crawler.callback_output import all_of
from broadsheet.crawler.scrapy_project.extension import ArchiveExtension, ItemOrigin
from broadsheet.crawler.scrapy_project.queue_ids import START
from broadsheet.crawler.scrapy_project.record import OURS, PARENT, REQUEST_ID, VIA, record_of, start_place
from broadsheet.crawler.scrapy_project.scheduler import Scheduler


class OriginMiddleware:
    """A spider and downloader middleware."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        extension = ArchiveExtension.of(crawler)
        self._start_places = extension.start_places
        self._origins = extension.origins

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The middleware of *crawler*."""
        return cls(crawler)

    # -- as a downloader middleware

    def process_request(self, request: Request) -> None:
        """The user's own code names where start Requests lead: known before robots.txt is asked for there."""
        if place := start_place(request):
            self._start_places.add(place)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the cookies that it set, which Scrapy's middleware has taken in by now."""
        scheduler = self._scheduler
        if scheduler is not None and b"Set-Cookie" in response.headers:
            scheduler.keep_cookies(request.meta.get("cookiejar"))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - Scrapy's signature
        """No other middleware helped: the Request ends here, or when its errback has given all it gives."""
        scheduler, request_id = self._scheduler, request.meta.get(REQUEST_ID)
        if scheduler is None or request_id is None:
            return
        if request.errback is None:
            scheduler.ended(request_id)
        else:
            request.errback = self._followed(request, request.errback)

    # -- as a spider middleware

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Items of ``start`` come from no answer; in the next run they are the same again."""
        number = 0
        async for one in start:
            if one is not None and not isinstance(one, Request):
                number += 1
                self._origins[id(one)] = ItemOrigin(one, None, self._item_id(START, number))
            yield one

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Hand on what a callback gives, each Request with where it comes from."""
        request_id = None if response.request is None else response.request.meta.get(REQUEST_ID)
        async for one in self._marked(result, request_id, response.url, record_of(response)):
            yield one

    def process_spider_exception(self, response: Response, exception: Exception) -> None:  # noqa: ARG002 - likewise
        """A callback failed, which Scrapy logs and does not repeat."""
        request_id = None if response.request is None else response.request.meta.get(REQUEST_ID)
        if self._scheduler is not None and request_id is not None:
            self._scheduler.exhausted(request_id)

    # -- both

    @property
    def _scheduler(self) -> Scheduler | None:
        """Ours, if the project uses it."""
        engine = self._crawler.engine
        scheduler = None if engine is None else engine.scheduler
        # isinstance takes every scheduler for one of ours: Scrapy asks for methods, not for ancestors
        return cast("Scheduler", scheduler) if Scheduler in type(scheduler).__mro__ else None

    def _followed(self, request: Request, errback: Callable[[Failure], Any]) -> Callable[[Failure], Any]:
        """*errback* of *request*, whose output passes through here, too: Scrapy shows it to no middleware."""

        def called(failure: Failure) -> Any:
            output = errback(failure)
            if isinstance(output, Failure):
                output.raiseException()
            return self._marked(all_of(output), request.meta[REQUEST_ID], request.url)

        return called

    def _item_id(self, request_id: str | None, number: int) -> str | None:
        """What the item with that *number* of that Request is called; None without our scheduler: it is like no other."""
        scheduler = self._scheduler
        return None if scheduler is None or request_id is None else f"{scheduler.run} {request_id} {number}"

    async def _marked(
        self, result: AsyncIterator[Any], request_id: str | None, url: str, record: Capture | None = None
    ) -> AsyncIterator[Any]:
        scheduler = self._scheduler if request_id is not None else None
        number = 0
        try:
            async for one in result:
                if isinstance(one, Request):
                    for key in OURS & one.meta.keys():
                        del one.meta[key]
                    one.meta[VIA] = url
                    if request_id is not None:
                        one.meta[PARENT] = request_id
                elif one is not None:
                    number += 1
                    self._origins[id(one)] = ItemOrigin(one, record, self._item_id(request_id, number))
                if scheduler is not None and request_id is not None and one is not None:
                    scheduler.gave(request_id)
                yield one
        except Exception:
            if scheduler is not None and request_id is not None:
                scheduler.exhausted(request_id)
            raise
        if scheduler is not None and request_id is not None:
            scheduler.exhausted(request_id)
