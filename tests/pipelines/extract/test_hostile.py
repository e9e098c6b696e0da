"""Pages made to be expensive: each ends with a status, the article is read where there is one, and time stays in bounds.

The bounds are no claims of speed.  They are many times what is needed, and far below what a search that tries everything takes.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.body.trafilatura_verdict import depth_of
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord

LINE = "The weir stood high and the keeper wrote it down, as he had done for forty years."
MOST = 20.0  # CPU seconds of a page


def extract(html: bytes, content_type: str = "text/html") -> Extraction:
    record = PageRecord(
        "https://news.example/weir", datetime(2026, 11, 1, tzinfo=UTC), (("Content-Type", content_type),), html
    )
    return ArticleExtractor().extract(record)


def page(inside: str = "", head: str = "") -> bytes:
    lines = f"<p>{LINE}</p>" * 8
    return f"<html><head>{head}</head><body><h1>The weir</h1><article>{lines}{inside}</article></body></html>".encode()


HOSTILE = {
    "elements within elements": page("<div>" * 100_000),
    "tables within tables": page("<table><tr><td>" * 30_000),
    "siblings": page("<h1>The weir</h1>" * 20_000),
    "links in one line": page("<a href='/x'>one more</a> " * 60_000),
    "pictures with captions": page("<figure><img src=a.jpg><figcaption>c</figcaption></figure>" * 10_000),
    "names of classes": page("".join(f"<div class='k{number} m{7 * number}'>x</div>" for number in range(20_000))),
    "a long name of a class": page(f"<div class='{'a-' * 300_000}'>x</div>"),
    "digits that may be dates": page(f"<p>{'1.1.' * 100_000}</p>"),
    "white space": page(f"<p>{' ' * 2_000_000}x</p>"),
    "a title of separators": page(head=f"<title>{' - | ' * 200_000}</title>"),
    "a heading of bylines": page(f"<h2>{'By ' * 100_000}</h2>"),
    "authors": page(head=f"<meta name=author content='{'Ann Lee, ' * 100_000}'>"),
    "brackets of JSON": page(head=f"<script type='application/ld+json'>{'[' * 200_000}</script>"),
    "a style of one word": page(f"<p style='{'display:' * 200_000}'>x</p>"),
    "dates": page("<time datetime='2020-01-01'>x</time>" * 20_000),
    "entities of entities": b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    + page("&b;" * 50_000),
    "zero bytes": page().replace(b"keeper", b"kee\0per"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_page_made_to_be_expensive_is_read_within_bounds(name: str) -> None:
    begun = time.process_time()
    found = extract(HOSTILE[name])
    assert time.process_time() - begun < MOST
    assert found.article.status == "ok"
    assert (found.article.text or "").count("forty years") == 8


@pytest.mark.parametrize("label", ["rot13", "zip", "idna", "utf-16", "utf-32", "no-such-charset", "\x00", "x" * 5000])
def test_a_declared_encoding_that_cannot_be_is_not_believed(label: str) -> None:
    assert (extract(page(), f"text/html; charset={label}").article.text or "").count(LINE) == 8


@pytest.mark.parametrize(
    "html", [b"", b"\0" * 100_000, b"<", b"<html>", b"\xff\xfe", b"\x1f\x8b\x08", b"<!--" * 50_000]
)
def test_what_holds_no_page_ends_with_a_status(html: bytes) -> None:
    found = extract(html)
    assert found.article.status != "ok"
    assert not found.article.text


@pytest.mark.parametrize(
    "html",
    [
        page().replace(
            b"<html>", b"<html {attributes} {x=1>"
        ),  # what a template left: a name that lxml gives to nothing
        page("<ul><li>" * 900 + f"<p>{LINE}</p>"),  # trafilatura calls itself for each level
    ],
)
def test_a_page_that_trafilatura_cannot_take_is_read(html: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.pipelines.extract.body.body.in_doubt", lambda *_: True)
    assert extract(html).article.status in {"ok", "empty"}


@given(st.recursive(st.just(()), lambda inner: st.lists(inner, min_size=1, max_size=4).map(tuple), max_leaves=30))
def test_how_deep_a_tree_is_is_told_by_the_numbers_of_children(tree: tuple[Any, ...]) -> None:
    def counts(node: tuple[Any, ...]) -> list[int]:
        return [len(node), *(count for child in node for count in counts(child))]

    def depth(node: tuple[Any, ...]) -> int:
        return 1 + max(map(depth, node), default=0)

    assert depth_of(counts(tree)) == depth(tree)
