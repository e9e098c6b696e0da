"""What a user's own spider may ask for: URLs.  A Request that carries more is refused in words, never cut down in silence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from crawled_site import Answer, page, serving
from scrapy import Request, Spider

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
    monkeypatch.setattr(run, "ArticleSpider", spider)
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
