"""Scrapy's scheduler over the durable frontier.

The engine asks for a request whenever something ended; the frontier answers from memory.  Nothing here touches the disk
but a reload of a host's queue, and nothing is lost with the process: a request is only ever a leased row of the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

if TYPE_CHECKING:
    from broadsheet.crawler.session import CrawlSession
    from broadsheet.crawler.spider import ArticleSpider

# Crawling this makes the engine ask for what is next, and notice that nothing is left: the public way to wake it.
WAKE = Request("about:blank", dont_filter=True)


class FrontierScheduler(BaseScheduler):
    """Gives out visits as requests.  The spider brings the session (`broadsheet.crawler.session.CrawlSession`)."""

    _session: CrawlSession
    _spider: Spider

    def open(self, spider: Spider) -> None:
        """Take the session that the spider brings."""
        self._spider = spider
        self._session = cast("ArticleSpider", spider).session

    def has_pending_requests(self) -> bool:
        """Whether the crawl would be incomplete if it ended now."""
        return self._session.has_pending()

    def enqueue_request(self, request: Request) -> bool:
        """Queue a Request that the spider's ``start`` gave; a URL met before is dropped, and so is, with a word, what cannot be
        kept."""
        return request is WAKE or self._session.queue_request(request, self._spider)

    def next_request(self) -> Request | None:
        """The next URL that may be fetched."""
        visit = self._session.lease()
        return None if visit is None else self._session.request_of(visit, self._spider)
