"""The links of a page: which, of what kind, against what base; bounded for whatever it holds."""

from __future__ import annotations

import json
import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.http import url_reference
from broadsheet.crawler.discovery import scan
from broadsheet.crawler.discovery.links import page_links, redirect_links

URL = "https://example.com/news/today.html"


def urls(html: str | bytes, content_type: str = "") -> list[str]:
    return [link.url for link in page_links(html, URL, content_type).outlinks]


def test_kinds_of_links_and_where_they_stood() -> None:
    page = """<!doctype html><html><head>
      <link rel=canonical href=/news/today><link rel="alternate" hreflang=de href="/de/">
      <link rel="alternate" type="application/rss+xml" href="/feed/"><link rel=sitemap href=/sitemap.xml>
      <link rel=next href="?page=2"><link rel=amphtml href=/amp/>
      <link rel=stylesheet href=/style.css><link rel="shortlink" href="/?p=7"><link rel=icon href=/i.png>
      <link rel=alternate type=application/json href=/wp-json/wp/v2/posts/7>
      <link rel=alternate type="application/json+oembed" href=/oembed>
      <link rel=alternate type="application/json" href=/feed.json>
      <meta http-equiv=Refresh content="5; URL='/next'">
      </head><body><a href=one.html>1</a><map><area href=/two></map><iframe src="//embed.org/x"></iframe>
      <a href="mailto:x@example.com">m</a><a href="#top">t</a><a name=x>n</a><a href="one.html#part">1</a></body>"""
    assert page_links(page, URL).outlinks == (
        Outlink("https://example.com/news/today", "L", "link[rel=canonical]/@href"),
        Outlink("https://example.com/de/", "L", "link[rel=alternate]/@href"),
        Outlink("https://example.com/feed/", "I", "link[rel=alternate]/@href"),
        Outlink("https://example.com/sitemap.xml", "I", "link[rel=sitemap]/@href"),
        Outlink("https://example.com/news/today.html?page=2", "L", "link[rel=next]/@href"),
        Outlink("https://example.com/amp/", "L", "link[rel=amphtml]/@href"),
        Outlink("https://example.com/feed.json", "I", "link[rel=alternate]/@href"),
        Outlink("https://example.com/next", "R", "meta[http-equiv=refresh]/@content"),
        Outlink("https://example.com/news/one.html", "L", "a/@href"),
        Outlink("https://example.com/two", "L", "area/@href"),
        Outlink("https://embed.org/x", "E", "iframe/@src"),
    )
    assert page_links(page, URL).canonical == "https://example.com/news/today"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<A HREF=/x>", ["/x"]),
        ("<a\nclass=y\thref = '/x' >", ["/x"]),
        ("<a/href=/x>", ["/x"]),
        ("<a title='a > b' href=/x>", ["/x"]),
        ('<a title="<a href=/no>" href=/x>', ["/x"]),
        ("<a href=/x href=/y>", ["/x"]),
        ("<a href=/x", ["/x"]),
        ("<a title=it's href=/x>it's</a>", ["/x"]),
        ("<abbr href=/no><article href=/no>", []),
        ("<!-- <a href=/no> --><a href=/x>", ["/x"]),
        ("<!--> <a href=/x> -->", ["/x"]),
        ("<!-- <a href=/no>", []),
        ("<script>'<a href=/no>'</script><a href=/x>", ["/x"]),
        ("<SCRIPT type='a>b'>'<a href=/no>' </scripty> </Script ><a href=/x>", ["/x"]),
        ("<style><a href=/no></style><textarea><a href=/no></textarea><a href=/x>", ["/x"]),
        ("<title><a href=/no></title><a href=/x>", ["/x"]),
        ("<svg><title/><a href=/x></svg>", ["/x"]),
        ("<noscript><a href=/x></noscript><template><a href=/y></template>", ["/x", "/y"]),
        ("<div data-html='<p>'><a href=/x></div>", ["/x"]),
        ("<a href='/x?a=1&amp;b=2'>", ["/x?a=1&b=2"]),
        ("<a href='/x?a=1&copy=2&reg;&lt'>", ["/x?a=1&copy=2%C2%AE%3C"]),
        ("<a href='/x?a=1&section=5&notit;'>", ["/x?a=1&section=5&notit;"]),
        ("<a href='/&#120;&#x78;&#0;&#99999999999999;'>", ["/xx%EF%BF%BD%EF%BF%BD"]),
        ("<a href=''>", [""]),
        ("<a href=' /x '>", ["/x"]),
        ("<iframe src=/x><a href=/y>", ["/x", "/y"]),
    ],
)
def test_tags_are_told_as_a_browser_does(html: str, expected: list[str]) -> None:
    assert urls(html) == [f"https://example.com{path}" for path in expected if path]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            """<div data-page="{&quot;props&quot;:{&quot;posts&quot;:[{&quot;url&quot;:&quot;\\/a&quot;}]}}"></div>""",
            ["/a"],
        ),
        (
            """<div data-react-class=List data-react-props='{"items":[{"link":"/a"},{"link":"/b"}]}'></div>""",
            ["/a", "/b"],
        ),
        ("""<astro-island props='{"posts":[1,[[0,{"url":[0,"/a"]}]]]}'></astro-island>""", ["/a"]),
        ("""<posts-list :posts='[{"url": "/a"}]'></posts-list>""", ["/a"]),
        ("""<p data-config='{"ajaxUrl":"/x","url":"/wp-admin/admin-ajax.php","logo":{"url":"/l.png"}}'></p>""", []),
        (
            """<p data-c='{"loginUrl":"/x","shareUrl":"/y","title":"a/b","url":"/api/posts"}' x-data="{open: a/b}"></p>""",
            [],
        ),
        ("""<meta name=config content='{"url":"/x"}'><img data-meta='{"url":"/x"}'>""", []),
        ("""<li data-permalink="HTTPS://example.com/a">""", ["/a"]),
        ("""<b onmousedown="go('/a')" ondblclick="go('/b')">""", ["/a", "/b"]),
        ("""<amp-list src="/list.json"></amp-list>""", ["/list.json"]),
        (
            """<p itemscope itemtype="https://schema.org/NewsArticle" itemid="/a"><meta itemprop=url content="/b">""",
            ["/a", "/b"],
        ),
        ("""<div about="/a" typeof="schema:BlogPosting"></div><span about="/user/1" typeof="schema:Person">""", ["/a"]),
        ("""<link rel=feed href=/a><link rel=alternate type=text/rss href=/b>""", ["/a", "/b"]),
        ("""<link rel=alternate type=application/x.atom+xml href=/a>""", ["/a"]),
        ("""<link rel=alternate type=application/activity+json href=/a><link rel=item href=/b>""", ["/b"]),
        (
            """<link rel=prefetch as=document href=/a><link rel=prefetch as=script href=/b><link rel=prefetch href=/c>""",
            ["/a"],
        ),
        ("""<link rel=alternate type=application/json title="Blog feed" href=/x/y/z.json>""", ["/x/y/z.json"]),
        ("""<link rel=alternate type=application/json href=/news/list.json>""", ["/news/list.json"]),
        ("""<link rel=alternate type=application/json href=/news/today.json>""", []),
        ("""<link rel=alternate type=application/json href=/2026/01/01/story.json>""", []),
    ],
)
def test_data_and_names_in_attributes(html: str, expected: list[str]) -> None:
    assert urls(html) == [f"https://example.com{path}" for path in expected]


def test_the_state_of_a_page_may_be_long() -> None:
    state = escape(json.dumps({"posts": [f"/a/{number}" for number in range(5000)]}))
    assert len(urls(f'<div id=app data-page="{state}"></div>')) == 5000


def test_the_first_base_holds_for_all_links() -> None:
    page = "<link rel=next href=n><base target=_top><base href='/deep/er/'><base href=/other/><a href=x>"
    result = page_links(page, URL)
    assert [link.url for link in result.outlinks] == ["https://example.com/deep/er/n", "https://example.com/deep/er/x"]
    assert result.base == "https://example.com/deep/er/"
    assert urls("<base href='javascript:1'><a href=x>") == ["https://example.com/news/x"]


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0;url=/x", "/x"),
        ("5; URL = '/x' junk", "/x"),
        ("3,/x", "/x"),
        ("3 /x", "/x"),
        ('.5;url="/x', "/x"),
        ("url=/x", None),
        ("5", None),
        ("", None),
        (";" + " " * 100_000, None),
    ],
)
def test_meta_refresh(content: str, target: str | None) -> None:
    escaped = content.replace('"', "&quot;")
    found = page_links(f'<meta http-equiv="refresh" content="{escaped}">', URL).outlinks
    expected = "" if target is None else f"https://example.com{target}"
    assert [(link.url, link.hop) for link in found] == ([(expected, "R")] if target else [])


def test_nofollow_is_noted_and_followed_unless_asked() -> None:
    page = (
        "<a href=/a rel='ugc NoFollow'>a</a><a href=/b rel=nofollow>b</a><a href=/b>b</a><a href=/c rel=noopener>c</a>"
    )
    result = page_links(page, URL)
    assert [link.url[-1] for link in result.outlinks] == ["a", "b", "c"]
    assert result.nofollow == {"https://example.com/a"}
    assert [link.url[-1] for link in page_links(page, URL, follow_nofollow=False).outlinks] == ["b", "c"]


def test_robots_meta_is_exposed() -> None:
    page = "<meta name=ROBOTS content='NoArchive, nofollow'><meta name=googlebot content=noindex><a href=/x>"
    result = page_links(page, URL)
    assert result.robots == {"noarchive", "nofollow"}
    assert len(result.outlinks) == 1


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("<a href='/ü?ü'>".encode(), "text/html; charset=utf-8", "/%C3%BC?%C3%BC"),
        ("<a href='/ü?ü'>".encode("latin-1"), "text/html; charset=ISO-8859-1", "/%C3%BC?%FC"),
        ("<meta charset=windows-1251><a href='/?й'>".encode("cp1251"), "text/html", "/?%E9"),
        ("<a href='/日?日'>".encode("utf-16"), "text/html; charset=utf-8", "/%E6%97%A5?%E6%97%A5"),
        ("<a href='/日?日'>".encode("shift_jis"), "text/html; charset=x-sjis", "/%E6%97%A5?%93%FA"),
        ("<meta charset=utf-16><a href='/ü'>".encode(), "", "/%C3%BC"),
        (b"<a href='/\xff'>", "text/html; charset=nonsense", "/%EF%BF%BD"),
    ],
)
def test_encodings(body: bytes, content_type: str, expected: str) -> None:
    assert urls(body, content_type) == [f"https://example.com{expected}"]


def test_bounds_are_kept_and_said() -> None:
    result = page_links("".join(f"<a href=/{n}>" for n in range(50)), URL, limit=20)
    assert len(result.outlinks) == 20
    assert result.truncated
    assert not page_links("<a href=/1>", URL).truncated
    assert urls(f"<a href='/{'x' * 20_000}'><a href=/y>") == ["https://example.com/y"]


HOSTILE = {
    "nested": b"<div>" * 300_000,
    "attributes": b"<a " + b" ".join(b"a%d=1" % n for n in range(500_000)) + b" href=/x>",
    "open tags": b"<a href=/x " * 500_000,
    "open comments": b"<!--" * 1_000_000,
    "open scripts": b"<script>" * 500_000,
    "angles": b"<" * 3_000_000,
    "quotes": b"<a x='y=\"" * 500_000,
    "equals": b"<a " + b"=" * 3_000_000,
    "same link": b"<a href=/x>" * 300_000,
    "spaces": b"<meta http-equiv=refresh content='" + b" " * 3_000_000 + b"'>",
    "references": b"<a href='" + b"&" * 1_000_000 + b"'>" + b"<a href='&#" + b"9" * 1_000_000 + b"'>",
    "zeros": b"\0" * 3_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_pages_stay_bounded(kind: str) -> None:
    began = time.process_time()
    page_links(HOSTILE[kind], URL)
    assert time.process_time() - began < 5  # seconds; a tenth of it in truth


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>!-/='\" ahrefsciptbm&#;", max_size=300)))
def test_no_page_is_a_fault(body: bytes | str) -> None:
    for link in page_links(body, URL).outlinks:
        assert link.url.isascii()


def test_redirects() -> None:
    assert redirect_links(URL, "other") == (Outlink("https://example.com/news/other", "R", "location"),)
    assert redirect_links(URL, "javascript:1") == ()


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/x?\u00fc", "https://example.com/x?%FC"),
        ("/caf\u00e9 bar", "https://example.com/caf%E9%20bar"),
        ("/\u00d8\u00a7/%D8%A7", "https://example.com/%D8%A7/%D8%A7"),
        (" \\a\\b ", "https://example.com/a/b"),
        ("//other.example:8080/a", "https://other.example:8080/a"),
        ("//b\u00c3\u00bccher.example/", "https://xn--bcher-kva.example/"),
        ("../up?a=1#part", "https://example.com/up?a=1"),
        ("?page=2", "https://example.com/news/today.html?page=2"),
        ("/a\tb\rc", "https://example.com/abc"),
    ],
)
def test_a_location_is_the_bytes_that_the_server_sent(location: str, target: str) -> None:
    """*location* is as a head holds it: a character for a byte."""
    assert redirect_links(URL, url_reference(location)) == (Outlink(target, "R", "location"),)


def test_links_beyond_the_bounds_are_counted_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    html = "".join(f"<a href=/{number}>x</a>" for number in (*range(9), 8, 7, 0))
    read = page_links(html, "https://example.com/", limit=4)
    assert (len(read.outlinks), read.left_out, read.truncated) == (4, 5, True)
    monkeypatch.setattr(scan, "MAX_TAGS", 6)
    read = page_links(html, "https://example.com/")
    assert (len(read.outlinks), read.left_out, read.truncated) == (6, 6, True)
    assert page_links("<a href=/x>x</a>", "https://example.com/").left_out == 0
