"""What the documentation of Scrapy and of scrapy-webarchive shows, done with broadsheet: spiders of many kinds, run once in one
process with the add-on, and programs over the archive that they have left."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from crawled_site import Answer, Site, broadsheet, serving
from scrapy.http import HtmlResponse

import broadsheet as library
from broadsheet.api import Collection

PROGRAM = """
import scrapy
from itemloaders.processors import MapCompose, TakeFirst
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import DropItem
from scrapy.linkextractors import LinkExtractor
from scrapy.loader import ItemLoader
from scrapy.spiders import CrawlSpider, CSVFeedSpider, Rule, SitemapSpider, XMLFeedSpider
from broadsheet.scrapy import article_of, record_of


class FromPageToPage(scrapy.Spider):
    name = "from_page_to_page"

    async def start(self):
        yield scrapy.Request(f"{self.site}/shelf/1")

    def parse(self, response):
        for book in response.css("li.book"):
            yield {"title": book.css("a::text").get(), "pages": int(book.xpath("./@data-pages").get())}
        if next_page := response.css("a.next::attr(href)").get():
            yield response.follow(next_page, self.parse)


class TwoCallbacks(scrapy.Spider):
    name = "two_callbacks"

    async def start(self):
        yield scrapy.Request(f"{self.site}/shelf/1")

    def parse(self, response):
        yield from response.follow_all(css="li.book a", callback=self.parse_book, cb_kwargs={"shelf": 1})

    def parse_book(self, response, shelf):
        yield {"title": response.css("h1::text").get(), "shelf": shelf}


class WithAnArgument(scrapy.Spider):
    name = "with_an_argument"

    def __init__(self, shelf="1", **kwargs):
        super().__init__(**kwargs)
        self.shelf = shelf

    async def start(self):
        yield scrapy.Request(f"{self.site}/shelf/{self.shelf}")

    def parse(self, response):
        yield {"first": response.css("li.book a::text").get()}


class ByRules(CrawlSpider):
    name = "by_rules"
    rules = (Rule(LinkExtractor(allow="/shelf/")), Rule(LinkExtractor(allow="/book/"), callback="parse_book"))

    async def start(self):
        yield scrapy.Request(f"{self.site}/shelf/1")

    def parse_book(self, response):
        yield {"title": response.css("h1::text").get()}


class BySitemap(SitemapSpider):
    name = "by_sitemap"
    sitemap_rules = [("/book/", "parse_book")]

    async def start(self):
        yield scrapy.Request(f"{self.site}/robots.txt", self._parse_sitemap)

    def parse_book(self, response):
        yield {"title": response.css("h1::text").get()}


class OfAFeed(XMLFeedSpider):
    name = "of_a_feed"
    itertag = "item"

    async def start(self):
        yield scrapy.Request(f"{self.site}/feed.xml")

    def parse_node(self, response, node):
        return {"title": node.xpath("title/text()").get()}


class OfATable(CSVFeedSpider):
    name = "of_a_table"

    async def start(self):
        yield scrapy.Request(f"{self.site}/books.csv")

    def parse_row(self, response, row):
        return {"title": row["title"], "pages": row["pages"]}


class Book(scrapy.Item):
    title = scrapy.Field(input_processor=MapCompose(str.strip, str.upper), output_processor=TakeFirst())


class WithALoader(scrapy.Spider):
    name = "with_a_loader"

    async def start(self):
        yield scrapy.Request(f"{self.site}/book/a")

    def parse(self, response):
        loader = ItemLoader(item=Book(), response=response)
        loader.add_css("title", "h1::text")
        yield loader.load_item()


class OnlyOnce:
    def __init__(self):
        self.seen = set()

    def process_item(self, item):
        if item["title"] in self.seen:
            raise DropItem("seen")
        self.seen.add(item["title"])
        return item


class WithAPipeline(FromPageToPage):
    name = "with_a_pipeline"
    custom_settings = {"ITEM_PIPELINES": {OnlyOnce: 100}}

    def parse(self, response):
        for title in response.css("li.book a::text").getall() * 2:
            yield {"title": title}


class WithAnErrback(scrapy.Spider):
    name = "with_an_errback"

    async def start(self):
        yield scrapy.Request(f"{self.site}/nowhere", self.parse, errback=self.failed)

    def failed(self, failure):
        yield {"status": failure.value.response.status}


class AskingInACallback(scrapy.Spider):
    name = "asking_in_a_callback"

    async def start(self):
        yield scrapy.Request(f"{self.site}/book/a")

    async def parse(self, response):
        other = await self.crawler.engine.download_async(scrapy.Request(response.urljoin("/book/b")))
        yield {"titles": [one.css("h1::text").get() for one in (response, other)]}


class WithArticles(scrapy.Spider):
    name = "with_articles"

    async def start(self):
        yield scrapy.Request(f"{self.site}/book/c", meta={"shelf": 2})

    def parse(self, response):
        article = article_of(response)
        yield {"title": article.title, "record": record_of(response).record_id, "shelf": response.meta["shelf"]}


if __name__ == "__main__":
    import sys

    process = AsyncCrawlerProcess({
        "ADDONS": {"broadsheet.scrapy.Addon": 500}, "BROADSHEET_DIR": "kept", "LOG_LEVEL": "WARNING",
        "FEEDS": {"items/%(name)s.jsonl": {"format": "jsonlines"}}, "TELNETCONSOLE_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
    })
    for spider in [one for one in list(globals().values()) if isinstance(one, type) and "name" in vars(one)]:
        if issubclass(spider, scrapy.Spider):
            process.crawl(spider, site=sys.argv[1])
    process.start()
"""

TITLES = {"a": "A light at sea", "b": "Bread of the hills", "c": "Clouds and maps"}


def shelf(books: str, more: str = "") -> Answer:
    rows = "".join(f'<li class=book data-pages={ord(one)}><a href="/book/{one}">{TITLES[one]}</a>' for one in books)
    return Answer(f"<html><ul>{rows}</ul>{more}".encode())


def book(title: str) -> Answer:
    lines = "".join(
        f"<p>Line {n} of the book tells of a harbour and of those who lived there long ago.</p>" for n in range(9)
    )
    return Answer(f"<html lang=en><title>{title}</title><article><h1>{title}</h1>{lines}</article>".encode())


ANSWERS = {
    "/robots.txt": Answer(b"Sitemap: {base}/sitemap.xml", "text/plain"),
    "/sitemap.xml": Answer(
        f"<urlset>{''.join(f'<url><loc>{{base}}/book/{one}</loc></url>' for one in TITLES)}</urlset>".encode(),
        "application/xml",
    ),
    "/feed.xml": Answer(b"<rss><item><title>One</title></item><item><title>Two</title></item></rss>", "text/xml"),
    "/books.csv": Answer(b"title,pages\nOne,10\nTwo,20\n", "text/csv"),
    "/shelf/1": shelf("ab", '<a class=next href="/shelf/2">more</a>'),
    "/shelf/2": shelf("c"),
    **{f"/book/{one}": book(title) for one, title in TITLES.items()},
}


@dataclass(frozen=True)
class Ran:
    folder: Path
    site: Site

    @property
    def kept(self) -> Path:
        return self.folder / "kept"

    def items(self, spider: str) -> list[dict[str, Any]]:
        lines = (self.folder / "items" / f"{spider}.jsonl").read_text().splitlines()
        return sorted(map(json.loads, lines), key=str)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("programs")
    (folder / "program.py").write_text(PROGRAM)
    with serving(ANSWERS) as site:
        command = [sys.executable, "program.py", site.url]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        yield Ran(folder, site)


def test_spiders_of_ten_kinds_and_more_give_their_items(ran: Ran) -> None:
    titles = [{"title": title} for title in TITLES.values()]
    pages = [{"title": title, "pages": ord(one)} for one, title in TITLES.items()]
    expected: dict[str, list[dict[str, Any]]] = {
        "from_page_to_page": pages,
        "two_callbacks": [{"title": TITLES[one], "shelf": 1} for one in "ab"],
        "with_an_argument": [{"first": TITLES["a"]}],
        "by_rules": titles,
        "by_sitemap": titles,
        "of_a_feed": [{"title": "One"}, {"title": "Two"}],
        "of_a_table": [{"title": "One", "pages": "10"}, {"title": "Two", "pages": "20"}],
        "with_a_loader": [{"title": "A LIGHT AT SEA"}],
        "with_a_pipeline": titles[:2],
        "with_an_errback": [{"status": 404}],
        "asking_in_a_callback": [{"titles": [TITLES["a"], TITLES["b"]]}],
    }
    assert {name: ran.items(name) for name in expected} == {name: sorted(of, key=str) for name, of in expected.items()}
    (with_article,) = ran.items("with_articles")
    assert (with_article["title"], with_article["shelf"]) == (TITLES["c"], 2)
    assert library.verify(ran.kept).errors == 0


def test_an_archive_is_asked_in_ten_ways(ran: Ran, tmp_path: Path) -> None:
    # 1. a WACZ, with a title and a description
    wacz = tmp_path / "books.wacz"
    broadsheet("pack", ran.kept, "-o", wacz, "--title", "Books", "--description", "All of them", "-q")
    with zipfile.ZipFile(wacz) as package:
        told = json.loads(package.read("datapackage.json"))
    assert (told["title"], told["description"]) == ("Books", "All of them")
    # 2. it is sound
    assert library.verify(wacz).errors == 0
    # 3. the dataset of the WACZ, and of the archive that it was made of, are the same
    rows = []
    for number, source in enumerate((wacz, ran.kept)):
        library.extract_warcs(source, tmp_path / str(number), workers=1, profiles=False)
        articles = Collection.open(tmp_path / str(number)).articles(status="ok")
        rows.append(Counter((row.url, row.title, row.text) for row in articles))
    assert rows[0] == rows[1]
    collection = Collection.open(tmp_path / "1")
    # 4. each request of each spider has a capture
    captures = list(collection.captures())
    assert Counter(row.url.removeprefix(ran.site.url) for row in captures) == Counter(ran.site.paths())
    # 5. responses as a callback gets them, without asking anybody
    responses = [
        HtmlResponse(row.url, body=row.response().body) for row in collection.articles(url=f"{ran.site.url}/book/a")
    ]
    assert {response.css("h1::text").get() for response in responses} == {TITLES["a"]}
    # 6. those whose URL matches an expression
    books = [row for row in captures if re.search(r"/book/[ab]$", row.url)]
    assert len({row.url for row in books}) == 2
    # 7. those of a status
    assert {row.url for row in captures if row.fetch_status == 404} == {f"{ran.site.url}/nowhere"}
    # 8. the record that an item names
    (item,) = ran.items("with_articles")
    assert item["record"] in {row.warc_record_id for row in captures}
    # 9. what the archive has of a URL
    assert "captures, 1 different page" in broadsheet("history", ran.kept, f"{ran.site.url}/book/b")
    # 10. a spider that goes through the archive as a proxy: the site is not asked
    asked = len(ran.site.paths())
    spider = PROGRAM.split("if __name__", maxsplit=1)[0] + (
        'process = AsyncCrawlerProcess({"LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False,\n'
        '    "FEEDS": {"again.jsonl": {"format": "jsonlines"}}})\n'
        f'process.crawl(FromPageToPage, site="{ran.site.url}")\nprocess.start()\n'
    )
    with Collection.open(ran.kept).replay() as server:
        environment = {"http_proxy": f"http://{server.address}", "no_proxy": "", "PATH": ""}
        (tmp_path / "again.py").write_text(spider)
        command = [sys.executable, "again.py"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    again = [json.loads(line) for line in (tmp_path / "again.jsonl").read_text().splitlines()]
    assert sorted(again, key=str) == ran.items("from_page_to_page")
    assert len(ran.site.paths()) == asked
