"""The URLs of a sitemap (sitemaps.org 0.9): a urlset, an index of sitemaps, a list of lines; plain or gzipped.

Read as a stream, without entities, bounded in size: a sitemap is somebody else's XML.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

from lxml import etree

from archive.exchange import Outlink
from crawler.discovery.urls import Resolver

MAX_BYTES = 64 * 1024 * 1024  # the standard allows 50 MB
MAX_URLS = 100_000  # the standard allows 50,000


def sitemap_links(body: bytes, url: str) -> tuple[Outlink, ...]:
    """Links (L) of a urlset and sitemaps (I) of an index, normalised, each once; never raises for what the file holds."""
    data = _plain(body)
    resolver = Resolver(url)
    found: dict[str, Outlink] = {}
    for location, hop in _locations(data):
        target = resolver.resolve(location)
        if target is not None:
            found.setdefault(target, Outlink(target, hop, "sitemap/loc"))
        if len(found) >= MAX_URLS:
            break
    return tuple(found.values())


def _plain(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:MAX_BYTES]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES)
    except zlib.error:
        return b""


def _locations(data: bytes) -> Iterator[tuple[str, str]]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        for line in data.decode("utf-8-sig", "replace").splitlines():
            yield line.strip(), "L"
        return
    events = etree.iterparse(
        io.BytesIO(data), events=("end",), recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    try:
        for _, element in events:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name in {"url", "sitemap"}:
                for child in element:
                    if isinstance(child.tag, str) and etree.QName(child).localname == "loc" and child.text:
                        yield child.text.strip(), "I" if name == "sitemap" else "L"
                element.clear()
    except etree.XMLSyntaxError:
        return  # what came before is good
