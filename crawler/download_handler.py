"""Scrapy's download handler: one visit, one response for the spider.

What was fetched, byte-exact, goes along (crawler/made_visit.py) to whoever ends the visit; the response that the
spider sees has its transfer and content codings removed.  A visit that no spider can use is ended already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response

from broadsheet.archive.http_answer import Answer, is_html
from broadsheet.crawler.decoding import decode_within
from broadsheet.crawler.made_visit import LeasedVisit

if TYPE_CHECKING:
    from broadsheet.crawler.spider import ArticleSpider


class CaptureDownloadHandler(BaseDownloadHandler):
    """Fetches for the session of the crawler's spider."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        """Fetch *request* politely.

        Raises:
            IgnoreRequest: no answer for a spider; the visit is ended already.
        """
        session = cast("ArticleSpider", self.crawler.spider).session
        leased = LeasedVisit.of(request)
        fetched = await session.fetch(leased.visit)
        if fetched is None or (answer := fetched.exchange.answer) is None:
            raise IgnoreRequest
        decoded = await decode_within(session.decoding, answer)
        leased.made(request, fetched, answer, decoded)
        return spider_response(request, answer, decoded.content)


def spider_response(request: Request, answer: Answer, body: bytes) -> Response:
    """What a spider sees of *answer*, whose content is *body*."""
    headers: dict[str, list[str]] = {}
    for name, value in answer.head.headers:
        headers.setdefault(name, []).append(value)
    kind = HtmlResponse if is_html(answer.declared) else Response
    return kind(request.url, status=answer.head.status, headers=headers, body=body, request=request)
