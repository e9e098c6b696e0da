"""Blocks: a parsed page cut, in one pass, into its runs of visible text, each with where it stands.

Visible text is what a reader with styles switched off sees: all text but that of scripts, styles, templates, the head,
form choices, drawings and hidden elements (`kinds.is_hidden`).  A block is a run of it that no block-level element and no
blank line (two line breaks) interrupts.  The concatenated blocks are the visible text but for white space: nothing
is dropped here.

A `Node` is made for each block-level element.  The pass is an explicit stack: a page may be nested as deep as the parser
allows.  It runs over every element of every page, so it asks lxml for as little as it can, and `Run` and `Block` are tuples,
which cost a third of a frozen dataclass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from operator import itemgetter
from typing import NamedTuple

from lxml import etree

from broadsheet.pipelines.extract.page.elements import text_in
from broadsheet.pipelines.extract.page.hints import hints_of, read_hints
from broadsheet.pipelines.extract.page.kinds import (
    BR,
    IMAGE,
    KINDS,
    PART,
    PLAYER,
    UNKNOWN,
    breaks,
    is_amid_text,
    is_hidden,
)
from broadsheet.pipelines.extract.page.runs import (
    BREAK,
    FEWEST_BREAKS,
    Part,
    Run,
    lines_of_paragraphs,
    new_run,
    runs_of,
)
from broadsheet.pipelines.extract.page.tooltips import BESIDE, beside_sentence
from broadsheet.pipelines.extract.page.words import FULL_STOPS

MAX_BLOCKS = 100_000
MAX_PATH = 64  # elements of a path
_WITHIN = {
    tag: 1 << number
    for number, tag in enumerate(
        "article main aside nav header footer form figure table ul ol blockquote section li dl details".split()  # noqa: SIM905
    )
}
WITHIN = tuple(_WITHIN)
BOLD, ITALIC, CODE, FORMULA, STRUCK = 1, 2, 4, 8, 16
_STYLE = {
    "math": FORMULA,
    "b": BOLD,
    "strong": BOLD,
    "i": ITALIC,
    "em": ITALIC,
    "code": CODE,
    "tt": CODE,
    "kbd": CODE,
    "samp": CODE,
    "del": STRUCK,
    "s": STRUCK,
    "strike": STRUCK,
}
# the number of a post, a row or a paragraph ("post-123", "p17"); digits amid a word are the name's ("css-8d1c2")
_NUMBER = re.compile(
    r"(?:(?<=[-_])|^)([a-zA-Z]{3,}(?=\d+(?:[-_]|$))|[a-zA-Z]{0,2}(?=\d{1,4}(?:[-_]|$))|(?=\d))\d+(?=[-_]|$)"
)
_NUMBER_OF_ID = re.compile(
    r"(?:(?<=[-_])|^)([a-zA-Z]*)\d+(?=[-_]|$)"
)  # no stylesheet's: "WA1299126701-9" is of one page
_LETTERS = itemgetter(1)  # what of these is kept; as a template of the pattern, Python would put it together for each
_DIGIT = re.compile(r"\d")
_SAYING = ("class", "id", "itemprop", "role", "data-testid")  # of a block-level element: words in them are hints
_SAYING_INLINE = ("class", "id", "itemprop", "rel")
_HIDES = re.compile(r"display\s*:\s*none", re.I)
_MAX_HIDDEN = 60  # characters of what a style hides in a sentence and is none of it: longer ones are shown on demand
# [.!?…:;"”»)]\s|[.!?…”»]$|[。！？；], all of which begin with one set: that is what it is searched by
_SENTENCE = re.compile(rf"[.!?…:;\"”»)。！？；{FULL_STOPS}](?:\s|(?<=[.!?…”»{FULL_STOPS}])$|(?<=[。！？；]))")


@dataclass(slots=True, eq=False)
class Node:
    """A block-level element, ``number`` among the page's nodes.  ``path`` are the elements from the root, each with its first
    classes, without numbers: the same for pages of a template.  ``hints`` are its own, ``chain`` those of all elements that it
    stands in and its own, ``within`` says in which kinds of elements (bits in the order of WITHIN) it stands, itself
    counted in; ``first`` to ``stop`` are its blocks, ``images`` how many pictures are in it, ``lengths`` (the page's) the
    characters before each block."""

    parent: Node | None
    element: etree._Element
    tag: str
    path: str
    depth: int
    hints: int
    chain: int
    within: int
    first: int
    number: int
    lengths: list[int] = field(repr=False)
    stop: int = 0
    images: int = 0
    holds_data: bool | None = None  # of a table that was asked for (`is_data_table`)

    @property
    def chars(self) -> int:
        """Characters of all blocks in it."""
        return self.lengths[self.stop] - self.lengths[self.first]

    def up(self) -> Iterator[Node]:
        """The node, and those that it stands in, innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


@lru_cache(maxsize=16_384)
def _read_names(tag: str, classes: str | None, name: str | None = None, *others: str | None) -> tuple[int, str]:
    """The hints in an element's names, and its step of a path: tag and classes, or its id (*name*) where it has no classes."""
    names_and_roles = " ".join(filter(None, (classes, name, *others)))
    names = (classes or "").split()[:2]
    number = _NUMBER if names else _NUMBER_OF_ID
    names = names or (name or "").split()[:1]
    steps = [(number.sub(_LETTERS, one) if _DIGIT.search(one) else one)[:40] for one in names]
    return read_hints(names_and_roles) if names_and_roles else 0, ".".join((tag, *steps))


class Block(NamedTuple):
    """A run of visible text: single spaces, ``\\n`` where a single line break stood.  ``hints`` are those of the inline
    elements in it, ``marked`` the inline elements' names; ``link_chars`` are the characters of it that are links."""

    ordinal: int
    text: str
    node: Node
    runs: tuple[Run, ...]
    link_chars: int
    hints: int
    marked: frozenset[str]
    sentences: int

    @property
    def tag(self) -> str:
        """The block-level element that it stands in."""
        return self.node.tag

    @property
    def path(self) -> str:
        """Where it stands."""
        return self.node.path

    @property
    def link_density(self) -> float:
        """Share of the characters that are links."""
        return self.link_chars / len(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class ImageMark:
    """An image, and where it stands: in ``node``, before block ``before``."""

    element: etree._Element
    node: Node
    before: int
    href: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """The blocks, nodes and images of a page, in its order."""

    blocks: tuple[Block, ...]
    nodes: tuple[Node, ...]
    images: tuple[ImageMark, ...]


def lay_out(root: etree._Element) -> Layout:
    """Cut the tree into blocks."""
    return _Cutter(root).cut(root)


_NONE: frozenset[str] = frozenset()
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_OF_ONE_TEXT = frozenset({"p", "li", "dd", "blockquote", "figcaption", *_HEADINGS})  # elements that hold one thing
_SHORTEST_TITLE, _LONGEST_TITLE = 12, 500  # characters
_NAME_OF_SITE = re.compile(r"(?:\s+[-–—|·•»:]+\s.*)?")  # what a title may have behind the headline
_new_block = partial(tuple.__new__, Block)


def _title_in(root: etree._Element) -> str:
    """The page's title, as its head gives it; "" where it has none."""
    title = next(root.iter("title"), None)
    return "" if title is None else " ".join((title.text or "")[:_LONGEST_TITLE].split())


class _Cutter:
    """``parts`` and ``marked`` are the block that is under way; lists and sets stay the same objects, emptied at its end."""

    def __init__(self, root: etree._Element) -> None:
        self.blocks: list[Block] = []
        self.nodes: list[Node] = []
        self.images: list[ImageMark] = []
        self.lengths = [0]
        self.parts: list[Part] = []
        self.marked: set[str] = set()
        self.beside: list[tuple[str, str]] = []  # texts that are to stand after the block, and what they are
        self.hints = 0
        self.style = 0
        self.href: str | None = None
        self.around: list[tuple[int, str | None]] = []  # style and href around each open inline element
        self.pre = 0
        self.paths: dict[tuple[str, str], str] = {}  # by that of the element around, and the step from there
        self.title = _title_in(root)
        # holds the root, and is no node of the page
        self.top = self.node = Node(None, root, "", "", -1, 0, 0, 0, 0, 0, self.lengths)

    def cut(self, root: etree._Element) -> Layout:  # noqa: PLR0912 - a case for each kind of element
        parts, blocks = self.parts, self.blocks
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped = False  # the next event is the end of what was skipped
        for event, element in walk:
            if event == "start":
                tag = element.tag
                kind = KINDS.get(tag, UNKNOWN)
                attributes = {} if kind < PART else dict(element.items())  # all at once cost hardly more than one
                if kind < PART or ("hidden" in attributes and is_hidden(element)):
                    self._skip(element, kind)
                    walk.skip_subtree()
                    skipped = True
                    continue
                if kind == PART or (kind >= UNKNOWN and is_amid_text(element, self.node.element)):
                    if not self._open_inline(element, tag, attributes):
                        walk.skip_subtree()
                        skipped = True
                        continue
                else:
                    self._open(element, tag, attributes)
                text = element.text
            else:
                if skipped:
                    skipped = False
                elif self.node.element is element:
                    self._close()
                else:
                    self.style, self.href = self.around.pop()
                text = element.tail
                if len(blocks) >= MAX_BLOCKS:
                    break
            if text and (parts or not text.isspace()):
                parts.append((text, self.style, self.href))
        while self.node is not self.top:
            self._close()
        return Layout(tuple(blocks), tuple(self.nodes), tuple(self.images))

    def _skip(self, element: etree._Element, kind: int) -> None:
        """Handle an element whose text is not visible: a line break, a picture, or nothing."""
        if kind == BR:
            self._break()
        elif kind == PLAYER or (kind == IMAGE and (element.get("hidden") is None or not is_hidden(element))):
            self.images.append(ImageMark(element, self.node, len(self.blocks) + bool(self.parts), self.href))
            self.node.images += kind == IMAGE

    def _open_inline(self, element: etree._Element, tag: str, attributes: dict[str, str]) -> bool:
        """Whether what is in the element is part of the block; it is kept for a block of its own if not."""
        hints = 0
        if attributes:
            if "style" in attributes and _HIDES.search(attributes["style"]) and len(text_in(element)) < _MAX_HIDDEN:
                return False
            if said := [attributes[name] for name in _SAYING_INLINE if name in attributes]:
                hints = hints_of(" ".join(said))
            if (hints & BESIDE or "role" in attributes or "popover" in attributes) and self._is_beside(element):
                return False
        self.hints |= hints
        self.around.append((self.style, self.href))
        if tag == "a":
            self.href = attributes.get("href", "")
        elif tag in _STYLE:
            self.style |= _STYLE[tag]
        self.marked.add(tag)
        return True

    def _is_beside(self, element: etree._Element) -> bool:
        """Whether the text of an inline element is to stand after the block, as a tooltip's does; it is kept if so."""
        kind = beside_sentence(element)
        if kind is None or breaks(element) or not (text := " ".join(text_in(element).split())):
            return False
        self.beside.append((text, kind))
        self.marked.add(element.tag)
        return True

    def _open(self, element: etree._Element, tag: str, attributes: dict[str, str]) -> None:
        if self.parts or self.marked:
            self._flush()
        if attributes:
            hints, step = _read_names(tag, *map(attributes.get, _SAYING))
        else:
            hints, step = 0, tag
        parent, nodes = self.node, self.nodes
        depth = parent.depth + 1
        path = self.paths.get((parent.path, step)) or self._new_path(parent, step)
        self.node = Node(
            None if parent is self.top else parent, element, tag, path, depth, hints, parent.chain | hints,
            parent.within | _WITHIN.get(tag, 0), len(self.blocks), len(nodes), self.lengths,
        )  # fmt: skip
        nodes.append(self.node)
        if tag == "pre":
            self.pre += 1

    def _new_path(self, parent: Node, step: str) -> str:
        """The path of an element in *parent*, kept: most elements share theirs with a sibling."""
        around = parent.path if parent.depth < MAX_PATH else "…"
        path = self.paths[parent.path, step] = f"{around}/{step}" if parent is not self.top else step
        return path

    def _close(self) -> None:
        if self.parts or self.marked:
            self._flush()
        node = self.node
        node.stop = len(self.blocks)
        if node.tag == "pre":
            self.pre -= 1
        parent = self.node = node.parent or self.top
        if node.images:
            parent.images += node.images

    def _break(self) -> None:
        """A line break; the second one in a row ends the block."""
        if self.pre:
            self.parts.append(("\n", self.style, self.href))
            return
        last = next((part for part in reversed(self.parts) if part[1] < 0 or not part[0].isspace()), None)
        if last is BREAK or (last is not None and self._is_title()):
            self._flush()
        else:
            self.parts.append(BREAK)

    def _is_title(self) -> bool:
        """Whether the block so far is the page's title: what stands below, after a line break, is its byline."""
        if not self.title or BREAK in self.parts or self.node.tag in _HEADINGS:
            return False
        line = " ".join("".join([text for text, _, _ in self.parts]).split())
        return len(line) >= _SHORTEST_TITLE and bool(_NAME_OF_SITE.fullmatch(self.title.removeprefix(line)))

    def _flush(self) -> None:
        """End the block, if there is one; lines that are paragraphs are blocks, though single line breaks part
        them, where no element says that they are one."""
        parts = self.parts
        if self.pre:  # as HTML normalises line ends
            parts[:] = [(text.replace("\r\n", "\n"), style, href) for text, style, href in parts]
        whole = self.pre or self.node.tag in _OF_ONE_TEXT or parts.count(BREAK) < FEWEST_BREAKS
        lines = [parts] if whole else lines_of_paragraphs(parts)
        marked = frozenset(self.marked) if self.marked else _NONE
        for line in lines:
            if runs := runs_of(line, pre=self.pre > 0) if line else ():
                self._append(runs, marked)
        parts.clear()
        if self.beside:
            self._put_beside()
        if self.marked:
            self.marked.clear()
            self.hints = 0

    def _append(self, runs: tuple[Run, ...], marked: frozenset[str]) -> None:
        if len(runs) == 1:
            text = runs[0].text
            links = 0 if runs[0].href is None else len(text)
        else:
            text = "".join([run.text for run in runs])
            links = sum([len(run.text) for run in runs if run.href is not None])
        count = len(self.blocks)
        sentences = len(_SENTENCE.findall(text)) if len(text) > 40 else 0
        self.blocks.append(_new_block((count, text, self.node, runs, links, self.hints, marked, sentences)))
        self.lengths.append(self.lengths[count] + len(text))

    def _put_beside(self) -> None:
        """Make blocks of the texts that stood amid the block and are none of it."""
        for text, kind in self.beside:
            count = len(self.blocks)
            runs = (new_run((text, 0, None)),)
            self.blocks.append(_new_block((count, text, self.node, runs, 0, 0, frozenset({kind}), 0)))
            self.lengths.append(self.lengths[count] + len(text))
        self.beside.clear()
