"""Evidence for roles: the markup around a block, its place between headline and body, the pictures near it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import accumulate, islice
from typing import NamedTuple

from broadsheet.pipelines.extract.page.blocks import WITHIN, Block, Layout, Node
from broadsheet.pipelines.extract.page.hints import BIT
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.head_words import HeadWords

BIT_WITHIN = {tag: 1 << number for number, tag in enumerate(WITHIN)}
SHORT, LINE = 40, 160  # characters of a label, and of a line that is no paragraph
_HEADLINE, _CAPTION = BIT["headline"], BIT["caption"]
_PROMO = BIT["promo"]
_PROMO_FIGURE = _PROMO | BIT["figure"]
_FEW_BLOCKS = 4  # of an element that holds no more than a picture and what is said of it
_PICTURE_REACH = 4  # elements that count as having a picture: its own, and those around that
_SLIDE_REACH = 6  # elements around what is said of a slide's picture
_TAKEN_BY = re.compile(
    r"\((?:[^()]{0,40}\b)?(?:photo|image|foto|bild|AP|AFP|EPA|dpa|Reuters|Getty|courtesy|handout)\b[^()]{0,80}\)[.\s]*$"
    r"|\b(?:photos?|images?|fotos?|bild|quelle|crédit(?: photo)?|source|imago|getty images|picture alliance|dpa|afp|reuters)"
    r"\s?[:/|©].{2,80}$|©.{2,80}$",
    re.IGNORECASE,
)
_PICTURE_PAGE = re.compile(
    r"\.(?:jpe?g|png|webp|avif|gif)(?:\?|$)|/(?:images?|photos?|fotos?|gallery|bild)/", re.IGNORECASE
)
_SHOWS = re.compile(
    r"^(?:图为|圖為|[图圖][：:]|▲|△|写真[：:＝=は]|사진\s?[=:])|(?:摄|攝|供图|供圖|撮影|촬영)\s?[)）]?[。.]?$"
)


def says_what_is_shown(text: str) -> bool:
    """Whether a line says in Chinese, Japanese or Korean what a picture shows, or who took it."""
    return len(text) <= LINE and _SHOWS.search(text) is not None


def says_who_took_it(block: Block) -> Node | None:
    """The small element around a picture and the line *block*, if that ends with who took the picture."""
    if not SHORT < len(block.text) < 3 * LINE or block.link_density >= 0.5:
        return None
    node = next((one for one in islice(block.node.up(), _SLIDE_REACH) if one.images), None)
    if node is None or node.stop - node.first > _FEW_BLOCKS or _TAKEN_BY.search(block.text) is None:
        return None
    return node


class Place(NamedTuple):
    """A block that is not body, and the evidence about it.  ``hints`` are the bits (`hints.BIT`) of the elements around it that
    hold no body, and of the inline elements in it; ``within`` the bits of BIT_WITHIN of these elements around it;
    ``keywords`` the bits of `keywords.KEYWORD_BIT`; ``before`` and ``after`` say that it stands before or after the body."""

    block: Block
    ordinal: int
    size: int  # characters
    tag: str
    link_density: float
    hints: int
    within: int
    keywords: int
    words: str
    before: bool
    after: bool


_place = partial(tuple.__new__, Place)  # as Place(...), without a call of Python


class Evidence:
    """``first`` and ``last`` are the ordinals of the first and the last block of the body, ``headline`` that of the headline;
    without a body, the number of blocks and -1; without a headline, -1."""

    def __init__(
        self,
        layout: Layout,
        body: Sequence[RoleAssignment | None],
        head: HeadWords,
        words: Sequence[str],
        keywords: Sequence[int],
    ) -> None:
        self._blocks, self._body, self._words, self._keywords = layout.blocks, body, words, keywords
        self._title, self.titles = head.title, head.titles - {""}
        self.authors, self.description = head.authors, head.description
        self._sums = list(accumulate([one is not None for one in body], initial=0))
        inside = [number for number, one in enumerate(body) if one is not None]
        self.first = inside[0] if inside else len(body)
        self.last = inside[-1] if inside else -1
        self._pictures = _pictures(layout)
        self._image_at = {mark.before for mark in layout.images}
        self._near = self._look_near(layout.nodes)
        self.headline = self._find_headline()
        self._anchor = self.headline if self.headline >= 0 else self.first
        self._top = max(self.first, self._anchor)

    def place_of(self, block: Block) -> Place:
        """The evidence about *block*."""
        ordinal, text, node, _, link_chars, inline, _, _ = block
        hints, within = self._near[node.number]
        size = len(text)
        return _place((
            block, ordinal, size, node.tag, link_chars / size, hints | inline, within, self._keywords[ordinal],
            self._words[ordinal], ordinal < self.first, ordinal > self.last,
        ))  # fmt: skip

    def names_author(self, words: str) -> bool:
        """Whether an author's name is in *words*."""
        return bool(self.authors) and any(name in words for name in self.authors)  # none on many pages

    def near_top(self, ordinal: int, reach: int = 12) -> bool:
        """Whether the block stands near the headline, or between the headline and the beginning of the body."""
        return self._anchor - 4 <= ordinal <= self._top + reach - 8

    def about_body(self, ordinal: int) -> bool:
        """Whether the block stands in the body, up to six blocks before it, or right after it."""
        return self.first - 6 <= ordinal <= self.last + 1

    def in_caption(self, block: Block) -> bool:
        """Whether the block is the caption of a figure that has a picture, or is called one beside a picture."""
        if len(block.text) > 8 * LINE:
            return False
        caption = _tagged(block.node, "figcaption", 3)
        figure = None if caption is None or caption.parent is None else _tagged(caption.parent, "figure", 2)
        if figure is not None:
            return self._pictures[figure.number] > 0
        if caption is not None and block.ordinal in self._image_at:
            return True
        short = len(block.text) < 2 * LINE
        named = block.node.hints & _CAPTION or (short and (block.hints & _CAPTION or block.node.tag == "figure"))
        return bool(named) and any(
            self._pictures[node.number] > 0
            for node in islice(block.node.up(), 4)
            if node.stop - node.first <= _FEW_BLOCKS
        )

    def beside_picture(self, block: Block) -> bool:
        """Whether the block stands right before or after an image, in a small element that holds both and no body."""
        node: Node | None = block.node
        parent = block.node.parent
        alone = parent is not None and parent.stop - parent.first <= 3 and self._pictures[parent.number] > 0
        at_image = block.ordinal in self._image_at
        if at_image and (alone or says_what_is_shown(block.text)):
            return True
        for _ in range(3):
            if node is None or node.stop - node.first > 3 or self._sums[node.stop] > self._sums[node.first]:
                return False
            if self._pictures[node.number]:
                return True
            node = node.parent
        return False

    def tells_of_picture(self, block: Block) -> bool:
        """Whether the block, between the headline and the end of the body, says who took the picture that it stands with in an
        element that holds no body: slides and boxes of pictures have the names of cards and promotions."""
        if not self.headline < block.ordinal <= self.last + 1:
            return False
        node = says_who_took_it(block)
        return node is not None and self._sums[node.stop] == self._sums[node.first]

    def promotes(self, block: Block) -> bool:
        """Whether an element around the block that holds no body is named as a promotion, and not as a picture, too: boxes of
        pictures are called widgets and teasers."""
        for node in block.node.up():
            if self._sums[node.stop] > self._sums[node.first]:
                break
            if node.hints & _PROMO_FIGURE == _PROMO:
                return True
        return False

    def enlarges(self, block: Block) -> bool:
        """Whether the caption of a figure in the article is a link that leads to no other page: to the picture, in large."""
        if not self.about_body(block.ordinal) or _tagged(block.node, "figcaption", 3) is None:
            return False
        around = islice(block.node.element.iterancestors("a"), 1)
        link = next(around, None)
        target = "" if link is None else (link.get("href") or "")
        return link is not None and (not target or target.startswith("#") or _PICTURE_PAGE.search(target) is not None)

    def _look_near(self, nodes: Sequence[Node]) -> list[tuple[int, int]]:
        """The bits of hints and of kinds for each node: its own and those of the elements around it that hold no body.

        The nodes are in document order: a parent comes before its children."""
        sums, nothing = self._sums, (0, 0)
        near: list[tuple[int, int]] = []
        for node in nodes:
            if sums[node.stop] > sums[node.first]:
                near.append(nothing)
                continue
            hints, within = nothing if node.parent is None else near[node.parent.number]
            near.append((node.hints | hints, BIT_WITHIN.get(node.tag, 0) | within))
        return near

    def _find_headline(self) -> int:
        """The ordinal of the block that is the headline: the title, in the largest heading before the body; -1 for none."""
        best, rank = -1, 0.0
        title = self._title
        for block, own in zip(self._blocks[: self.first + 3], self._words, strict=False):
            same = own in self.titles
            alike = same or (title and own and (title.startswith(own) or own.startswith(title)))
            if not alike or len(block.text) > 400 or self._body[block.ordinal] is not None:
                continue
            level = _level(block.node)
            if same or level == 1:
                worth = (2 if same else 1) + (7 - level) / 4 + (0.2 if block.node.hints & _HEADLINE else 0)
                if worth > rank:
                    best, rank = block.ordinal, worth
        return best


def is_heading(tag: str) -> bool:
    """Whether *tag* is h1, h2 ..."""
    return len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()


def _level(node: Node) -> int:
    """The level of the heading that *node* or its parent is; 7 for neither."""
    if is_heading(node.tag):
        return int(node.tag[1])
    return int(node.parent.tag[1]) if node.parent is not None and is_heading(node.parent.tag) else 7


def _tagged(node: Node, tag: str, reach: int) -> Node | None:
    """The first element with that *tag* among *node* and the elements around it, *reach* elements in all."""
    found: Node | None = node
    for _ in range(reach):
        if found is None or found.tag == tag:
            return found
        found = found.parent
    return None


def _pictures(layout: Layout) -> list[int]:
    """How many images stand in each element; an image counts for its own element and three above that."""
    counts = [0] * len(layout.nodes)
    for mark in layout.images:
        node: Node | None = mark.node
        for _ in range(_PICTURE_REACH):
            if node is None or node.depth < 0:
                break
            counts[node.number] += 1
            node = node.parent
    return counts
