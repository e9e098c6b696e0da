"""Which caption and which credit belong to which image.

The image of a caption is in the smallest element that holds both and no body text; of several images there it is the one
just before the caption, else the next.  A figure whose picture is loaded by a script or stands in ``<noscript>`` has no image
in the layout: the figure's elements are searched.  Buttons and counters in a figure are no part of its caption; a credit at
the end of a caption is split off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from lxml import etree

from broadsheet.pipelines.extract.compose.credits import split_credit, with_bracket
from broadsheet.pipelines.extract.compose.sources import is_picture
from broadsheet.pipelines.extract.page.blocks import Block, ImageMark, Layout, Node
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role, RoleGroup, roles_in

_PICTURE_ROLES = roles_in(RoleGroup.PICTURE)
_REACH = 7  # elements above a caption that may be the one around it and its image
_MAX_LOOKED = 120  # elements of a figure that are asked for a hidden picture
_LETTERS = re.compile(r"[^\W\d_]{2}|[^\W\d_]*[\u3040-\u9fff\uac00-\ud7af]")
_CAPTION = BIT["caption"]
_GALLERY = re.compile("gallery|slide|diptych|collage", re.I)


@dataclass(frozen=True, slots=True)
class Words:
    """The caption and the credit of an image."""

    caption: str | None = None
    credit: str | None = None


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Bound:
    """The images of a page in its order, those without a place in the layout last, and the caption and credit of each."""

    marks: tuple[ImageMark, ...]
    words: dict[etree._Element, Words]


def bind_captions(layout: Layout, roles: Sequence[RoleAssignment]) -> Bound:
    """Find an image for every caption and credit."""
    if not any(one.role in _PICTURE_ROLES for one in roles):
        return Bound(layout.images, {})
    return _Binder(layout, roles).bind()


def near(node: Node, reach: int) -> Iterator[Node]:
    """*node* and those that it stands in, *reach* at most."""
    return islice(node.up(), reach)


class _Binder:
    def __init__(self, layout: Layout, roles: Sequence[RoleAssignment]) -> None:
        self._layout, self._roles = layout, roles
        self._body = list(accumulate([one.role in BODY_ROLES for one in roles], initial=0))  # blocks of it before each
        self._inside: dict[int, tuple[int, int]] = {}  # images in a node: the first and the last
        for number, mark in enumerate(layout.images):
            for node in mark.node.up():
                self._inside[id(node)] = (self._inside.get(id(node), (number, 0))[0], number)
        self._hidden: list[ImageMark] = []
        self._found: dict[etree._Element, list[Block]] = {}
        self._shared: dict[int, tuple[Node, list[Block]]] = {}  # the captions of whole galleries

    def bind(self) -> Bound:
        for block, one in zip(self._layout.blocks, self._roles, strict=True):
            if one.role in _PICTURE_ROLES and not self._is_button(block):
                gallery = self._gallery_of(block)
                if gallery is not None:
                    self._shared.setdefault(id(gallery), (gallery, []))[1].append(block)
                    continue
                mark = self._image_of(block)
                if mark is not None:
                    self._found.setdefault(mark.element, []).append(block)
        words = {element: self._words(blocks) for element, blocks in self._found.items()}
        self._share(words)
        return Bound((*self._layout.images, *self._hidden), words)

    def _share(self, words: dict[etree._Element, Words]) -> None:
        """Give the caption of a gallery to those of its images that have none of their own."""
        for gallery, blocks in self._shared.values():
            first, last = self._inside[id(gallery)]
            said = self._words(blocks)
            for mark in self._layout.images[first : last + 1]:
                words.setdefault(mark.element, said)

    def _gallery_of(self, block: Block) -> Node | None:
        """The gallery of several pictures of which *block* is the caption: in its figure, and in none of its parts."""
        for node in near(block.node, 3):
            first, last = self._inside.get(id(node), (0, -1))
            if node.tag == "figure":
                return node if last > first and (is_gallery(node) or self._has_figures(node)) else None
            if last >= first:
                return None
        return None

    def _has_figures(self, node: Node) -> bool:
        return any(one is not node.element for one in islice(node.element.iter("figure"), 2))

    def _image_of(self, block: Block) -> ImageMark | None:
        for node in near(block.node, _REACH):
            if self._body[node.stop] > self._body[node.first]:
                break
            if (inside := self._inside.get(id(node))) is not None:
                return self._nearest(block, *inside)
            if node.tag == "figure":
                return self._hidden_in(node, block)
        return self._just_before(block)

    def _nearest(self, block: Block, first: int, last: int) -> ImageMark | None:
        """Of the images *first* to *last* the last one before *block*, else the first."""
        images = self._layout.images
        low, high = first, last + 1
        while low < high:  # they are in order
            middle = (low + high) // 2
            if self._before(images[middle], block):
                low = middle + 1
            else:
                high = middle
        return images[max(low - 1, first)]

    def _before(self, mark: ImageMark, block: Block) -> bool:
        """Whether the image stands before the block.  ``mark.before`` counts a block that has begun with white space alone."""
        if mark.before <= block.ordinal:
            return True
        if mark.before > block.ordinal + 1 or mark.node.number > block.node.number:
            return False
        if mark.node.stop <= block.ordinal:  # the image's element ended before the block began
            return True
        around = mark.node.element
        ours, others = _child_of(around, block.node.element), _child_of(around, mark.element)
        return ours is not None and any(one is others for one in islice(ours.itersiblings(preceding=True), _REACH))

    def _just_before(self, block: Block) -> ImageMark | None:
        """The image with nothing but captions between it and the block."""
        if not self._layout.images:
            return None
        mark = self._nearest(block, 0, len(self._layout.images) - 1)
        if mark is None or not self._before(mark, block):
            return None
        between = self._roles[mark.before : block.ordinal]
        return mark if len(between) < 4 and all(one.role in _PICTURE_ROLES for one in between) else None

    def _hidden_in(self, figure: Node, block: Block) -> ImageMark | None:
        """A picture of *figure* that is loaded late, is a background, or is shown where scripts do not run."""
        for element in islice(figure.element.iter(etree.Element), _MAX_LOOKED):
            if is_picture(element):
                if not self._hidden or self._hidden[-1].element is not element:
                    self._hidden.append(ImageMark(element, figure, block.ordinal, None))
                return self._hidden[-1]
        return None

    def _is_button(self, block: Block) -> bool:
        """Whether the block is a button's label, or nothing but a number."""
        if _LETTERS.search(block.text) is None:
            return True
        return any(node.tag == "button" and id(node) not in self._inside for node in near(block.node, 3))

    def _words(self, blocks: list[Block]) -> Words:
        """Caption and credit out of all that belongs to an image."""
        marked = [block for block in blocks if _is_marked(block)]
        captions: dict[str, None] = {}
        credits: dict[str, None] = {}
        for block in marked or blocks:
            text, credit = split_credit(block, is_credit=self._roles[block.ordinal].role is Role.CREDIT)
            if text:
                captions.setdefault(text)
            if credit:
                credits.setdefault(credit)
        for block in blocks if marked else ():
            if block not in marked:
                text, credit = split_credit(block, is_credit=self._roles[block.ordinal].role is Role.CREDIT)
                if credit and not text:
                    credits.setdefault(credit)
        caption, credit = with_bracket(" ".join(captions), " ".join(credits))
        return Words(caption or None, credit or None)


def _child_of(around: etree._Element, element: etree._Element) -> etree._Element | None:
    """The child of *around* that holds *element*."""
    child = element
    for above in islice(element.iterancestors(), 2 * _REACH):
        if above is around:
            return child
        child = above
    return None


def is_gallery(node: Node) -> bool:
    """Whether the element's class says that it holds several pictures."""
    return _GALLERY.search((node.element.get("class") or "")[:240]) is not None


def _is_marked(block: Block) -> bool:
    """Whether the markup calls the block a caption."""
    return any(node.tag == "figcaption" or node.hints & _CAPTION for node in near(block.node, 3))
