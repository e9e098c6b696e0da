"""What a <link> of a page, or of its head, leads to: pages by their relation, feeds by their type, lists of a system.

Relations as in HTML (4.6.7) and in IANA's registry (``item``: RFC 6573).  Feeds are announced with a dozen media types, JSON
feeds even with that of all JSON, which may as well be the page itself, or what belongs to one article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery.post_lists import WORDPRESS_RELATION, wordpress_posts

_FEED_TYPE = re.compile(r"(?:^|[/+.-])(?:rss|atom|rdf)(?:$|[+.])|^application/feed\+json$|^(?:text|application)/xml$")
_HTML = frozenset(("", "text/html", "application/xhtml+xml"))
# Not shortlink: WordPress puts one on every page, and it only redirects to that page.
# fmt: off
_PAGE_RELATIONS = frozenset((
    "next", "prev", "previous", "canonical", "alternate", "amphtml", "first", "last", "start", "up", "index", "feed", "item",
    "prerender",
))
# fmt: on
_SERVICES = ("wp-json", "rest_route=", "oembed")  # WordPress announces under the type of JSON feeds
_SITE_LEVEL = 3  # slashes in the URL, without its scheme, of what belongs to more than one article


class LinkTarget(NamedTuple):
    """Where a <link> leads.  ``only_page``: if it looks like the URL of a page."""

    reference: str
    hop: str
    context: str
    only_page: bool = False


def link_target(attributes: Mapping[str, str], resolver: Resolver) -> LinkTarget | None:
    """Where the <link> with these *attributes* leads a reader, or a crawl; None: nowhere."""
    relations = frozenset((attributes.get("rel") or "").lower().split())
    href = attributes.get("href")
    if not href or "stylesheet" in relations:
        return None
    if not relations:
        described = "url" in (attributes.get("itemprop") or "").lower().split()
        return LinkTarget(href, "L", "link[itemprop=url]/@href", only_page=True) if described else None
    media_type = (attributes.get("type") or "").partition(";")[0].strip().lower()
    if WORDPRESS_RELATION in relations:
        return LinkTarget(wordpress_posts(href), "I", "link[rel=api.w.org]/@href")
    if "sitemap" in relations:
        return LinkTarget(href, "I", "link[rel=sitemap]/@href")
    if relations & {"alternate", "feed"} and _is_feed(relations, media_type, attributes, resolver):
        return LinkTarget(href, "I", "link[rel=alternate]/@href")
    if media_type not in _HTML:
        return None
    if "prefetch" in relations and attributes.get("as") == "document":
        return LinkTarget(href, "L", "link[rel=prefetch]/@href", only_page=True)
    relation = min(relations & _PAGE_RELATIONS, default=None)
    return None if relation is None else LinkTarget(href, "L", f"link[rel={relation}]/@href")


def _is_feed(relations: frozenset[str], media_type: str, attributes: Mapping[str, str], resolver: Resolver) -> bool:
    if _FEED_TYPE.search(media_type) or ("feed" in relations and not media_type):
        return True
    href = attributes["href"]
    if media_type != "application/json" or any(service in href for service in _SERVICES):
        return False
    url = resolver.resolve(href)
    if url is None or _bare(url) == _bare(resolver.base or ""):
        return False
    of_site = _bare(url).partition("://")[2].count("/") < _SITE_LEVEL
    return of_site or "feed" in f"{href} {attributes.get('title')}".lower()


def _bare(url: str) -> str:
    """*url* without its query and what says whether it is HTML or JSON."""
    return url.partition("?")[0].removesuffix(".json").removesuffix(".html").removesuffix("/")
