"""Assigning roles: each block of the body gets its kind of body, and each other block its role.

Which blocks are body is decided before (block model, trafilatura, site profile). The evidence about every other block
(`evidence`) is the markup of the elements around it that hold no body, its words, its links, and its place between headline,
body and end of the page. The questions (`questions`) are asked in the order of their certainty, and the first answer counts.
A block without an answer is ``other``.
"""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.pipelines.extract.page.blocks import WITHIN, Block, Layout, Node
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment, assigned, by_markup, by_rule
from broadsheet.pipelines.extract.roles.evidence import Evidence, is_heading
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.questions import QUESTIONS
from broadsheet.pipelines.extract.roles.role import Role

_LISTED_WITHIN = (1 << WITHIN.index("li")) | (1 << WITHIN.index("dl"))
_POPULAR = KEYWORD_BIT["popular"]
_SECTIONS = _POPULAR | KEYWORD_BIT["related"]
_LISTS = frozenset({Role.RELATED, Role.MOST_READ})
_SHORT, _LABEL = 40, 80  # characters of the heading of a list, and of a line that may be part of one
_BLOCKS_OF_CELL = 2  # mean number from which a table is the page's layout
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_KIND_TAGS = _HEADINGS | {"pre", "blockquote", "li", "dt", "dd", "table", "article", "main", "section"}


def assign_roles(
    layout: Layout,
    body: Sequence[RoleAssignment | None],
    head: HeadWords,
    words: Sequence[str],
    keywords: Sequence[int],
) -> list[RoleAssignment]:
    """The role of each block of *layout*. *body* says of each block how it is body, or None; *words* and *keywords* are each
    block's (`words_of`, `keywords_of`)."""
    evidence = Evidence(layout, body, head, words, keywords)
    found = [_name(evidence, block, one) for block, one in zip(layout.blocks, body, strict=True)]
    _join_related(layout.blocks, found)
    return found


def _name(evidence: Evidence, block: Block, body: RoleAssignment | None) -> RoleAssignment:
    if body is not None:
        if evidence.in_caption(block):
            return by_markup(Role.CAPTION)
        return RoleAssignment(body_role(block), body.source, body.score, body.why)
    place = evidence.place_of(block)
    for question in QUESTIONS:
        answer = question(evidence, place)
        if answer is not None:
            return answer
    return by_rule(Role.OTHER)


def _join_related(blocks: Sequence[Block], found: list[RoleAssignment]) -> None:
    """Give the heading right above a list of other articles, and short blocks inside the list, the role of the list."""
    for number in range(len(found) - 1, 0, -1):
        following = found[number]
        if following.role in _LISTS and found[number - 1].role is Role.OTHER:
            block = blocks[number - 1]
            near = block.node.parent
            if (near is not None and len(block.text) < _LABEL) and (
                is_heading(block.node.tag) or near.first <= number < near.stop
            ):
                found[number - 1] = by_rule(following.role)


def follow_headings(blocks: Sequence[Block], keywords: Sequence[int], found: list[RoleAssignment]) -> None:
    """Give each list of other articles the role that its heading names: the same headline may be in both kinds of list."""
    current: RoleAssignment | None = None
    for number, one in enumerate(found):
        if one.role not in _LISTS:
            current = None
            continue
        named = keywords[number] & _SECTIONS
        if named and len(blocks[number].text) < _SHORT and not blocks[number].link_chars:
            current = assigned(Role.MOST_READ if named & _POPULAR else Role.RELATED, one.source)
        if current is not None and one.role != current.role:
            found[number] = current


def body_role(block: Block) -> Role:
    """The role that a block of the body has by the elements around it."""
    node: Node | None = block.node
    if is_heading(block.node.tag):
        return Role.HEADING
    listed = False
    while node is not None:
        tag = node.tag
        if tag in _KIND_TAGS:
            if tag == "pre":
                return Role.CODE
            if tag == "blockquote":
                return Role.QUOTE
            if tag in _HEADINGS and node.stop - node.first == 1:
                return Role.HEADING
            if tag == "table" and is_data_table(node):
                return Role.LIST if listed else Role.TABLE
            if tag in {"article", "main", "section"}:
                break
            listed = listed or tag in {"li", "dt", "dd"}
        node = node.parent
    return Role.LIST if listed and block.node.within & _LISTED_WITHIN else Role.BODY


def is_data_table(table: Node) -> bool:
    """Whether a table holds data: short cells, several in some row, and not the columns of the page, which hold several blocks
    each.  It is asked for each of the table's blocks, so the answer is kept."""
    if table.holds_data is None:
        table.holds_data = _holds_data(table)
    return table.holds_data


def _holds_data(table: Node) -> bool:
    count = table.stop - table.first
    if count < 4 or table.chars / count >= 150:
        return False
    cells = sum(1 for _ in zip(table.element.iter("td", "th"), range(count), strict=False))
    if count > _BLOCKS_OF_CELL * cells:
        return False
    rows = sum(1 for _ in zip(table.element.iter("tr"), range(cells), strict=False))
    return rows < cells
