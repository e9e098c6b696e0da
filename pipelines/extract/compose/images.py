"""The images of an article, each with its caption, credit and alternative text.

Only images that stand between headline and end of the body, or that have a caption, or that the page names as its main
image, are the article's: icons, avatars, pixels and the pictures of teasers are not.  Sources that are loaded late
(``data-src`` and its kin) count as sources; of a ``srcset`` the widest is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from broadsheet.pipelines.extract.compose.captions import NO_WORDS, Bound, bind_captions, near
from broadsheet.pipelines.extract.extraction import Image
from broadsheet.pipelines.extract.page.blocks import ImageMark, Layout
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.page.hrefs import Resolver
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role

MAX_IMAGES = 500
_ABOVE_BODY = frozenset({Role.HEADLINE, Role.STANDFIRST})
_MIN_SIZE = 60  # pixels; smaller ones are icons
_SOURCES = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-hi-res-src",
    "data-full-src",
    "data-image",
    "data-url",
    "src",
)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATE = re.compile(r"[\s,]*+(\S++)(?:(?<=,)|\s*+([^,]*+),?)")  # possessive: linear whatever a page writes
_DESCRIPTOR = re.compile(r"([\d.]{1,12})([wx])")
_DECORATION = re.compile(
    r"(?:sprite|pixel|spacer|blank|loader|loading|placeholder|1x1|avatar|gravatar|emoji|favicon|logo)[^/]*$", re.I
)
_GALLERY = re.compile("gallery|slide", re.I)
_FURNITURE = sum(
    BIT[name] for name in ("author", "biography", "related", "popular", "card", "ad", "promo", "share", "nav")
)
_MAX_SRCSET = 20_000  # characters
_MAX_SOURCES = 40  # source elements of a picture


def article_images(
    layout: Layout, roles: Sequence[RoleAssignment], url: str, main_image: str | None
) -> tuple[Image, ...]:
    """The images of the page's article, in its order."""
    finder = _Finder(roles, url, bind_captions(layout, roles))
    images: list[Image] = []
    seen: dict[str, int] = {}
    for mark in finder.marks:
        image = finder.image(mark, len(images), main_image)
        if image is None:
            continue
        key = _key(image.image_url)
        at = seen.get(key)
        if at is None:
            seen[key] = len(images)
            images.append(image)
        elif images[at].caption is None and image.caption is not None:  # the same picture, once with its caption
            images[at] = replace(images[at], caption=image.caption, credit=image.credit)
        if len(images) >= MAX_IMAGES:
            break
    return tuple(images)


class _Finder:
    def __init__(self, roles: Sequence[RoleAssignment], url: str, bound: Bound) -> None:
        self.marks = bound.marks
        self._words = bound.words
        self._resolver = Resolver(url)
        body = [number for number, one in enumerate(roles) if one.role in BODY_ROLES]
        heads = [number for number, one in enumerate(roles) if one.role in _ABOVE_BODY]
        self._first = min([*body[:1], *heads[:1]], default=0)
        self._first_body = body[0] if body else 0
        self._last = body[-1] if body else -1

    def image(self, mark: ImageMark, ordinal: int, main_image: str | None) -> Image | None:
        element = mark.element
        if element.tag in {"iframe", "object", "audio"}:
            return None
        target, others = self._sources(element)
        if target is None:
            return None
        width, height = _size(element, "width"), _size(element, "height")
        words = self._words.get(mark.element, NO_WORDS)
        caption = words.caption
        main = main_image is not None and _key(target) == _key(main_image)
        inside = self._first - 3 <= mark.before <= self._last + 1
        small = any(size is not None and size < _MIN_SIZE for size in (width, height))
        if caption is None and (not inside or small or _DECORATION.search(urlsplit(target).path)) and not main:
            return None
        if caption is None and not main and mark.node.hints & _FURNITURE:
            return None
        role = "inline"
        if main or (mark.before <= self._first_body and ordinal == 0):
            role = "hero"
        elif any(_GALLERY.search(node.element.get("class") or "") for node in near(mark.node, 4)):
            role = "gallery"
        alt = " ".join((element.get("alt") or "").split())
        return Image(ordinal, target, role, others, caption, words.credit, alt or None, width, height)

    def _sources(self, element: etree._Element) -> tuple[str | None, tuple[str, ...]]:
        sets: list[tuple[float, str]] = []
        parent = element.getparent()
        while parent is not None and parent.tag in {"noscript", "span"}:
            parent = parent.getparent()
        elements = [element]
        if parent is not None and parent.tag == "picture":
            elements += islice(parent.iterchildren("source"), _MAX_SOURCES)
        for one in elements:
            names = one.keys()
            for name in _SETS:
                if name in names and (value := one.get(name)):
                    sets += _candidates(value)
        others = tuple(dict.fromkeys(filter(None, (self._absolute(target) for _, target in sets))))
        if element.tag == "video":
            return self._absolute(element.get("poster") or ""), ()
        names = element.keys()
        for name in _SOURCES:
            value = (element.get(name) or "").strip() if name in names else ""
            if value and not value.startswith(("data:", "blob:", "{", "[")):
                target = self._absolute(value)
                if target is not None and not (others and _DECORATION.search(urlsplit(target).path)):
                    return target, others
        best = max(sets, default=None, key=lambda item: item[0])
        return (self._absolute(best[1]) if best else None), others

    def _absolute(self, value: str) -> str | None:
        if not value or value.startswith(("data:", "blob:", "javascript:")):
            return None
        try:
            return self._resolver.join(value)
        except ValueError:
            return None


def _candidates(srcset: str) -> list[tuple[float, str]]:
    """The candidates of a srcset with their widths or densities (HTML, "srcset attributes")."""
    found = []
    for target, descriptors in _CANDIDATE.findall(srcset[:_MAX_SRCSET].strip(" \t\r\n\f,")):
        size = _DESCRIPTOR.search(descriptors)
        try:
            worth = float(size[1]) * (1000 if size[2] == "x" else 1) if size else 1.0
        except ValueError:
            worth = 1.0
        if plain := target.rstrip(","):
            found.append((worth, plain))
    return found


def _size(element: etree._Element, name: str) -> int | None:
    value = (element.get(name) or "").strip().removesuffix("px")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _key(url: str) -> str:
    """The key of a picture: its URL without the query, which asks for a size."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".lower()
