"""A page read once: its text decoded and its tags told apart, for all who look for URLs in it.

Links (links.py) and requisites (crawler/requisites) want the same tags, the same base and the same encoding; reading
the page is most of what either costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from broadsheet.archive.url import Resolver, document_resolver
from broadsheet.crawler.discovery.charset import decode, html_encoding
from broadsheet.crawler.discovery.link_header import link_tags
from broadsheet.crawler.discovery.tags import Tag, page_tags
from broadsheet.crawler.discovery.unfetchable import Unfetchable

MAX_BODY = 16 * 1024 * 1024  # bytes of a page that are looked at
MAX_TAGS = 50_000


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """The tags of a page that may name URLs.

    ``resolver`` resolves against the document's base URL: its first <base>, unless that names nothing that HTTP can
    fetch, in the page's encoding.  ``truncated`` says that a bound was met, ``left_out`` how many anchors
    are in tags beyond it.  ``unfetchable`` gathers, while the tags are read, what HTTP cannot fetch.
    """

    url: str
    resolver: Resolver
    tags: tuple[Tag, ...]
    truncated: bool = False
    left_out: int = 0
    unfetchable: Unfetchable = field(default_factory=Unfetchable)


def scan_page(body: bytes | str, url: str, content_type: str = "", links: Iterable[str] = ()) -> ScannedPage:
    """Read the HTML page *body* (content coding removed) that was fetched from *url*.  Never raises for what it holds.

    *links* are the values of its Link headers.
    """
    if isinstance(body, str):
        html, encoding = body[:MAX_BODY], "utf-8"
    else:
        encoding = html_encoding(body, content_type)
        html = decode(body[:MAX_BODY], encoding)
    found = page_tags(html)
    tags = tuple(islice(found, MAX_TAGS))
    left_out = sum(tag.name == "a" for tag in found)
    resolver = resolver_of_tags(Resolver(url, encoding), tags)
    announced = link_tags(links, url) if links else ()
    truncated = len(body) > MAX_BODY or len(tags) == MAX_TAGS
    return ScannedPage(url, resolver, (*announced, *tags) if announced else tags, truncated, left_out)


def resolver_of_tags(resolver: Resolver, tags: tuple[Tag, ...]) -> Resolver:
    """What resolves the URLs of a document with these *tags*: *resolver*, or that of its <base>."""
    return document_resolver(resolver, (tag.attributes.get("href") for tag in tags if tag.name == "base"))
