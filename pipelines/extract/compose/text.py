"""The article's text and Markdown, made of the blocks that have body roles, in the order of the page.

Paragraphs are split by an empty line; items of a list, rows of a table and lines of code by one line end.  Markdown is
CommonMark with tables as in GFM; links are absolute.  Offsets are code points of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from broadsheet.pipelines.extract.extraction import Heading
from broadsheet.pipelines.extract.page.blocks import BOLD, CODE, ITALIC, Block, Node
from broadsheet.pipelines.extract.page.hrefs import Resolver
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_LINE_START = re.compile(r"^(\s*)([-+#>]|\d+[.)])(?=\s)")
_MAX_NESTING = 6
_JOINED = frozenset({Role.LIST, Role.TABLE})


@dataclass(frozen=True, slots=True)
class Composed:
    """``starts`` maps ordinals of blocks to their offsets in ``text``; it is empty when the text is embedded, not shown."""

    text: str
    markdown: str
    headings: tuple[Heading, ...]
    starts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Blocks that make one paragraph, item, row or piece of code."""

    role: Role
    blocks: tuple[Block, ...]
    container: Node | None  # the list or table that it is part of


def compose(blocks: Sequence[Block], roles: Sequence[Role], url: str) -> Composed:
    """Put the body together of those *blocks* whose role, at the same place in *roles*, is one of BODY_ROLES."""
    text: list[str] = []
    markdown: list[str] = []
    starts: dict[int, int] = {}
    headings: list[Heading] = []
    length = 0
    resolver = Resolver(url)
    before: _Piece | None = None
    for piece in _pieces(blocks, roles):
        gap = "" if before is None else "\n" if _together(before, piece) else "\n\n"
        text.append(gap)
        length += len(gap)
        for number, block in enumerate(piece.blocks):
            joint = " | " if number else ""
            text += (joint, block.text)
            starts[block.ordinal] = length + len(joint)
            length += len(joint) + len(block.text)
        if piece.role is Role.HEADING:
            (block,) = piece.blocks
            headings.append(Heading(heading_level(block), block.text, starts[block.ordinal]))
        rule = piece.role is Role.TABLE and (before is None or before.container is not piece.container)
        markdown += (gap, _markdown(piece, resolver, new_table=rule))
        before = piece
    return Composed("".join(text), "".join(markdown), tuple(headings), starts)


def compose_embedded(text: str) -> Composed:
    """An article from the embedded body *text*, with empty lines between its paragraphs: none of it is a block."""
    paragraphs = [_LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", one)) for one in text.split("\n\n")]
    return Composed(text, "\n\n".join(paragraphs), (), {})


def heading_level(block: Block) -> int:
    """1 to 6; a heading that is only set in bold is of level 3."""
    for node in (block.node, block.node.parent):
        if node is not None and len(node.tag) == 2 and node.tag[0] == "h" and node.tag[1].isdigit():
            return int(node.tag[1])
    return 3


def _pieces(blocks: Sequence[Block], roles: Sequence[Role]) -> Iterator[_Piece]:
    row: list[Block] = []
    row_node: Node | None = None
    for block, role in zip(blocks, roles, strict=True):
        if role not in BODY_ROLES:
            continue
        node = _enclosing(block.node, "tr") if role is Role.TABLE else None
        if row and node is not row_node:
            yield _row(row)
            row = []
        row_node = node
        if node is not None:
            row.append(block)
        else:
            yield _Piece(role, (block,), _outermost_list(block.node) if role is Role.LIST else None)
    if row:
        yield _row(row)


def _row(blocks: list[Block]) -> _Piece:
    return _Piece(Role.TABLE, tuple(blocks), _enclosing(blocks[0].node, "table"))


def _together(one: _Piece, other: _Piece) -> bool:
    """Whether two pieces follow on without an empty line: of one list, one table, one piece of code."""
    if one.role != other.role:
        return False
    if one.role is Role.CODE:
        return one.blocks[-1].node is other.blocks[0].node
    return one.role in _JOINED and one.container is not None and one.container is other.container


def _outermost_list(node: Node) -> Node | None:
    """The list that the item is part of, through all nesting."""
    found = None
    for above in node.up():
        if above.tag in {"ul", "ol", "dl"}:
            found = above
        elif above.tag not in {"li", "dd", "dt"} and found is not None:
            break
    return found


def _enclosing(node: Node | None, *tags: str) -> Node | None:
    while node is not None and node.tag not in tags:
        node = node.parent
    return node


# ---- Markdown


def _markdown(piece: _Piece, resolver: Resolver, *, new_table: bool) -> str:
    block = piece.blocks[0]
    match piece.role:
        case Role.HEADING:
            return f"{'#' * heading_level(block)} {_inline(block, resolver, plain=BOLD)}".replace("\n", " ")
        case Role.QUOTE:
            return "> " + _inline(block, resolver).replace("\n", "\n> ")
        case Role.CODE:
            return f"```\n{block.text}\n```"
        case Role.LIST:
            nesting, mark = _list_place(block.node)
            indent = "  " * nesting
            return f"{indent}{mark} " + _inline(block, resolver).replace("\n", f"\n{indent}  ")
        case Role.TABLE:
            cells = [_inline(cell, resolver).replace("\n", " ").replace("|", "\\|") for cell in piece.blocks]
            row = f"| {' | '.join(cells)} |"
            return f"{row}\n|{' --- |' * len(cells)}" if new_table else row
    return _LINE_START.sub(r"\1\\\2", _inline(block, resolver)).replace("\n", "  \n")


def _list_place(node: Node) -> tuple[int, str]:
    """How deep the item is nested, and its mark."""
    lists = [above for above in node.up() if above.tag in {"ul", "ol"}]
    item = _enclosing(node, "li")
    if lists and lists[0].tag == "ol" and item is not None and item.parent is lists[0]:
        return min(len(lists) - 1, _MAX_NESTING), "1."  # Markdown counts by itself
    return min(max(len(lists) - 1, 0), _MAX_NESTING), "-"


def _inline(block: Block, resolver: Resolver, *, plain: int = 0) -> str:
    """The runs of a block; styles in *plain* are left out."""
    parts = []
    for text, run_style, href in block.runs:
        words = text.strip()
        if not words:
            parts.append(text)
            continue
        style = run_style & ~plain
        marked = words
        if style & CODE:
            marked = f"`{words}`" if "`" not in words else f"`` {words} ``"
        elif _SPECIAL.search(words) is not None:
            marked = _SPECIAL.sub(r"\\\1", words)
        if style & ITALIC:
            marked = f"*{marked}*"
        if style & BOLD:
            marked = f"**{marked}**"
        if href:
            marked = f"[{marked}]({_target(href, resolver)})"
        if len(words) == len(text):
            parts.append(marked)
        else:
            at = text.index(words)
            parts += (text[:at], marked, text[at + len(words) :])
    return "".join(parts)


def _target(href: str, resolver: Resolver) -> str:
    try:
        target = resolver.join(href)
    except ValueError:
        target = href
    return target.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("\n", "")
