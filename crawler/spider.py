"""The spider of article sites: every answer is a page, a sitemap, a feed or a redirect; all of them lead on.

It makes no Requests of links.  The links of an answer go to the frontier in one step with the answer itself, so "fetched",
"where it lies" and "what it named" become durable together; and a link that was met before costs one look into a set
instead of a Request (68 links a page otherwise take 60 % of a crawl's CPU).  To crawl in another way, override
`discover`: it gets an ordinary Scrapy response and returns the links worth following.  For items override `items`, and for
pages that are to be read in another way yield Requests with a callback from it (crawler/spider_requests.py).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.callback_output import all_of
from broadsheet.crawler.made_visit import MadeVisit
from broadsheet.crawler.reading import in_thread_if_large
from broadsheet.crawler.robots import redirect_target
from broadsheet.crawler.scrapy_project.request_values import NotKept
from broadsheet.crawler.session import CrawlSession

logger = logging.getLogger(__name__)


class ArticleSpider(Spider):
    """Crawls whole sites of articles.  *session* is the crawl that it belongs to."""

    name = "articles"

    def __init__(self, session: CrawlSession, **kwargs: Any) -> None:
        super().__init__(self.name, **kwargs)
        self.session = session

    async def start(self) -> AsyncIterator[Request]:
        """What a subclass names itself; a crawl's own seeds are in the frontier already."""
        for url in self.start_urls:
            yield Request(url)

    async def parse(self, response: Response, **cb_kwargs: Any) -> None:
        """End the visit of *response* with the links that it holds, when all that the spider makes of it is where it goes."""
        made = MadeVisit.of(response)
        links: Sequence[Outlink] = ()
        try:
            if made.fetched.reading is not None:
                links = made.fetched.reading.links
            else:
                links = await in_thread_if_large(
                    made.answer, lambda: self.discover(response), large=made.decoded.room is not None
                )
        except Exception:
            # The capture must not be lost because its links cannot be read.
            logger.exception("no links from %s", response.url)
            self.session.tally.mishap("discovery-failed")
        try:
            await self._hand_on(response, made, cb_kwargs)
            await self.session.complete(made.visit, made.fetched, links)
        finally:
            made.decoded.release()

    def items(self, response: Response) -> Any:  # noqa: ARG002 - for subclasses
        """What *response* gives, if no callback was named for it: Requests, and items for the ``ITEM_PIPELINES`` in the
        ``custom_settings`` of a subclass.  It may be all that a callback of Scrapy may be, a generator or asynchronous.

        It is called before the visit ends: after a kill between the two the page is asked again, and the items come again.
        """
        return None

    def discover(self, response: Response) -> Sequence[Outlink]:
        """The links of *response*, absolute and normalised."""
        made = MadeVisit.of(response)
        return self.session.reader.links_of(made.answer, made.visit, response.body).links

    async def _hand_on(self, response: Response, made: MadeVisit, cb_kwargs: dict[str, Any]) -> None:
        """Put the items of *response* through the pipelines, and make its Requests durable."""
        try:
            output = self._output(response, made, cb_kwargs)
            if output is None:
                return
            async for one in all_of(output):
                if isinstance(one, Request):
                    self.session.queue_request(one, self, made.visit.hops + "L")
                elif one is not None:
                    assert self.crawler.engine is not None
                    await self.crawler.engine.scraper.start_itemproc_async(one, response=response)
        except Exception:
            logger.exception("a callback failed on %s", response.url)
            self.session.tally.mishap("callback-failed")
        await self.session.spider_requests.durable()

    def _output(self, response: Response, made: MadeVisit, cb_kwargs: dict[str, Any]) -> Any:
        if made.callback is None:
            return self.items(response)
        if (target := redirect_target(made.fetched.exchange)) is not None:
            try:
                self.session.spider_requests.follow(made.visit, target)
            except NotKept as error:
                self.session.refuse_request(target, str(error))
            return ()
        if 200 <= response.status < 300 or response.status in getattr(self, "handle_httpstatus_list", ()):
            return made.callback(response, **cb_kwargs)
        logger.info("%s: status %d, so its callback is not called", response.url, response.status)
        return None
