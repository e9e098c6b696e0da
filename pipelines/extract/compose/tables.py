"""Tables of the body as rows of text and as GFM: every cell at its place, empty ones too.

GFM has no merged cells.  A cell that spans rows or columns is repeated in each place that it covers, as pandas reads such
tables, so that every row tells all that it says; one that spans the whole row is given once.  Line breaks and paragraphs in a
cell are ``<br>``.  The first row is the head.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.compose.markdown import inline
from broadsheet.pipelines.extract.page.blocks import FORMULA, Block, Node

MAX_SPAN = 100  # rows and columns that a cell may cover
MAX_CELLS = 20_000  # of a grid
CELLS = frozenset({"td", "th"})

Cell = tuple[Block, ...]
Grid = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class ComposedTable:
    """``starts`` maps ordinals of blocks to their offsets in ``text``."""

    text: str
    markdown: str
    starts: Mapping[int, int]


def compose_table(table: Node, blocks: Sequence[Block], resolver: Resolver) -> ComposedTable:
    """The data table *table* of which *blocks* are body."""
    grid = grid_of(table.element, blocks)
    written: dict[int, str] = {}  # by the ordinal of a cell's first block: cells are repeated
    width = max(map(len, grid), default=0)
    lines = [_line([_cell(cell, resolver, written) for cell in row], width) for row in grid]
    if lines:
        lines.insert(1, f"|{' --- |' * width}")
    text, starts = _text(grid)
    return ComposedTable(text, "\n".join(lines), starts)


def cell_of(block: Block) -> etree._Element | None:
    """The cell that the block stands in."""
    return next((node.element for node in block.node.up() if node.tag in CELLS), None)


def grid_of(table: etree._Element, blocks: Iterable[Block]) -> Grid:
    """The rows of *table* that have one of *blocks*, without columns that are empty in all of them.

    A cell is the tuple of its blocks; a row may be short, and one that spans the table has one cell."""
    within: dict[etree._Element, list[Block]] = {}
    for block in blocks:
        cell = cell_of(block)
        while cell is not None and table_of(cell) is not table:  # of a table in the cell
            cell = next(cell.iterancestors(*CELLS), None)
        if cell is not None:
            within.setdefault(cell, []).append(block)
    grid: Grid = []
    covered: dict[int, tuple[Cell, int]] = {}  # column: a cell of a row above, and how many rows it still covers
    count = 0
    for row in table.iter("tr"):
        if table_of(row) is not table:
            continue
        places: list[Cell] = []
        own = [one for one in row if one.tag in CELLS]
        whole = len(own) == 1 and not covered
        for cell in own:
            _cover(places, covered)
            content = tuple(within.get(cell, ()))
            wide, tall = span(cell, "colspan"), span(cell, "rowspan")
            for _ in range(1 if whole else wide):
                if tall > 1:
                    covered[len(places)] = (content, tall - 1)
                places.append(content)
        _cover(places, covered)
        count += len(places)
        if count > MAX_CELLS:
            break
        if any(places):
            grid.append(places)
    return _without_empty_columns(grid)


def table_of(element: etree._Element) -> etree._Element | None:
    """The table that *element*, a row or a cell, is part of."""
    return next(element.iterancestors("table"), None)


def span(cell: etree._Element, name: str) -> int:
    """How many rows (*name* is ``rowspan``) or columns (``colspan``) *cell* covers, MAX_SPAN at most."""
    value = cell.get(name) or ""
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _cover(places: list[Cell], covered: dict[int, tuple[Cell, int]]) -> None:
    """Add the cells of rows above that reach into this row at its next places."""
    while (found := covered.get(len(places))) is not None:
        content, left = found
        if left > 1:
            covered[len(places)] = (content, left - 1)
        else:
            del covered[len(places)]
        places.append(content)


def _without_empty_columns(grid: Grid) -> Grid:
    """The rows without columns that are empty in all of them."""
    kept = {number for row in grid for number, cell in enumerate(row) if cell}
    return [[cell for number, cell in enumerate(row) if number in kept] for row in grid]


def _text(grid: Grid) -> tuple[str, dict[int, int]]:
    parts: list[str] = []
    starts: dict[int, int] = {}
    length = 0
    for at, row in enumerate(grid):
        for number, cell in enumerate(row):
            joint = ("" if at == 0 else "\n") if number == 0 else " | "
            parts.append(joint)
            length += len(joint)
            for place, block in enumerate(cell):
                gap = " " if place else ""
                starts.setdefault(block.ordinal, length + len(gap))
                parts += (gap, block.text)
                length += len(gap) + len(block.text)
    return "".join(parts), starts


def _cell(cell: Cell, resolver: Resolver, written: dict[int, str]) -> str:
    if not cell:
        return ""
    known = written.get(cell[0].ordinal)
    if known is None:
        known = written[cell[0].ordinal] = "<br>".join(_in_cell(block, resolver) for block in cell)
    return known


def _in_cell(block: Block, resolver: Resolver) -> str:
    if any(run.style & FORMULA for run in block.runs):
        runs = tuple(
            run._replace(text=run.text.replace("|", "\\vert ")) if run.style & FORMULA else run for run in block.runs
        )
        block = block._replace(runs=runs)
    return inline(block, resolver).replace("|", "\\|").replace("\n", "<br>")


def _line(cells: Sequence[str], width: int) -> str:
    return f"| {' | '.join(cells)} |{'  |' * (width - len(cells))}"
