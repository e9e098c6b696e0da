"""A Scrapy project with three spiders over `library_site`, written into a folder, and ways to run it in processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SETTINGS = """
BOT_NAME = "library"
SPIDER_MODULES = ["library.spiders"]
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.01
AUTOTHROTTLE_MAX_DELAY = 0.05
DOWNLOAD_DELAY = 0
RETRY_TIMES = 2
DOWNLOADER_MIDDLEWARES = {"library.middlewares.Stamp": 600}
SPIDER_MIDDLEWARES = {"library.middlewares.NoTitleless": 600}
TELNETCONSOLE_ENABLED = False
"""

MIDDLEWARES = '''
class Stamp:
    """Adds a header to each request."""

    def process_request(self, request):
        request.headers["X-Stamp"] = "library; \\xe9".encode("latin-1")


class NoTitleless:
    """Drops items without a title."""

    def process_spider_output(self, response, result):
        for one in result:
            if not (isinstance(one, dict) and one.get("title") == ""):
                yield one

    async def process_spider_output_async(self, response, result):
        async for one in result:
            if not (isinstance(one, dict) and one.get("title") == ""):
                yield one
'''

SPIDERS = '''
import json
from dataclasses import dataclass, field

import scrapy
from scrapy import FormRequest, Request


class Shelf(scrapy.Spider):
    """Logs in by a form, then goes from page to page."""

    name = "shelf"

    async def start(self):
        yield Request(f"{self.site}/login", callback=self.log_in)

    def log_in(self, response):
        form = {"user": "ann", "password": "o w&l"}
        yield FormRequest.from_response(response, formdata=form, callback=self.parse_shelf, errback=self.failed)

    def parse_shelf(self, response):
        for number, book in enumerate(response.css("li.book::text").getall()):
            yield {"title": book, "page": response.url.rpartition("=")[2], "number": number}
        yield {"title": ""}
        for link in response.css("a.next"):
            yield response.follow(link, callback=self.parse_shelf)

    def failed(self, failure):
        yield {"title": f"failed: {failure.value}"}


@dataclass
class Book:
    title: str
    pages: int
    price: float
    tags: list[str] = field(default_factory=list)
    batch: str | None = None


class Api(scrapy.Spider):
    """Pages through a JSON API by callbacks, and posts JSON."""

    name = "api"

    async def start(self):
        yield Request(f"{self.site}/api/books?page=1", callback=self.parse_page, cb_kwargs={"batch": "one", "page": 1})

    def parse_page(self, response, batch, page):
        answer = response.json()
        for row in answer["books"]:
            yield Book(**row, batch=f"{batch}-{page}")
        if answer["next"]:
            yield Request(
                f"{self.site}/api/books?page={answer['next']}",
                callback=self.parse_page,
                cb_kwargs={"batch": batch, "page": answer["next"]},
            )
        yield Request(
            f"{self.site}/api/echo",
            method="PUT",
            body=json.dumps({"page": page, "text": "\\u00fc"}),
            headers={"Content-Type": "application/json", "Accept": ["application/json", "text/plain;q=0.5"]},
            callback=self.parse_echo,
            dont_filter=True,
        )

    def parse_echo(self, response):
        yield {"echo": response.json(), "title": "echo"}


class Files(scrapy.Spider):
    """Fetches files, one of which robots.txt forbids."""

    name = "files"

    async def start(self):
        yield Request(f"{self.site}/files")

    def parse(self, response):
        for link in response.css("a"):
            yield response.follow(link, callback=self.parse_file, priority=1)
        yield Request(f"{self.site}/forbidden", errback=self.refused)
        yield Request(f"{self.site}/missing")

    def parse_file(self, response):
        yield {"title": response.url.rpartition("/")[2], "size": len(response.body), "kind": type(response).__name__}

    def refused(self, failure):
        yield {"title": f"refused: {failure.type.__name__}"}
'''


def write_project(folder: Path, settings: str = "", spiders: str = SPIDERS) -> Path:
    """The project in *folder*, with more *settings*."""
    package = folder / "library"
    (package / "spiders").mkdir(parents=True, exist_ok=True)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = library.settings\n")
    (package / "__init__.py").write_text("")
    (package / "settings.py").write_text(SETTINGS + settings)
    (package / "middlewares.py").write_text(MIDDLEWARES)
    (package / "spiders" / "__init__.py").write_text(spiders)
    return folder


def scrapy_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "scrapy", *arguments]


def run(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """``scrapy`` with these *arguments* in *folder*."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        scrapy_command(*arguments),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def crawl(folder: Path, spider: str, site: str, output: str = "items.jsonl", *more: str) -> list[dict[str, Any]]:
    """The items of *spider*, in an order that does not depend on the order of answers."""
    run(folder, "crawl", spider, "-a", f"site={site}", "-O", output, *more)
    return items_of(folder / output)


def items_of(path: Path) -> list[dict[str, Any]]:
    items = [json.loads(line) for line in path.read_text().splitlines()]
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
