"""Feeds of every kind, whole and broken."""

from __future__ import annotations

import gzip
import time

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery import feed
from broadsheet.crawler.discovery.feed import CONTINUATION, feed_links

URL = "https://example.com/feed/"
RSS = b"""<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>
  <link>https://example.com/</link><atom:link rel="self" href="/feed/self"/><atom:link rel="next" href="/feed/?paged=2"/>
  <atom:link rel="hub" href="https://hub.org/"/>
  <item><link>https://example.com/a?x=1&amp;y=2</link><guid isPermaLink="false">https://example.com/?p=1</guid>
    <enclosure url="https://example.com/a.mp3"/></item>
  <item><link><![CDATA[ https://burner.org/b ]]></link><guid>https://example.com/b</guid>
    <feedburner:origLink>https://example.com/b-original</feedburner:origLink></item>
  <item><guid>tag:example.com,2024:c</guid><atom:link href="/c"/></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/blog/">
  <link rel="alternate" href="."/><link rel="prev-archive" href="archive/1.atom"/>
  <entry xml:base="2024/"><link href="one"/><link rel="replies" href="one/comments"/>
    <link rel="alternate" type="application/pdf" href="one.pdf"/><link rel="edit" href="/edit"/></entry>
  <entry><link rel="alternate" type="text/html" href="two"/><link rel="enclosure" href="two.mp3"/></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
  <channel><link>https://example.com/</link></channel><item rdf:about="x"><link>https://example.com/r</link></item></rdf:RDF>"""
JSON = orjson.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "/",
        "next_url": "/feed.json?page=2",
        "items": [{"url": "/j"}, {"external_url": "https://other.org/"}, 3, {"url": None}],
    }
)


def test_rss() -> None:
    assert feed_links(RSS, URL) == (
        Outlink("https://example.com/", "L", "feed:link"),
        Outlink("https://example.com/feed/?paged=2", "I", "feed:link[rel=next]/@href?"),
        Outlink("https://example.com/a?x=1&y=2", "L", "feed:link"),
        Outlink("https://burner.org/b", "L", "feed:link"),
        Outlink("https://example.com/b", "L", "feed:guid"),
        Outlink("https://example.com/b-original", "L", "feed:origLink"),
        Outlink("https://example.com/c", "L", "feed:link/@href"),
    )


def test_atom_with_bases() -> None:
    assert [(link.url, link.hop) for link in feed_links(ATOM, URL)] == [
        ("https://example.com/blog/", "L"),
        ("https://example.com/blog/archive/1.atom", "I"),
        ("https://example.com/blog/2024/one", "L"),
        ("https://example.com/blog/two", "L"),
    ]


def test_rdf_and_json() -> None:
    assert [link.url for link in feed_links(RDF, URL)] == ["https://example.com/", "https://example.com/r"]
    unlinked = RDF.replace(b'"x"><link>https://example.com/r</link>', b'"https://example.com/about">')
    assert [link.url for link in feed_links(unlinked, URL)] == ["https://example.com/", "https://example.com/about"]
    assert [(link.url, link.hop) for link in feed_links(b"\xef\xbb\xbf" + JSON, URL)] == [
        ("https://example.com/", "L"),
        ("https://example.com/feed.json?page=2", "I"),
        ("https://example.com/j", "L"),
        ("https://other.org/", "L"),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        b"<rss><channel><item><link>/ok?a=1&b=2</link></item>",
        b"<rss><channel><item><title>A & B &nbsp; <b>c</title><link>/ok?a=1&b=2</link></item></channel></rss>",
        b"  \n<?xml version='1.0' encoding='utf-8'?><rss><item><title>\xff\xfe</title><link>/ok?a=1&#38;b=2</link></item>",
        b"<rss><item><foo:bar>x</foo:bar><link>/ok?a=1&amp;b=2</link></item></rss>trailing <b>junk",
        b"<feed><entry xml:base='::'><link href='/ok?a=1&b=2'/></entry></feed>",
    ],
)
def test_broken_feeds_are_read_as_far_as_they_go(broken: bytes) -> None:
    assert "https://example.com/ok?a=1&b=2" in [link.url for link in feed_links(broken, URL)]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"items": 3}', b'{"items": {"a": 1}}', b"<", b"text"])
def test_what_is_no_feed_has_no_links(body: bytes) -> None:
    assert feed_links(body, URL) == ()


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda data: b"<rss><item><link>" + data)))
def test_no_bytes_are_a_fault(body: bytes) -> None:
    feed_links(body, URL)


@given(st.recursive(st.one_of(st.text(max_size=9), st.integers(0, 9), st.none()), st.lists, max_leaves=9))
def test_no_json_is_a_fault(value: object) -> None:
    feed_links(orjson.dumps({"version": "https://jsonfeed.org/version/1", "items": value, "next_url": value}), URL)
    feed_links(orjson.dumps({"items": [{"url": value}]}), URL)


@pytest.mark.parametrize("body", [b"<rss>" + b"<item>" * 200_000, b"<rss><item>" + b"<link>/x</link>" * 50_000])
def test_hostile_feeds_stay_bounded(body: bytes) -> None:
    began = time.process_time()
    feed_links(body, URL)
    assert time.process_time() - began < 5  # seconds


def test_entries_without_a_link_stand_at_their_identity() -> None:
    atom = b"<feed><id>https://example.com/</id><entry><id>https://example.com/a</id></entry>"
    atom += b"<entry><id>https://example.com/?p=2</id><link href='/b'/></entry><entry><id>tag:x</id></entry></feed>"
    assert [link.url for link in feed_links(atom, URL)] == ["https://example.com/a", "https://example.com/b"]
    items = [{"id": "https://example.com/j"}, {"id": "https://example.com/no", "url": "/k"}, {"id": "3"}]
    json = orjson.dumps({"version": "https://jsonfeed.org/version/1", "items": items})
    assert [link.url for link in feed_links(json, URL)] == ["https://example.com/j", "https://example.com/k"]


def test_feeds_that_are_not_quite_as_they_should_be() -> None:
    guid = b"<rss><channel><item><guid isPermaLink='false'>https://example.com/a</guid></item></channel></rss>"
    assert [link.url for link in feed_links(gzip.compress(guid), URL)] == ["https://example.com/a"]
    linked = guid.replace(b"<item>", b"<item><link>/b</link>")
    assert [link.url for link in feed_links(linked, URL)] == ["https://example.com/b"]
    atom = b"<feed><entry><link type='text/html; charset=utf-8' href='/a'/></entry></feed>"
    assert [link.url for link in feed_links(atom, URL)] == ["https://example.com/a"]
    opml = b"<opml><body><outline TEXT='x' xmlurl='/a'/></body></opml>"
    assert [link.url for link in feed_links(opml, URL)] == ["https://example.com/a"]


def rss(entries: int, generator: str = "https://wordpress.org/?v=6.4", site: str = "") -> bytes:
    items = "".join(f"<item><link>https://example.com/{number}</link></item>" for number in range(entries))
    made = f"<generator>{generator}</generator>" if generator else ""
    return f"<rss><channel>{site and f'<link>{site}</link>'}{made}{items}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("body", "url", "expected"),
    [
        (rss(2), "/feed/", "/feed/?paged=2"),
        (rss(2), "/feed/?paged=7", "/feed/?paged=8"),
        (rss(2), "/?feed=rss2", "/?feed=rss2&paged=2"),
        (rss(2, site="https://example.com/blog"), "/blog/feed/", "/blog/feed/?paged=2"),
        (rss(2, site="https://example.com/"), "/category/x/feed/", None),
        (rss(2), "/comments/feed/", None),
        (rss(2), "/?feed=comments-rss2", None),
        (rss(0), "/feed/?paged=9", None),
        (rss(9, generator=""), "/feed/", "/feed/?paged=2"),
        (rss(2, generator=""), "/feed/", None),
        (rss(9, generator="Hugo"), "/feed/", None),
        (rss(2, generator="Ghost 5.80"), "/rss/", "/rss/2/"),
        (rss(2, generator="Ghost 5.80"), "/rss/2/", "/rss/3/"),
    ],
)
def test_systems_that_page_their_feeds_and_do_not_say_so(body: bytes, url: str, expected: str | None) -> None:
    links = feed_links(body, f"https://example.com{url}")
    more = [link.url for link in links if link.context == CONTINUATION]
    assert more == ([] if expected is None else [f"https://example.com{expected}"])


def test_a_list_of_feeds() -> None:
    opml = b"""<?xml version="1.0"?><opml version="2.0"><body><outline text="News"><outline type="rss" xmlUrl="/f.xml"
      htmlUrl="https://example.com/"/></outline><outline type="link" url="/page"/></body></opml>"""
    assert [(link.url, link.hop) for link in feed_links(opml, URL)] == [
        ("https://example.com/f.xml", "I"),
        ("https://example.com/", "L"),
        ("https://example.com/page", "L"),
    ]


def test_warnings_of_the_server_before_the_feed() -> None:
    warning = b"<br />\n<b>Warning</b>: x in <b>/y.php</b> on line 3<br />\n"
    assert [link.url for link in feed_links(warning + rss(1), "https://example.com/f.xml")] == ["https://example.com/0"]


def test_entries_beyond_the_bound_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MAX_LINKS", 3)
    told: list[int] = []
    assert len(feed_links(rss(8, generator="x"), "https://example.com/f.xml", told.append)) == 3
    assert told == [5]
