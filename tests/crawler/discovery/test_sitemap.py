"""Sitemaps of every make: read, bounded, harmless."""

from __future__ import annotations

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery.classify import BodyKind, classify_body
from broadsheet.crawler.discovery.sitemap import (
    MAX_ENTRIES,
    SitemapEntry,
    named_sitemaps,
    parse_sitemap,
    read_sitemap,
    sitemap_links,
)

URL = "https://example.com/sitemap.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
URLSET = f"""{HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
   xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
   xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
 <url><loc> https://example.com/a?x=1&amp;y=2 </loc><lastmod>2024-05-01</lastmod>
  <news:news><news:title>T</news:title></news:news><image:image><image:loc>https://example.com/i.png</image:loc></image:image>
 </url>
 <url><xhtml:link rel="alternate" hreflang="de" href="/de/b"/><loc><![CDATA[/b?p=1&q=2]]></loc></url>
 <url><loc>https://example.com/a?x=1&amp;y=2</loc></url>
 <url><loc>mailto:nobody</loc></url><url></url>
</urlset>""".encode()


def test_urlset_with_its_extensions() -> None:
    assert parse_sitemap(URLSET, URL) == (
        SitemapEntry("https://example.com/a?x=1&y=2", lastmod="2024-05-01"),
        SitemapEntry("https://example.com/b?p=1&q=2"),
        SitemapEntry("https://example.com/de/b", context="url/link/@href"),
    )


def test_index_leads_to_sitemaps() -> None:
    index = b"<sitemapindex><sitemap><loc>/news.xml.gz</loc><lastmod>2024</lastmod></sitemap></sitemapindex>"
    assert sitemap_links(index, URL) == (
        Outlink("https://example.com/news.xml.gz", "I", "sitemap:sitemap/loc", "2024"),
    )
    assert sitemap_links(URLSET, URL)[0].hop == "L"


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: gzip.compress(gzip.compress(data))])
def test_gzipped_once_or_twice(pack: object) -> None:
    assert callable(pack)
    assert parse_sitemap(pack(URLSET), URL) == parse_sitemap(URLSET, URL)


def test_a_cut_gzip_gives_what_it_holds() -> None:
    many = b"<urlset>" + b"".join(b"<url><loc>/%d</loc></url>" % number for number in range(5000)) + b"</urlset>"
    packed = gzip.compress(many)
    assert 100 < len(parse_sitemap(packed[: len(packed) // 2], URL)) < 5000
    assert parse_sitemap(b"\x1f\x8b not gzip", URL) == ()


def test_a_wrong_checksum_costs_nothing() -> None:
    packed = gzip.compress(URLSET)
    assert parse_sitemap(packed[:-8] + bytes(8), URL) == parse_sitemap(URLSET, URL)


@pytest.mark.parametrize(
    "body",
    [
        b"<urlset><url><loc>/1</loc><loc>/2</loc></url></urlset>",
        b"<urlset><loc>/1</loc><loc>/2</loc></urlset>",
        b"<urlset xmlns=http://www.sitemaps.org/schemas/sitemap/0.9 x><url><loc>/1</loc></url><!-- <loc>/no</loc> -->"
        b"<url><image:loc>/i.png</image:loc><loc><![CDATA[ /2 ]]></loc></url></urlset>",
        b"\xef\xbb\xbf\xef\xbb\xbf<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url></urlset>",
        b"Warning: x in <b>y.php</b> on line 3<br />\n<?xml version='1.0'?><urlset><url><loc>/1</loc></url>"
        b"<url><loc>/2</loc></url></urlset>",
        "<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url></urlset>".encode("utf-32"),
        b"https://example.com/1 0.8 2026-01-01\nhttps://example.com/2\t0.5\n",
    ],
)
def test_what_is_no_standard_is_read(body: bytes) -> None:
    assert [entry.url for entry in parse_sitemap(body, URL)] == ["https://example.com/1", "https://example.com/2"]


def test_a_broken_index_leads_to_sitemaps() -> None:
    assert [entry.is_sitemap for entry in parse_sitemap(b"<sitemapindex xmlns=x><loc>/a.xml</loc>", URL)] == [True]


def test_locations_in_quotes_and_without_a_scheme() -> None:
    body = b"<urlset><url><loc>'https://example.com/1'</loc></url><url><loc>example.com/2'</loc></url></urlset>"
    assert [entry.url for entry in parse_sitemap(body, URL)] == ["https://example.com/1", "https://example.com/2'"]


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("https://a.org/s.xml", ["https://a.org/s.xml"]),
        ("/s.xml?a=1&amp;b=2", ["/s.xml?a=1&b=2"]),
        ("<https://a.org/s.xml>", ["https://a.org/s.xml"]),
        ("'https://a.org/s.xml'", ["https://a.org/s.xml"]),
        ("https://a.org/s.xml, https://a.org/t.xml", ["https://a.org/s.xml", "https://a.org/t.xml"]),
        ("https://a.org/s.xml\thttps://a.org/t.xml", ["https://a.org/s.xml", "https://a.org/t.xml"]),
        ("https://a.org/s.php?of=http://b.org/", ["https://a.org/s.php?of=http://b.org/"]),
        (" ", []),
    ],
)
def test_sitemaps_that_a_robots_txt_names(line: str, named: list[str]) -> None:
    assert list(named_sitemaps([line])) == named


def test_text_sitemap() -> None:
    text = b"\xef\xbb\xbfhttps://example.com/1\r\nhttps://example.com/\xc3\xbc\r\n\r\n# no\r\n/relative\r\nhttps://example.com/1"
    assert [entry.url for entry in parse_sitemap(text, URL)] == ["https://example.com/1", "https://example.com/%C3%BC"]
    assert len(parse_sitemap("https://example.com/1\n".encode("utf-16"), URL)) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"<urlset><url><loc>/ok?a=1&b=2</loc></url>",
        b"\n\n  <?xml version='1.0'?><urlset><url><loc>/ok?a=1&b=2</loc></url></urlset>",
        b"<urlset><url><loc>/ok?a=1&b=2</loc></url><url><loc>/cut",
        b"<urlset><x></y><url><loc>/ok?a=1&amp;b=2</loc></url></urlset>",
        b"<s:urlset xmlns:s='urn:wrong'><s:url><s:loc>/ok?a=1&amp;b=2</s:loc></s:url></s:urlset>",
    ],
)
def test_broken_xml_is_read_as_far_as_it_goes(broken: bytes) -> None:
    found = [entry.url for entry in parse_sitemap(broken, URL)]
    assert found[:1] == ["https://example.com/ok?a=1&b=2"]


def test_entities_are_not_expanded_and_files_not_read() -> None:
    outside = b'<!DOCTYPE u [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>/x&e;</loc></url></urlset>'
    assert [entry.url for entry in parse_sitemap(outside, URL)] == ["https://example.com/x"]
    laughs = b'<!DOCTYPE u [<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 15)
    )
    began = time.process_time()
    assert len(parse_sitemap(laughs + b"]><urlset><url><loc>/y&a14;</loc></url></urlset>", URL)) <= 1
    assert time.process_time() - began < 1


HOSTILE = {
    "bomb": lambda: gzip.compress(b"<urlset>" + b" " * 100_000_000, 1),
    "nested": lambda: b"<a>" * 500_000,
    "attributes": lambda: b"<urlset " + b" ".join(b'a%d=""' % number for number in range(200_000)) + b">",
    "elements": lambda: b"<urlset>" + b"<x/>" * 3_000_000,
    "ampersands": lambda: b"<urlset>" + b"&" * 1_000_000,
    "text": lambda: b"<urlset><url><loc>" + b"a" * 20_000_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_sitemaps_stay_bounded(kind: str) -> None:
    body = HOSTILE[kind]()
    began = time.process_time()
    sitemap_links(body, URL)
    assert time.process_time() - began < 15  # seconds


def test_no_more_entries_than_the_bound() -> None:
    many = b"\n".join(b"https://example.com/%d" % number for number in range(MAX_ENTRIES + 5))
    assert len(parse_sitemap(many, URL)) == MAX_ENTRIES


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda data: b"<urlset><url><loc>" + data)))
def test_no_bytes_are_a_fault(body: bytes) -> None:
    sitemap_links(body, URL)
    sitemap_links(gzip.compress(body), URL)


DECLARED = b'<?xml version="1.0" encoding="UTF-8"?><urlset><url><loc>https://example.com/story?a=1&amp;b=2</loc></url></urlset>'
UTF16 = DECLARED.decode().replace("UTF-8", "UTF-16")
LIST = "https://example.com/story?a=1&b=2\n"


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/gzip", gzip.compress(gzip.compress(DECLARED))),
        ("application/gzip", gzip.compress(DECLARED[:30]) + gzip.compress(DECLARED[30:])),
        ("application/xml", UTF16.encode("utf-16-le")),
        ("application/xml", UTF16.encode("utf-16-be")),
        ("application/gzip", gzip.compress(UTF16.encode("utf-16-le"))),
        ("application/xml", DECLARED.replace(b"?><urlset", b"?><!--" + b" licence" * 2000 + b"--><urlset")),
        ("application/octet-stream", LIST.encode()),
        ("text/plain", LIST.encode("utf-16")),
    ],
)
def test_a_sitemap_is_known_and_read_however_it_is_packed(media_type: str, body: bytes) -> None:
    assert classify_body(media_type, body) is BodyKind.SITEMAP
    assert [entry.url for entry in parse_sitemap(body, URL)] == ["https://example.com/story?a=1&b=2"]


@pytest.mark.parametrize(
    ("media_type", "body", "date"),
    [
        ("text/csv", b"loc,lastmod\nhttps://example.com/a,2026-01-01\n", "2026-01-01"),
        ("text/plain", b'\xef\xbb\xbftitle;"url"\n"One; or two";https://example.com/a\n', None),
        ("text/tab-separated-values", b"date\tlink\n2026-01-01\t/a\n\t\n", "2026-01-01"),
        ("text/markdown", b"# All\n\n- [one](/a): text ![](/i.png)\n", None),
    ],
)
def test_tables_and_markdown_are_lists(media_type: str, body: bytes, date: str | None) -> None:
    assert classify_body(media_type, body) is BodyKind.SITEMAP
    assert [(entry.url, entry.lastmod) for entry in parse_sitemap(body, URL)] == [("https://example.com/a", date)]


def test_prose_is_no_table() -> None:
    assert classify_body("text/plain", b"The link, as they say, is broken.\nIt is long.\n") is not BodyKind.SITEMAP
    assert parse_sitemap(b"The link, as they say\n/a,b\n", URL) == ()


def test_what_is_left_out_is_counted() -> None:
    entry = b"<url><loc>/%d</loc></url>"
    many = b"<urlset>" + b"".join(entry % number for number in range(MAX_ENTRIES + 7)) + b"</urlset>"
    assert read_sitemap(many, URL).left_out == 7
    assert read_sitemap(URLSET, URL).left_out == 0
    lines = b"".join(b"https://example.com/%d\n" % number for number in range(MAX_ENTRIES + 3))
    assert read_sitemap(lines, URL).left_out == 3
    assert read_sitemap(b"url,title\n" + lines, URL).left_out == 3


def test_names_in_upper_case() -> None:
    shouted = b"<SITEMAPINDEX><SITEMAP><LOC>/s.xml</LOC></SITEMAP></SITEMAPINDEX>"
    assert [(link.url, link.hop) for link in sitemap_links(shouted, URL)] == [("https://example.com/s.xml", "I")]
