"""Blocks of visible text and the boxes they stand in.

Visible text is what a reader with styles switched off sees: all text but that of scripts, styles, templates, the head,
drawings, controls (select, textarea), embedded documents, and elements with the attribute ``hidden``.  A block is a run
of it that no block-level element or line break interrupts; inside ``pre`` line breaks are text.

A `Box` is a block-level element with what stands in it counted: characters, links, paragraphs.  One walk over the tree
makes both, without recursion: a page may be nested very deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.extract.signals import Signal, name_signals

MAX_BLOCKS = 100_000
MAX_BOXES = 300_000
INVISIBLE = frozenset(
    ["script", "style", "template", "noscript", "head", "title", "svg", "math", "object", "iframe", "select", "textarea"]
)
INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rp rt ruby s
    samp small source span strike strong sub sup time tt u var wbr""".split()  # noqa: SIM905 - a table of words
)
_MARKS = {"b": 1, "strong": 1, "i": 2, "em": 2, "code": 4, "kbd": 4, "samp": 4, "tt": 4}
BOLD, ITALIC, CODE = 1, 2, 4
_NAMED = frozenset(["class", "id", "role", "itemprop", "data-testid", "data-component", "property", "rel"])
_LANDMARKS = {
    "nav": Signal.NAV, "footer": Signal.FOOTER, "aside": Signal.SIDE, "figcaption": Signal.CAPTION, "form": Signal.FORM,
    "button": Signal.BUTTON, "main": Signal.MAIN, "article": Signal.ARTICLE, "blockquote": Signal.QUOTE,
    "header": Signal.HEADER, "dialog": Signal.HIDDEN, "address": Signal.META, "time": Signal.DATE, "figure": Signal.IMAGE,
}  # fmt: skip
_LANDMARK_BITS = {tag: int(signal) for tag, signal in _LANDMARKS.items()}
_HIDDEN_BIT = int(Signal.HIDDEN)


class Box:
    """A block-level element.  Counts are of the whole subtree; ``names`` are the signals of its own names."""

    __slots__ = ("chars", "children", "depth", "element", "first", "index", "last", "link_chars", "long_chars",
                 "names", "inherited", "kind", "near", "parent", "tag")  # fmt: skip

    def __init__(self, index: int, tag: str, parent: Box | None, element: etree._Element | None, names: int) -> None:
        self.index, self.tag, self.parent, self.element, self.names = index, tag, parent, element, names
        self.depth = 0 if parent is None else parent.depth + 1
        self.inherited = names if parent is None else parent.inherited | names
        above = parent.parent if parent is not None else None
        self.near = names | (parent.names if parent is not None else 0) | (above.names if above is not None else 0)
        self.chars = self.link_chars = self.long_chars = self.children = 0
        self.first = self.last = -1  # ordinals of the blocks in it
        self.kind = tag

    def path(self, levels: int = 12) -> str:
        """The tags of the last *levels* elements down to this one."""
        tags = []
        box: Box | None = self
        while box is not None and len(tags) < levels:
            tags.append(box.tag)
            box = box.parent
        return "/".join(reversed(tags))

    def within(self, *tags: str) -> bool:
        """Whether it, or what it stands in, has one of *tags*."""
        box: Box | None = self
        while box is not None:
            if box.tag in tags:
                return True
            box = box.parent
        return False


# A run of text in a block: the text, its marks (BOLD, ITALIC, CODE), the link it is in, names of inline elements.
Run = tuple[str, int, "etree._Element | None", int]


@dataclass(frozen=True, slots=True)
class Block:
    """A run of visible text.  ``names`` are signals of inline elements that hold all of it; ``broken`` says that a line
    break, not an element, parts it from the block before."""

    ordinal: int
    text: str
    box: Box
    link_chars: int
    bold_chars: int
    names: int
    broken: bool
    runs: tuple[Run, ...]

    @property
    def tag(self) -> str:
        """The block-level element that it stands in."""
        return self.box.tag

    @property
    def path(self) -> str:
        """The block-level elements that it stands in."""
        return self.box.path()

    @property
    def link_density(self) -> float:
        """Share of the characters that are links."""
        return self.link_chars / len(self.text)


@dataclass(frozen=True, slots=True)
class ImageSpot:
    """An image element, the box it is in, and the ordinal of the block that follows it."""

    element: etree._Element
    box: Box
    position: int


@dataclass(slots=True)
class Layout:
    """What the walk finds."""

    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    images: list[ImageSpot] = field(default_factory=list)


def lay_out(root: etree._Element) -> Layout:
    """The blocks, boxes and images of the tree, in order."""
    layout = Layout()
    gatherer = _Gatherer(layout)
    walker = etree.iterwalk(root, events=("start", "end"))
    hidden: etree._Element | None = None
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or tag in INVISIBLE:
                hidden = element
                walker.skip_subtree()
                continue
            attributes = element.items()
            if attributes and any([key == "hidden" for key, _ in attributes]):
                hidden = element
                walker.skip_subtree()
                continue
            gatherer.enter(tag, element, attributes)
            if element.text:
                gatherer.add(element.text)
        else:
            if element is hidden:
                hidden = None
            else:
                gatherer.leave(tag)
            if element.tail and element is not root:
                gatherer.add(element.tail)
        if len(layout.blocks) >= MAX_BLOCKS or len(layout.boxes) >= MAX_BOXES:
            break
    gatherer.end()
    return layout


class _Gatherer:
    """Gathers text until a block ends."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._box = Box(0, "#", None, None, 0)
        layout.boxes.append(self._box)
        self._parts: list[Run] = []
        self._inline: list[int] = [0]  # names of the open inline elements, gathered
        self._links: list[etree._Element] = []
        self._marks = [0, 0, 0, 0, 0]  # how many open elements give each mark
        self._mark = 0
        self._pre = 0
        self._broken = False

    def enter(self, tag: str, element: etree._Element, attributes: list[tuple[str, str]]) -> None:
        names = 0
        kind = tag
        for key, value in attributes:
            if key in _NAMED:
                names |= name_signals(value)
                if key == "class":
                    kind = f"{tag}.{value}"
            elif (key == "style" and "none" in value and "display" in value) or (key == "aria-hidden" and value == "true"):
                names |= _HIDDEN_BIT
        if tag in INLINE:
            if tag == "a":
                self._links.append(element)
            elif tag == "img":
                self._layout.images.append(self._spot(element))
            elif tag in _MARKS:
                self._weigh(_MARKS[tag], 1)
            elif tag == "time":
                names |= _LANDMARK_BITS["time"]
            self._inline.append(self._inline[-1] | names)
        elif tag == "br":
            if self._pre:
                self.add("\n")
            else:
                self.flush()
                self._broken = True
        elif self._pre and tag != "pre":
            self.add("\n")
            self._inline.append(self._inline[-1])
        else:
            self.flush()
            self._pre += tag == "pre"
            names |= _LANDMARK_BITS.get(tag, 0)
            parent = self._box
            box = Box(len(self._layout.boxes), tag, parent, element, names)
            box.kind = kind
            self._layout.boxes.append(box)
            self._box = box
            if tag in ("video", "picture", "amp-img"):
                self._layout.images.append(self._spot(element))

    def leave(self, tag: str) -> None:
        if tag in INLINE:
            self._inline.pop()
            if tag == "a":
                self._links.pop()
            elif tag in _MARKS:
                self._weigh(_MARKS[tag], -1)
        elif tag == "br":
            return
        elif self._pre and tag != "pre":
            self.add("\n")
            self._inline.pop()
        else:
            self.flush()
            self._pre -= tag == "pre"
            self._close()

    def add(self, text: str) -> None:
        self._parts.append((text, self._mark, self._links[-1] if self._links else None, self._inline[-1]))

    def flush(self) -> None:
        parts, self._parts = self._parts, []
        broken, self._broken = self._broken, False
        if not parts:
            self._broken = broken
            return
        raw = parts[0][0] if len(parts) == 1 else "".join([part[0] for part in parts])
        text = " ".join(raw.split())
        if not text:
            self._broken = broken
            return
        links = bold = 0
        if self._pre:
            text = "\n".join(line.rstrip() for line in raw.strip("\n").splitlines()).strip("\n") or text
        names = -1
        for part, marks, link, inline in parts:
            if link is not None:
                links += len(" ".join(part.split()))
            if marks & BOLD:
                bold += len(part)
            if names and not part.isspace():
                names &= inline
        box, layout = self._box, self._layout
        ordinal, length = len(layout.blocks), len(text)
        links = min(links, length)
        runs = tuple(parts)
        layout.blocks.append(Block(ordinal, text, box, links, min(bold, length), names, broken, runs))
        if box.first < 0:
            box.first = ordinal
        box.last = ordinal
        box.chars += length
        box.link_chars += links
        box.children += 1
        if length >= 80 and links < 0.3 * length:
            box.long_chars += length

    def end(self) -> None:
        self.flush()
        while self._box.parent is not None:
            self._close()

    def _close(self) -> None:
        box = self._box
        parent = box.parent
        if parent is None:
            return
        if box.first >= 0:
            parent.chars += box.chars
            parent.link_chars += box.link_chars
            parent.long_chars += box.long_chars
            parent.children += 1
            if parent.first < 0:
                parent.first = box.first
            parent.last = box.last
        self._box = parent

    def _spot(self, element: etree._Element) -> ImageSpot:
        return ImageSpot(element, self._box, len(self._layout.blocks))

    def _weigh(self, mark: int, by: int) -> None:
        self._marks[mark] += by
        self._mark = sum(one for one in (BOLD, ITALIC, CODE) if self._marks[one] > 0)


def ancestors(box: Box) -> Iterator[Box]:
    """The box and all that it stands in, from the inside out."""
    one: Box | None = box
    while one is not None:
        yield one
        one = one.parent
