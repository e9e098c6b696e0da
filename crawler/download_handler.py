"""Scrapy's download handler over the capture client: one visit, one exchange, one response for the spider.

The exchange, byte-exact, goes along in ``meta`` to whoever ends the visit; the response that the spider sees has its
transfer and content codings removed.  An answer that no spider can use ends the visit here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response

from broadsheet.archive.exchange import Exchange
from broadsheet.archive.http import decode_content, parse_response_head, remove_transfer_coding

if TYPE_CHECKING:
    from broadsheet.crawler.spider import ArticleSpider

MAX_DECODED = 64 * 1024 * 1024  # bytes of a decoded body that the spider gets


class CaptureDownloadHandler(BaseDownloadHandler):
    """Fetches for the session of the crawler's spider."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        """Fetch *request* politely.

        Raises:
            IgnoreRequest: no answer for a spider; the visit is ended already.
        """
        session = cast("ArticleSpider", self.crawler.spider).session
        visit = request.meta["visit"]
        if not await session.fetch(visit):
            raise IgnoreRequest
        assert visit.exchange is not None
        return spider_response(request, visit.exchange)


def spider_response(request: Request, exchange: Exchange) -> Response:
    """What a spider sees of *exchange*."""
    head = parse_response_head(exchange.response)
    payload = remove_transfer_coding(exchange.body, head)
    body = decode_content(payload, head, MAX_DECODED).content
    headers: dict[str, list[str]] = {}
    for name, value in head.headers:
        headers.setdefault(name, []).append(value)
    kind = HtmlResponse if "html" in (head.get("content-type") or "") else Response
    return kind(request.url, status=head.status, headers=headers, body=body, request=request)
