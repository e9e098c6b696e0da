"""Extraction: conservation of the visible text, and that no page breaks it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract.article import ArticleExtractor
from pipelines.extract.model import Extraction, PageRecord
from pipelines.extract.page import open_page

BODY = "".join(f"<p>Sentence number {n} of an article that is long enough to be one.</p>" for n in range(12))
PAGE = f"""<html lang="en"><head><title>News - Site</title><meta name="robots" content="noai">
<link rel="canonical" href="/c"></head><body><nav><a href="/">Home</a><a href="/b">More</a></nav>
<article><h1>News</h1>{BODY}<ul><li>one of the items in a list</li></ul></article>
<script>var x = "not text";</script><div hidden>not seen</div><footer>Copyright</footer></body></html>"""


def record(body: bytes, kind: str = "text/html", **headers: str) -> PageRecord:
    return PageRecord(
        "http://a.example/x", datetime(2026, 11, 23, tzinfo=UTC), (("Content-Type", kind), *headers.items()), body
    )


def extract(body: bytes, kind: str = "text/html", **headers: str) -> Extraction:
    return ArticleExtractor().extract(record(body, kind, **headers))


def test_an_article_and_its_segments() -> None:
    got = extract(PAGE.encode(), **{"X-Robots-Tag": "noindex"})
    article = got.article
    assert (article.status, article.title, article.page_type) == ("ok", "News", "article")
    assert article.text is not None
    assert "Sentence number 11" in article.text
    assert "Copyright" not in article.text
    assert article.url_canonical == "http://a.example/c"
    assert article.robots_meta == "noai, noindex"
    assert article.language_declared == "en"
    roles = {segment.text: segment.role for segment in got.segments}
    assert roles["News"] == "headline"
    assert roles["Sentence number 3 of an article that is long enough to be one."] == "body"
    assert roles["Copyright"] == "other"
    assert roles["Home More" if "Home More" in roles else "HomeMore"] == "other"
    assert not any("not" in text.split()[:1] for text in roles)


@given(st.recursive(
    st.text(st.characters(codec="utf-8", exclude_characters="<>&\x00\r", exclude_categories=("Cc", "Cs")), max_size=12),
    lambda inner: st.tuples(st.sampled_from(["p", "div", "b", "a", "li", "h2", "td", "section"]), st.lists(inner, max_size=4)),
    max_leaves=25,
))  # fmt: skip
@settings(deadline=None)
def test_the_segments_are_the_visible_text(tree: object) -> None:
    def html(node: object) -> str:
        if isinstance(node, str):
            return node
        assert isinstance(node, tuple)
        return f"<{node[0]}>{''.join(map(html, node[1]))}</{node[0]}>"

    source = f"<html><body><p>start</p>{html(tree)}</body></html>"
    page = open_page(record(source.encode(), "text/html; charset=utf-8"))
    assert page is not None
    visible = "".join("".join(page.root.itertext()).split())
    assert "".join("".join(block.text.split()) for block in page.blocks) == visible


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"<" * 5000,
        b"<html>" + b"<div>" * 20_000 + b"deep",
        b"<html><body " + b" ".join(b"a%d=1" % n for n in range(20_000)) + b">",
        b"<!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;&a;'>]><p>&c;</p>",
        PAGE.encode("utf-16"),
        PAGE.encode()[:400],
        PAGE.replace("Sentence", "\ufffe\ud83d").encode("utf-8", "surrogatepass"),
    ],
    ids=["empty", "nulls", "open", "deep", "attributes", "entities", "utf-16", "cut", "surrogates"],
)
def test_no_page_breaks_it_or_holds_it_up(body: bytes) -> None:
    begun = time.process_time()
    got = extract(body)
    assert got.article.status in {"ok", "empty", "undecodable", "error"}
    assert time.process_time() - begun < 20


def test_the_same_page_gives_the_same_rows() -> None:
    assert extract(PAGE.encode()) == extract(PAGE.encode())
