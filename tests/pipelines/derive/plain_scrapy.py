"""A stock Scrapy crawl whose own pipeline writes a WARC: ``python plain_scrapy.py START_URL WARC``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


class WarcPipeline:
    """Writes each answer as such people do: the headers as Scrapy has them, the body as Scrapy decoded it."""

    def open_spider(self) -> None:
        self.file = open(sys.argv[2], "wb")  # noqa: SIM115 - closed with the spider
        self.writer = WARCWriter(self.file, gzip=True, warc_version="1.1")

    def close_spider(self) -> None:
        self.file.close()

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        answer = item["answer"]
        fields = [(name.decode(), value.decode()) for name, some in answer.headers.items() for value in some]
        head = StatusAndHeaders(f"{answer.status} OK", fields, protocol="HTTP/1.1")
        record = self.writer.create_warc_record(answer.url, "response", payload=BytesIO(answer.body), http_headers=head)
        ask = StatusAndHeaders("GET / HTTP/1.1", [("Host", "x")], is_http_request=True)
        asked = self.writer.create_warc_record(answer.url, "request", http_headers=ask)
        self.writer.write_request_response_pair(asked, record)
        return item


class Plain(scrapy.Spider):
    name = "plain"
    start_urls = sys.argv[1:2]
    handle_httpstatus_list = (404,)

    def parse(self, response: Any) -> Iterator[Any]:
        yield {"answer": response}
        if "html" in response.headers.get("Content-Type", b"").decode():
            for link in response.css("a::attr(href)").getall():
                yield response.follow(link)


if __name__ == "__main__":
    process = CrawlerProcess(
        {"ITEM_PIPELINES": {WarcPipeline: 1}, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False}
    )
    process.crawl(Plain)
    process.start()
