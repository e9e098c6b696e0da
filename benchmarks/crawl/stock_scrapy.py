"""The peer: stock Scrapy with LinkExtractor.  Run as ``python stock_scrapy.py URL [--requisites] [--webarchive]``.

Pages only, unless --requisites: then what LinkExtractor finds in img, script and link, too.  No archive, unless
--webarchive: then scrapy-webarchive's, in this folder, under an interpreter that has it (which has an older Scrapy:
hence both ways to start).
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor


class SiteSpider(scrapy.Spider):
    name = "site"
    url: str
    requisites = False
    links = LinkExtractor()
    shown = LinkExtractor(tags=("img", "script", "link"), attrs=("src", "href"), deny_extensions=[])

    def start_requests(self) -> Iterator[scrapy.Request]:
        self.allowed_domains = [urlsplit(self.url).hostname]
        yield scrapy.Request(self.url)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for request in self.start_requests():
            yield request

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        if isinstance(response, HtmlResponse):
            for link in self.links.extract_links(response):
                yield scrapy.Request(link.url)
            if self.requisites:
                for link in self.shown.extract_links(response):
                    yield scrapy.Request(link.url, self.keep)

    def keep(self, response: Response) -> None:
        """A requisite leads nowhere."""


def main(url: str, *switches: str) -> None:
    settings = {
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
    }
    if "--webarchive" in switches:
        settings["EXTENSIONS"] = {"scrapy_webarchive.extensions.WaczExporter": 543}
        settings["SW_EXPORT_URI"] = f"{Path.cwd()}/out/"
    process = CrawlerProcess(settings)
    process.crawl(SiteSpider, url=url, requisites="--requisites" in switches)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
