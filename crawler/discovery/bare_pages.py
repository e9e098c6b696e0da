"""Where to look further when the page that a crawl begins with hardly leads anywhere, as its lists are drawn by scripts.

Feeds lie at a few usual places.  The scripts of the site itself name the data that they ask for, and pages announce it; a crawl
that takes requisites reads both anyway, one that does not reads them for these lists alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery.scan import ScannedPage
from broadsheet.crawler.discovery.urls import host_of

USUAL_FEEDS: Final = ("/feed/", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/rss/")  # where systems put theirs
GUESSED_FEED: Final = "feed:usual path"  # the context of a link to one
_ENOUGH = 3  # pages that a page leads to, so that its site is found by them
_MOST_SCRIPTS = 5
_SERVICE = re.compile(  # pages that every site has, and what is no page
    r"/(?:about|contact|kontakt|impressum|imprint|privacy|datenschutz|terms|legal|cookies?|help|faq|log-?in|register|search"
    r"|feeds?|rss|atom)[^/]*/?$|\.(?:xml|rss|atom|rdf|opml|json)$",
    re.IGNORECASE,
)
_LIBRARY = re.compile(
    r"jquery|bootstrap|polyfill|modernizr|analytics|gtag|swiper|slick|lazy|wp-includes|cookie|consent", re.IGNORECASE
)


def leads_on(page: ScannedPage, links: Sequence[Outlink], is_one: Callable[[str], bool]) -> bool:
    """Whether *page*, with these *links*, names some pages for which *is_one* holds, besides those that every site has."""
    named = (link.url for link in links if link.hop == "L" and not link.context.startswith("link["))
    leading = (url for url in named if url != page.url and is_one(url) and _SERVICE.search(url) is None)
    return len(set(islice(leading, _ENOUGH))) >= _ENOUGH


def usual_feeds(url: str) -> tuple[Outlink, ...]:
    """Where the site of *url* may have a feed, when nothing says where."""
    resolver = Resolver(url)
    found = (resolver.resolve(path) for path in USUAL_FEEDS)
    return tuple(Outlink(feed, "I", GUESSED_FEED) for feed in found if feed is not None)


def own_data(page: ScannedPage) -> Iterator[Outlink]:
    """The data that *page* has its browser ask for beforehand, on its own host: what Gatsby and Nuxt draw it from."""
    for tag in page.tags:
        if (
            tag.name == "link"
            and tag.attributes.get("as") == "fetch"
            and "preload" in tag.attributes.get("rel", "").split()
        ):
            url = page.resolver.resolve(tag.attributes.get("href") or "")
            if url is not None and host_of(url) == host_of(page.url):
                yield Outlink(url, "I", "link[rel=preload]/@href")


def own_scripts(page: ScannedPage) -> Iterator[Outlink]:
    """The script files of *page* on its own host that are likely its own work, to be read for the lists that they ask for."""
    host, count = host_of(page.url), 0
    for tag in page.tags:
        source = tag.attributes.get("src") if tag.name == "script" else None
        url = page.resolver.resolve(source) if source else None
        if url is None or host_of(url) != host or _LIBRARY.search(url):
            continue
        yield Outlink(url, "I", "script/@src")
        count += 1
        if count == _MOST_SCRIPTS:
            return
