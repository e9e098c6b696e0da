"""Sitemaps (sitemaps.org 0.9): lists of a site's pages, and lists of such lists.

XML as urlset or sitemapindex, whatever its namespace says (many get it wrong); plain text with a URL a line; either of
them gzipped.  Alternates of other languages (xhtml:link) are pages too; images and videos are requisites of the page
that they stand with and are left to it.  A sitemap may be 50,000 URLs and 50 MB by the standard: that is the bound,
with some grace, for a gzip bomb as for anything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from broadsheet.archive.coding import DECODERS
from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery.charset import decode
from broadsheet.crawler.discovery.classify import GZIP, MAX_LAYERS, utf16_as_utf8
from broadsheet.crawler.discovery.urls import Resolver
from broadsheet.crawler.discovery.xml import elements, forget, local_name, text_of

MAX_ENTRIES = 250_000
MAX_BODY = 64 * 1024 * 1024  # bytes, unpacked

_URL_LINE = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One URL of a sitemap; another sitemap when ``is_sitemap``.  ``lastmod`` is as written, None if absent."""

    url: str
    is_sitemap: bool = False
    lastmod: str | None = None
    context: str = "url/loc"


def sitemap_links(body: bytes, url: str) -> tuple[Outlink, ...]:
    """The links of the sitemap *body* at *url*: hop L to pages, I to other sitemaps.  Never raises."""
    return tuple(
        Outlink(entry.url, "I" if entry.is_sitemap else "L", f"sitemap:{entry.context}", (entry.lastmod or "")[:40])
        for entry in parse_sitemap(body, url)
    )


def parse_sitemap(body: bytes, url: str) -> tuple[SitemapEntry, ...]:
    """The entries of the sitemap *body* (gzipped or not) at *url*, normalised, each URL once, in order; bounded."""
    body = _unpacked(body)
    resolver = Resolver(url)
    if body[:64].lstrip(b"\xef\xbb\xbf \t\r\n\0\xff\xfe").startswith(b"<"):
        return _from_xml(body, resolver)
    return _from_text(body, resolver)


def _unpacked(body: bytes) -> bytes:
    """*body* without gzip (more than once, as some servers compress the file again; all its members), cut at the bound."""
    for _ in range(MAX_LAYERS):
        if not body.startswith(GZIP):
            break
        unpacked = DECODERS["gzip"](body, MAX_BODY)
        if unpacked is None:
            return b""
        body = unpacked.content
    return utf16_as_utf8(body[:MAX_BODY]) if body.startswith((b"<\0", b"\0<")) else body[:MAX_BODY]


def _from_xml(body: bytes, resolver: Resolver) -> tuple[SitemapEntry, ...]:
    found: dict[str, SitemapEntry] = {}
    for element in elements(body, ("url", "sitemap")):
        for entry in _entries(local_name(element), element, resolver):
            found.setdefault(entry.url, entry)
        forget(element)
        if len(found) >= MAX_ENTRIES:
            break
    return tuple(found.values())[:MAX_ENTRIES]


def _entries(name: str, element: etree._Element, resolver: Resolver) -> list[SitemapEntry]:
    """What one <url> or <sitemap> names: its loc and its alternates."""
    entries = []
    location = lastmod = None
    for child in element.iterchildren(tag="*"):
        match local_name(child):
            case "loc":
                location = location or resolver.resolve(text_of(child))
            case "lastmod":
                lastmod = text_of(child) or None
            case "link" if child.get("rel", "alternate") == "alternate":
                alternate = resolver.resolve(child.get("href") or "#")
                if alternate is not None and child.get("href"):
                    entries.append(SitemapEntry(alternate, context="url/link/@href"))
    if location is not None:
        is_sitemap = name == "sitemap"
        entries.insert(0, SitemapEntry(location, is_sitemap, lastmod, f"{name}/loc"))
    return entries


def _from_text(body: bytes, resolver: Resolver) -> tuple[SitemapEntry, ...]:
    """A URL a line; lines that are none are passed over."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    found: dict[str, SitemapEntry] = {}
    for line in decode(body, encoding).splitlines():
        line = line.strip()
        url = resolver.resolve(line) if _URL_LINE.fullmatch(line) else None
        if url is not None:
            found.setdefault(url, SitemapEntry(url, context="line"))
            if len(found) >= MAX_ENTRIES:
                break
    return tuple(found.values())
