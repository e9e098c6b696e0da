"""What a user's own spider may ask for: URLs.  A Request that carries more is refused in words, never cut down in silence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from crawled_site import Answer, page, serving
from scrapy import Request, Spider

from broadsheet.archive.errors import BadInput
from broadsheet.crawler import run
from broadsheet.crawler.options import CrawlOptions, CrawlProgress, CrawlSummary
from broadsheet.crawler.scheduler import unkept
from broadsheet.crawler.spider import ArticleSpider


class Noting:
    def __init__(self) -> None:
        self.notes: list[str] = []

    def update(self, _: CrawlProgress) -> None:
        pass

    def note(self, line: str) -> None:
        self.notes.append(line)


class Plain(Spider):
    name = "plain"

    def parse(self, _: Any) -> None:
        pass


@pytest.mark.parametrize(
    ("extra", "lost"),
    [
        ({}, ()),
        ({"dont_filter": True}, ()),
        ({"meta": {"depth": 1}}, ()),
        ({"method": "POST", "body": b"q=1"}, ("a method other than GET", "a body")),
        ({"headers": {"X-Token": "abc"}}, ("headers of its own",)),
        ({"cookies": {"a": "b"}}, ("cookies of its own",)),
        ({"callback": print}, ("a callback",)),
        ({"errback": print}, ("an errback",)),
        ({"meta": {"page": 1}, "cb_kwargs": {"n": 2}}, ("meta", "cb_kwargs")),
    ],
)
def test_what_a_frontier_of_urls_would_lose(extra: dict[str, Any], lost: tuple[str, ...]) -> None:
    assert unkept(Request("http://a.example/", **extra), Plain()) == lost


def test_the_spiders_own_parse_is_no_callback_to_keep() -> None:
    spider = Plain()
    assert unkept(Request("http://a.example/", callback=spider.parse), spider) == ()


def _crawl(
    folder: Path, seed: str, spider: type[ArticleSpider], monkeypatch: pytest.MonkeyPatch
) -> tuple[CrawlSummary, Noting]:
    monkeypatch.setattr(run, "load_spider", lambda _: spider)
    observer = Noting()
    return run.crawl(CrawlOptions(directory=folder, seeds=(seed,), delay=0, extract=False), observer), observer


def test_a_request_that_cannot_be_kept_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(ArticleSpider):
        async def start(self) -> AsyncIterator[Request]:
            yield Request(f"{site.url}/plain")
            yield Request(f"{site.url}/search", method="POST", body=b"q=1")
            yield Request("ftp://a.example/")

    with serving({"/": Answer(page()), "/plain": Answer(page())}) as site:
        summary, observer = _crawl(tmp_path / "c", f"{site.url}/", Own, monkeypatch)
        assert "/plain" in site.paths()
        assert "/search" not in site.paths()
    said = [note for note in observer.notes if "is not made" in note]
    assert len(said) == 2
    assert "/search: this Request of the spider is not made: it has a method other than GET, a body" in said[0]
    assert "ftp://a.example/: this Request of the spider is not made: it is no URL that HTTP can fetch" in said[1]
    assert summary.progress.errors["request-refused"] == 2
    assert said[0] in (tmp_path / "c" / "logs" / "run.log").read_text()


def test_discover_may_be_overridden_and_sees_an_ordinary_response(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    class Own(ArticleSpider):
        def discover(self, response: Any) -> Any:
            seen.append(
                (response.css("h1::text").get(), response.replace(url="http://b.example/").body == response.body)
            )
            return [link for link in super().discover(response) if not link.url.endswith("/no")]

    with serving({"/": Answer(page("/yes", "/no"), headers={"X": "y"}), "/yes": Answer(page())}) as site:
        summary, _ = _crawl(tmp_path / "c", f"{site.url}/", Own, monkeypatch)
        assert "/yes" in site.paths()
        assert "/no" not in site.paths()
    assert summary.progress.pages == 2
    assert ("A page", True) in seen


OWN = """
from broadsheet.crawler.spider import ArticleSpider

class Keep:
    def process_item(self, item):
        with open("titles.txt", "a") as file:
            file.write(item["title"] + "\\n")
        return item

class Half(ArticleSpider):
    custom_settings = {"ITEM_PIPELINES": {"half.Keep": 1}}

    def discover(self, response):
        return [link for link in super().discover(response) if "skipped" not in link.url]

    def items(self, response):
        if response.status == 200:
            yield {"title": response.css("title::text").get("")}
"""


def test_a_spider_that_is_named_finds_its_own_links_and_gives_items(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(OWN)
    home = page("/kept", "/skipped")
    with serving({"/": Answer(home), "/kept": Answer(page()), "/skipped": Answer(page())}) as site:
        command = [sys.executable, "-m", "broadsheet", "crawl", f"{site.url}/", "-o", "c", "--spider", "half:Half"]
        done = subprocess.run(
            [*command, "--delay", "0", "--no-extract"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "/kept" in site.paths()
        assert "/skipped" not in site.paths()
    assert len((tmp_path / "titles.txt").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("half", "names no class of a module"),
        ("no.such.module:Half", "cannot be imported"),
        ("json:Half", "is not in that module"),
        ("json:JSONDecoder", "is no ArticleSpider"),
    ],
)
def test_a_spider_that_is_none_is_said_before_anything_is_made(name: str, said: str, tmp_path: Path) -> None:
    options = CrawlOptions(directory=tmp_path / "c", seeds=("http://127.0.0.1:9/",), spider=name)
    with pytest.raises(BadInput, match=said):
        run.crawl(options, Noting())
    assert not (tmp_path / "c").exists()
