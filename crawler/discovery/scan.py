"""A page read once: its text decoded and its tags told apart, for all who look for URLs in it.

Links (links.py) and requisites (crawler/requisites) want the same tags, the same base and the same encoding; reading
the page is most of what either costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from crawler.discovery.charset import decode, html_encoding
from crawler.discovery.tags import Tag, page_tags
from crawler.discovery.urls import Resolver

MAX_BODY = 16 * 1024 * 1024  # bytes of a page that are looked at
MAX_TAGS = 50_000


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """The tags of a page that may name URLs.

    ``base`` is the document's base URL: its first <base>, unless that names nothing that HTTP can fetch.
    ``encoding`` is the page's, as Python names it.  ``truncated`` says that a bound was met.
    """

    url: str
    base: str
    encoding: str
    tags: tuple[Tag, ...]
    truncated: bool = False


def scan_page(body: bytes | str, url: str, content_type: str = "") -> ScannedPage:
    """Read the HTML page *body* (content coding removed) that was fetched from *url*.  Never raises for what it holds."""
    if isinstance(body, str):
        html, encoding = body[:MAX_BODY], "utf-8"
    else:
        encoding = html_encoding(body, content_type)
        html = decode(body[:MAX_BODY], encoding)
    tags = tuple(islice(page_tags(html), MAX_TAGS))
    return ScannedPage(url, _base(url, tags), encoding, tags, len(body) > MAX_BODY or len(tags) == MAX_TAGS)


def _base(url: str, tags: tuple[Tag, ...]) -> str:
    for tag in tags:
        if tag.name == "base" and "href" in tag.attributes:
            return Resolver(url).resolve(tag.attributes["href"]) or url
    return url
