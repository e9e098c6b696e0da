"""The article's text and Markdown, made of the blocks that have body roles, in the order of the page (docs/markdown.md).

Paragraphs are split by an empty line; items of a list, rows of a table and lines of code by one line end.  Markdown is
CommonMark with tables and footnotes as in GFM; links are absolute.  Offsets are code points of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.compose.html_tables import html_table
from broadsheet.pipelines.extract.compose.images import PlacedImage
from broadsheet.pipelines.extract.compose.markdown import escaped, fence, heading, inline, item_text, paragraph, picture
from broadsheet.pipelines.extract.compose.tables import cell_of, compose_table
from broadsheet.pipelines.extract.extraction import Heading, HtmlTable
from broadsheet.pipelines.extract.page.blocks import Block, Node
from broadsheet.pipelines.extract.page.footnotes import NOTE
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role

_LISTS = frozenset({"ul", "ol", "dl"})
_ITEMS = frozenset({"li", "dd", "dt"})
_MAX_NESTING = 6
_NOTE_INDENT = "    "  # of what follows the first paragraph of a footnote
_JOINED = frozenset({Role.LIST, Role.QUOTE})


@dataclass(frozen=True, slots=True)
class Composed:
    """``starts`` maps ordinals of blocks to their offsets in ``text``; it is empty when the text is embedded, not shown."""

    text: str
    markdown: str
    headings: tuple[Heading, ...]
    starts: Mapping[int, int]
    tables: tuple[HtmlTable, ...] = ()  # that Markdown cannot tell


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph, heading, item or listing of one block, or a table of many."""

    role: Role
    blocks: tuple[Block, ...]
    container: Node | None  # the list, quotation or table that it is part of

    @property
    def block(self) -> Block:
        """The first of its blocks."""
        return self.blocks[0]


def compose(
    blocks: Sequence[Block], roles: Sequence[Role], resolver: Resolver, pictures: Sequence[PlacedImage] = ()
) -> Composed:
    """Put the body together of those *blocks* whose role, at the same place in *roles*, is one of BODY_ROLES.

    *resolver* makes their links absolute.  The Markdown has *pictures*, each before the first paragraph, list or table
    that begins after it."""
    text: list[str] = []
    markdown: list[str] = []
    starts: dict[int, int] = {}
    headings: list[Heading] = []
    tables: list[HtmlTable] = []
    length = 0
    writer = _Writer(resolver)
    before: _Piece | None = None
    waiting = sorted(pictures, key=lambda one: one.before, reverse=True)
    for piece in _pieces(blocks, roles):
        gap = "" if before is None else "\n" if _together(before, piece) else "\n\n"
        if not _goes_on(before, piece):
            markdown += _taken(waiting, piece.block.ordinal)
        length += len(gap)
        if piece.role is Role.TABLE and piece.container is not None:
            table = compose_table(piece.container, piece.blocks, writer.resolver)
            words, mark, rest = table.text, gap, table.markdown
            starts.update((ordinal, length + at) for ordinal, at in table.starts.items())
            if (html := html_table(piece.container.element, piece.blocks, resolver)) is not None:
                tables.append(HtmlTable(html, length))
        else:
            words = piece.block.text
            mark, rest = writer.write(piece, gap)
            starts[piece.block.ordinal] = length
            if piece.role is Role.HEADING:
                headings.append(Heading(heading_level(piece.block), words, length))
        text += (gap, words)
        markdown += ("\n\n" if before is None and markdown else mark, rest)
        length += len(words)
        before = piece
    markdown += _taken(waiting, len(blocks))
    return Composed("".join(text), "".join(markdown).strip("\n"), tuple(headings), starts, tuple(tables))


def compose_embedded(text: str) -> Composed:
    """An article from the embedded body *text*, with empty lines between its paragraphs: none of it is a block."""
    return Composed(text, "\n\n".join(escaped(one) for one in text.split("\n\n")), (), {})


def heading_level(block: Block) -> int:
    """1 to 6; a heading that is only set in bold is of level 3."""
    for node in (block.node, block.node.parent):
        if node is not None and len(node.tag) == 2 and node.tag[0] == "h" and node.tag[1].isdigit():
            return int(node.tag[1])
    return 3


# ---- pieces


def _pieces(blocks: Sequence[Block], roles: Sequence[Role]) -> Iterator[_Piece]:
    tables = {
        table
        for block, role in zip(blocks, roles, strict=True)
        if role is Role.TABLE and (table := _enclosing(block.node, "table")) is not None
    }
    cells: list[Block] = []
    current: Node | None = None
    for block, role in zip(blocks, roles, strict=True):
        if role not in BODY_ROLES:
            continue
        table = _data_table(block, tables) if tables else None
        if cells and table is not current:
            yield _Piece(Role.TABLE, tuple(cells), current)
            cells = []
        current = table
        if table is not None:
            cells.append(block)
        else:
            yield _Piece(role, (block,), _container(role, block.node))
    if cells:
        yield _Piece(Role.TABLE, tuple(cells), current)


def _data_table(block: Block, tables: set[Node]) -> Node | None:
    """The outermost of *tables* in a cell of which the block stands."""
    found = next((node for node in reversed([*block.node.up()]) if node in tables), None)
    return None if found is None or cell_of(block) is None else found


def _container(role: Role, node: Node) -> Node | None:
    if role is Role.LIST:
        return _outermost_list(node)
    if role is not Role.QUOTE:
        return None
    return next((above for above in reversed([*node.up()]) if above.tag == "blockquote"), None)


def _together(one: _Piece, other: _Piece) -> bool:
    """Whether two pieces follow on without an empty line: of one list, of one piece of code."""
    if one.role != other.role:
        return False
    if one.role is Role.CODE:
        return one.block.node is other.block.node
    return one.role is Role.LIST and one.container is not None and one.container is other.container


def _goes_on(one: _Piece | None, other: _Piece) -> bool:
    """Whether *other* is in the list, quotation or piece of code that *one* is in: no picture can stand between them."""
    if one is None or one.role is not other.role:
        return False
    return _together(one, other) or (one.container is not None and one.container is other.container)


def _taken(waiting: list[PlacedImage], ordinal: int) -> list[str]:
    """The Markdown of those of the pictures *waiting* that stand before the block *ordinal*; they wait no longer."""
    taken: list[str] = []
    while waiting and waiting[-1].before <= ordinal:
        taken += ("\n\n", picture(waiting.pop().image))
    return taken


def _outermost_list(node: Node) -> Node | None:
    """The list that the item is part of, through all nesting."""
    found = None
    for above in node.up():
        if above.tag in _LISTS:
            found = above
        elif above.tag not in _ITEMS and found is not None:
            break
    return found


def _enclosing(node: Node | None, *tags: str) -> Node | None:
    while node is not None and node.tag not in tags:
        node = node.parent
    return node


# ---- Markdown


@dataclass(slots=True)
class _Writer:
    """Writes pieces; it knows which items have begun, so that what follows in one is no item of its own."""

    resolver: Resolver
    begun: dict[Node, str] = field(default_factory=dict)  # item: the indentation of what follows in it
    inner: dict[Node, str] = field(default_factory=dict)  # list: the indentation of what follows in its last item
    numbers: dict[etree._Element, int] = field(default_factory=dict)  # item of an ordered list: its number
    quoted: Node | None = None

    def write(self, piece: _Piece, gap: str) -> tuple[str, str]:
        """The gap before *piece*, and the piece; *gap* is that of the text."""
        block = piece.block
        quoted, self.quoted = self.quoted, None
        match piece.role:
            case Role.HEADING:
                return gap, heading(block, heading_level(block), self.resolver)
            case Role.QUOTE:
                self.quoted = piece.container
                return self._quote(block, gap, follows=piece.container is not None and quoted is piece.container)
            case Role.CODE:
                indent = self._indent_in_item(block.node)
                return gap, indent + fence(block).replace("\n", f"\n{indent}")
            case Role.LIST:
                return self._item(block, gap)
        return gap, paragraph(block, self.resolver)

    def _quote(self, block: Block, gap: str, *, follows: bool) -> tuple[str, str]:
        depth = sum(1 for node in block.node.up() if node.tag == "blockquote")
        mark = "> " * min(max(depth, 1), _MAX_NESTING)
        item = _enclosing(block.node, "li", "blockquote")
        bullet = "- " if item is not None and item.tag == "li" else ""
        text = mark + bullet + inline(block, self.resolver).replace("\n", f"  \n{mark}")
        return ("\n>\n" if follows else gap), text

    def _item(self, block: Block, gap: str) -> tuple[str, str]:
        item = _enclosing(block.node, *_ITEMS)
        text = item_text(block, self.resolver)
        if item is None:
            return gap, f"- {text}".replace("\n", "  \n  ")
        indent = self.begun.get(item)
        if indent is not None:
            return gap and "\n\n", indent + text.replace("\n", f"  \n{indent}")
        outer = None if item.parent is None else item.parent.parent
        # a list right in a list goes on with the item before it
        around = self.inner[outer] if outer in self.inner else self._indent_in_item(item.parent)
        first = block.runs[0]
        if first.href is not None and first.text.endswith(":") and NOTE.fullmatch(first.text):
            self.begun[item] = _NOTE_INDENT
            return gap, text.replace("\n", f"  \n{_NOTE_INDENT}")
        mark = self._mark(item)
        self.begun[item] = around + " " * len(mark)
        if item.parent is not None and item.parent.tag in _LISTS:
            self.inner[item.parent] = self.begun[item][: 4 * _MAX_NESTING]
        return gap, around + mark + text.replace("\n", f"  \n{self.begun[item]}")

    def _indent_in_item(self, node: Node | None) -> str:
        """The indentation of what stands in the item around *node*; none where that has not begun."""
        for _ in range(_MAX_NESTING * 2):
            item = _enclosing(node, *_ITEMS)
            if item is None:
                break
            if item in self.begun:
                return self.begun[item][: 4 * _MAX_NESTING]
            node = item.parent
        return ""

    def _mark(self, item: Node) -> str:
        if item.tag == "dt":
            return ""
        if item.tag == "dd":
            return ": "
        parent = item.element.getparent()
        if parent is None or parent.tag != "ol":
            return "- "
        if item.element not in self.numbers:
            self._count(parent)
        return f"{self.numbers.get(item.element, 1)}. "

    def _count(self, ordered: etree._Element) -> None:
        """Number the items of an ordered list as a browser does (HTML, "ordinal value")."""
        number = _integer(ordered.get("start"), 1)
        for child in ordered:
            if child.tag == "li":
                number = _integer(child.get("value"), number)
                self.numbers[child] = number
                number += 1


def _integer(value: str | None, otherwise: int) -> int:
    digits = (value or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else otherwise
