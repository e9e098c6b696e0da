"""Blocks: a parsed page cut, in one pass, into its runs of visible text, each with where it stands.

Visible text is what a reader with styles switched off sees: all text but that of scripts, styles, templates, the head,
form choices, drawings and elements with the attribute ``hidden``.  A block is a run of it that no block-level element and no
blank line (two line breaks) interrupts.  The concatenated blocks are the visible text but for white space: nothing
is dropped here.

A `Node` is made for each block-level element; totals of text and links are added up the tree when it ends.  The pass is
an explicit stack: a page may be nested as deep as the parser allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.extract.hints import hints_of

MAX_BLOCKS = 100_000
MAX_PATH = 64  # elements of a path
_INVISIBLE = frozenset(
    "script style template noscript head title svg object iframe select textarea datalist canvas audio video".split()  # noqa: SIM905
)
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr mi mo mn mrow msup msub mfrac msqrt mtext semantics""".split()  # noqa: SIM905
)
_IMAGES = frozenset({"img", "amp-img", "graphic"})
_MEDIA = frozenset({"video", "audio", "iframe", "object"})
_WITHIN = {
    tag: 1 << number
    for number, tag in enumerate(
        "article main aside nav header footer form figure table ul ol blockquote section li dl details".split()  # noqa: SIM905
    )
}
WITHIN = tuple(_WITHIN)
BOLD, ITALIC, CODE = 1, 2, 4
_STYLE = {"b": BOLD, "strong": BOLD, "i": ITALIC, "em": ITALIC, "code": CODE, "tt": CODE, "kbd": CODE, "samp": CODE}
_DIGITS = re.compile(r"\d+")
_SENTENCE = re.compile(r"[.!?…:;\"”»)]\s|[.!?…”»]$|[。！？；]")


@dataclass(slots=True, eq=False)
class Node:
    """A block-level element.  ``hints`` are its own, ``chain`` those of all elements that it stands in and its own,
    ``within`` says in which kinds of elements (bits in the order of WITHIN) it stands, itself counted in;
    totals are of everything in it (characters; ``first`` to ``stop`` are its blocks)."""

    parent: Node | None
    element: etree._Element
    tag: str
    depth: int
    hints: int
    chain: int
    within: int
    first: int
    stop: int = 0
    chars: int = 0
    link_chars: int = 0
    sentences: int = 0
    paragraphs: int = 0  # blocks of running text in it
    images: int = 0
    _path: str | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        """The elements from the root, each with its first classes, without numbers: the same for pages of a template."""
        if self._path is None:
            own = self.tag
            names = (self.element.get("class") or "").split()[:2] or (self.element.get("id") or "").split()[:1]
            if names:
                own += "." + ".".join(_DIGITS.sub("", name)[:40] for name in names)
            above = "…" if self.depth > MAX_PATH else "" if self.parent is None else self.parent.path
            self._path = f"{above}/{own}" if above else own
        return self._path

    def up(self) -> Iterator[Node]:
        """The node, and those that it stands in, innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a block's text in one style (bits BOLD, ITALIC, CODE), part of a link when ``href`` is not None."""

    text: str
    style: int
    href: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
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
    return _Cutter().cut(root)


class _Cutter:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.nodes: list[Node] = []
        self.images: list[ImageMark] = []
        self._node: Node | None = None
        self._parts: list[tuple[str, int, str | None]] = []
        self._style = 0
        self._href: str | None = None
        self._hints = 0
        self._marked: set[str] = set()
        self._breaks = 0
        self._pre = 0

    def cut(self, root: etree._Element) -> Layout:
        stack: list[tuple[etree._Element, Iterator[etree._Element], tuple[int, str | None] | None]] = []
        self._open_node(root, root.tag if isinstance(root.tag, str) else "html")
        self._text(root.text)
        stack.append((root, iter(root), None))
        while stack and len(self.blocks) < MAX_BLOCKS:
            element, children, before = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if before is None:
                    self._close_node()
                else:
                    self._style, self._href = before
                if stack:
                    self._text(element.tail)
                continue
            tag = child.tag
            if not isinstance(tag, str) or tag in _INVISIBLE or (child.attrib and "hidden" in child.attrib):
                self._media(child, tag)
                self._text(child.tail)
            elif tag == "br":
                self._break()
                self._text(child.tail)
            elif tag in _IMAGES:
                assert self._node is not None
                self.images.append(ImageMark(child, self._node, len(self.blocks) + bool(self._parts), self._href))
                self._node.images += 1
                self._text(child.tail)
            elif tag in _INLINE:
                stack.append((child, iter(child), (self._style, self._href)))
                self._open_inline(child, tag)
                self._text(child.text)
            else:
                self._open_node(child, tag)
                self._text(child.text)
                stack.append((child, iter(child), None))
        while self._node is not None:
            self._close_node()
        return Layout(tuple(self.blocks), tuple(self.nodes), tuple(self.images))

    def _open_node(self, element: etree._Element, tag: str) -> None:
        self._flush()
        parent = self._node
        hints = 0
        if element.attrib:
            get = element.get
            names = " ".join(filter(None, (get("class"), get("id"), get("itemprop"), get("role"), get("data-testid"))))
            if names:
                hints = hints_of(names)
        kind = _WITHIN.get(tag, 0)
        if parent is None:
            self._node = Node(None, element, tag, 0, hints, hints, kind, len(self.blocks))
        else:
            chain, within = parent.chain | hints, parent.within | kind
            self._node = Node(parent, element, tag, parent.depth + 1, hints, chain, within, len(self.blocks))
        self.nodes.append(self._node)
        self._pre += tag == "pre"

    def _close_node(self) -> None:
        self._flush()
        node = self._node
        assert node is not None
        node.stop = len(self.blocks)
        self._pre -= node.tag == "pre"
        parent = self._node = node.parent
        if parent is not None:
            parent.chars += node.chars
            parent.link_chars += node.link_chars
            parent.sentences += node.sentences
            parent.paragraphs += node.paragraphs
            parent.images += node.images

    def _open_inline(self, element: etree._Element, tag: str) -> None:
        if tag == "a":
            self._href = element.get("href") or ""
        self._style |= _STYLE.get(tag, 0)
        if element.attrib:
            get = element.get
            names = " ".join(filter(None, (get("class"), get("id"), get("itemprop"), get("rel"))))
            if names:
                self._hints |= hints_of(names)
        self._marked.add(tag)

    def _media(self, element: etree._Element, tag: object) -> None:
        if isinstance(tag, str) and tag in _MEDIA and self._node is not None:
            self.images.append(ImageMark(element, self._node, len(self.blocks) + bool(self._parts), self._href))

    def _break(self) -> None:
        if self._breaks or self._pre:
            if self._breaks and not self._pre:
                self._flush()
            elif self._pre:
                self._parts.append(("\n", self._style, self._href))
        else:
            self._parts.append(("\n", -1, None))
            self._breaks = 1

    def _text(self, text: str | None) -> None:
        if text:
            self._parts.append((text, self._style, self._href))
            if self._breaks and not text.isspace():
                self._breaks = 0

    def _flush(self) -> None:
        """End the block, if there is one."""
        parts, marked, hints = self._parts, self._marked, self._hints
        self._breaks = 0
        if not parts:
            if marked:
                self._marked, self._hints = set(), 0
            return
        self._parts, self._marked, self._hints = [], set(), 0
        runs = _runs(parts, pre=self._pre > 0)
        if not runs:
            return
        node = self._node
        assert node is not None
        text = "".join([run.text for run in runs])
        links = sum([len(run.text) for run in runs if run.href is not None])
        sentences = len(_SENTENCE.findall(text)) if len(text) > 40 else 0
        self.blocks.append(Block(len(self.blocks), text, node, runs, links, hints, frozenset(marked), sentences))
        node.chars += len(text)
        node.link_chars += links
        node.sentences += sentences
        node.paragraphs += sentences > 0 and links * 2 < len(text)


def _runs(parts: list[tuple[str, int, str | None]], *, pre: bool) -> tuple[Run, ...]:
    """The parts with their white space made single, and neighbours of one style joined."""
    if len(parts) == 1 and not pre:
        text, style, href = parts[0]
        text = " ".join(text.split())
        return (Run(text, style, href),) if text and style >= 0 else ()
    runs: list[Run] = []
    gap = ""
    for text, style, href in parts:
        if style < 0:
            gap = "\n" if runs else ""
            continue
        words = text.rstrip() if pre else " ".join(text.split())
        if not words or (pre and not words.strip()):
            gap = gap or ((text if pre else " ") if runs else "")
            continue
        if runs and not gap and not pre and text[0].isspace():
            gap = " "
        if runs and runs[-1].style == style and runs[-1].href == href:
            runs[-1] = Run(runs[-1].text + gap + words, style, href)
        elif runs and gap:
            last = runs[-1]
            if last.style == 0 and last.href is None:
                runs[-1] = Run(last.text + gap, 0, None)
                runs.append(Run(words, style, href))
            elif style == 0 and href is None:
                runs.append(Run(gap + words, style, href))
            else:
                runs += (Run(gap, 0, href if last.href == href else None), Run(words, style, href))
        else:
            runs.append(Run(words, style, href))
        gap = text[len(words) :] if pre else (" " if text[-1].isspace() else "")
    return tuple(runs)
