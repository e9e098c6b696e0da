"""Sitemaps (sitemaps.org 0.9): lists of a site's pages, and lists of such lists.

XML as urlset or sitemapindex, whatever its namespace says (many get it wrong); plain text with a URL a line, before other
columns if there are any; tables (CSV) whose head calls a column so; the links of Markdown; each of them gzipped or not.
Alternates of other languages (xhtml:link) are pages too; images and videos are requisites of the page that they stand with
and are left to it.  A sitemap may be 50,000 URLs and 50 MB by the standard: that is the bound, with some grace, for a gzip bomb
as for anything else; what lies beyond is counted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery.charset import decode
from broadsheet.crawler.discovery.classify import COMMENT, wide_as_utf8
from broadsheet.crawler.discovery.gzip_layers import unpacked
from broadsheet.crawler.discovery.unfetchable import Unfetchable
from broadsheet.crawler.discovery.xml import BLANK, elements, forget, text_of, without_warnings

MAX_ENTRIES = 250_000
MAX_BODY = 64 * 1024 * 1024  # bytes, unpacked

_ELEMENTS = ("url", "sitemap", "URL", "SITEMAP", "Url", "Sitemap")  # XML tells case, writers of sitemaps do not
_ELEMENT = re.compile(rb"<(?:[\w-]+:)?(?:url|sitemap)[\s>]", re.IGNORECASE)
_URL_COLUMNS = ("loc", "url", "link", "href", "permalink")
_DATE_COLUMNS = ("lastmod", "date", "published", "updated")
_MARKDOWN_LINK = re.compile(r"(?<!!)\[[^\]\n]{0,500}\]\(<?([^\s()<>]{1,2000})>?(?:\s+\"[^\"\n]*\")?\)")
_URL_LINE = re.compile(r"https?://\S+", re.IGNORECASE)
# For what libxml2 cannot recover: attributes without quotes, a <loc> that stands alone.
_LOCATION = re.compile(
    rb"<(?!image:|video:)(?:[\w-]+:)?loc(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[)?\s*([^<>\]]+)", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s,]+(?=[<\"']?https?://)", re.IGNORECASE)
_INDEX_ROOT = re.compile(rb"<(?:[\w-]+:)?sitemapindex[\s>]", re.IGNORECASE)


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


def read_sitemap(body: bytes, url: str, unfetchable: Unfetchable | None = None) -> Sitemap:
    """The sitemap *body* (gzipped or not) at *url*, its URLs normalised; bounded.  Never raises.

    *unfetchable* takes what HTTP cannot fetch.
    """
    body = without_warnings(wide_as_utf8(unpacked(body, MAX_BODY)))
    resolver = Resolver(url)
    if not body[:64].lstrip(BLANK + b"\0\xff\xfe").startswith(b"<"):
        return _from_text(body, resolver)
    sitemap = _from_xml(body, resolver, unfetchable or Unfetchable())
    return sitemap if sitemap.entries else _from_broken_xml(body, resolver)


def _from_xml(body: bytes, resolver: Resolver, unfetchable: Unfetchable) -> Sitemap:
    found: dict[str, SitemapEntry] = {}
    names = _LocalNames()
    taken = 0
    for element in elements(body, _ELEMENTS):
        taken += 1
        for entry in _entries(names[element.tag], element, resolver, names, unfetchable):
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
    name: str, element: etree._Element, resolver: Resolver, names: Mapping[Any, str], unfetchable: Unfetchable
) -> Iterator[SitemapEntry]:
    """What one <url> or <sitemap> names: its loc, then its alternates."""
    locations: list[str] = []
    lastmod = None
    alternates: list[SitemapEntry] = []
    for child in element:
        match names[child.tag]:
            case "loc":
                if (location := _location(text := text_of(child), resolver)) is not None:
                    locations.append(location)
                else:
                    unfetchable.see(text)
            case "lastmod":
                lastmod = text_of(child) or None
            case "news" if lastmod is None:  # Google's: when the article was published
                dates = (text_of(one) for one in child if names[one.tag] == "publication_date")
                lastmod = next(dates, None)
            case "link" if child.get("rel", "alternate").lower() == "alternate" and child.get("href"):
                alternate = resolver.resolve(child.get("href") or "")
                if alternate is not None:
                    alternates.append(SitemapEntry(alternate, context="url/link/@href"))
    for location in locations:  # one, by the standard
        yield SitemapEntry(location, name == "sitemap", lastmod, f"{name}/loc")
    yield from alternates


def _location(text: str, resolver: Resolver) -> str | None:
    """The URL in a <loc>, also in quotes, or with the sitemap's own host and no scheme before it."""
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        text = text[1:-1]
    host = (resolver.base or "").partition("://")[2].partition("/")[0]
    return resolver.resolve(f"//{text}" if host and text.startswith(f"{host}/") else text)


def named_sitemaps(lines: Iterable[str]) -> Iterator[str]:
    """The URLs in the *lines* of a robots.txt that name sitemaps: one each by the standard, some with more or in brackets."""
    for line in lines:
        for part in _BETWEEN.split(line):
            if reference := unescape(part.strip(" \t,<>\"'")):
                yield reference


def _from_broken_xml(body: bytes, resolver: Resolver) -> Sitemap:
    """Every location of a document of which nothing can be made."""
    body = COMMENT.sub(b"", body)
    is_index = _INDEX_ROOT.search(body) is not None
    context = f"{'sitemap' if is_index else 'url'}/loc"
    found: dict[str, SitemapEntry] = {}
    beyond = 0
    for match in _LOCATION.finditer(body):
        url = resolver.resolve(unescape(decode(match[1], "utf-8")).strip())
        if url is None or url in found:
            continue
        if len(found) >= MAX_ENTRIES:
            beyond += 1
        else:
            found[url] = SitemapEntry(url, is_index, context=context)
    return Sitemap(tuple(found.values()), beyond)


def _from_text(body: bytes, resolver: Resolver) -> Sitemap:
    """A URL a line; lines that are none are passed over."""
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = decode(body, encoding).lstrip("\ufeff")
    found: dict[str, SitemapEntry] = {}
    beyond = 0
    for reference, lastmod, context in _references(text):
        if len(found) >= MAX_ENTRIES:
            beyond += 1
        elif (url := resolver.resolve(reference)) is not None:
            found.setdefault(url, SitemapEntry(url, lastmod=lastmod, context=context))
    return Sitemap(tuple(found.values()), beyond)


def _references(text: str) -> Iterator[tuple[str, str | None, str]]:
    """The URLs of a list in plain text as written, with the date and the place of each."""
    lines = text.splitlines()
    head = next((line for line in lines if line.strip()), "")
    separator = next((one for one in "\t;," if one in head), ",")
    names = [name.strip(" \"'").lower() for name in head.split(separator)]
    column = next((names.index(name) for name in _URL_COLUMNS if name in names), None)
    if column is None:
        urls = [match[0] for line in lines if (match := _URL_LINE.match(line.strip("\ufeff \t"))) is not None]
        yield from ((url, None, "line") for url in urls)
        if not urls:
            yield from ((match[1], None, "markdown") for match in _MARKDOWN_LINK.finditer(text))
        return
    date = next((names.index(name) for name in _DATE_COLUMNS if name in names), None)
    try:
        for row in csv.reader(lines[lines.index(head) + 1 :], delimiter=separator):
            if len(row) > column and row[column].strip():
                yield row[column].strip(), row[date] if date is not None and date < len(row) else None, "table"
    except csv.Error:  # what came before is taken
        return
