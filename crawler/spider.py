"""The spider of article sites: every answer is a page, a sitemap, a feed or a redirect; all of them lead on.

It yields no Requests.  The links of an answer go to the frontier in one step with the answer itself, so "fetched",
"where it lies" and "what it named" become durable together; and a link that was met before costs one look into a set
instead of a Request (68 links a page otherwise take 60 % of a crawl's CPU).  To crawl in another way, override
`discover`: it gets an ordinary Scrapy response and returns the links worth following.  For items override `items`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.http_answer import Answer
from broadsheet.crawler.decoding import Decoded
from broadsheet.crawler.fetcher import Fetched
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.reading import in_thread_if_large
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

    async def parse(self, response: Response) -> Iterable[Any] | None:
        """End the visit of *response* with the links that it holds; the items that it gives."""
        visit: Visit = response.meta["visit"]
        fetched: Fetched = response.meta["fetched"]
        answer: Answer = response.meta["answer"]
        decoded: Decoded = response.meta["decoded"]
        links: Sequence[Outlink] = ()
        try:
            if fetched.reading is not None:
                links = fetched.reading.links
            else:
                links = await in_thread_if_large(
                    answer, lambda: self.discover(response), large=decoded.room is not None
                )
        except Exception:
            # The capture must not be lost because its links cannot be read.
            logger.exception("no links from %s", response.url)
            self.session.tally.mishap("discovery-failed")
        try:
            await self.session.complete(visit, fetched, links)
        finally:
            decoded.release()
        return self.items(response)

    def items(self, response: Response) -> Iterable[Any] | None:  # noqa: ARG002 - for subclasses
        """What else *response* gives: items, for the ``ITEM_PIPELINES`` in the ``custom_settings`` of a subclass.

        Called when the visit is written down: after a kill between the two it is not called again for that answer.
        """
        return None

    def discover(self, response: Response) -> Sequence[Outlink]:
        """The links of *response*, absolute and normalised."""
        return self.session.reader.links_of(response.meta["answer"], response.meta["visit"], response.body).links
