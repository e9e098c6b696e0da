"""Feeds: the newest articles of a site, and often the way to its older ones.

RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom by their element names, whatever their namespaces; JSON Feed.  From an entry
come the pages that it stands for (link, permalink guid, the original link of a feed burner), from the feed itself its
site and, in hop I, the next, previous and archived pages of the feed (RFC 5005).  Enclosures are media, not pages.
Feeds break in every way: what can be read is taken, what cannot is passed over.
"""

from __future__ import annotations

import orjson
from lxml import etree

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery.urls import Resolver, normalise
from broadsheet.crawler.discovery.xml import elements, forget, local_name, text_of

MAX_BODY = 32 * 1024 * 1024  # bytes
MAX_LINKS = 10_000

_ENTRIES = ("item", "entry")
_NAMES = (*_ENTRIES, "link", "guid", "origLink")
_FEED_PAGES = frozenset(("next", "prev", "previous", "first", "last", "current", "prev-archive", "next-archive"))
_PAGES = frozenset(("", "alternate", "canonical", "related", "via"))
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))


def feed_links(body: bytes, url: str) -> tuple[Outlink, ...]:
    """The links of the feed *body* at *url*, normalised: L to pages, I to more of the feed.  Never raises."""
    body = body[:MAX_BODY]
    links = _Links(url)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        _read_json(body, links)
    else:
        _read_xml(body, links)
    return links.found


class _Links:
    """Gathers the links of one feed at *url*."""

    def __init__(self, url: str) -> None:
        self.url = normalise(url) or ""
        self._resolver = self._inner = Resolver(self.url)
        self._base = self.url
        self._links: dict[str, Outlink] = {}

    @property
    def found(self) -> tuple[Outlink, ...]:
        """All links, in order."""
        return tuple(self._links.values())

    @property
    def full(self) -> bool:
        """Whether there are enough."""
        return len(self._links) >= MAX_LINKS

    def add(self, reference: object, hop: str, context: str, base: str | None = None) -> None:
        """Keep a link, unless it is none or the feed itself; *base* is the xml:base at its place."""
        if not isinstance(reference, str) or not reference.strip() or self.full:
            return
        url = (self._resolver if base is None else self._within(base)).resolve(reference)
        if url is not None and url != self.url:
            self._links.setdefault(url, Outlink(url, hop, context))

    def _within(self, base: str) -> Resolver:
        """The resolver at a place with this xml:base; one that is none changes nothing."""
        if base != self._base:
            self._base, self._inner = base, Resolver(base)
        return self._inner if self._inner.base else self._resolver


def _read_xml(body: bytes, links: _Links) -> None:
    has_bases = b":base" in body
    for element in elements(body, _NAMES, links.url):
        name = local_name(element)
        if name in _ENTRIES:
            forget(element)
            continue
        base = element.base if has_bases else None
        in_entry = any(local_name(ancestor) in _ENTRIES for ancestor in element.iterancestors())
        if name == "link":
            _take_link(element, links, base, in_entry=in_entry)
        elif name == "origLink":
            links.add(text_of(element), "L", "feed:origLink", base)
        elif in_entry:
            reference = text_of(element)  # a guid is a permalink, unless it says that it is none
            if element.get("isPermaLink", "true").strip().lower() == "true" and "://" in reference:
                links.add(reference, "L", "feed:guid", base)
        if links.full:
            return


def _take_link(element: etree._Element, links: _Links, base: str | None, *, in_entry: bool) -> None:
    """A link of RSS (its text) or Atom (its href)."""
    href = element.get("href")
    relation = (element.get("rel") or "").strip().lower()
    if href is None:
        links.add(text_of(element), "L", "feed:link", base)
    elif relation in _PAGES and (element.get("type") or "text/html").strip().lower() in _PAGE_TYPES:
        links.add(href, "L", "feed:link/@href", base)
    elif not in_entry and relation in _FEED_PAGES:
        links.add(href, "I", f"feed:link[rel={relation}]/@href", base)


def _read_json(body: bytes, links: _Links) -> None:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    try:
        feed = orjson.loads(body.lstrip(b"\xef\xbb\xbf \t\r\n"))
    except orjson.JSONDecodeError:
        return
    if not isinstance(feed, dict):
        return
    links.add(feed.get("home_page_url"), "L", "feed:home_page_url")
    links.add(feed.get("next_url"), "I", "feed:next_url")
    items = feed.get("items")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            links.add(item.get("url"), "L", "feed:items/url")
            links.add(item.get("external_url"), "L", "feed:items/external_url")
