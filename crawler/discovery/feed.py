"""Feeds: the newest articles of a site, and often the way to its older ones.

RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom by their element names, whatever their namespaces; JSON Feed.  From an entry
come the pages that it stands for (link, permalink guid, the original link of a feed burner), from the feed itself its
site and, in hop I, the next, previous and archived pages of the feed (RFC 5005).  Enclosures are media, not pages.
Feeds break in every way: what can be read is taken, what cannot is passed over.
"""

from __future__ import annotations

import orjson

from archive.exchange import Outlink
from crawler.discovery.urls import Resolver, normalise
from crawler.discovery.xml import elements, forget, local_name, text_of

MAX_BODY = 32 * 1024 * 1024  # bytes
MAX_LINKS = 10_000

_ENTRIES = ("item", "entry")
_FEED_PAGES = frozenset(
    ("next", "prev", "previous", "first", "last", "current", "prev-archive", "next-archive", "self")
)
_PAGES = frozenset(("", "alternate", "canonical", "related", "via"))
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def feed_links(body: bytes, url: str) -> tuple[Outlink, ...]:
    """The links of the feed *body* at *url*, normalised, each once: L to pages, I to more of the feed.  Never raises."""
    body = body[:MAX_BODY]
    links = _Links(url)
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        _read_json(body, links)
    else:
        _read_xml(body, links)
    return links.found


class _Links:
    """Gathers the links of one feed."""

    def __init__(self, url: str) -> None:
        self._url = normalise(url)
        self._base = url
        self._resolver = Resolver(url)
        self._links: dict[str, Outlink] = {}

    @property
    def found(self) -> tuple[Outlink, ...]:
        return tuple(self._links.values())

    @property
    def full(self) -> bool:
        return len(self._links) >= MAX_LINKS

    def add(self, reference: object, hop: str, context: str, base: str | None = None) -> None:
        """Keep a link, unless it is none or the feed itself; *base* is the xml:base at its place."""
        if not isinstance(reference, str) or not reference.strip() or self.full:
            return
        if base is not None and base != self._base:
            self._base, self._resolver = base, Resolver(base)
        url = self._resolver.resolve(reference)
        if url is not None and url != self._url:
            self._links.setdefault(url, Outlink(url, hop, context))


def _read_xml(body: bytes, links: _Links) -> None:
    feed_url = links._base
    bases = [feed_url]  # of the open elements
    within = 0  # open entries
    for event, element in elements(body):
        name = local_name(element)
        if event == "start":
            bases.append(_base_at(element, bases[-1]))
            within += name in _ENTRIES
            continue
        base = bases.pop() if len(bases) > 1 else bases[0]
        if name == "link":
            _take_link(element, links, base, name="entry" if within else "feed")
        elif within and name == "guid" and (element.get("isPermaLink") or "true").strip().lower() == "true":
            if "://" in (element.text or ""):
                links.add(text_of(element), "L", "feed:guid", base)
        elif within and name == "origlink":
            links.add(text_of(element), "L", "feed:origLink", base)
        elif name in _ENTRIES:
            within -= 1
            forget(element)
        if links.full:
            return
