"""The spider of article sites: every answer is a page, a sitemap, a feed or a redirect; all of them lead on.

It yields no Requests.  The links of an answer go to the frontier in one step with the answer itself, so "fetched",
"where it lies" and "what it named" become durable together; and a link that was met before costs one look into a set
instead of a Request (68 links a page otherwise take 60 % of a crawl's CPU).  To crawl in another way, override
`discover`: it gets an ordinary Scrapy response and returns the links worth following.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery.classify import BodyKind, classify_body
from broadsheet.crawler.discovery.feed import feed_links
from broadsheet.crawler.discovery.links import redirect_links, scanned_links
from broadsheet.crawler.discovery.scan import scan_page
from broadsheet.crawler.discovery.sitemap import sitemap_links
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.requisites.answer import answer_requisites, embed_links, merge_links
from broadsheet.crawler.requisites.html import page_requisites
from broadsheet.crawler.session import CrawlSession

logger = logging.getLogger(__name__)

LARGE_BODY = 1024 * 1024  # bytes


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

    async def parse(self, response: Response) -> None:
        """End the visit of *response* with the links that it holds."""
        visit: Visit = response.meta["visit"]
        outlinks: Sequence[Outlink] = ()
        try:
            if len(response.body) > LARGE_BODY:  # a sitemap of 50,000 URLs takes half a second
                outlinks = await asyncio.to_thread(self.discover, response)
            else:
                outlinks = self.discover(response)
        except Exception:
            # The capture must not be lost because its links cannot be read.
            logger.exception("no links from %s", response.url)
            self.session.count("discovery-failed")
        await self.session.complete(visit, outlinks)

    def discover(self, response: Response) -> Sequence[Outlink]:
        """The links of *response*, absolute and normalised."""
        location = response.headers.get("Location")
        if location is not None and 300 <= response.status < 400:
            return redirect_links(response.url, location)
        if response.status != 200:
            return ()
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        match classify_body(content_type, response.body):
            case BodyKind.HTML:
                announced = [value.decode("latin-1") for value in response.headers.getlist("Link")]
                page = scan_page(response.body, response.url, content_type, announced)
                links = scanned_links(page).outlinks
                if not self.session.options.requisites:
                    return links
                return merge_links(page_requisites(page), links, self.session.skipped)
            case BodyKind.SITEMAP:
                return sitemap_links(response.body, response.url)
            case BodyKind.FEED:
                return feed_links(response.body, response.url)
        if not self.session.options.requisites:
            return ()
        return embed_links(answer_requisites(response.url, content_type, response.body), skip=self.session.skipped)
