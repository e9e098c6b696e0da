"""What a payload is: certain, or None."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.sniff import identify, is_sitemap

KINDS: list[tuple[bytes, str | None]] = [
    (b"<!DOCTYPE html><title>x</title>", "text/html"),
    (b"\xef\xbb\xbf\r\n <!-- c --><HTML lang=en>", "text/html"),
    ("\ufeff<html><p>".encode("utf-16-le"), "text/html"),
    (b"<p>fragment", "text/html"),
    (
        b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN'><html xmlns='x'>",
        "application/xhtml+xml",
    ),
    (b"<?xml version='1.0'?><!-- c --><rss version='2.0'>", "application/rss+xml"),
    (b"<rss version='2.0'>", "application/rss+xml"),
    (b"<?xml version='1.0'?><rdf:RDF xmlns:rdf='x'>", "application/rss+xml"),
    (b"<?xml version='1.0'?><?xml-stylesheet href='x'?><feed xmlns='x'>", "application/atom+xml"),
    (b"<?xml version='1.0'?><urlset xmlns='x'>", "application/xml"),
    (b"<?xml version='1.0'?><other/>", "application/xml"),
    (b"<svg xmlns='x'/>", "image/svg+xml"),
    (b"<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'a' 'b' [<!ENTITY c 'd'>]><svg>", "image/svg+xml"),
    (b'{"a": [1, 2]}', "application/json"),
    (b"[1]", "application/json"),
    (b"{a: 1}", None),
    (b"%PDF-1.7", "application/pdf"),
    (gzip.compress(b"x", mtime=0), "application/gzip"),
    (b"\x89PNG\r\n\x1a\n0000", "image/png"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"GIF89a", "image/gif"),
    (b"RIFF0000WEBPVP8 ", "image/webp"),
    (b"RIFF0000AVI ", None),
    (b"\x00\x00\x00\x1cftypavif", "image/avif"),
    (b"\x00\x00\x00\x1cftypisom", "video/mp4"),
    (b"\x00\x00\x00\x1cftypxxxx", None),
    (b"wOF2", "font/woff2"),
    (b'@charset "utf-8"; a {}', "text/css"),
    (b"body { color: red }", None),
    (b"function f() {}", None),
    (b"plain text", None),
    (b"a < b", None),
    (b"<3", None),
    (b"", None),
]


@pytest.mark.parametrize(("content", "kind"), KINDS)
def test_kinds(content: bytes, kind: str | None) -> None:
    assert identify(content) == kind


def test_json_is_known_only_from_the_whole() -> None:
    assert identify(b'{"a": 1}', whole=False) is None
    assert identify(b'{"a": 1') is None


def test_sitemaps() -> None:
    assert is_sitemap(b"<?xml version='1.0'?>\n<urlset xmlns='x'>")
    assert is_sitemap(b"<sitemapindex xmlns='x'>")
    assert not is_sitemap(b"<rss version='2.0'>")
    assert not is_sitemap(b"")


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    for head in (content, b"<" + content, b"<?xml " + content, b"{" + content):
        assert identify(head) is None or "/" in str(identify(head))
