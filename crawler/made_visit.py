"""A visit on its way through Scrapy, in the meta of its Request: what scheduler, download handler and spider know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from scrapy import Request
from scrapy.http import Response

from broadsheet.archive.http_answer import Answer
from broadsheet.crawler.decoding import Decoded
from broadsheet.crawler.fetcher import Fetched
from broadsheet.crawler.frontier.queues import Visit

_KEY = "broadsheet_visit"
OURS = frozenset({_KEY, "verbatim_url"})  # keys of a Request's meta that are ours


@dataclass(frozen=True, slots=True)
class MadeVisit:
    """*visit* and what it brought.  ``callback`` is what the spider's own Request wants its answer for."""

    visit: Visit
    callback: Callable[..., Any] | None
    fetched: Fetched
    answer: Answer
    decoded: Decoded

    @classmethod
    def of(cls, response: Response) -> MadeVisit:
        """That which *response* came of."""
        return cast("MadeVisit", response.meta[_KEY])


@dataclass(frozen=True, slots=True)
class LeasedVisit:
    """*visit*, which is to be made; ``callback`` as above."""

    visit: Visit
    callback: Callable[..., Any] | None = None

    @classmethod
    def of(cls, request: Request) -> LeasedVisit:
        """That which *request* stands for."""
        return cast("LeasedVisit", request.meta[_KEY])

    def request(self, like: Request | None = None) -> Request:
        """The Request that makes the visit: *like*, where the spider made one of its own."""
        meta = {_KEY: self, "verbatim_url": True}
        if like is None:
            return Request(self.visit.url, meta=meta, dont_filter=True)
        return like.replace(callback=None, meta={**like.meta, **meta}, dont_filter=True)

    def made(self, request: Request, fetched: Fetched, answer: Answer, decoded: Decoded) -> None:
        """*request* has brought that."""
        request.meta[_KEY] = MadeVisit(self.visit, self.callback, fetched, answer, decoded)
