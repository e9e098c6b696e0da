"""The links of an HTML page: every URL that a reader, or a crawler, is led to from it.

One pass over its tags (tags.py), then URLs alone: no tree is built, nor a Request made.  What a page *shows* (images,
styles, scripts) is not here: requisites go another way.

    hop L   a, area, link rel=next/prev/canonical/alternate/amphtml ...: pages
    hop E   iframe, frame: documents within the page
    hop I   feeds and sitemaps that the page announces
    hop R   a meta refresh

rel=nofollow asks search engines not to count a vote; an archive follows it (it is noted, and can be left out).
Bounded for hostile pages: bytes looked at and links kept; the time is linear in the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery.scan import ScannedPage, scan_page
from broadsheet.crawler.discovery.tags import LINK_TAGS
from broadsheet.crawler.discovery.urls import Resolver

MAX_LINKS = 10_000
_MAX_URL = 16_384  # characters; no browser or server takes as many

_FEED_TYPES = frozenset(
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "text/xml",
        "application/xml",
    ]
)
# Not shortlink: WordPress puts one on every page, and it only redirects to that page.
_PAGE_RELATIONS = frozenset(
    ["next", "prev", "previous", "canonical", "alternate", "amphtml", "first", "last", "start", "up", "index"]
)
_NOT_VOUCHED_FOR = frozenset(("nofollow", "ugc", "sponsored"))
_ROBOTS_NAMES = frozenset(("robots", "broadsheet"))
_WORD = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page leads to and what it asks of robots.

    ``base`` is the URL that its links were resolved against.  ``nofollow`` are those of ``outlinks`` that carry
    rel=nofollow, ugc or sponsored wherever they stand on the page.  ``robots`` holds the words of its robots meta tags
    in lower case, e.g. ``{"noarchive", "nofollow"}``: exposed, not obeyed.  ``truncated`` says that a bound was met.
    """

    outlinks: tuple[Outlink, ...]
    base: str
    canonical: str | None = None
    nofollow: frozenset[str] = frozenset()
    robots: frozenset[str] = frozenset()
    truncated: bool = False


def page_links(
    body: bytes | str, base_url: str, content_type: str = "", *, follow_nofollow: bool = True, limit: int = MAX_LINKS
) -> PageLinks:
    """The links of the HTML page *body* (content coding removed) at *base_url*, normalised, each once, in page order.

    Never raises for what a page holds.
    """
    return scanned_links(scan_page(body, base_url, content_type), follow_nofollow=follow_nofollow, limit=limit)


def scanned_links(page: ScannedPage, *, follow_nofollow: bool = True, limit: int = MAX_LINKS) -> PageLinks:
    """The links of a page that was read already: see `page_links`."""
    finder = _Finder(page.resolver, limit)
    for tag in page.tags:
        if tag.name in LINK_TAGS:
            finder.see(tag.name, tag.attributes)
            if finder.full:
                break
    return finder.result(truncated=page.truncated, follow_nofollow=follow_nofollow)


def redirect_links(url: str, reference: str, context: str = "location") -> tuple[Outlink, ...]:
    """Where an answer from *url* leads whose header *context* sends on to *reference*: one link with hop R, or none.

    *reference* is what `broadsheet.archive.http.url_reference` makes of the header.
    """
    target = Resolver(url).resolve(reference) if len(reference) <= _MAX_URL else None
    return () if target is None else (Outlink(target, "R", context),)


class _Finder:
    """Gathers links while the elements of one page go by."""

    def __init__(self, resolver: Resolver, limit: int) -> None:
        self._resolver = resolver
        self._limit = limit
        self._found: dict[str, Outlink] = {}
        self._vouched: set[str] = set()  # stand somewhere without rel=nofollow
        self._robots: set[str] = set()
        self._canonical: str | None = None
        self.full = False

    def see(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take what one element says."""
        match tag:
            case "a" | "area":
                url = self._add(attributes.get("href"), "L", f"{tag}/@href")
                relation = attributes.get("rel")
                if url is not None and not (relation and _NOT_VOUCHED_FOR.intersection(relation.lower().split())):
                    self._vouched.add(url)
            case "link":
                self._link(attributes)
            case "meta":
                self._meta(attributes)
            case "iframe" | "frame":
                self._vouch(self._add(attributes.get("src"), "E", f"{tag}/@src"))

    def result(self, *, truncated: bool, follow_nofollow: bool) -> PageLinks:
        """What was gathered."""
        nofollow = frozenset(self._found.keys() - self._vouched)
        outlinks = tuple(self._found.values())
        if nofollow and not follow_nofollow:
            outlinks = tuple(link for link in outlinks if link.url not in nofollow)
        return PageLinks(
            outlinks=outlinks,
            base=self._resolver.base or "",
            canonical=self._canonical,
            nofollow=nofollow,
            robots=frozenset(self._robots),
            truncated=truncated or self.full,
        )

    def _add(self, reference: str | None, hop: str, context: str) -> str | None:
        """Keep a link; the URL, or None when it is no link or there are enough."""
        if not reference or reference[0] == "#" or len(reference) > _MAX_URL:
            return None
        url = self._resolver.resolve(reference)
        if url is None or url in self._found:
            return url
        if len(self._found) >= self._limit:
            self.full = True
            return None
        self._found[url] = Outlink(url, hop, context)
        return url

    def _vouch(self, url: str | None) -> None:
        if url is not None:
            self._vouched.add(url)

    def _link(self, attributes: Mapping[str, str]) -> None:
        relations = frozenset((attributes.get("rel") or "").lower().split())
        href = attributes.get("href")
        if not relations or not href or "stylesheet" in relations:
            return
        media_type = (attributes.get("type") or "").partition(";")[0].strip().lower()
        url = None
        if "sitemap" in relations:
            url = self._add(href, "I", "link[rel=sitemap]/@href")
        elif relations & {"alternate", "feed"} and _is_feed(media_type, href):
            url = self._add(href, "I", "link[rel=alternate]/@href")
        elif media_type in ("", "text/html", "application/xhtml+xml"):
            relation = min(relations & _PAGE_RELATIONS, default=None)
            if relation is not None:
                url = self._add(href, "L", f"link[rel={relation}]/@href")
            if "canonical" in relations and self._canonical is None:
                self._canonical = url
        self._vouch(url)

    def _meta(self, attributes: Mapping[str, str]) -> None:
        content = attributes.get("content")
        if not content:
            return
        if (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            self._vouch(self._add(refresh_target(content), "R", "meta[http-equiv=refresh]/@content"))
        if (attributes.get("name") or "").strip().lower() in _ROBOTS_NAMES:
            self._robots.update(_WORD.findall(content[:1000].lower()))


def _is_feed(media_type: str, href: str) -> bool:
    # JSON feeds were application/json once; WordPress announces its API under the same type.
    return media_type in _FEED_TYPES or (media_type == "application/json" and "feed" in href)


def refresh_target(content: str) -> str | None:
    """The URL in a refresh such as ``5; url='/next'`` (WHATWG HTML, 4.2.5.3); None when it names none."""
    rest = content[: 2 * _MAX_URL].lstrip().lstrip("0123456789.")
    if rest[:1] not in (";", ",", " ", "\t", "\n", "\r", "\f"):
        return None
    rest = rest.lstrip().removeprefix(";").removeprefix(",").lstrip()
    if rest[:3].lower() == "url":
        after = rest[3:].lstrip()
        if after.startswith("="):
            rest = after[1:].lstrip()
    if rest[:1] in ("'", '"'):
        rest = rest[1:].partition(rest[0])[0]
    return rest.strip() or None
