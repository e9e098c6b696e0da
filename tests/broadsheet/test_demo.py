"""The demo: the site says what it should, and the command shows it."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from lxml import html

from broadsheet.archive.errors import BadInput
from broadsheet.demo.content import BIOGRAPHIES, articles
from broadsheet.demo.run import port_begun, same_words
from broadsheet.demo.server import pages, serve


def test_there_are_articles_enough_by_three_authors() -> None:
    assert len(articles()) >= 20
    assert {article.author for article in articles()} == set(BIOGRAPHIES)
    assert len({article.path for article in articles()}) == len(articles())
    assert {article.language for article in articles()} == {"en", "es", "de"}
    assert all(len(article.body.split()) > 60 for article in articles())


def test_every_link_of_the_site_leads_to_a_page_of_it() -> None:
    broken = set()
    for path, answer in pages().items():
        if not answer.content_type.startswith("text/html") or answer.status != 200:
            continue
        body = gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body
        tree = html.document_fromstring(body)
        for target in (str(value) for value in tree.xpath("//@href | //@src")):  # type: ignore[union-attr]
            if target.startswith("/") and target not in pages():
                broken.add((path, target))
    assert {target for _, target in broken} == {"/gone/"}  # one page is missing on purpose


def test_a_page_has_all_that_an_extraction_must_leave_out() -> None:
    page = pages()[articles()[0].path].body.decode()
    for needle in ("Related Articels", "Leave a Reply", "Most Read", "About Ines Halloran", "newsletter", "..."):
        assert needle in page
    assert page.count(articles()[0].title) >= 4


def test_answers_differ_in_form() -> None:
    with serve() as url:
        bodies = {}
        for number, article in enumerate(articles()):
            with urlopen(url.rstrip("/") + re.sub(r"[^\x00-\x7f]", "", article.path)) as answer:
                bodies[number] = (answer.headers, answer.read())
        assert "windows-1252" in bodies[3][0]["Content-Type"]
        assert bodies[5][0]["Content-Encoding"] == "gzip"
        assert bodies[7][0]["Transfer-Encoding"] == "chunked"
        with urlopen(url + "robots.txt") as answer:
            assert f"Sitemap: {url}sitemap.xml" in answer.read().decode()
        with pytest.raises(HTTPError, match="404"):
            urlopen(url + "gone/")


def test_same_words_is_strict() -> None:
    article = articles()[0]
    assert same_words(article.body.replace("\n", "\n\n"), article)
    assert not same_words(article.body + "\nLeave a Reply", article)
    assert not same_words(article.body.replace("eels", ""), article)


@pytest.mark.parametrize(
    ("seeds", "asked", "port"),
    [
        ((), 0, 0),
        ((), 8080, 8080),
        (("http://127.0.0.1:4567/",), 0, 4567),
        (("http://127.0.0.1:4567/",), 4567, 4567),
    ],
)
def test_a_demo_that_was_cut_off_goes_on_at_its_own_port(seeds: tuple[str, ...], asked: int, port: int) -> None:
    assert port_begun(Path("demo"), seeds, asked) == port


@pytest.mark.parametrize(
    ("seeds", "asked", "said"),
    [
        (("http://127.0.0.1:4567/",), 8080, "port 4567"),
        (("https://example.org/",), 0, "a crawl of https://example.org/"),
        (("http://127.0.0.1:1/", "http://127.0.0.1:2/"), 0, "a crawl of"),
    ],
)
def test_a_folder_that_holds_something_else_is_no_demo_to_go_on_with(
    seeds: tuple[str, ...], asked: int, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        port_begun(Path("demo"), seeds, asked)


def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "broadsheet", "demo", "-o", str(folder), "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


@pytest.mark.slow
def test_the_command_crawls_extracts_and_shows_and_explains_itself_the_second_time(tmp_path: Path) -> None:
    shown = json.loads(demo(tmp_path / "demo").stdout)
    assert len(shown["articles"]) == len(articles())
    assert shown["exact_bodies"] == len(articles())
    titles = {article.path: article.title for article in articles()}
    assert all(row["title"] in titles.values() for row in shown["articles"])
    assert "| articles | 73 |" in (tmp_path / "demo" / "dataset" / "README.md").read_text("utf-8")
    again = json.loads(demo(tmp_path / "demo").stdout)
    assert "already" in again["message"]
    assert again["articles"] == shown["articles"]
