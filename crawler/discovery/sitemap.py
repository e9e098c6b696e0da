"""Sitemaps (sitemaps.org 0.9): lists of a site's pages, and lists of such lists.

XML as urlset or sitemapindex, whatever its namespace says (many get it wrong); plain text with a URL a line; either of
them gzipped.  Alternates of other languages (xhtml:link) are pages too; images and videos are requisites of the page
that they stand with and are left to it.  A sitemap may be 50,000 URLs and 50 MB by the standard: that is the bound,
with some grace, for a gzip bomb as for anything else; what lies beyond is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from broadsheet.archive.coding import DECODERS
from broadsheet.archive.exchange import Outlink
from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery.charset import decode
from broadsheet.crawler.discovery.classify import GZIP, MAX_LAYERS, utf16_as_utf8
from broadsheet.crawler.discovery.xml import elements, forget, text_of

MAX_ENTRIES = 250_000
MAX_BODY = 64 * 1024 * 1024  # bytes, unpacked

_ELEMENTS = ("url", "sitemap", "URL", "SITEMAP", "Url", "Sitemap")  # XML tells case, writers of sitemaps do not
_ELEMENT = re.compile(rb"<(?:[\w-]+:)?(?:url|sitemap)[\s>]", re.IGNORECASE)
_URL_LINE = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One URL of a sitemap; another sitemap when ``is_sitemap``.  ``lastmod`` is as written, None if absent."""

    url: str
    is_sitemap: bool = False
    lastmod: str | None = None
    context: str = "url/loc"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names: ``entries``, each URL once, in order; ``left_out`` counts those beyond what is taken."""

    entries: tuple[SitemapEntry, ...]
    left_out: int = 0

    @property
    def links(self) -> tuple[Outlink, ...]:
        """The entries as links: hop L to pages, I to other sitemaps."""
        return tuple(
            Outlink(one.url, "I" if one.is_sitemap else "L", f"sitemap:{one.context}", (one.lastmod or "")[:40])
            for one in self.entries
        )


def parse_sitemap(body: bytes, url: str) -> tuple[SitemapEntry, ...]:
    """The entries of the sitemap *body* (gzipped or not) at *url*: see `read_sitemap`."""
    return read_sitemap(body, url).entries


def sitemap_links(body: bytes, url: str) -> tuple[Outlink, ...]:
    """The links of the sitemap *body* at *url*: see `read_sitemap`."""
    return read_sitemap(body, url).links


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """The sitemap *body* (gzipped or not) at *url*, its URLs normalised; bounded.  Never raises."""
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


def _from_xml(body: bytes, resolver: Resolver) -> Sitemap:
    found: dict[str, SitemapEntry] = {}
    names = _LocalNames()
    taken = 0
    for element in elements(body, _ELEMENTS):
        taken += 1
        for entry in _entries(names[element.tag], element, resolver, names):
            found.setdefault(entry.url, entry)
        forget(element)
        if len(found) >= MAX_ENTRIES:
            break
    entries = tuple(found.values())
    beyond = sum(1 for _ in _ELEMENT.finditer(body)) - taken
    return Sitemap(entries[:MAX_ENTRIES], max(0, beyond))


class _LocalNames(dict[Any, str]):
    """Names of elements without their namespace, in lower case; a document has few, its elements are many."""

    def __missing__(self, tag: Any) -> str:
        name = self[tag] = str(tag).rpartition("}")[2].lower()
        return name


def _entries(
    name: str, element: etree._Element, resolver: Resolver, names: Mapping[Any, str]
) -> Iterator[SitemapEntry]:
    """What one <url> or <sitemap> names: its loc, then its alternates."""
    location = lastmod = None
    alternates: list[SitemapEntry] = []
    for child in element:
        match names[child.tag]:
            case "loc":
                location = location or resolver.resolve(text_of(child))
            case "lastmod":
                lastmod = text_of(child) or None
            case "news" if lastmod is None:  # Google's: when the article was published
                dates = (text_of(one) for one in child if names[one.tag] == "publication_date")
                lastmod = next(dates, None)
            case "link" if child.get("rel", "alternate") == "alternate" and child.get("href"):
                alternate = resolver.resolve(child.get("href") or "")
                if alternate is not None:
                    alternates.append(SitemapEntry(alternate, context="url/link/@href"))
    if location is not None:
        yield SitemapEntry(location, name == "sitemap", lastmod, f"{name}/loc")
    yield from alternates


def _from_text(body: bytes, resolver: Resolver) -> Sitemap:
    """A URL a line; lines that are none are passed over."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    found: dict[str, SitemapEntry] = {}
    beyond = 0
    for line in decode(body, encoding).splitlines():
        line = line.strip()
        if not _URL_LINE.fullmatch(line):
            continue
        if len(found) >= MAX_ENTRIES:
            beyond += 1
        elif (url := resolver.resolve(line)) is not None:
            found.setdefault(url, SitemapEntry(url, context="line"))
    return Sitemap(tuple(found.values()), beyond)
