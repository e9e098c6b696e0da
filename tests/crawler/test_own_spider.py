"""What a user's own spider may ask for: URLs, with a callback and what goes along to it.  A Request that carries what a crawl
cannot keep is refused in words, never cut down in silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from crawled_site import Answer, page, serving
from scrapy import Request, Spider

from broadsheet.archive.errors import BadInput
from broadsheet.crawler import run
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.progress import CrawlSummary
from broadsheet.crawler.spider import ArticleSpider
from tests.crawler.noting import Noting


class Plain(Spider):
    name = "plain"

    def parse(self, _: Any) -> None:
        pass

    def other(self, _: Any) -> None:
        pass


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
            yield Request(f"{site.url}/lambda", callback=Plain().parse)
            yield Request(f"{site.url}/open", meta={"file": object()})
            raise LookupError("no list of shops")

    with serving({"/": Answer(page()), "/plain": Answer(page())}) as site:
        summary, observer = _crawl(tmp_path / "c", f"{site.url}/", Own, monkeypatch)
        assert "/plain" in site.paths()
        assert "/search" not in site.paths()
    said = [note for note in observer.notes if "is not made" in note]
    assert len(said) == 4
    assert "/search: this Request of the spider is not made: it has a method other than GET, a body" in said[0]
    assert "ftp://a.example/: this Request of the spider is not made: it is no URL that HTTP can fetch" in said[1]
    assert "/lambda: this Request of the spider is not made: its callback or errback is no method" in said[2]
    assert "meta['file'] holds a object, which is no plain data" in said[3]
    assert (summary.progress.errors["request-refused"], summary.progress.errors["start-failed"]) == (4, 1)
    assert any("start() failed (LookupError: no list of shops)" in note for note in observer.notes)
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


class Between(ArticleSpider):
    custom_settings = {"SPIDER_MIDDLEWARES": {"a.B": 1}}  # noqa: RUF012 - as users write it


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (f"{__name__}:Between", "SPIDER_MIDDLEWARES, which this crawl does not call"),
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


CALLBACKS = """
import json, os
from scrapy import Request
from broadsheet.crawler.spider import ArticleSpider

class Append:
    def process_item(self, item):
        with open("items.jsonl", "a") as file:
            file.write(json.dumps(item) + "\\n")
        if item.get("name") == os.environ.get("DIE_AT"):
            os.kill(os.getpid(), 9)
        return item

class Shop(ArticleSpider):
    custom_settings = {"ITEM_PIPELINES": {"shop.Append": 1}, "FEEDS": {"feed.jsonl": {"format": "jsonlines"}}}

    def discover(self, response):
        return []  # the way through the site is that of the callbacks

    def items(self, response):
        for number in range(3):
            yield Request(response.urljoin(f"/list/{number}"), self.parse_list, cb_kwargs={"number": number})

    async def parse_list(self, response, number):
        yield {"list": number}
        for name in response.css("a::text").getall():
            meta = {**response.meta, "from": (number, name)}
            yield Request(response.urljoin(f"/old/{name}"), self.parse_thing, meta=meta)

    def parse_thing(self, response):
        return {"name": response.css("h1::text").get(), "from": list(response.meta["from"]), "url": response.url[-6:]}
"""


def test_callbacks_are_kept_through_redirects_and_a_kill(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(CALLBACKS)
    answers = {"/": Answer(page())}
    for number in range(3):
        things = "abc"[number]
        answers[f"/list/{number}"] = Answer(f"<html><a href=x>{things}</a><a href=y>missing</a>".encode())
        answers[f"/old/{things}"] = Answer(status=302, headers={"Location": f"/new/{things}"})
        answers[f"/new/{things}"] = Answer(f"<html><h1>{things}</h1>".encode())
    with serving(answers) as site:
        command = [sys.executable, "-m", "broadsheet", "crawl", f"{site.url}/", "-o", "c", "--spider", "shop:Shop"]
        command += ["--delay", "0", "--no-extract"]
        run_it = partial(subprocess.run, command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run_it(env={**os.environ, "DIE_AT": "b"}).returncode == -9
        done = run_it()
        assert done.returncode == 0, done.stderr
        asked = site.paths()
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text().splitlines()]
    named = {item["name"]: (item["from"], item["url"]) for item in items if "name" in item}
    assert named == {name: ([number, name], f"/new/{name}") for number, name in enumerate("abc")}
    assert {item["list"] for item in items if "list" in item} == {0, 1, 2}
    assert [item.get("name") for item in items].count("b") == 2  # its page was not ended when the process was killed
    assert max(Counter(asked).values()) <= 2
    assert (tmp_path / "feed.jsonl").exists()
