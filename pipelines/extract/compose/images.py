"""The images of an article, each with its caption, credit and alternative text.

Only images that stand between headline and end of the body, or that have a caption, or that the page names as its main
image, are the article's: icons, avatars, pixels and the pictures of teasers are not.  Sources that are loaded late
(``data-src`` and its kin) count as sources; of a ``srcset`` the widest is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.compose.captions import NO_WORDS, Bound, bind_captions, is_gallery, near
from broadsheet.pipelines.extract.compose.sources import Sources, is_decoration
from broadsheet.pipelines.extract.extraction import Image
from broadsheet.pipelines.extract.metadata.jsonld import plain
from broadsheet.pipelines.extract.page.blocks import ImageMark, Layout
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role

MAX_IMAGES = 500
_ABOVE_BODY = frozenset({Role.HEADLINE, Role.STANDFIRST})
_MIN_SIZE = 60  # pixels; smaller ones are icons
_FURNITURE = sum(
    BIT[name] for name in ("author", "biography", "related", "popular", "card", "ad", "promo", "share", "nav")
)
_CAPTIONED = ("data-caption", "data-sub-html")  # of the elements around a picture in a lightbox


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """An image, and the ordinal of the block that it stands before."""

    image: Image
    before: int


def article_images(
    layout: Layout, roles: Sequence[RoleAssignment], resolver: Resolver, main_image: str | None
) -> tuple[Image, ...]:
    """The images of the page's article, in its order."""
    return tuple([one.image for one in placed_images(layout, roles, resolver, main_image)])


def placed_images(
    layout: Layout, roles: Sequence[RoleAssignment], resolver: Resolver, main_image: str | None
) -> tuple[PlacedImage, ...]:
    """The same, each with its place."""
    finder = _Finder(roles, resolver, bind_captions(layout, roles), main_image)
    images: list[PlacedImage] = []
    seen: dict[str, int] = {}
    for mark in finder.marks:
        image = finder.image(mark, len(images))
        if image is None:
            continue
        key = _key(image.image_url)
        at = seen.get(key)
        if at is None:
            seen[key] = len(images)
            images.append(PlacedImage(image, mark.before))
        elif image.caption is not None and _says_more(image, images[at].image):
            known = replace(images[at].image, caption=image.caption, credit=image.credit)
            images[at] = replace(images[at], image=known)
        if len(images) >= MAX_IMAGES:
            break
    return tuple(images)


def _says_more(image: Image, known: Image) -> bool:
    """Whether the same picture, shown again, has the caption: one where it had none, or one with a credit, which the headline
    of a video that it stands for has not."""
    return known.caption is None or (known.credit is None and image.credit is not None)


class _Finder:
    def __init__(
        self, roles: Sequence[RoleAssignment], resolver: Resolver, bound: Bound, main_image: str | None
    ) -> None:
        self.marks = bound.marks
        self._words = bound.words
        self._sources = Sources(resolver)
        self._main = None if main_image is None else _key(main_image)
        self._main_name = "" if self._main is None else self._main.rpartition("/")[2]
        body = [number for number, one in enumerate(roles) if one.role in BODY_ROLES]
        heads = [number for number, one in enumerate(roles) if one.role in _ABOVE_BODY]
        self._first = min([*body[:1], *heads[:1]], default=0)
        self._first_body = body[0] if body else 0
        self._last = body[-1] if body else -1

    def image(self, mark: ImageMark, ordinal: int) -> Image | None:
        element = mark.element
        if element.tag in {"iframe", "object", "audio"}:
            return None
        target, others = self._sources.of(element)
        if target is None:
            return None
        width, height = _size(element, "width"), _size(element, "height")
        words = self._words.get(mark.element, NO_WORDS)
        caption = words.caption or _captioned(element)
        main = self._main is not None and any(map(self._is_main, (target, *others)))
        inside = self._first - 3 <= mark.before <= self._last + 1
        small = any(size is not None and size < _MIN_SIZE for size in (width, height))
        if caption is None and (not inside or small or is_decoration(target)) and not main:
            return None
        if caption is None and not main and mark.node.hints & _FURNITURE:
            return None
        role = "inline"
        if main or (mark.before <= self._first_body and ordinal == 0):
            role = "hero"
        elif any(map(is_gallery, near(mark.node, 4))):
            role = "gallery"
        alt = " ".join((element.get("alt") or "").split())
        return Image(ordinal, target, role, others, caption, words.credit, alt or None, width, height)

    def _is_main(self, address: str) -> bool:
        return self._main_name in address.lower() and _key(address) == self._main  # few have its name: few are split


def _captioned(element: etree._Element) -> str | None:
    """The caption that a lightbox shows with the picture, from an attribute of what is around it."""
    around = (element, *islice(element.iterancestors(), 3))
    text = next((value for one in around for name in _CAPTIONED if (value := one.get(name))), None)
    return plain(text) or None if text and not text.startswith(("#", ".")) else None


def _size(element: etree._Element, name: str) -> int | None:
    value = (element.get(name) or "").strip().removesuffix("px")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _key(url: str) -> str:
    """The key of a picture: its URL without the query, which asks for a size."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".lower()
