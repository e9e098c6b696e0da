"""What an answer leads to: one way for pages and requisites, sitemaps, feeds and data.

A document of the crawl (a page, a sitemap, a feed; also one that was met as a requisite first) is read for its links; every
answer in a language that names other URLs is read for what it needs.  Redirects lead to their target.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.http_answer import Answer
from broadsheet.crawler.bounds.form import UrlForm, form_of
from broadsheet.crawler.discovery.bare_pages import leads_on, own_data, own_scripts, usual_feeds
from broadsheet.crawler.discovery.charset import decode, html_encoding
from broadsheet.crawler.discovery.classify import BodyKind, classify_body
from broadsheet.crawler.discovery.feed import feed_links
from broadsheet.crawler.discovery.json_links import CONTINUATION, listing_links
from broadsheet.crawler.discovery.link_header import link_tags
from broadsheet.crawler.discovery.links import redirect_links, refresh_target, scanned_links
from broadsheet.crawler.discovery.post_lists import smaller_list
from broadsheet.crawler.discovery.scan import ScannedPage, scan_page
from broadsheet.crawler.discovery.sitemap import read_sitemap
from broadsheet.crawler.discovery.unfetchable import Unfetchable
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.requisites.answer import Language, answer_requisites, embed_links, language_of, merge_links
from broadsheet.crawler.requisites.html import page_requisites
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import Gathering
from broadsheet.crawler.requisites.script import read_script

LARGE = 256 * 1024  # bytes of an answer; more is read in a thread: a sitemap of 50,000 URLs takes half a second
MAX_LISTING = 64 * 1024 * 1024  # bytes of a sitemap or feed that are looked at; a sitemap may have 50 MB (sitemaps.org)
MAX_DOCUMENT = 16 * 1024 * 1024  # bytes of anything else
_GOES_ON = frozenset(("next", "prev-archive"))
_NAMES_NOTHING = ("image/", "font/", "video/", "audio/")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer leads to.  ``links`` stand in the order in which they are to be tried: the first of a URL counts."""

    links: tuple[Outlink, ...] = ()
    is_page: bool = False

    @property
    def outlinks(self) -> tuple[Outlink, ...]:
        """Where it leads a reader, or a crawl."""
        return tuple(link for link in self.links if link.hop != "E")

    @property
    def requisites(self) -> tuple[Outlink, ...]:
        """What it shows or runs."""
        return tuple(link for link in self.links if link.hop == "E")


@dataclass(frozen=True, slots=True)
class LinkReader:
    """Reads answers for a crawl that takes requisites or does not, without the kinds to *skip*.

    *in_scope* says whether a URL, were it linked, would be a document of the crawl.  *on_left_out* is told of an answer
    that names more URLs than are taken: its URL, what it is, and how many more; *on_unfetchable* of each reference that
    HTTP cannot fetch; in any thread.
    """

    in_scope: Callable[[str], bool]
    requisites: bool = True
    skip: frozenset[Kind] = frozenset()
    on_left_out: Callable[[str, str, int], None] | None = None
    on_unfetchable: Callable[[str], None] | None = None

    def links_of(self, answer: Answer, visit: Visit, content: bytes | None = None) -> Reading:
        """What *answer*, to *visit*, leads to; *content* is its content, where somebody has decoded it already.

        Never raises for what a server sent.
        """
        location = answer.head.reference("Location")
        if location is not None and 300 <= answer.head.status < 400:
            links = redirect_links(visit.url, location)
            if not links:
                unfetchable = Unfetchable()
                unfetchable.see(location)
                self._count(unfetchable)
            return Reading(links)
        if answer.head.status != 200:
            return Reading(_instead(answer, visit))
        if _names_nothing(answer) and not visit.source:  # a sitemap may be called a picture
            return Reading()  # nine of ten requisites
        if visit.requisite and not self.in_scope(visit.url):
            return Reading(self._embeds(answer, visit, content), answer.is_page)
        if content is None:
            content = answer.content(MAX_LISTING)
        return Reading((*_refresh(answer, visit.url), *self._document(answer, visit, content)), answer.is_page)

    def reads_content(self, answer: Answer, visit: Visit) -> bool:
        """Whether `links_of` needs the content of *answer*, to *visit*."""
        if answer.head.status != 200 or (_names_nothing(answer) and not visit.source):
            return False
        if visit.requisite and not self.in_scope(visit.url):
            return self.requisites and language_of(visit.url, answer.head.get("Content-Type") or "") is not None
        return True

    def _document(self, answer: Answer, visit: Visit, content: bytes) -> Sequence[Outlink]:
        """The links of a document of the crawl, with what it needs."""
        content_type = answer.head.get("Content-Type") or ""
        match classify_body(content_type, content):
            case BodyKind.HTML:
                page = scan_page(content, visit.url, content_type, answer.head.references("Link"))
                read = scanned_links(page)
                self._say(visit.url, "page", read.left_out)
                links = read.outlinks
                links = (*links, *self._elsewhere(page, links, visit))
                shown = page_requisites(page) if self.requisites else ()
                self._count(page.unfetchable)
                if not self.requisites:
                    return (*links, *_asked_lists(page))
                return merge_links(shown, links, self.skip, hops=visit.hops)
            case BodyKind.SITEMAP:
                sitemap = read_sitemap(content, visit.url, unfetchable := Unfetchable())
                self._say(visit.url, "sitemap", sitemap.left_out)
                self._count(unfetchable)
                return sitemap.links
            case BodyKind.FEED:
                links = feed_links(
                    content, visit.url, partial(self._say, visit.url, "feed"), unfetchable := Unfetchable()
                )
                self._count(unfetchable)
                return (*links, *_announced_pages(answer, visit.url))
            case BodyKind.DATA:
                return (*self._listed(answer, visit.url, content), *self._embeds(answer, visit, content))
        if visit.source and not self.requisites and language_of(visit.url, content_type) is Language.SCRIPT:
            return self._listed(answer, visit.url, content) or _lists_of_script(visit, content, content_type)
        return self._embeds(answer, visit, content)

    def _elsewhere(self, page: ScannedPage, links: Sequence[Outlink], visit: Visit) -> Iterator[Outlink]:
        """Where else to look for articles if *page*, a seed or linked from one, names hardly any."""
        if visit.hops.replace("R", "") not in ("", "L"):
            return
        if not self.requisites and not leads_on(page, links, self._may_be_article):
            yield from own_data(page)
            yield from own_scripts(page)
        if not visit.hops.strip("R") and not leads_on(page, links, self.in_scope):
            yield from usual_feeds(page.url)

    def _may_be_article(self, url: str) -> bool:
        return form_of(url) >= UrlForm.ARTICLE and self.in_scope(url)

    def _listed(self, answer: Answer, url: str, content: bytes) -> tuple[Outlink, ...]:
        """The links of a list in JSON at *url*; its next page may stand in the head of *answer* (RFC 8288, WordPress)."""
        pages = answer.head.get("X-WP-TotalPages") or ""
        number = int(pages) if pages.isascii() and pages.isdigit() else None
        links = listing_links(content, url, pages=number, on_left_out=partial(self._say, url, "list"))
        following = _announced_pages(answer, url)
        if not following or not links:
            return links
        return (*(link for link in links if link.context != CONTINUATION), *following)

    def _say(self, url: str, what: str, left_out: int) -> None:
        if left_out and self.on_left_out is not None:
            self.on_left_out(url, what, left_out)

    def _count(self, unfetchable: Unfetchable) -> None:
        if self.on_unfetchable is not None:
            for reference in unfetchable.found:
                self.on_unfetchable(reference)

    def _embeds(self, answer: Answer, visit: Visit, content: bytes | None) -> tuple[Outlink, ...]:
        """What an answer that is no document of the crawl needs."""
        content_type = answer.head.get("Content-Type") or ""
        if not self.requisites or language_of(visit.url, content_type) is None:
            return ()
        body = answer.content(MAX_DOCUMENT) if content is None else content[:MAX_DOCUMENT]
        return embed_links(answer_requisites(visit.url, content_type, body), hops=visit.hops, skip=self.skip)


async def in_thread_if_large(answer: Answer, read: Callable[[], T], *, large: bool = False) -> T:
    """What *read* makes of *answer*, without holding up the event loop for a *large* content, or a large message."""
    if (large or len(answer.message) > LARGE) and not _names_nothing(answer):
        return await asyncio.to_thread(read)
    return read()


def _refresh(answer: Answer, url: str) -> tuple[Outlink, ...]:
    """Where the header Refresh of *answer*, to *url*, sends a reader: it means what a meta refresh means."""
    refresh = answer.head.reference("Refresh")
    target = None if refresh is None else refresh_target(refresh)
    return () if target is None else redirect_links(url, target, "refresh")


def _announced_pages(answer: Answer, url: str) -> tuple[Outlink, ...]:
    """Where the head of *answer*, to *url*, says that the list goes on (RFC 8288; RFC 5005 for archives of feeds)."""
    for tag in link_tags(answer.head.references("Link"), url):
        if not _GOES_ON.isdisjoint(tag.attributes.get("rel", "").lower().split()):
            return (Outlink(tag.attributes["href"], "I", CONTINUATION),)
    return ()


def _asked_lists(page: ScannedPage) -> Iterator[Outlink]:
    """The data that the scripts of a page ask for, as lists: for a crawl that does not take them as requisites."""
    gathering = Gathering(page.url, page.resolver)
    for tag in page.tags:
        if tag.name == "script" and tag.text:
            read_script(tag.text, gathering)
    return _lists(gathering)


def _lists_of_script(visit: Visit, content: bytes, content_type: str) -> tuple[Outlink, ...]:
    """The same of a script file, which a browser resolves against the page that it belongs to."""
    gathering = Gathering(visit.via or visit.url)
    read_script(decode(content[:MAX_DOCUMENT], html_encoding(content, content_type)), gathering)
    return tuple(_lists(gathering))


def _lists(gathering: Gathering) -> Iterator[Outlink]:
    return (Outlink(one.url, "I", one.technique) for one in gathering.found if one.kind is Kind.DATA)


def _instead(answer: Answer, visit: Visit) -> tuple[Outlink, ...]:
    """What to ask for where what was looked for is not there: a shorter list for one that is refused."""
    smaller = smaller_list(visit.url) if answer.head.status == 400 and visit.source else None
    return () if smaller is None else (Outlink(smaller, "I", "wordpress:smaller list"),)


def _names_nothing(answer: Answer) -> bool:
    declared = answer.declared
    return declared.startswith(_NAMES_NOTHING) and declared != "image/svg+xml" and not declared.endswith("mpegurl")
