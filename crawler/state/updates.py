"""The crawls of a collection: the first one, and each update of it.

An update asks again.  It begins, in one transaction, by putting every URL that was asked into the state KNOWN but for the
sources: seeds, sitemaps and feeds, which say what is new.  When they and what is new are done, the known pages are queued
(`Opening`), but for those whose sitemap says that they were not changed since they were captured.  A requisite is asked
again when a page that was stored anew shows it (crawler/frontier/expansion.py).  All of that is state of URLs: an update
that was killed goes on.

What a URL needs for it is written down when the update begins: where its latest whole capture lies, whose validators make
the request conditional, and when the URL was last found in order, to hold against lastmod.
"""

from __future__ import annotations

from broadsheet.archive.catalogue import Catalogue
from broadsheet.crawler.state.store import Crawl, CrawlStore

LISTING = 3  # a page that so many others were found on lists what is new: it is asked whatever a sitemap says


def is_source(hops: str) -> bool:
    """Whether a URL with the path *hops* says what is new: a seed, a sitemap or a feed, redirects aside."""
    path = hops.rstrip("R")
    return not path or path.endswith("I")


def ensure_update(store: CrawlStore, catalogue: Catalogue) -> Crawl:
    """Begin an update of what was crawled so far, unless one is under way; *catalogue* is of the same journal."""
    crawl = store.latest_crawl()
    if crawl.is_update and not crawl.finished:
        return crawl
    with store.transaction():
        store.begin_update(catalogue.next_warc_id(), catalogue.latest_answers())
    return store.latest_crawl()
