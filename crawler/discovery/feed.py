"""The entries of a feed: RSS, RDF, Atom, JSON Feed; and its other pages (RFC 5005)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lxml import etree

from archive.exchange import Outlink
from crawler.discovery.urls import Resolver

MAX_BYTES = 16 * 1024 * 1024
_PAGES = frozenset({"next", "prev-archive", "next-archive", "last", "first", "previous"})
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def feed_links(body: bytes, url: str) -> tuple[Outlink, ...]:
    """Links (L) of the entries and pages (I) of the feed, normalised, each once; never raises for what it holds."""
    body = body[:MAX_BYTES]
    found: dict[str, Outlink] = {}
    links = _json_links(body) if body.lstrip()[:1] == b"{" else _xml_links(body)
    for location, base, hop in links:
        target = Resolver(Resolver(url).resolve(base) if base else url).resolve(location)
        if target is not None:
            found.setdefault(target, Outlink(target, hop, "feed"))
    return tuple(found.values())


def _json_links(body: bytes) -> Iterator[tuple[str, str, str]]:
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(feed.get("next_url"), str):
        yield feed["next_url"], "", "I"
    items = feed.get("items")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("url"), str):
            yield item["url"], "", "L"


def _xml_links(body: bytes) -> Iterator[tuple[str, str, str]]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return
    if root is None:
        return
    for element in root.iter():
        if not isinstance(element.tag, str) or etree.QName(element).localname != "link":
            continue
        base = next((a.get(_XML_BASE) for a in [element, *element.iterancestors()] if a.get(_XML_BASE)), "") or ""
        relation = element.get("rel", "alternate")
        href = element.get("href") or (element.text or "").strip()
        if not href:
            continue
        if relation in _PAGES:
            yield href, base, "I"
        elif relation == "alternate":
            yield href, base, "L"
