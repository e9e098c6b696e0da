"""What an answer is, by what it says and what it begins with."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.discovery.charset import decode, html_encoding
from broadsheet.crawler.discovery.classify import BodyKind, classify_body

SITEMAP = b'<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


@pytest.mark.parametrize(
    ("content_type", "body", "kind"),
    [
        ("text/html; charset=utf-8", b"<!doctype html><p>x", BodyKind.HTML),
        ("TEXT/HTML", b"plain words", BodyKind.HTML),
        ("text/html", b"\xef\xbb\xbf  <!-- x --><html>", BodyKind.HTML),
        ("application/xhtml+xml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', BodyKind.HTML),
        ("", b"<!DOCTYPE html><html>", BodyKind.HTML),
        ("text/html", "<html>".encode("utf-16"), BodyKind.HTML),
        ("text/html", b"<rss version='2.0'>", BodyKind.FEED),
        ("application/rss+xml", b"<?xml version='1.0'?><rss>", BodyKind.FEED),
        ("application/atom+xml", b"<feed xmlns='http://www.w3.org/2005/Atom'>", BodyKind.FEED),
        ("text/xml", b"<?xml version='1.0'?><!-- x --><rdf:RDF>", BodyKind.FEED),
        ("application/feed+json", b'{"items": []}', BodyKind.FEED),
        ("application/json", b'{"version": "https://jsonfeed.org/version/1", "items": []}', BodyKind.FEED),
        ("application/json", b'{"version": "2"}', BodyKind.DATA),
        ("application/vnd.api+json", b' [{"url": "/a"}]', BodyKind.DATA),
        ("text/plain", b'{"a": 1}', BodyKind.DATA),
        ("text/html", b'{"a": 1}', BodyKind.DATA),
        ("text/html", b"{{ title }}<p>x", BodyKind.HTML),
        ("text/html", b"https://example.com/1\nhttps://example.com/2\t0.8\nhttps://exam", BodyKind.SITEMAP),
        ("application/xml", b"https://example.com/1\n", BodyKind.SITEMAP),
        ("text/html", b"https://example.com/1\nis our page", BodyKind.HTML),
        ("text/html", b"https://example.com/ <b>is our page</b>", BodyKind.HTML),
        ("text/plain", b"https://example.com/1 0.8\n", BodyKind.SITEMAP),
        ("image/png", SITEMAP, BodyKind.SITEMAP),
        ("image/svg+xml", b"<svg><metadata><rdf:RDF>", BodyKind.OTHER),
        ("application/xml", b"Warning: x in y.php\n" + SITEMAP, BodyKind.SITEMAP),
        ("application/xml", b"\xef\xbb\xbf\xef\xbb\xbf" + SITEMAP, BodyKind.SITEMAP),
        ("application/xml", b"<!--" + b"<!-- licence " * 30_000 + b"-->" + SITEMAP, BodyKind.SITEMAP),
        ("application/xml", "<urlset>".encode("utf-32"), BodyKind.SITEMAP),
        ("text/x-opml", b"<opml version='2.0'>", BodyKind.FEED),
        ("application/rss+xml", b"<br />\n<b>Warning</b>: x<br />\n<rss>", BodyKind.FEED),
        ("text/html", b"<br />\n<b>Warning</b>: x<br />\n<?xml version='1.0'?><urlset>", BodyKind.SITEMAP),
        ("text/html", b"<!doctype html><p>How to write &lt;rss>: <rss>", BodyKind.HTML),
        ("application/xml", SITEMAP, BodyKind.SITEMAP),
        ("application/xml", b"<URLSET><URL>", BodyKind.SITEMAP),
        ("text/plain", b"# my pages\nhttps://example.com/1\n", BodyKind.SITEMAP),
        ("text/html", b"<sitemapindex>", BodyKind.SITEMAP),
        ("application/x-gzip", gzip.compress(SITEMAP, mtime=0), BodyKind.SITEMAP),
        ("text/xml", gzip.compress(b"https://example.com/\n", mtime=0), BodyKind.SITEMAP),
        ("application/gzip", gzip.compress("<urlset>".encode("utf-16"), mtime=0), BodyKind.SITEMAP),
        ("application/gzip", gzip.compress(b"<rss version='2.0'>", mtime=0), BodyKind.FEED),
        ("application/gzip", gzip.compress(b"\0" * 100_000, mtime=0), BodyKind.OTHER),
        ("application/gzip", b"\x1f\x8bxx", BodyKind.OTHER),
        ("text/plain", b"https://example.com/1\nhttps://example.com/2\n", BodyKind.SITEMAP),
        ("text/plain", b"# robots\nUser-agent: *\nDisallow: /x", BodyKind.ROBOTS),
        ("text/plain", b"See https://example.com/", BodyKind.OTHER),
        ("text/plain", b"<html>", BodyKind.OTHER),
        ("image/svg+xml", b"<svg>", BodyKind.OTHER),
        ("text/xml", b"<?xml version='1.0'?><note/>", BodyKind.OTHER),
        ("application/pdf", b"%PDF-1.4", BodyKind.OTHER),
        ("text/css", b"a{}", BodyKind.OTHER),
        ("", b"", BodyKind.OTHER),
    ],
)
def test_kinds(content_type: str, body: bytes, kind: BodyKind) -> None:
    assert classify_body(content_type, body) is kind


@given(st.text(max_size=30), st.binary(max_size=200))
def test_no_answer_is_a_fault(content_type: str, body: bytes) -> None:
    assert classify_body(content_type, body) in BodyKind
    assert isinstance(decode(body, html_encoding(body, content_type)), str)


def test_encoding_by_precedence() -> None:
    meta = b"<meta charset=windows-1251>"
    assert html_encoding(b"\xef\xbb\xbf" + meta, "text/html; charset=latin1") == "utf-8"
    assert html_encoding(meta, "text/html; charset=latin1") == "cp1252"
    assert html_encoding(meta, "text/html") == "cp1251"
    assert html_encoding(b"<p>", "") == "utf-8"
    assert html_encoding(b"<!-- <meta charset=koi8-r> --><p>", "") == "utf-8"
    assert decode(b"\xef\xbb\xbfx\xff", "utf-8") == "x\ufffd"
