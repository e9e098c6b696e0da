"""Roles: which kind of thing each block is that the article's body is not made of, and which kind of body the others are.

Whether a block is body is decided before (block model, trafilatura, site profile).  Here every other block is filed: by
the markup of the elements that it stands in, as far as these hold no body; by the words that furniture begins with; by
its links; by where it stands between headline and body, or after.  The order of the questions is the order of their
certainty.  What nothing speaks for is ``nav`` in a list of links, else ``other``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.extract.blocks import WITHIN, Block, ImageMark, Layout, Node
from pipelines.extract.hints import BIT
from pipelines.extract.keywords import KEYWORD_BIT

_BIT_WITHIN = {tag: 1 << number for number, tag in enumerate(WITHIN)}
_WORD = re.compile(r"\w+")
_NUMBERS = re.compile(r"[\d\s]+")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b.*\b\d|\b\d.*\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    r"|\b\d{1,2}:\d\d\b|年\d{1,2}月|\bago\b|^(?:vor|il y a|hace|há) \d"
)
_H_HEADLINE, _H_NAV, _H_CAPTION, _H_CREDIT, _H_STANDFIRST, _H_AUTHOR, _H_DATE, _H_TAGS, _H_COMMENT = (
    BIT[name] for name in ("headline", "nav", "caption", "credit", "standfirst", "author", "date", "tags", "comment")
)
_H_FORM, _H_BIOGRAPHY, _H_POPULAR, _H_RELATED, _H_FOOTER = (
    BIT[name] for name in ("form", "biography", "popular", "related", "footer")
)
_H_CARD_PROMO = BIT["card"] | BIT["promo"]
_LISTS = BIT["related"] | BIT["popular"] | BIT["nav"] | BIT["share"]
_NO_CAPTION = _LISTS | _H_CARD_PROMO | BIT["author"] | BIT["ad"]
_NO_STANDFIRST = BIT["related"] | BIT["nav"] | BIT["cookie"] | BIT["newsletter"] | BIT["popular"]
_W_CREDIT = KEYWORD_BIT["credit"]
_W_BYLINE = KEYWORD_BIT["byline"]
_W_RELATED_NEWSLETTER_SHARE = KEYWORD_BIT["related"] | KEYWORD_BIT["newsletter"] | KEYWORD_BIT["share"]
_W_DATE = KEYWORD_BIT["date"]
_W_TAGS = KEYWORD_BIT["tags"]
_W_COMMENT = KEYWORD_BIT["comment"]
_W_BIOGRAPHY = KEYWORD_BIT["biography"]
_W_POPULAR = KEYWORD_BIT["popular"]
_W_RELATED = KEYWORD_BIT["related"]
_W_LEGAL = KEYWORD_BIT["legal"]
_SECTIONS = KEYWORD_BIT["popular"] | KEYWORD_BIT["related"]
_ELLIPSIS = ("…", "...", "[…]", "[...]")
_SHORT, _LINE = 40, 160  # characters of a label, and of a line that is no paragraph
_LINKED = 0.6  # share of linked characters from which a block is a list of links


@dataclass(frozen=True, slots=True)
class Filed:
    """A block's role, why it has it (``markup``, ``rule``, ``model``, ``trafilatura``, ``site_template``,
    ``embedded``), and how sure."""

    role: str
    source: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the page's metadata say about it, for naming blocks."""

    title: str | None = None
    titles: tuple[str, ...] = ()  # other forms of the title
    authors: tuple[str, ...] = ()
    description: str | None = None


def words_of(text: str) -> str:
    """The words of *text*, in lower case, with single spaces: what is compared when punctuation and case say nothing."""
    return " ".join(_WORD.findall(text.casefold()))


def name_roles(
    layout: Layout, body: Sequence[Filed | None], known: Known, words: Sequence[str], keywords: Sequence[int]
) -> list[Filed]:
    """File all blocks of *layout*; *body* says, for each, how it is body, or None; *words* and *keywords* are each block's
    (`words_of`, `keywords_of`)."""
    return _Naming(layout, body, known, words, keywords).name()


class _Naming:
    def __init__(
        self, layout: Layout, body: Sequence[Filed | None], known: Known, words: Sequence[str], keywords: Sequence[int]
    ) -> None:
        self._blocks = layout.blocks
        self._words = words
        self._keywords = keywords
        self._body = body
        self._title = words_of(known.title or "")
        self._titles = {words_of(title) for title in (known.title or "", *known.titles)} - {""}
        self._authors = tuple(filter(None, (words_of(name) for name in known.authors)))
        self._description = words_of(known.description or "")
        self._sums = [0]
        for filed in body:
            self._sums.append(self._sums[-1] + (filed is not None))
        inside = [number for number, filed in enumerate(body) if filed is not None]
        self._first = inside[0] if inside else len(body)
        self._last = inside[-1] if inside else -1
        self._local: dict[int, tuple[int, int]] = {}
        self._pictures = _picture_nodes(layout.images)
        self._image_at = {mark.before for mark in layout.images}
        for node in layout.nodes:  # parents first
            self._local[id(node)] = self._look_near(node)
        self._headline = self._find_headline()

    def name(self) -> list[Filed]:
        """All roles, in order."""
        filed = [self._name(block) for block in self._blocks]
        self._join_related(filed)
        return filed

    def _name(self, block: Block) -> Filed:
        body = self._body[block.ordinal]
        if body is not None:
            if self._in_caption(block):
                return Filed("caption", "markup")
            return Filed(body_role(block), body.source, body.score)
        hints, within = self._local[id(block.node)]
        place = _Place(
            block,
            hints | block.hints,
            within,
            self._keywords[block.ordinal],
            self._words[block.ordinal],
            before=block.ordinal < self._first,
            after=block.ordinal > self._last,
        )
        for question in _QUESTIONS:
            answer = question(self, place)
            if answer is not None:
                return answer
        return Filed("other", "rule")

    # -- evidence

    def _look_near(self, node: Node) -> tuple[int, int]:
        """Hints and kinds of *node* and the elements around it, as far as they hold no body."""
        if self._sums[node.stop] > self._sums[node.first]:
            return 0, 0
        above = (0, 0) if node.parent is None else self._local[id(node.parent)]
        return node.hints | above[0], _BIT_WITHIN.get(node.tag, 0) | above[1]

    def _find_headline(self) -> int:
        """The block that is the headline, -1 when there is none: the title, in the largest heading before the body."""
        best, rank = -1, 0.0
        for block in self._blocks[: self._first + 3]:
            if len(block.text) > 400 or self._body[block.ordinal] is not None:
                continue
            own = self._words[block.ordinal]
            if not own:
                continue
            level = next((int(node.tag[1]) for node in _two(block.node) if _is_heading(node.tag)), 7)
            same = own in self._titles
            if same or (level == 1 and self._title and (self._title.startswith(own) or own.startswith(self._title))):
                worth = (2 if same else 1) + (7 - level) / 4 + (0.2 if block.node.hints & _H_HEADLINE else 0)
                if worth > rank:
                    best, rank = block.ordinal, worth
        return best

    # -- questions: each gives a role or None

    def _ask_headline(self, place: _Place) -> Filed | None:
        if place.block.ordinal == self._headline:
            return Filed("headline", "markup" if _is_heading(place.block.tag) else "rule")
        if place.words and place.words in self._titles and len(place.words) > 12:
            if self._beside_picture(place.block):
                return Filed("caption", "rule")
            if place.before or (not place.after and place.block.link_density < _LINKED):
                return Filed("breadcrumb" if place.hints & _H_NAV else "headline", "rule")
        return None

    def _ask_caption(self, place: _Place) -> Filed | None:
        block = place.block
        marked = block.tag == "figcaption" or place.within & _BIT_WITHIN["figure"] or place.hints & _H_CAPTION
        listed = place.hints & _LISTS and not (self._about_body(block) and self._in_caption(block))
        if marked and not listed and block.link_density < _LINKED:
            if (place.hints & ~block.hints) & _H_CREDIT or (
                place.keywords & _W_CREDIT and len(block.text) < 2 * _SHORT
            ):
                return Filed("credit", "markup")
            return Filed("caption", "markup")
        if (block.hints | block.node.hints) & _H_CREDIT and place.keywords & _W_CREDIT and len(block.text) < _LINE:
            return Filed("credit", "markup")
        if (
            self._beside_picture(block)
            and self._about_body(block)
            and len(block.text) < 3 * _LINE
            and block.link_density < _LINKED
            and not place.hints & _NO_CAPTION
            and place.words not in self._authors
            and not _is_heading(block.tag)
        ):
            return Filed("credit" if place.keywords & _W_CREDIT and len(block.text) < _SHORT else "caption", "rule")
        return None

    def _ask_standfirst(self, place: _Place) -> Filed | None:
        block = place.block
        if not (self._headline < block.ordinal <= self._first or (place.before and self._headline < 0)):
            return None
        if not _SHORT <= len(block.text) <= 900 or block.link_density > 0.5:
            return None
        if (
            self._description
            and len(place.words) > 30
            and (place.words.startswith(self._description[:60]) or self._description.startswith(place.words[:60]))
        ):
            return Filed("standfirst", "rule")
        if place.hints & _H_STANDFIRST and not place.hints & _NO_STANDFIRST:
            return Filed("standfirst", "markup")
        if (
            _is_heading(block.tag)
            and 0 <= block.ordinal - self._headline <= 2
            and block.tag in {"h2", "h3"}
            and not place.keywords
        ):
            return Filed("standfirst", "rule")
        return None

    def _ask_byline(self, place: _Place) -> Filed | None:
        block = place.block
        if len(block.text) > _LINE or not (self._headline - 4 <= block.ordinal or self._headline < 0):
            return None
        named = any(name in place.words for name in self._authors)
        if named and len(place.words) < 2 * max(len(name) for name in self._authors) + _SHORT:
            return Filed("byline", "rule")
        if (
            self._near_top(block)
            and (place.keywords & _W_BYLINE or place.hints & _H_AUTHOR)
            and not place.keywords & _W_RELATED_NEWSLETTER_SHARE
        ):
            return Filed("byline", "markup" if place.hints & _H_AUTHOR else "rule")
        return None

    def _ask_dateline(self, place: _Place) -> Filed | None:
        block = place.block
        if len(block.text) < 2 * _SHORT and block.link_density < _LINKED and self._near_top(block, 8) and (
            _DATE.search(block.text) or (block.tag == "time" or "time" in block.marked)
        ):  # fmt: skip
            return Filed("dateline", "rule")
        if (
            len(block.text) < 2 * _SHORT
            and place.hints & _H_DATE
            and (place.keywords & _W_DATE or _DATE.search(block.text))
            and self._near_top(block, 15)
        ):
            return Filed("dateline", "markup")
        return None

    def _ask_tags(self, place: _Place) -> Filed | None:
        if place.hints & _H_TAGS and len(place.block.text) < 2 * _LINE and not place.within & _BIT_WITHIN["nav"] and (
            self._first - 10 <= place.block.ordinal <= self._last + 25
        ):  # fmt: skip
            return Filed("tags", "markup")
        if (
            place.keywords & _W_TAGS
            and len(place.block.text) < 2 * _LINE
            and self._first - 10 <= place.block.ordinal <= self._last + 25
        ):
            return Filed("tags", "rule")
        return None

    def _ask_furniture(self, place: _Place) -> Filed | None:
        block = place.block
        for hint, word, role in _FURNITURE:
            if place.hints & hint and (place.keywords & word or len(block.text) < 3 * _SHORT or not word):
                return Filed(role, "markup")
        if len(block.text) < 4 * _LINE:
            for word, role in _SAYINGS:
                if place.keywords & word and not (
                    place.before and block.ordinal < self._first - 20 and block.link_density > _LINKED
                ):
                    return Filed(role, "rule")
        return None

    def _ask_comment(self, place: _Place) -> Filed | None:
        if place.hints & _H_COMMENT and not place.hints & _H_TAGS:
            form = place.within & _BIT_WITHIN["form"] or place.hints & _H_FORM or place.block.tag in {"label", "button"}
            heading = _is_heading(place.block.tag) and place.keywords & _W_COMMENT
            return Filed("comment_form" if form or heading else "comment", "markup")
        if (
            place.keywords & _W_COMMENT
            and len(place.block.text) < _LINE
            and (place.after or place.within & _BIT_WITHIN["form"])
        ):
            return Filed("comment_form", "rule")
        if place.within & _BIT_WITHIN["form"] and place.after:
            return Filed("comment_form" if place.block.ordinal - self._last < 60 else "other", "rule")
        return None

    def _ask_biography(self, place: _Place) -> Filed | None:
        block = place.block
        if place.hints & _H_BIOGRAPHY and (place.after or len(block.text) > _SHORT):
            return Filed("author_bio", "markup")
        named = any(name in place.words for name in self._authors)
        if (
            place.after
            and (named or place.hints & _H_AUTHOR)
            and (place.keywords & _W_BIOGRAPHY or len(block.text) > _SHORT or place.hints & _H_AUTHOR)
        ):
            return Filed("author_bio", "markup" if place.hints & _H_AUTHOR else "rule")
        if place.after and place.keywords & _W_BIOGRAPHY and block.link_density < _LINKED:
            return Filed("author_bio", "rule")
        return None

    def _ask_related(self, place: _Place) -> Filed | None:
        block = place.block
        if place.within & _BIT_WITHIN["nav"] and place.before:
            return None
        if place.hints & _H_POPULAR or (place.keywords & _W_POPULAR and len(block.text) < _LINE):
            return Filed("most_read", "markup" if place.hints & _H_POPULAR else "rule")
        if place.hints & _H_RELATED or (place.keywords & _W_RELATED and len(block.text) < 2 * _LINE):
            return Filed("related", "markup" if place.hints & _H_RELATED else "rule")
        if not place.before and block.text.endswith(_ELLIPSIS) and len(block.text) > _SHORT:
            return Filed("related", "rule")
        if not place.before and place.hints & _H_CARD_PROMO and len(block.text) < 3 * _LINE:
            return Filed("related", "markup")
        return None

    def _ask_page(self, place: _Place) -> Filed | None:
        block, within = place.block, place.within
        if place.hints & _H_NAV and "breadcrumb" in block.path.lower():
            return Filed("breadcrumb", "markup")
        if within & _BIT_WITHIN["nav"] or (place.hints & _H_NAV and len(block.text) < _LINE):
            return Filed("nav", "markup")
        if within & _BIT_WITHIN["footer"] or (place.hints & _H_FOOTER and place.after):
            return Filed("footer", "markup")
        if place.keywords & _W_LEGAL and place.after and len(block.text) < 4 * _LINE:
            return Filed("footer", "rule")
        if within & _BIT_WITHIN["header"] and place.before:
            return Filed("nav", "markup")
        if block.link_density > 0.8 and len(block.text) < 3 * _LINE:
            if place.before:
                return Filed("nav", "rule")
            return Filed("related" if len(block.text) > _SHORT else "nav", "rule")
        return None

    # -- geometry

    def _near_top(self, block: Block, reach: int = 12) -> bool:
        """Whether the block stands about the headline, or between it and the body."""
        anchor = self._headline if self._headline >= 0 else self._first
        return anchor - 4 <= block.ordinal <= max(self._first, anchor) + reach - 8

    def _about_body(self, block: Block) -> bool:
        return self._first - 6 <= block.ordinal <= self._last + 1

    def _in_caption(self, block: Block) -> bool:
        """Whether the block is the caption of a figure with a picture, whatever its classes and its length say."""
        if len(block.text) > 8 * _LINE:
            return False
        nodes = _three(block.node)
        caption = next((node for node in nodes if node.tag == "figcaption"), None)
        if caption is None:
            return False
        figure = next((node for node in _three(caption)[1:] if node.tag == "figure"), None)
        return figure is not None and self._pictures.get(id(figure), 0) > 0

    def _beside_picture(self, block: Block) -> bool:
        """Whether the block is all that stands in one small element with an image, or follows one at once."""
        parent = block.node.parent
        alone = parent is not None and parent.stop - parent.first <= 3 and self._pictures.get(id(parent), 0) > 0
        if alone and block.ordinal in self._image_at:
            return True
        for node in list(block.node.up())[:3]:
            if self._sums[node.stop] > self._sums[node.first] or node.stop - node.first > 3:
                return False
            if self._pictures.get(id(node), 0):
                return True
        return False

    def _join_related(self, filed: list[Filed]) -> None:
        """A heading right above a list of related or most-read things is part of it, and so are short blocks inside."""
        for number in range(len(filed) - 1, 0, -1):
            one, following = filed[number - 1], filed[number]
            if (
                one.role == "other"
                and following.role in {"related", "most_read"}
                and len(self._blocks[number - 1].text) < 2 * _SHORT
            ):
                near = self._blocks[number - 1].node.parent
                if near is not None and (_is_heading(self._blocks[number - 1].tag) or near.first <= number < near.stop):
                    filed[number - 1] = Filed(following.role, "rule")


@dataclass(frozen=True, slots=True)
class _Place:
    """A block and the evidence about it."""

    block: Block
    hints: int
    within: int
    keywords: int
    words: str
    before: bool
    after: bool


_FURNITURE = (  # hint, words that must be there in a long block, role
    (BIT["cookie"], KEYWORD_BIT["cookie"], "cookie"),
    (BIT["newsletter"], 0, "newsletter"),
    (BIT["paywall"], 0, "paywall"),
    (BIT["share"], 0, "share"),
    (BIT["ad"], 0, "ad"),
)
_SAYINGS = tuple((KEYWORD_BIT[name], name) for name in ("cookie", "newsletter", "share", "ad"))
_QUESTIONS: tuple[Callable[[_Naming, _Place], Filed | None], ...] = (
    _Naming._ask_headline,
    _Naming._ask_caption,
    _Naming._ask_standfirst,
    _Naming._ask_byline,
    _Naming._ask_dateline,
    _Naming._ask_comment,
    _Naming._ask_biography,
    _Naming._ask_tags,
    _Naming._ask_related,
    _Naming._ask_furniture,
    _Naming._ask_page,
)


def follow_headings(blocks: Sequence[Block], keywords: Sequence[int], filed: list[Filed]) -> None:
    """Let the last heading decide whether a list is of related or of most-read things: many a headline is in both."""
    current: Filed | None = None
    for number, one in enumerate(filed):
        if one.role not in {"related", "most_read"}:
            current = None
            continue
        said = keywords[number] & _SECTIONS
        if said and len(blocks[number].text) < _SHORT and not blocks[number].link_chars:
            current = Filed("most_read" if said & _W_POPULAR else "related", one.source)
        if current is not None and one.role != current.role:
            filed[number] = current


def body_role(block: Block) -> str:
    """Which kind of body the block is, by its element."""
    node: Node | None = block.node
    if _is_heading(block.tag):
        return "heading"
    listed = False
    while node is not None:
        match node.tag:
            case "pre":
                return "code"
            case "blockquote":
                return "quote"
            case "li" | "dt" | "dd":
                listed = True
            case "table" if is_data_table(node):
                return "list" if listed else "table"
            case "h2" | "h3" | "h4" | "h5" | "h6" if node.stop - node.first == 1:
                return "heading"
            case "article" | "main" | "section":
                break
        node = node.parent
    return "list" if listed and block.node.within & _BIT_WITHIN["li"] else "body"


def is_data_table(table: Node) -> bool:
    """Whether a table holds short cells, and not the page's columns."""
    count = table.stop - table.first
    return count >= 4 and table.chars / count < 150


def _is_heading(tag: str) -> bool:
    return len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()


def _two(node: Node) -> tuple[Node, ...]:
    return (node,) if node.parent is None else (node, node.parent)


def _three(node: Node) -> tuple[Node, ...]:
    return tuple(above for above, _ in zip(node.up(), range(3), strict=False))


def _picture_nodes(images: Sequence[ImageMark]) -> dict[int, int]:
    """How many images stand in an element, up to three elements above each."""
    counts: dict[int, int] = {}
    for mark in images:
        for _, node in zip(range(4), mark.node.up(), strict=False):
            counts[id(node)] = counts.get(id(node), 0) + 1
    return counts
