"""Scrapy's scheduler over the durable frontier.

The engine asks for a request whenever something ended; the frontier answers from memory.  Nothing here touches the disk
but a reload of a host's queue, and nothing is lost with the process: a request is only ever a leased row of the journal.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler

from broadsheet.crawler.discovery.urls import normalise

if TYPE_CHECKING:
    from broadsheet.crawler.session import CrawlSession
    from broadsheet.crawler.spider import ArticleSpider

logger = logging.getLogger(__name__)

_SCRAPYS_OWN = frozenset({"depth", "is_start_request"})  # keys of meta that no spider needs back

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
        """Queue the URL of a request that a spider made; a URL met before is dropped, and so is, with a word, what cannot be
        kept."""
        if request is WAKE:
            return True
        url = normalise(request.url)
        lost = unkept(request, self._spider)
        if url is None or lost:
            why = (
                f"it has {', '.join(lost)}, and the frontier keeps URLs alone"
                if lost
                else "it is no URL that HTTP can fetch"
            )
            remedy = "Yield Request(url), and read the answer in discover(); headers for all requests go with --header."
            logger.error("%s: this Request of the spider is not made: %s. %s", request.url, why, remedy)
            self._session.refuse_request(f"{request.url}: this Request of the spider is not made: {why}. {remedy}")
            return False
        return bool(self._session.frontier.seed([url]))

    def next_request(self) -> Request | None:
        """The next URL that may be fetched."""
        visit = self._session.lease()
        if visit is None:
            return None
        return Request(visit.url, meta={"visit": visit, "verbatim_url": True}, dont_filter=True)


def unkept(request: Request, spider: Spider) -> tuple[str, ...]:
    """What of *request*, made by *spider*, would be lost in a frontier of URLs: a kill would void it, so it is not begun."""
    callback = None if request.callback == getattr(spider, "parse", None) else request.callback
    carried = (
        ("a method other than GET", request.method != "GET"),
        ("a body", bool(request.body)),
        ("headers of its own", bool(request.headers)),
        ("cookies of its own", bool(request.cookies)),
        ("a callback", callback is not None),
        ("an errback", request.errback is not None),
        ("meta", bool(request.meta.keys() - _SCRAPYS_OWN)),
        ("cb_kwargs", bool(request.cb_kwargs)),
    )
    return tuple(name for name, there in carried if there)
