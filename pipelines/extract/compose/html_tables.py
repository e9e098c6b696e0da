"""Tables of the body that GFM cannot tell, as HTML: with merged cells, tables in cells, or heads beside the first row.

The HTML is written anew from the table's cells and the text of its blocks, never copied: it holds the elements of a table,
their spans and scopes, emphasis, code, line breaks and links of the web, and nothing that could act or load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby, islice

from lxml import etree

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.compose.tables import CELLS, MAX_CELLS, cell_of, span, table_of
from broadsheet.pipelines.extract.page.blocks import BOLD, CODE, FORMULA, ITALIC, Block
from broadsheet.pipelines.extract.page.footnotes import NOTE
from broadsheet.pipelines.extract.page.runs import Run

MAX_HTML = 200_000  # characters of one table; a longer one is in `text` and Markdown alone
_SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})
_STYLES = ((CODE, "code"), (ITALIC, "i"), (BOLD, "b"))


@dataclass(slots=True)
class _Cell:
    """What stands in a cell, in order: blocks, and tables with what stands in theirs."""

    parts: list[Block | _Table] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    element: etree._Element
    cells: dict[etree._Element, _Cell] = field(default_factory=dict)


def html_table(element: etree._Element, blocks: Iterable[Block], resolver: Resolver) -> str | None:
    """The table *element*, of which *blocks* are body, as HTML; None where GFM tells it, or where it is too long."""
    table = _Table(element)
    tables = {element: table}
    for block in blocks:
        _put(block, table, tables)
    if len(tables) == 1 and not _is_beyond_gfm(table):
        return None
    parts: list[str] = []
    length = 0
    for part in _written(table, resolver):
        length += len(part)
        if length > MAX_HTML:
            return None
        parts.append(part)
    return "".join(parts)


def _put(block: Block, table: _Table, tables: dict[etree._Element, _Table]) -> None:
    """Enter *block* into its cell, and that cell's table into the cell around it, up to *table*."""
    part: Block | _Table = block
    cell = cell_of(block)
    while cell is not None:
        owner = table_of(cell)
        if owner is None:
            return
        known = tables.setdefault(owner, _Table(owner))
        content = known.cells.setdefault(cell, _Cell()).parts
        if not any(one is part for one in content[-1:]):
            content.append(part)
        if known is table:
            return
        part, cell = known, next(owner.iterancestors(*CELLS), None)


def _is_beyond_gfm(table: _Table) -> bool:
    """Whether cells are merged, or heads stand elsewhere than in the first row."""
    rows = [[cell for cell in row if cell in table.cells] for row in _rows(table.element)]
    rows = [row for row in rows if row]
    merged = any(span(cell, name) > 1 for row in rows for cell in row for name in ("colspan", "rowspan"))
    return merged or any(cell.tag == "th" for row in rows[1:] for cell in row)


def _rows(table: etree._Element) -> Iterator[list[etree._Element]]:
    """The cells of each row of *table* itself."""
    count = 0
    for row in table.iter("tr"):
        if table_of(row) is table:
            cells = [one for one in row if one.tag in CELLS]
            count += len(cells)
            if count > MAX_CELLS:
                return
            yield cells


def _written(table: _Table, resolver: Resolver) -> Iterator[str]:
    yield "<table>"
    for in_head, rows in groupby(_rows(table.element), _is_in_head):
        yield "<thead>" if in_head else "<tbody>"
        for row in rows:
            yield "<tr>"
            for cell in row:
                yield from _written_cell(cell, table.cells.get(cell), resolver)
            yield "</tr>"
        yield "</thead>" if in_head else "</tbody>"
    yield "</table>"


def _is_in_head(row: list[etree._Element]) -> bool:
    return any(one.tag == "thead" for cell in row[:1] for one in islice(cell.iterancestors(), 2))


def _written_cell(cell: etree._Element, content: _Cell | None, resolver: Resolver) -> Iterator[str]:
    spans = [(name, str(number)) for name in ("colspan", "rowspan") if (number := span(cell, name)) > 1]
    scope = (cell.get("scope") or "").lower()
    given = [*spans, *([("scope", scope)] if scope in _SCOPES else [])]
    attributes = "".join(f' {name}="{value}"' for name, value in given)
    yield f"<{cell.tag}{attributes}>"
    before: Block | _Table | None = None
    for part in content.parts if content is not None else ():
        if isinstance(part, _Table):
            yield from _written(part, resolver)
        else:
            if isinstance(before, tuple):
                yield "<br>"
            yield "".join(_written_run(run, resolver) for run in part.runs)
        before = part
    yield f"</{cell.tag}>"


def _written_run(run: Run, resolver: Resolver) -> str:
    text = escape(run.text, quote=False).replace("\n", "<br>")
    if run.style & FORMULA or not run.text.strip():
        return text
    for style, tag in _STYLES:
        if run.style & style:
            text = f"<{tag}>{text}</{tag}>"
    target = None if run.href is None or NOTE.fullmatch(run.text.strip()) else resolver.target(run.href)
    if target is not None and target.lower().startswith(("http:", "https:", "mailto:")):
        text = f'<a href="{escape(target)}">{text}</a>'
    return text
