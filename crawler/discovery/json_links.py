"""Links in JSON: lists of articles that scripts draw, the state of a page that a script brings to life, JSON-LD.

Nothing says which strings of JSON are links, so two things must agree: the name of the value (``url``, ``href``, ``link``,
``permalink``, ``storyUrl`` ...) and its look (an absolute URL, or a path from the root, of something that is no picture, style
or script).  Markup in a string (``"html": "<a href=..."``) is read for its links, as sites load more of a list that way, and so
is JSON in a string (SvelteKit).

A list is mostly cut into pages.  What leads to the next one, in this order:

    a URL that is called so      ``next``, ``nextPageUrl``, ``links.next.href`` (JSON:API, HAL, Laravel, Django REST)
    a number or mark of it       ``next: 3``, ``nextCursor: "abc"``, put into the parameter of the same list
    what is left                 ``hasMore``, ``totalPages``, ``total``; without any, the next number is worth one try

A continuation has the context ``json:next?``: it is followed for as long as it brings something new (frontier/expansion.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, unquote

from broadsheet.archive.exchange import Outlink
from broadsheet.archive.url import Resolver
from broadsheet.crawler.discovery.json_text import read_json, read_json_answer
from broadsheet.crawler.discovery.tags import page_tags

MAX_LINKS: Final = 10_000
CONTINUATION: Final = "json:next?"
_MAX_VALUES = 200_000
_MAX_MARKUP = 512 * 1024  # characters of one string of markup
_MAX_URL = 2_000
_OPENING, _CLOSING = ("{", "["), ("}", "]")
_LONG_NAME = 100  # characters of a member's name; longer ones are none of ours

_RELATIVE = re.compile(r"[\w.~%,/&=?+;:-]+")
_PAGE_FILE = re.compile(r"\.(?:html?|php\d?|aspx?|jsp)$", re.IGNORECASE)
_MEDIA_TYPES = ("application/", "image/", "text/", "video/", "audio/", "font/")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INNER = re.compile(r".*\[(\w+)\]$")  # page[offset] of JSON:API, pagination[page] of Strapi
_NOT_A_LETTER = re.compile(r"[^a-z]")
# What a link to a page is called, alone or at the end of a longer name: "url", "canonicalUrl", "web_url".
_LINK_NAME = re.compile(
    r"(?:url|uri|href|link|permalink|path|pathname|loc|route|slug|alias|guid|item|to|as)s?|.*(?:url|href|link|permalink)s?"
)
_LISTS = _words("""
    articles posts stories item items entries results data pages news records hits
    itemlistelement haspart blogpost mainentity mainentityofpage
""")
# What else is called so: pictures, files, services, the people and sites around a page.
_OTHER_NAME = re.compile(
    r".*(?:image|img|thumb|avatar|logo|icon|photo|picture|media|video|audio|poster|asset|cover|banner|style|script|css|font"
    r"|api|ajax|rest|endpoint|base|root|login|logout|signin|signup|register|account|cart|checkout|action|search|shar(?:e|ing)|oembed"
    r"|adtag|cms|iframe|messaging|payment|profile|storage|template|validat"
    r"|embed|download|static|cdn|admin|feed|prev|first|last|self|edit|delete|comment|repl|author|track|analytics|socket|content)"
)
_NEXT_NAME = re.compile(r"next(?:page)?(?:url|uri|href|link|path)?|(?:load)?more(?:url|href|link)|nextlink")
_SKIPPED = re.compile(r"self|prev|previous|first|last|curies|breadcrumbs?|logo|images?|publisher")
_FILE = re.compile(
    r"\.(?:avif|bmp|css|eot|gif|ico|jpe?g|js|m?js|map|mp[34]|ogg|otf|m3u8|mpd|png|svg|ttf|wasm|wav|web[mp]|woff2?)(?:[?#]|$)",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?:[hH][tT]{2}[pP][sS]?:)?//[^\s<>{}\"\\^`|/]+[^\s<>{}\"\\^`|]*|/(?:[^\s<>{}\"\\^`|/][^\s<>{}\"\\^`|]*)?"
)

_SERVICE = re.compile(
    r"^[^?]*/(?:api|ajax|wp-json|wp-admin|graphql|oembed)(?:/|$)", re.IGNORECASE
)  # what is there is no page

_PAGE_PARAMETERS = ("page", "p", "paged", "pg", "number", "pagenumber", "pageno", "pagenum", "pageindex", "pagination")
_OFFSET_PARAMETERS = ("offset", "start", "skip", "from", "startindex", "begin")
_SIZE_PARAMETERS = ("limit", "perpage", "pagesize", "count", "size", "take", "num", "maxresults", "rows")
_CURSOR_PARAMETERS = ("cursor", "after", "next", "token", "pagetoken", "continuation", "marker", "startafter")
# What a mark of the next page is called, and the parameter that takes it where the list's own URL has none.
_CURSORS = {
    "next": "cursor", "nextcursor": "cursor", "cursor": "cursor", "endcursor": "after", "after": "after", "nextafter": "after",
    "nexttoken": "token", "nextpagetoken": "pageToken", "continuation": "continuation", "continuationtoken": "continuation",
}  # fmt: skip
_MORE_NAMES = _words("hasmore hasnext hasnextpage more morepages hasmorepages")
_PAGES_NAMES = _words("totalpages pages lastpage pagecount numpages maxpage maxpages pagestotal pagetotal nbpages")
_TOTAL_NAMES = _words("total totalcount totalresults totalitems totalrecords numfound")


def is_page_reference(text: str) -> bool:
    """Whether *text* looks like the URL of a page: absolute or from the root, and of no picture, style or script."""
    return len(text) <= _MAX_URL and _PATH.fullmatch(text) is not None and _FILE.search(text) is None


def is_relative_page(text: str) -> bool:
    """Whether *text* looks like the URL of a page from where it stands: a query, or a path with a slash or a page's ending."""
    if len(text) > _MAX_URL or _RELATIVE.fullmatch(text) is None or _FILE.search(text) or ":" in text[:12]:
        return False
    path, mark, query = text.partition("?")
    if not path:
        return bool(mark) and "=" in query
    if text.startswith(("./", "../")) or _PAGE_FILE.search(path):
        return True
    return "/" in path[1:] and text[0] != "/" and text[0].isalpha() and not text.startswith(_MEDIA_TYPES)


def _is_file(text: str) -> bool:
    """Whether *text* is the relative URL of a page by its ending."""
    return _PAGE_FILE.search(text) is not None and is_relative_page(text)


def data_links(document: Any, resolver: Resolver, context: str) -> tuple[Outlink, ...]:
    """The links to pages in the JSON value *document*, as part of a page: each URL once, in order, hop L."""
    found = _Found(resolver, context)
    found.read(document)
    if found.next_url is not None:
        found.links.setdefault(found.next_url, Outlink(found.next_url, "L", f"{context}:next"))
    return tuple(found.links.values())


def listing_links(
    body: bytes, url: str, *, pages: int | None = None, on_left_out: Callable[[int], object] | None = None
) -> tuple[Outlink, ...]:
    """The links of the JSON *body* at *url*, an answer of its own: L to pages, I to the rest of the list.  Never raises.

    *pages* is how many pages the list has, where the answer's head says so; *on_left_out* is told how many links there are
    beyond the bound.
    """
    document = read_json_answer(body)
    if not isinstance(document, dict | list):
        return ()
    found = _Found(Resolver(url), "json")
    found.read(document)
    if found.left_out and on_left_out is not None:
        on_left_out(found.left_out)
    links = list(found.links.values())
    following = found.following(url, pages)
    if following is not None and following != url and links:
        links.append(Outlink(following, "I", CONTINUATION))
    return tuple(links)


@dataclass(slots=True)
class _Found:
    """What one document of JSON has come to."""

    resolver: Resolver
    context: str
    links: dict[str, Outlink] = field(default_factory=dict)
    next_url: str | None = None
    next_page: int | None = None
    cursor: tuple[str, str] | None = None  # the parameter that takes it, as far as its name tells, and the value
    more: bool | None = None
    pages: int | None = None
    total: int | None = None
    left_out: int = 0  # links for which there is no room

    def read(self, document: Any) -> None:
        """Take the links of *document*, in the order in which they are written."""
        waiting: list[tuple[str, Any, bool]] = [("items", document, False)]  # with whether it is part of a list
        for _ in range(_MAX_VALUES):
            if not waiting:
                return
            name, value, listed = waiting.pop()
            if isinstance(value, str):
                self._text(name, value)
                if value[:1] in _OPENING and value[-1:] in _CLOSING and (within := read_json(value)) is not None:
                    waiting.append(("items", within, listed))
            elif isinstance(value, list):
                waiting.extend((name, item, True) for item in reversed(value))
            elif isinstance(value, dict):
                waiting.extend((key, item, listed) for key, item in reversed([*_members(name, value)]))
            elif not listed:
                self._say(name, value)

    def _text(self, name: str, value: str) -> None:
        value = value.strip()
        if _names_the_next(name) and (is_page_reference(value) or value.startswith("?")):
            self.next_url = self.next_url or self.resolver.resolve(value)
        elif name in _CURSORS:
            if 0 < len(value) <= _MAX_URL:
                self.cursor = self.cursor or (_CURSORS[name], value)
        elif "<a " in value and "href" in value:
            self._markup(value)
        elif _names_a_page(name) and (is_page_reference(value) or _is_file(value)):
            self._add(value, name)

    def _say(self, name: str, value: bool | float | None) -> None:
        """Take what *value* says of the list as a whole."""
        if value is None or value is False:
            if _names_the_next(name) or name in _MORE_NAMES:
                self.more = False
        elif value is True:
            if name in _MORE_NAMES:
                self.more = True
        elif isinstance(value, int) and value > 0:
            if name in ("next", "nextpage"):
                self.next_page = value
            elif name in _PAGES_NAMES:
                self.pages = value
            elif name in _TOTAL_NAMES:
                self.total = value

    def _markup(self, html: str) -> None:
        for tag in page_tags(html[:_MAX_MARKUP]):
            if tag.name == "a" and (href := tag.attributes.get("href")) and href[:1] != "#":
                self._add(href, "a/@href")

    def _add(self, reference: str, name: str) -> None:
        url = self.resolver.resolve(reference)
        if url is not None and url != self.resolver.base and _SERVICE.search(url) is None:
            if len(self.links) >= MAX_LINKS and url not in self.links:
                self.left_out += 1
                return
            self.links.setdefault(url, Outlink(url, "L", f"{self.context}:{name}"[:60]))

    def following(self, url: str, pages: int | None) -> str | None:
        """Where the list at *url* goes on, as far as anything says; None: nowhere."""
        if self.next_url is not None:
            return self.next_url
        query = _Query.of(url)
        if self.cursor is not None:
            parameter, value = self.cursor
            return query.with_value(query.parameter(_CURSOR_PARAMETERS) or parameter, quote(value, safe=""))
        if self.more is False:
            return None
        if (name := query.parameter(_OFFSET_PARAMETERS)) and (offset := query.number(name)) is not None:
            return self._next_offset(query, name, offset)
        name = query.parameter(_PAGE_PARAMETERS)
        number = None if name is None else query.number(name)
        last = max(filter(None, (self.pages, pages)), default=None)
        if name is not None and number is not None:
            over = last is not None and number >= last and self.next_page is None
            return None if over else query.with_value(name, str(self.next_page or number + 1))
        if self.next_page or self.more or (last or 0) > 1:
            return query.with_value("page", str(self.next_page or 2))
        return None

    def _next_offset(self, query: _Query, name: str, offset: int) -> str | None:
        size = query.parameter(_SIZE_PARAMETERS)
        step = (query.number(size) if size else None) or len(self.links)
        if not step or (self.total is not None and offset + step >= self.total):
            return None
        return query.with_value(name, str(offset + step))


def _members(name: str, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What of the object *value*, called *name*, is to be read, with plain names."""
    if value.get("@type") == "BreadcrumbList":
        return
    following = _names_the_next(name)
    for key, item in value.items():
        if key == "_links":  # HAL: all but one are the service's own
            yield "next", item.get("next") if isinstance(item, dict) else None
            continue
        short = "url" if key == "@id" and ("@type" in value or name in _LISTS) else _plain(key)
        if following and short in ("href", "url"):
            short = "next"
        if not _is_skipped(short):
            yield short, item


@lru_cache(maxsize=1024)
def _is_skipped(name: str) -> bool:
    return _SKIPPED.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _names_the_next(name: str) -> bool:
    return _NEXT_NAME.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _names_a_page(name: str) -> bool:
    return name in _LISTS or (_LINK_NAME.fullmatch(name) is not None and _OTHER_NAME.match(name) is None)


@dataclass(frozen=True, slots=True)
class _Query:
    """The parameters of a URL, to be asked for again with another value."""

    start: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, url: str) -> _Query:
        start, _, query = url.partition("?")
        pairs = (pair.partition("=") for pair in query.split("&") if pair)
        return cls(start, tuple((name, value) for name, _, value in pairs))

    def parameter(self, names: tuple[str, ...]) -> str | None:
        """The parameter that has one of the plain *names*."""
        return next((name for name, _ in self.pairs if _plain(_INNER.sub(r"\1", unquote(name))) in names), None)

    def number(self, name: str) -> int | None:
        """Its value, if that is a number."""
        value = next((value for key, value in self.pairs if key == name), "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None

    def with_value(self, name: str, value: str) -> str:
        """The URL with that parameter."""
        pairs = [(key, value if key == name else old) for key, old in self.pairs]
        if all(key != name for key, _ in pairs):
            pairs.append((name, value))
        query = "&".join(f"{key}={old}" for key, old in pairs)
        return Resolver(None).resolve(f"{self.start}?{query}") or self.start


def names_a_page(name: str) -> bool:
    """Whether what is called *name*, by a programmer, is the URL of a page, if it is one."""
    return _names_a_page(_plain(name))


def _plain(name: str) -> str:
    """*name* in lower case, letters alone, without a prefix: ``next_page``, ``nextPage`` and ``hydra:nextPage`` are one."""
    return _plain_short(name) if len(name) <= _LONG_NAME else ""


@lru_cache(maxsize=4096)  # the same few hundred on all pages of a site
def _plain_short(name: str) -> str:
    return _NOT_A_LETTER.sub("", name.rpartition(":")[2].lower())
