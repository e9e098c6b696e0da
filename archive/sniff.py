"""What a payload is, from its bytes alone: for WARC-Identified-Payload-Type (ISO 28500:2017, 5.19).

The field is useful only if it is independent, so the Content-Type header is never used and a
doubt is None.  Magic numbers first, then markup by its root element, then JSON by parsing it.  CSS and scripts have no
signature: None, unless a style sheet says its @charset.  libmagic was not considered: its answers change with its
version, and an archive should be reproducible.
"""

from __future__ import annotations

import codecs
import re

import orjson

HEAD_SIZE = 4096  # bytes of content that are enough for everything but JSON
_JSON_LIMIT = 4 * 1024 * 1024  # a longer document is not worth parsing for its type

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"wOF2", "font/woff2"),
    (b"wOFF", "font/woff"),
    (b"PK\x03\x04", "application/zip"),
    (b"OggS\x00", "application/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b'@charset "', "text/css"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"qt  ": "video/quicktime"}
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"MSNV")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# Tags that tell HTML from other text (WHATWG MIME Sniffing, 7.1), each followed by a space or ">"
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|main|article)"
    r"[\s>]",
    re.IGNORECASE,
)
_XML_PROLOGUE = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>)", re.DOTALL | re.I)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s/>]")
_COMMENT = re.compile(r"(?:\s+|<!--.*?-->)*", re.DOTALL)
_ROOTS = {
    "rss": "application/rss+xml",
    "rdf": "application/rss+xml",
    "feed": "application/atom+xml",
    "svg": "image/svg+xml",
    "html": "application/xhtml+xml",
    "urlset": "application/xml",  # a sitemap has no media type of its own
    "sitemapindex": "application/xml",
}


def identify(content: bytes, *, whole: bool = True) -> str | None:
    """The media type of *content* (content coding removed), None when its bytes do not tell.

    *whole* is False when *content* is only the beginning: JSON is then not recognised.
    """
    kind = _by_magic(content)
    if kind is not None:
        return kind
    text = _decode_head(content[:HEAD_SIZE])
    start = text.lstrip()[:1]
    if start == "<":
        return _by_markup(text)
    if start in ("{", "[") and whole and len(content) <= _JSON_LIMIT:
        return _by_json(content)
    return None


def is_sitemap(content: bytes) -> bool:
    """Whether *content* is a sitemap or a sitemap index (sitemaps.org), which share their media type with all XML."""
    return _root_element(_decode_head(content[:HEAD_SIZE])) in ("urlset", "sitemapindex")


def _by_magic(content: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12])
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return _BRANDS.get(brand) or ("video/mp4" if brand in _MP4_BRANDS else None)
    return None


def _decode_head(head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, errors="replace")
    return head.decode("latin-1")


def _by_markup(text: str) -> str | None:
    if text.lstrip().startswith("<?xml"):
        return _ROOTS.get(_root_element(text) or "", "application/xml")
    comments = _COMMENT.match(text)
    after = text[comments.end() if comments else 0 :]
    if _HTML.match(after):
        return "text/html"
    root = _root_element(after)
    return None if root == "html" else _ROOTS.get(root or "")


def _root_element(text: str) -> str | None:
    """The local name of the first element in lower case; None when it is not within the text."""
    position = 0
    while (prologue := _XML_PROLOGUE.match(text, position)) is not None:
        position = prologue.end()
    root = _ROOT.match(text, position)
    return None if root is None else root.group(1).lower()


def _by_json(content: bytes) -> str | None:
    try:
        orjson.loads(content.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        return None
    return "application/json"
