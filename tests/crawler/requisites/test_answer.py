"""Which answers name more, in which language, and in what order a page's links are tried."""

from __future__ import annotations

import pytest

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.client.capture_fetcher import referrer
from broadsheet.crawler.requisites.answer import (
    MAX_FRAMES,
    Language,
    answer_requisites,
    embed_links,
    language_of,
    merge_links,
)
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import Requisite

URL = "https://site.org/a/x"


@pytest.mark.parametrize(
    ("ending", "content_type", "language"),
    [
        ("", "text/html; charset=utf-8", Language.HTML),
        ("", "application/xhtml+xml", Language.HTML),
        (".css", "text/css", Language.CSS),
        (".css", "", Language.CSS),
        (".CSS?v=1", "application/octet-stream", Language.CSS),
        (".js", "text/javascript", Language.SCRIPT),
        (".js", "application/x-javascript; charset=utf-8", Language.SCRIPT),
        (".mjs", "text/plain", Language.SCRIPT),
        (".svg", "image/svg+xml", Language.SVG),
        (".webmanifest", "application/manifest+json", Language.JSON),
        (".json", "application/json", Language.JSON),
        (".png", "image/png", None),
        (".css", "image/png", None),
        ("", "", None),
        (".woff2", "application/octet-stream", None),
    ],
)
def test_the_language_of_an_answer(ending: str, content_type: str, language: Language | None) -> None:
    assert language_of(URL + ending, content_type) is language


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<img src=p>"),
        ("image/svg+xml", b"<svg><image href='p'/></svg>"),
        ("text/css", b"a{b:url(p)}"),
        ("text/javascript", b"import './p'"),
        ("application/json", b'{"icons": [{"src": "p"}]}'),
        ("application/json", b'[{"image": "p.png"}]'),
    ],
)
def test_every_language_is_read(content_type: str, body: bytes) -> None:
    assert [one.url for one in answer_requisites(URL, content_type, body)] in (
        ["https://site.org/a/p"],
        ["https://site.org/a/p.png"],
    )


def test_an_answer_that_names_nothing() -> None:
    assert answer_requisites(URL, "image/png", b"<img src=p>") == ()
    assert answer_requisites(URL, "application/json", b"not json") == ()


def requisite(name: str, kind: Kind) -> Requisite:
    return Requisite(f"https://site.org/{name}", kind, URL, f"{kind}/{name}")


def test_frames_within_frames_end() -> None:
    found = (requisite("f", Kind.FRAME), requisite("i", Kind.IMAGE))
    assert len(embed_links(found, hops="L" + "E" * (MAX_FRAMES - 1))) == 2
    assert [link.url for link in embed_links(found, hops="L" + "E" * MAX_FRAMES)] == ["https://site.org/i"]
    assert len(embed_links(found, hops="E" * MAX_FRAMES + "L")) == 2
    assert embed_links(found, skip=frozenset({Kind.IMAGE, Kind.FRAME})) == ()


def test_a_linked_picture_is_a_picture_and_a_linked_document_is_a_page() -> None:
    found = (requisite("picture", Kind.IMAGE), requisite("document", Kind.OBJECT), requisite("frame", Kind.FRAME))
    links = [
        Outlink("https://site.org/document", "L"),
        Outlink("https://site.org/picture", "L"),
        Outlink("https://site.org/frame", "E", "iframe/@src"),
        Outlink("https://site.org/next", "L"),
    ]
    merged = [(link.url.rsplit("/", 1)[1], link.hop) for link in merge_links(found, links, frozenset())]
    assert merged == [("picture", "E"), ("document", "L"), ("picture", "L"), ("next", "L"), ("frame", "E")]


@pytest.mark.parametrize(
    ("url", "via", "said"),
    [
        ("https://a.org/x.png", "https://a.org/p?q=1", "https://a.org/p?q=1"),
        ("https://b.org/x.png", "https://a.org/p?q=1", "https://a.org/"),
        ("http://b.org/x.png", "https://a.org/p", None),
        ("https://b.org/x.png", "http://a.org/p", "http://a.org/"),
        ("https://a.org/x.png", None, None),
    ],
)
def test_the_referrer_is_a_browsers(url: str, via: str | None, said: str | None) -> None:
    assert referrer(url, via) == said
