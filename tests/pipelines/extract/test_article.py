"""Extraction: conservation of the visible text, and that no page breaks it."""

from __future__ import annotations

import json
import random
import re
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from synthetic_site import KINDS, page, stories

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.extraction import Extraction, PageRecord

SITE = stories()
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
    assert roles["Copyright"] == "footer"
    assert roles["Home More" if "Home More" in roles else "HomeMore"] == "nav"
    assert not any("not" in text.split()[:1] for text in roles)


def test_a_reading_for_learning_alone_learns_the_same() -> None:
    full = record(PAGE.encode())
    asked = replace(full, sketch=True)
    whole, learning = (ArticleExtractor().extract(one) for one in (asked, replace(asked, rows=False)))
    assert whole.segments
    assert whole.links
    assert (learning.segments, learning.images, learning.links) == ((), (), ())
    assert learning.article == whole.article
    assert learning.body_decision == whole.body_decision
    assert learning.sketch is not None
    assert whole.sketch is not None
    assert learning.sketch.blocks.tobytes() == whole.sketch.blocks.tobytes()
    assert ArticleExtractor({}, "learnt").extract(asked).sketch is None
    assert ArticleExtractor().extract(full) == replace(whole, sketch=None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"<" * 5000,
        b"<html>" + b"<div>" * 20_000 + b"deep",
        b"<html><body " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">",
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


@pytest.mark.parametrize("seed", range(60))
def test_broken_pages_have_a_row_within_their_time(seed: int) -> None:
    """Bytes flipped, tags cut out, the end cut off."""
    rng = random.Random(seed)
    source = page(SITE[seed % len(SITE)], SITE, KINDS[seed % 4])
    if seed % 3 == 0:
        source = re.sub(r"</?\w+[^>]*>", lambda tag: "" if rng.random() < 0.3 else tag.group(), source)
    data = bytearray(source.encode())
    for _ in range(rng.randrange(60)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    if seed % 2:
        del data[rng.randrange(len(data)) :]
    begun = time.process_time()
    got = extract(bytes(data))
    assert got.article.status in {"ok", "empty", "undecodable"}, got.article.error
    assert time.process_time() - begun < 5
    text = got.article.text or ""
    for segment in got.segments:
        if segment.char_start is not None:
            assert text[segment.char_start :].startswith(segment.text)


def test_utf_8_is_read_as_such_whatever_is_declared() -> None:
    body = PAGE.replace("Sentence number 3", "Größe und Čas číslo 3").replace("<head>", '<head><meta charset="gbk">')
    assert "Größe und Čas číslo 3" in (extract(body.encode()).article.text or "")


def test_images_have_their_captions_credits_and_best_source() -> None:
    figure = """<figure><img src="data:image/gif;base64,x" data-src="/small.jpg" srcset="/s.jpg 300w, /l.jpg 1200w" alt=" A  boat ">
    <figcaption>The boat before the storm came up. <span class="credit">Photo: Ann Lee</span></figcaption></figure>"""
    pixel = '<img src="/pixel.gif" width="1" height="1">'
    got = extract(PAGE.replace("</h1>", f"</h1>{figure}{pixel}").encode())
    (image,) = got.images
    assert image.image_url == "http://a.example/l.jpg"
    assert image.srcset_urls == tuple(f"http://a.example/{one}.jpg" for one in ("s", "l", "small"))
    assert (image.alt_text, image.role) == ("A boat", "hero")
    assert "The boat before the storm came up." in (image.caption or "")
    assert "storm came up" not in (got.article.text or "")


def test_links_have_the_role_of_their_block() -> None:
    linked = PAGE.replace("Sentence number 5", 'Sentence <a href="other">number 5</a>')
    links = {link.target_url: link for link in extract(linked.encode()).links}
    assert (links["http://a.example/other"].role, links["http://a.example/other"].anchor_text) == ("body", "number 5")
    assert links["http://a.example/b"].role == "nav"


def shell(*bodies: str, shown: str = "<p>Please wait.</p>") -> bytes:
    """A page that is put together by scripts: a headline, and the articles *bodies* in its data."""
    nodes = [{"@type": "NewsArticle", "headline": f"Quay {n}", "articleBody": body} for n, body in enumerate(bodies)]
    data = json.dumps({"@context": "https://schema.org", "@graph": nodes}).replace("</", "<\\/")
    head = f'<title>Quay 0</title><script type="application/ld+json">{data}</script>'
    return f'<html lang="en"><head>{head}</head><body><h1>Quay 0</h1><div id="app">{shown}</div></body></html>'.encode()


QUAY = [f"The quay of the {n}th basin was closed on Monday, the harbour said, & will stay so." for n in range(8)]


@pytest.mark.parametrize(
    "body",
    [
        "\n\n".join(QUAY),
        "".join(f"<p>{one.replace('&', '&amp;')}</p>" for one in QUAY),
        "<br/>".join(one.replace("&", "&amp;") for one in QUAY),
        "".join(f"&lt;p&gt;{one.replace('&', '&amp;amp;')}&lt;/p&gt;" for one in QUAY),
    ],
)
def test_a_page_that_shows_no_body_gets_that_in_its_data(body: str) -> None:
    got = extract(shell(body))
    article = got.article
    assert (article.status, article.page_type, article.language) == ("ok", "article", "en")
    assert article.text == "\n\n".join(QUAY)
    assert (article.text_embedded, article.text_ratio) == (True, None)
    assert [segment.text for segment in got.segments] == ["Quay 0", "Please wait."]
    assert all(segment.char_start is None for segment in got.segments)


def test_markdown_of_an_embedded_body_is_its_text() -> None:
    text = f"- {QUAY[0]} *not* a star\n\n" + "\n\n".join(QUAY[1:])
    assert (extract(shell(text)).article.text_markdown or "").startswith(f"\\- {QUAY[0]} \\*not\\* a star\n\n")


def test_what_is_shown_goes_first_and_data_about_several_articles_are_no_ones() -> None:
    for page_bytes in (
        shell("\n\n".join(QUAY), shown=BODY),
        shell("\n\n".join(QUAY), "\n\n".join(QUAY[::-1])),
        shell(QUAY[0]),
    ):
        article = extract(page_bytes).article
        assert not article.text_embedded
        assert QUAY[1] not in (article.text or "")
