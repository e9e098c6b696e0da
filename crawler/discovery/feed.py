"""Feeds: the newest articles of a site, and often the way to its older ones.

RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom by their element names, whatever their namespaces; JSON Feed; OPML, which lists feeds
and sites.  From an entry come the pages that it stands for (link, permalink guid, the original link of a feed burner; of an
entry that has no link its id, or rdf:about), from the feed itself its site and, in hop I, the next, previous and archived
pages of the feed (RFC 5005).  WordPress and Ghost page their feeds, too, but do not say so: the next page of such a feed is
tried for as long as it brings something new (frontier/expansion.py).  Enclosures are media, not pages.  Feeds break in every
way: what can be read is taken, what cannot is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import orjson
from lxml import etree

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.url import Resolver, normalise
from broadsheet.crawler.discovery.gzip_layers import unpacked
from broadsheet.crawler.discovery.lastmod import stated_moment
from broadsheet.crawler.discovery.unfetchable import Unfetchable
from broadsheet.crawler.discovery.xml import BLANK, elements, forget, local_name, text_of, without_warnings

MAX_BODY = 32 * 1024 * 1024  # bytes
MAX_LINKS = 10_000

CONTINUATION = "feed:next?"

_ENTRIES = ("item", "entry")
_NAMES = (*_ENTRIES, "link", "guid", "id", "origLink", "generator", "outline")
_OUTLINES = (("xmlUrl", "I"), ("htmlUrl", "L"), ("url", "L"))
_FEED_PAGES = frozenset(("next", "prev", "previous", "first", "last", "current", "prev-archive", "next-archive"))
_PAGES = frozenset(("", "alternate", "canonical", "related", "via"))
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DATES = ("pubDate", "published", "issued", "date", "updated", "modified")
_MORE = frozenset(("next", "prev-archive"))
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_WORDPRESS_FEED = re.compile(r"(.*/)feed(?:/(?:rss2?|atom|rdf))?/?")
_GHOST_FEED = re.compile(r"(.*/rss/)(?:(\d{1,6})/)?")
_PAGED = re.compile(r"paged=\d{1,6}")
_NARROWED = re.compile(r"(?:^|&)(?:cat|tag|author|p|page_id|s|m)=")
_LIKELY = 5  # entries from which a feed without a generator, at WordPress's place, is taken to be its


def feed_links(
    body: bytes, url: str, on_left_out: Callable[[int], object] | None = None, unfetchable: Unfetchable | None = None
) -> tuple[Outlink, ...]:
    """The links of the feed *body* at *url*, normalised: L to pages, I to more of the feed.  Never raises.

    *on_left_out* is told how many there are beyond the bound; *unfetchable* takes what HTTP cannot fetch.
    """
    body = unpacked(body, MAX_BODY)
    links = _Links(url, unfetchable or Unfetchable())
    if body.lstrip(BLANK)[:1] == b"{":
        _read_json(body, links)
    else:
        _read_xml(without_warnings(body), links)
        links.continue_by_system()
    if links.left_out and on_left_out is not None:
        on_left_out(links.left_out)
    return links.found


class _Links:
    """Gathers the links of one feed at *url*."""

    def __init__(self, url: str, unfetchable: Unfetchable) -> None:
        self.url = normalise(url) or ""
        self._resolver = self._inner = Resolver(self.url)
        self._base = self.url
        self._unfetchable = unfetchable
        self._links: dict[str, Outlink] = {}
        self.generator = ""
        self.site: str | None = None
        self.entries = 0
        self.left_out = 0  # links for which there is no room
        self.identity: str | None = None  # of the entry that is being read, as written
        self.linked = False  # it has a link
        self._of_entry: list[str] = []

    def end_entry(self, published: datetime | None) -> None:
        """An entry ended, *published* then: one without a link stands at its identity, if that is a URL."""
        self.entries += 1
        if not self.linked and self.identity is not None and "://" in self.identity:
            self.add(self.identity, "L", "feed:id")
        if published is not None:
            for url in self._of_entry:
                self._links[url] = self._links[url]._replace(lastmod=f"{published:%Y-%m-%dT%H:%M:%SZ}")
        self.end_outside()
        self.identity, self.linked = None, False

    def end_outside(self) -> None:
        """What was added so far is of no entry that is still to end."""
        self._of_entry.clear()

    def continue_by_system(self) -> None:
        """Add the next page of the feed as the system counts it that made the feed."""
        start, _, query = self.url.partition("?")
        if self.entries and "ghost" in self.generator and (match := _GHOST_FEED.fullmatch(start)):
            self._links.setdefault(
                following := f"{match[1]}{int(match[2] or 1) + 1}/", Outlink(following, "I", CONTINUATION)
            )
        elif self.entries and self._is_wordpress(start, query):
            parameters = [pair for pair in query.split("&") if pair and not pair.startswith("paged=")]
            page = next((int(pair[6:]) for pair in query.split("&") if _PAGED.fullmatch(pair)), 1)
            following = f"{start}?{'&'.join([*parameters, f'paged={page + 1}'])}"
            self._links.setdefault(following, Outlink(following, "I", CONTINUATION))

    def _is_wordpress(self, start: str, query: str) -> bool:
        """Whether it is the main feed of a WordPress: not that of comments, a category or an author, which repeat it."""
        if self.generator and "wordpress" not in self.generator:
            return False
        if not self.generator and self.entries < _LIKELY and "paged=" not in query:
            return False
        if "feed=" in query and "feed=comments" not in query and not _NARROWED.search(query):
            return True
        match = _WORDPRESS_FEED.fullmatch(start)
        if match is None or match[1].endswith("/comments/"):
            return False
        home = self.site.partition("?")[0].rstrip("/") if self.site else None
        return match[1].rstrip("/") == home or (home is None and match[1].count("/") <= 4)  # http://host/blog/

    @property
    def found(self) -> tuple[Outlink, ...]:
        """All links, in order."""
        return tuple(self._links.values())

    def add(self, reference: object, hop: str, context: str, base: str | None = None) -> None:
        """Keep a link, unless it is none or the feed itself; *base* is the xml:base at its place."""
        if not isinstance(reference, str) or not reference.strip():
            return
        url = (self._resolver if base is None else self._within(base)).resolve(reference)
        if url is None:
            self._unfetchable.see(reference)
        elif url != self.url and url not in self._links:
            if len(self._links) >= MAX_LINKS:
                self.left_out += 1
                return
            self._links[url] = Outlink(url, hop, context)
            if context != "feed:home_page_url":
                self._of_entry.append(url)

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
            links.identity = links.identity or element.get(_ABOUT)
            links.end_entry(_published(element))
            forget(element)
            continue
        if name == "outline":
            said = {str(name).lower(): value for name, value in element.attrib.items()}
            for attribute, hop in _OUTLINES:
                links.add(said.get(attribute.lower()), hop, f"opml:outline/@{attribute}")
            continue
        if name == "generator":
            links.generator = f"{text_of(element)} {element.get('uri') or ''}".strip().lower()[:200]
            continue
        base = element.base if has_bases else None
        in_entry = any(local_name(ancestor) in _ENTRIES for ancestor in element.iterancestors())
        if name == "link":
            _take_link(element, links, base, in_entry=in_entry)
        elif name == "origLink":
            links.add(text_of(element), "L", "feed:origLink", base)
        elif name == "id":
            links.identity = text_of(element) if in_entry else None
        elif in_entry:
            reference = text_of(element)  # a guid is a permalink, unless it says that it is none
            if element.get("isPermaLink", "true").strip().lower() == "true" and "://" in reference:
                links.add(reference, "L", "feed:guid", base)
            else:
                links.identity = reference


def _published(entry: etree._Element) -> datetime | None:
    """When *entry* was published, or else updated, by its own word."""
    said = {local_name(child): text_of(child) for child in entry.iterchildren(tag="*") if local_name(child) in _DATES}
    return next((moment for name in _DATES if (moment := stated_moment(said.get(name, ""))) is not None), None)


def _take_link(element: etree._Element, links: _Links, base: str | None, *, in_entry: bool) -> None:
    """A link of RSS (its text) or Atom (its href)."""
    href = element.get("href")
    relation = (element.get("rel") or "").strip().lower()
    if href is None:
        reference = text_of(element)
        if not in_entry and links.site is None:
            links.site = normalise(reference, links.url)
        links.linked = links.linked or in_entry
        links.add(reference, "L", "feed:link", base)
        if not in_entry:
            links.end_outside()
    elif relation in _PAGES and (element.get("type") or "text/html").partition(";")[0].strip().lower() in _PAGE_TYPES:
        links.linked = links.linked or in_entry
        links.add(href, "L", "feed:link/@href", base)
        if not in_entry:
            links.end_outside()
    elif not in_entry and relation in _FEED_PAGES:
        endless = "?" if relation in _MORE else ""
        links.add(href, "I", f"feed:link[rel={relation}]/@href{endless}", base)


def _read_json(body: bytes, links: _Links) -> None:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    try:
        feed = orjson.loads(body.lstrip(BLANK))
    except orjson.JSONDecodeError:
        return
    if not isinstance(feed, dict):
        return
    links.add(feed.get("home_page_url"), "L", "feed:home_page_url")
    links.add(feed.get("next_url"), "I", "feed:next_url?")
    items = feed.get("items")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            links.add(item.get("url"), "L", "feed:items/url")
            links.add(item.get("external_url"), "L", "feed:items/external_url")
            if not item.get("url") and "://" in str(item.get("id")):
                links.add(item.get("id"), "L", "feed:items/id")
            links.end_entry(stated_moment(str(item.get("date_published") or item.get("date_modified") or "")))
