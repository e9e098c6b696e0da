"""The links of an HTML page: every URL that a reader, or a crawler, is led to from it.

One pass over its tags (tags.py), then URLs alone: no tree is built, nor a Request made.  What a page *shows* (images,
styles, scripts) is not here: requisites go another way.

    hop L   a, area, link rel=next/prev/canonical/alternate/amphtml ...: pages; what a script makes a link of (data-href,
            onclick, hx-get, options of a menu) or draws as a list (JSON-LD, the state of the page in scripts or attributes)
    hop E   iframe, frame: documents within the page
    hop I   feeds and sitemaps that the page announces, the lists of articles of its system (WordPress, Ghost), amp-list
    hop R   a meta refresh

rel=nofollow asks search engines not to count a vote; an archive follows it (it is noted, and can be left out).
Bounded for hostile pages: bytes looked at and links kept; the time is linear in the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery.json_links import data_links, is_page_reference, is_relative_page, names_a_page
from broadsheet.crawler.discovery.json_text import read_json, read_json_script
from broadsheet.crawler.discovery.link_element import link_target
from broadsheet.crawler.discovery.post_lists import ghost_posts
from broadsheet.crawler.discovery.scan import MAX_BODY, ScannedPage, resolver_of_tags, scan_page
from broadsheet.crawler.discovery.script_links import (
    EVENTS,
    SCRIPTED,
    SHOWN,
    data_targets,
    event_targets,
    location_targets,
)
from broadsheet.crawler.discovery.tags import LINK_TAGS, Tag, page_tags
from broadsheet.crawler.discovery.unfetchable import Unfetchable

MAX_LINKS = 10_000
_MAX_NESTING = 3  # srcdoc documents within srcdoc documents
_MAX_URL = 16_384  # characters; no browser or server takes as many

# Microdata (itemid) and RDFa (about, resource) say what URL the thing has that they describe.
_IDENTIFIERS = frozenset(("itemid", "about", "resource"))
_ARTICLE = re.compile(r"article|posting|webpage|reportage|document|(?:^|[\s:])item(?:$|\s)", re.IGNORECASE)
_DATA_TYPES = frozenset(("speculationrules", "fastboot/shoebox"))
_TEMPLATE_TYPES = re.compile(r"text/html|.*(?:template|handlebars|mustache|underscore)")
_LINK_ENDINGS = ("url", "href", "link")
_OTHER_LINK = re.compile(
    r"back-?end|cache|copy|deep|encrypt|external|load|param|pixel|proxy|raw|recommend|request|service|short|suggest|type-?ahead"
)
_URL_PROPERTIES = frozenset(("url", "mainentityofpage"))
_NOT_VOUCHED_FOR = frozenset(("nofollow", "ugc", "sponsored"))
_ROBOTS_NAMES = frozenset(("robots", "broadsheet"))
_DATA = ("{", "[")  # JSON begins so
_PLAIN = frozenset(("href", "class", "id", "rel", "title", "target", "style", "lang"))  # most attributes: no script's
_SCRIPT_OR_FEED = "jJfF"  # what javascript: and feed: begin with
_WORD = re.compile(r"[a-z][a-z-]*")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page leads to and what it asks of robots.

    ``base`` is the URL that its links were resolved against.  ``nofollow`` are those of ``outlinks`` that carry
    rel=nofollow, ugc or sponsored wherever they stand on the page.  ``robots`` holds the words of its robots meta tags
    in lower case, e.g. ``{"noarchive", "nofollow"}``: exposed, not obeyed.  ``truncated`` says that a bound was met,
    ``left_out`` counts the links beyond it.
    """

    outlinks: tuple[Outlink, ...]
    base: str
    canonical: str | None = None
    nofollow: frozenset[str] = frozenset()
    robots: frozenset[str] = frozenset()
    truncated: bool = False
    left_out: int = 0


def page_links(
    body: bytes | str, base_url: str, content_type: str = "", *, follow_nofollow: bool = True, limit: int = MAX_LINKS
) -> PageLinks:
    """The links of the HTML page *body* (content coding removed) at *base_url*, normalised, each once, in page order.

    Never raises for what a page holds.
    """
    return scanned_links(scan_page(body, base_url, content_type), follow_nofollow=follow_nofollow, limit=limit)


def scanned_links(page: ScannedPage, *, follow_nofollow: bool = True, limit: int = MAX_LINKS) -> PageLinks:
    """The links of a page that was read already: see `page_links`."""
    finder = _Finder(page.resolver, limit, page.unfetchable)
    finder.see_all(page.tags)
    return finder.result(page, follow_nofollow=follow_nofollow)


def redirect_links(url: str, reference: str, context: str = "location") -> tuple[Outlink, ...]:
    """Where an answer from *url* leads whose header *context* sends on to *reference*: one link with hop R, or none.

    *reference* is what `broadsheet.archive.http.url_reference` makes of the header.
    """
    target = Resolver(url).resolve(reference) if len(reference) <= _MAX_URL else None
    return () if target is None else (Outlink(target, "R", context),)


class _Finder:
    """Gathers links while the elements of one page go by."""

    def __init__(self, resolver: Resolver, limit: int, unfetchable: Unfetchable) -> None:
        self._nesting = 0
        self._resolver = resolver
        self._limit = limit
        self._unfetchable = unfetchable
        self._found: dict[str, Outlink] = {}
        self._vouched: set[str] = set()  # stand somewhere without rel=nofollow
        self._robots: set[str] = set()
        self._canonical: str | None = None
        self._beyond: set[str] = set()  # links for which there is no room

    def see_all(self, tags: Iterable[Tag]) -> None:
        """Take what the elements of a document say."""
        for tag in tags:
            name, attributes = tag.name, tag.attributes
            if name == "a":  # most of them
                self._anchor("a/@href", attributes)
            elif name in LINK_TAGS:
                self._see(name, attributes)
            elif name == "script":
                self._script(attributes, tag.text)
            if name not in SHOWN and not attributes.keys() <= _PLAIN:
                self._attributes(name, attributes)

    def _see(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take what an element says that is there to link."""
        match tag:
            case "area":
                self._anchor("area/@href", attributes)
            case "link":
                self._link(attributes)
            case "meta":
                self._meta(attributes)
            case "iframe" | "frame" | "turbo-frame":
                self._vouch(self._add(attributes.get("src"), "E" if tag != "turbo-frame" else "L", f"{tag}/@src"))
                self._document(attributes.get("srcdoc"))
            case "amp-list":
                self._vouch(self._add(attributes.get("src"), "I", "amp-list/@src"))
            case "option":  # of a menu that a script makes go somewhere; what a form sends looks otherwise
                self._add_if_page(attributes.get("value"), "option/@value")

    def _anchor(self, context: str, attributes: Mapping[str, str]) -> None:
        href = attributes.get("href")
        if href is None:
            href = attributes.get("xlink:href")  # SVG's
        elif href[:1] in _SCRIPT_OR_FEED and href[:11].lower() == "javascript:":
            self._event(unquote(href[11:]), f"{context}=javascript")
            return
        elif (
            href[:1] in _SCRIPT_OR_FEED and href[:5].lower() == "feed:"
        ):  # for programs that read feeds: feed://a.org/rss, feed:https://a.org/rss
            if href[5:].lower().startswith(("//", "http")):
                self._vouch(self._add(href[5:], "I", f"{context}=feed"))
            return
        url = self._add(href, "L", context)
        relation = attributes.get("rel")
        if url is not None and not (relation and _NOT_VOUCHED_FOR.intersection(relation.lower().split())):
            self._vouched.add(url)

    def _script(self, attributes: Mapping[str, str], text: str) -> None:
        """Take what a script holds as data, where it sends its reader, and whose posts it could list."""
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if _TEMPLATE_TYPES.fullmatch(kind):
            self._markup(text, f"script[type={kind}]")
        elif kind.endswith("json") or kind in _DATA_TYPES:
            name = "ld+json" if kind == "application/ld+json" else "json"
            self._take(data_links(read_json_script(text), self._resolver, f"script[type={name}]"))
        elif text:
            self._go(text, "script/location")
            for reference in data_targets(text):
                self._add_if_page(reference, "script/data")
        posts = ghost_posts(attributes)
        if posts is not None:
            self._vouch(self._add(posts, "I", "script/@data-ghost"))

    def _attributes(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take what scripts make a link of, by convention, what an article is said to be, and the state of the page."""
        for name, value in attributes.items():
            if name in _PLAIN:
                continue
            context = f"{tag}/@{name}"
            if name in EVENTS:
                self._event(value, context)
            elif name in _IDENTIFIERS:
                if _ARTICLE.search(attributes.get("typeof") or attributes.get("itemtype") or ""):
                    self._add_if_page(value, context)
            elif name in SCRIPTED:
                self._add_likely(value, context)
            elif name[:5] == "data-" and _is_named_as_link(name):
                self._add_if_page(value, context)
            elif value[:1] in _DATA and "/" in value and tag != "meta":  # a meta's is of the site's machinery
                self._take(data_links(read_json(value), self._resolver, context))
            elif value[:1] == "<" and name[:5] == "data-" and "<a " in value:
                self._markup(value, context)

    def _markup(self, html: str, context: str) -> None:
        """Take the links of markup that a script puts into the page, but for those that it has still to fill in."""
        for tag in page_tags(html[:MAX_BODY]):
            if tag.name == "a":
                self._add_likely(tag.attributes.get("href"), f"{context}/a/@href")

    def _event(self, script: str, context: str) -> None:
        self._go(script, context)
        for reference in event_targets(script):
            self._add_if_page(reference, context)

    def _go(self, script: str, context: str) -> None:
        for reference in location_targets(script):
            self._add_likely(reference, context)

    def _document(self, html: str | None) -> None:
        """A document in an attribute (about:srcdoc): its base is that of its parent."""
        if html and self._nesting < _MAX_NESTING:
            tags = tuple(page_tags(html[:MAX_BODY]))
            parent, self._resolver = self._resolver, resolver_of_tags(self._resolver, tags)
            self._nesting += 1
            self.see_all(tags)
            self._nesting -= 1
            self._resolver = parent

    def _add_if_page(self, reference: str | None, context: str) -> None:
        if reference and is_page_reference(reference.strip()):
            self._vouch(self._add(reference, "L", context))

    def _add_likely(self, reference: str | None, context: str) -> None:
        """Keep what looks like the URL of a page, be it relative."""
        if reference and is_relative_page(reference):
            self._vouch(self._add(reference, "L", context))
        else:
            self._add_if_page(reference, context)

    def _take(self, links: Iterable[Outlink]) -> None:
        for link in links:
            self._vouch(self._add(link.url, link.hop, link.context))

    def result(self, page: ScannedPage, *, follow_nofollow: bool) -> PageLinks:
        """What was gathered of *page*."""
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
            truncated=page.truncated or bool(self._beyond),
            left_out=page.left_out + len(self._beyond),
        )

    def _add(self, reference: str | None, hop: str, context: str) -> str | None:
        """Keep a link; the URL, or None when it is no link or there are enough, so that it is counted alone."""
        if not reference or reference[0] == "#" or len(reference) > _MAX_URL:
            return None
        url = self._resolver.resolve(reference)
        if url is None:
            self._unfetchable.see(reference)
            return None
        if url in self._found:
            return url
        if len(self._found) >= self._limit:
            self._beyond.add(url)
            return None
        self._found[url] = Outlink(url, hop, context)
        return url

    def _vouch(self, url: str | None) -> None:
        if url is not None:
            self._vouched.add(url)

    def _link(self, attributes: Mapping[str, str]) -> None:
        target = link_target(attributes, self._resolver)
        if target is None or (target.only_page and not is_page_reference(target.reference.strip())):
            return
        url = self._add(target.reference, target.hop, target.context)
        self._vouch(url)
        if self._canonical is None and target.hop == "L" and "canonical" in attributes.get("rel", "").lower().split():
            self._canonical = url

    def _meta(self, attributes: Mapping[str, str]) -> None:
        content = attributes.get("content")
        if not content:
            return
        if (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            self._vouch(self._add(refresh_target(content), "R", "meta[http-equiv=refresh]/@content"))
        if (attributes.get("name") or "").strip().lower() in _ROBOTS_NAMES:
            self._robots.update(_WORD.findall(content[:1000].lower()))
        if not _URL_PROPERTIES.isdisjoint((attributes.get("itemprop") or "").lower().split()):
            self._add_if_page(content, "meta[itemprop]/@content")


@lru_cache(maxsize=4096)
def _is_named_as_link(attribute: str) -> bool:
    """Whether an *attribute* of scripts is called like a link to a page: data-teaser-url, data-infinite-url-value."""
    name = attribute.removeprefix("data-").removesuffix("-value").removesuffix("-to")
    return name.endswith(_LINK_ENDINGS) and _OTHER_LINK.search(name) is None and names_a_page(name)


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
