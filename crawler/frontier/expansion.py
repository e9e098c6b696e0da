"""From the links of an answer to new URLs: what belongs to the crawl, is not too far, and was never met before.

A link with hop E is a requisite: it need not belong to the crawl's scope.  A frame whose URL does is a document of the
site like any other and becomes a page: its path goes on with L, as in Heritrix when it treats frames as links.

Used by the running frontier and by recovery alike, so a page picked up from a torn WARC opens the same URLs as one that
was fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from broadsheet.archive.exchange import Outlink, is_embedded
from broadsheet.crawler.bounds.priority import GUESSED, SEED, ordered_sources, priority_of
from broadsheet.crawler.bounds.window import ALL_TIMES, DateWindow
from broadsheet.crawler.discovery.bare_pages import GUESSED_FEED
from broadsheet.crawler.discovery.lastmod import changed_until
from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint, host_of
from broadsheet.crawler.frontier.seen import SeenUrls
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import FoundUrl

MAX_REDIRECTS = 10  # in a row
CONTINUES = (
    "?"  # ends the context of a link to more of a list that may have no end: such a list must go on to bring news
)
SURE_LISTINGS = 3  # pages of such a list that are asked for even so: the newest articles are known from elsewhere
MAX_LISTINGS = 4  # sitemaps in a row that may lead to other hosts
MAX_EMBEDS = 10  # in a row: a page's module imports a module, which imports ...
_FRAMES = ("iframe/", "frame/")
_TOO_FAR = "too far from a seed"


class Expansion:
    """Finds URLs that the state does not know.

    *accepts* says whether a URL belongs to the crawl; *max_depth* counts links from a seed, 0 for no limit.
    *accepts_requisite* says whether a requisite may be fetched; None: no requisites at all.  *accepts_listing* says whether a
    sitemap may be read that lies wherever a sitemap of the crawl says, or where one, or a feed, redirects to; None: *accepts*.
    *window* is the time whose articles are wanted; *left_out* is told of what is outside it or too far, the rule and the URL.
    *updates*: the crawl is an update, in which a known requisite is asked again when a page shows it.
    """

    def __init__(
        self,
        store: CrawlStore,
        *,
        accepts: Callable[[str], bool],
        accepts_requisite: Callable[[str], bool] | None = None,
        accepts_listing: Callable[[str], bool] | None = None,
        max_depth: int = 0,
        updates: bool = False,
        window: DateWindow = ALL_TIMES,
        left_out: Callable[[str, str], object] | None = None,
    ) -> None:
        self._store = store
        self._accepts = accepts
        self._accepts_listing = accepts_listing or accepts
        self._window = window
        self._left_out = left_out
        self._max_depth = max_depth
        self._updates = updates
        self._accepts_requisite = accepts_requisite
        self._seen = SeenUrls()
        self._seen_requisites = SeenUrls(capacity=30_000)
        self._seen_too_far = SeenUrls(capacity=10_000)
        self._unwritten: set[bytes] = set()
        self._next_order = store.next_order()  # as the store will count, too, while nobody else writes to it

    def found(self, hops: str, outlinks: Iterable[Outlink]) -> tuple[FoundUrl, ...]:
        """What is to be queued of the *outlinks* of a URL with the path *hops*."""
        wanted: dict[bytes, tuple[str, str, int]] = {}
        embedded = is_embedded(hops)
        continuations = []
        outlinks = tuple(outlinks)
        sources = _ranked_sources(outlinks)
        for link in outlinks:
            if link.hop == "L" and self._seen.knows(link.url):  # nine of ten
                continue
            if link.context.endswith(CONTINUES):
                continuations.append(link)
                continue
            if link.hop == "E" or (link.hop == "R" and embedded):
                path = self._requisite_path(link, hops)
            else:
                path = self._page_path(link, hops, hops + link.hop)
            if path is not None:
                guess = GUESSED if link.context == GUESSED_FEED else None
                priority = sources.get(link.url) or guess or _priority(link.url, path, link.lastmod)
                wanted.setdefault(fingerprint(dedupe_key(link.url)), (link.url, path, priority))
        known = self._known(tuple(wanted))
        news = (path for print_, (_, path, _) in wanted.items() if print_ not in known)
        if _listings(hops) < SURE_LISTINGS or any(path.endswith("L") for path in news):
            for link in continuations:
                if (path := self._page_path(link, hops, hops + link.hop)) is not None:
                    priority = _priority(link.url, path)
                    wanted.setdefault(fingerprint(dedupe_key(link.url)), (link.url, path, priority))
            known = self._known(tuple(wanted)) if continuations else known
        found = [self._new(print_, *one) for print_, one in wanted.items() if print_ not in known]
        if self._updates and known:
            resting = self._store.resting([one for one in known - self._unwritten if is_embedded(wanted[one][1])])
            self._unwritten.update(url.fingerprint for url in resting)
            found += resting
        return tuple(found)

    def changed_until(self, outlinks: Iterable[Outlink]) -> tuple[tuple[bytes, datetime], ...]:
        """What a sitemap says of when its URLs were changed at the latest; nothing, unless this is an update."""
        if not self._updates:
            return ()
        listed = (link for link in outlinks if link.lastmod and link.context.startswith("sitemap:"))
        said = ((link.url, changed_until(link.lastmod)) for link in listed)
        return tuple((fingerprint(dedupe_key(url)), until) for url, until in said if until is not None)

    def _page_path(self, link: Outlink, hops: str, path: str) -> str | None:
        """*path*, when *link*, of a URL with the path *hops*, may lead by it to a page or a listing."""
        url = link.url
        if self._too_far(path):
            if self._left_out is not None and self._seen_too_far.add(url):
                self._left_out(_TOO_FAR, url)
            return None
        if not self._seen.add(url):
            return None
        if (outside := self._window.leaves_out(link)) is not None:
            if self._left_out is not None:
                self._left_out(outside, url)
            return None
        if _is_listing(link, hops) and self._accepts_listing(url):
            return path
        return path if self._accepts(url) else None

    def _requisite_path(self, link: Outlink, hops: str) -> str | None:
        """The path by which *link* is to be fetched: as a frame that is a page, as a requisite, or not at all."""
        if not self._seen_requisites.add(link.url):
            return None
        if link.context.startswith(_FRAMES) and (page := self._page_path(link, hops, hops + "L")):
            return page
        path = hops + link.hop
        if self._accepts_requisite is None or self._too_far(path) or not self._accepts_requisite(link.url):
            return None
        return path

    def new_url(self, url: str, hops: str) -> FoundUrl | None:
        """*url* as what is to be queued, None when it is known already."""
        print_ = fingerprint(dedupe_key(url))
        priority = _priority(url, hops) if is_embedded(hops) or hops.endswith("I") else SEED  # the user named it
        return None if self._known((print_,)) else self._new(print_, url, hops, priority)

    def _new(self, print_: bytes, url: str, hops: str, priority: int) -> FoundUrl:
        self._unwritten.add(print_)
        found = FoundUrl(print_, url, host_of(url), priority, hops, self._next_order)
        self._next_order += 1
        return found

    def written(self, found: Iterable[FoundUrl]) -> None:
        """The store shows *found* by now."""
        self._unwritten.difference_update(url.fingerprint for url in found)

    def scope_widened(self) -> None:
        """URLs that were not accepted may be now: look at every one again."""
        self._seen = SeenUrls()
        self._seen_requisites = SeenUrls(capacity=30_000)

    def _known(self, prints: Sequence[bytes]) -> set[bytes]:
        """Those of *prints* that are queued or were, or will be when what was submitted is written."""
        known = self._store.seen(prints) if prints else set()
        known.update(one for one in prints if one in self._unwritten)
        return known

    def _too_far(self, hops: str) -> bool:
        if self._max_depth and hops.count("L") > self._max_depth:
            return True
        if hops.endswith("R" * (MAX_REDIRECTS + 1)):
            return True
        return len(hops) > MAX_EMBEDS and hops[len(hops.rstrip("ER")) :].count("E") > MAX_EMBEDS


def _is_listing(link: Outlink, hops: str) -> bool:
    """Whether *link*, of a URL with the path *hops*, leads to a sitemap or a feed that may lie on another host."""
    if hops.count("I") > MAX_LISTINGS:
        return False
    return link.context == "sitemap:sitemap/loc" or (link.hop == "R" and hops.rstrip("R").endswith("I"))


def _listings(hops: str) -> int:
    """How many sitemaps, feeds and lists in a row led to a URL with the path *hops*, itself included."""
    return len(hops) - len(hops.rstrip("I"))


def _priority(url: str, hops: str, said: str = "") -> int:
    if is_embedded(hops):  # in a lane of their own: what completes a page that was begun first
        return hops.count("E")
    return priority_of(url, hops, said)


def _ranked_sources(outlinks: Sequence[Outlink]) -> dict[str, int]:
    """The priorities of the sitemaps that a sitemap index names."""
    if not outlinks or outlinks[0].context != "sitemap:sitemap/loc":
        return {}
    children = [link for link in outlinks if link.context == "sitemap:sitemap/loc"]
    return {child.url: priority for child, priority in ordered_sources(children)}
