"""The requisites of an HTML page, or of an SVG: what a browser would fetch to show it, and what lazy loaders would.

One pass over the tags that were read for the links, too (crawler/discovery/scan.py).  All candidates are taken, not
the one that this screen would choose: srcset, every source of a picture, video or audio, every media query's sheet.
Lazy loading is by convention: attributes that carry the real URL until a script moves it.  A convention's attribute
counts only when its value looks like a URL; "data-lazy=true" does not.

Left out on purpose: prefetch, prerender, dns-prefetch (the next page's), and whatever is only put together by scripts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from broadsheet.crawler.discovery.links import refresh_target
from broadsheet.crawler.discovery.scan import MAX_BODY, ScannedPage, resolver_of_tags, scan_page
from broadsheet.crawler.discovery.tags import Tag, page_tags
from broadsheet.crawler.requisites.conventions import (
    ICONS,
    LAZY,
    LAZY_BACKGROUNDS,
    LAZY_SETS,
    MEDIA_TAGS,
    PICTURE_METAS,
    PRELOADS,
    SCRIPT_TYPES,
)
from broadsheet.crawler.requisites.css import read_css
from broadsheet.crawler.requisites.jsonld import import_map, jsonld_pictures
from broadsheet.crawler.requisites.kind import Kind
from broadsheet.crawler.requisites.requisite import MAX_REQUISITES, Gathering, Requisite
from broadsheet.crawler.requisites.script import read_script
from broadsheet.crawler.requisites.srcset import srcset_urls

MAX_NESTING = 3  # srcdoc documents within srcdoc documents

_NO_URL = re.compile(r"[\s{}<>\"]|^(?:data|javascript|about|blob|mailto):", re.IGNORECASE)
_FILE = re.compile(r"\.[a-z0-9]{2,5}(?:$|[?#])", re.IGNORECASE)
_LOADING_WORDS = ("import", "export", "Worker", "URL", "register", "fetch", "getJSON", "axios", "GET")


def html_requisites(
    body: bytes | str, base_url: str, content_type: str = "", *, limit: int = MAX_REQUISITES
) -> tuple[Requisite, ...]:
    """What the HTML page or SVG *body* (content coding removed) at *base_url* needs; each URL once, in page order.

    *content_type* is the header's value, for its charset.  Never raises for what a page holds.
    """
    return page_requisites(scan_page(body, base_url, content_type), limit=limit)


def page_requisites(page: ScannedPage, *, limit: int = MAX_REQUISITES) -> tuple[Requisite, ...]:
    """The requisites of a page that was read already: see `html_requisites`."""
    gathering = Gathering(page.url, page.resolver, limit, page.unfetchable)
    reader = _Reader(gathering)
    for tag in page.tags:
        reader.see(tag)
        if gathering.full:
            break
    return gathering.found


class _Reader:
    """Goes over the tags of one page."""

    def __init__(self, gathering: Gathering, nesting: int = 0) -> None:
        self.gathering = gathering
        self._nesting = nesting
        self._imports: dict[str, str] = {}
        self._ways: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            "img": partial(self._image, "img"),
            "amp-img": partial(self._image, "amp-img"),
            "source": self._source,
            "video": partial(self._media, "video"),
            "audio": partial(self._media, "audio"),
            "amp-video": partial(self._media, "amp-video"),
            "track": partial(self._plain, "track", "src", Kind.MEDIA),
            "embed": partial(self._plain, "embed", "src", Kind.OBJECT),
            "object": partial(self._plain, "object", "data", Kind.OBJECT),
            "param": self._param,
            "frame": partial(self._plain, "frame", "src", Kind.FRAME),
            "iframe": self._iframe,
            "input": self._input,
            "image": partial(self._svg, "svg/image"),
            "feimage": partial(self._svg, "svg/feImage"),
            "use": partial(self._svg, "svg/use"),
            "link": self._link,
            "meta": self._meta,
        }

    def see(self, tag: Tag) -> None:
        """Take what one tag says."""
        name, attributes = tag.name, tag.attributes
        if way := self._ways.get(name):
            way(attributes)
        elif name == "script":
            self._script(attributes, tag.text)
        elif name == "style":
            self._css(tag.text, "style")
        elif "background" in attributes:
            self._plain(name, "background", Kind.IMAGE, attributes)
        if "style" in attributes:
            self._css(attributes["style"], f"{name}/@style")
        if not LAZY.isdisjoint(attributes):
            self._lazy(name, attributes)

    def _plain(self, tag: str, attribute: str, kind: Kind, attributes: Mapping[str, str]) -> None:
        self.gathering.add(attributes.get(attribute), kind, f"{tag}/@{attribute}")

    def _set(self, value: str | None, technique: str) -> None:
        if value:
            for url in srcset_urls(value):
                self.gathering.add(url, Kind.IMAGE, technique)

    def _css(self, text: str, where: str) -> None:
        if "(" in text or "@" in text:
            read_css(text, self.gathering, where)

    def _image(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._plain(tag, "src", Kind.IMAGE, attributes)
        self._plain(tag, "lowsrc", Kind.IMAGE, attributes)
        self._set(attributes.get("srcset"), f"{tag}/@srcset")

    def _source(self, attributes: Mapping[str, str]) -> None:
        self._plain("source", "src", Kind.MEDIA, attributes)
        self._set(attributes.get("srcset"), "source/@srcset")

    def _media(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._plain(tag, "poster", Kind.IMAGE, attributes)
        self._plain(tag, "src", Kind.MEDIA, attributes)
        poster = attributes.get("data-poster")
        if poster and _looks_like_url(poster):
            self.gathering.add(poster, Kind.IMAGE, f"{tag}/@data-poster")

    def _param(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("name", "").lower() in ("movie", "src", "filename", "url"):
            self._plain("param", "value", Kind.OBJECT, attributes)

    def _iframe(self, attributes: Mapping[str, str]) -> None:
        self._plain("iframe", "src", Kind.FRAME, attributes)
        inner = attributes.get("srcdoc")
        if inner and self._nesting < MAX_NESTING:
            self._within(inner[:MAX_BODY])

    def _within(self, html: str) -> None:
        """A document in an attribute (about:srcdoc): its base and encoding are those of its parent."""
        tags = tuple(page_tags(html))
        parent = self.gathering.resolver
        self.gathering.resolver = resolver_of_tags(parent, tags)
        inside = _Reader(self.gathering, self._nesting + 1)
        for tag in tags:
            inside.see(tag)
        self.gathering.resolver = parent

    def _input(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("type", "").strip().lower() == "image":
            self._plain("input", "src", Kind.IMAGE, attributes)

    def _svg(self, technique: str, attributes: Mapping[str, str]) -> None:
        for attribute in ("href", "xlink:href"):
            self.gathering.add(attributes.get(attribute), Kind.IMAGE, technique)

    def _script(self, attributes: Mapping[str, str], text: str) -> None:
        self._plain("script", "src", Kind.SCRIPT, attributes)
        for attribute in ("href", "xlink:href"):  # SVG's
            self.gathering.add(attributes.get(attribute), Kind.SCRIPT, f"script/@{attribute}")
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if kind == "application/ld+json":
            for url in jsonld_pictures(text):
                if _looks_like_url(url):
                    self.gathering.add(url, Kind.IMAGE, "script[type=application/ld+json]")
        elif kind == "importmap":
            self._imports = {**import_map(text), **self._imports}
            for url in self._imports.values():
                if not url.endswith("/"):  # a prefix is no URL to fetch
                    self.gathering.add(url, Kind.SCRIPT, "script[type=importmap]")
        elif kind in SCRIPT_TYPES and any(word in text for word in _LOADING_WORDS):
            read_script(text, self.gathering, self._imports)

    def _link(self, attributes: Mapping[str, str]) -> None:
        href, relations = attributes.get("href"), attributes.get("rel", "").lower().split()
        for relation in relations:
            technique = f"link[rel={relation}]/@href"
            if relation == "stylesheet":
                self.gathering.add(href, Kind.STYLE, technique)
            elif relation in ICONS:
                self.gathering.add(href, Kind.IMAGE, technique)
            elif relation == "manifest":
                self.gathering.add(href, Kind.DATA, technique)
            elif relation == "modulepreload":
                self.gathering.add(href, Kind.SCRIPT, technique)
            elif relation == "preload":
                self.gathering.add(href, PRELOADS.get(attributes.get("as", "").strip().lower(), Kind.DATA), technique)
                self._set(attributes.get("imagesrcset"), "link[rel=preload]/@imagesrcset")

    def _meta(self, attributes: Mapping[str, str]) -> None:
        content = attributes.get("content")
        if not content:
            return
        for attribute in ("property", "name", "itemprop"):
            name = attributes.get(attribute, "").strip().lower()
            if name in PICTURE_METAS and _looks_like_url(content.strip()):
                self.gathering.add(content, Kind.IMAGE, f"meta[{attribute}={name}]/@content")
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            self.gathering.add(refresh_target(content), Kind.FRAME, "meta[http-equiv=refresh]/@content")

    def _lazy(self, tag: str, attributes: Mapping[str, str]) -> None:
        kind = MEDIA_TAGS.get(tag)
        for name in attributes.keys() & LAZY:
            value, technique = attributes[name].strip(), f"{tag}/@{name}"
            if name in LAZY_SETS:
                self._set(value, technique)
            elif name in LAZY_BACKGROUNDS and "url(" in value.lower():
                self._css(value, technique)
            elif (kind or name in LAZY_BACKGROUNDS) and _looks_like_url(value):
                self.gathering.add(value, kind or Kind.IMAGE, technique)


def _looks_like_url(value: str) -> bool:
    """Whether *value* is worth a request: a path or a file, not a word, a number, a colour or JSON."""
    return not _NO_URL.search(value) and value[:1] != "#" and ("/" in value or _FILE.search(value) is not None)
