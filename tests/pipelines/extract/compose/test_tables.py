"""Tables of the body: every cell at its place, those that span repeated, empty columns left out."""

from __future__ import annotations

from broadsheet.pipelines.extract.compose.tables import MAX_CELLS, MAX_SPAN, grid_of
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html


def cells(html: str) -> list[list[str]]:
    root = parse_html(f"<table>{html}</table>")
    assert root is not None
    table = next(root.iter("table"))
    return [[" ".join(block.text for block in cell) for cell in row] for row in grid_of(table, lay_out(root).blocks)]


def test_a_cell_that_spans_stands_in_each_place_that_it_covers() -> None:
    html = "<tr><td rowspan=2>a<td>b<td>c<tr><td colspan=2>d<tr><td>e<td>f<td>g"
    assert cells(html) == [["a", "b", "c"], ["a", "d", "d"], ["e", "f", "g"]]


def test_one_that_spans_the_whole_row_is_given_once() -> None:
    assert cells("<tr><th colspan=3>All<tr><td>a<td>b<td>c") == [["All"], ["a", "b", "c"]]


def test_empty_cells_keep_their_place_and_empty_columns_and_rows_go() -> None:
    assert cells("<tr><td>a<td><td>b<tr><td><td><td><tr><td><td><td>c") == [["a", "b"], ["", "c"]]


def test_the_table_in_a_cell_is_that_cells() -> None:
    assert cells("<tr><td>a<td><table><tr><td>x<td>y</table><tr><td>b<td>c") == [["a", "x y"], ["b", "c"]]


def test_spans_and_cells_are_bounded() -> None:
    row = cells("<tr><td colspan=99999>a<td>b")[0]
    assert len(row) == MAX_SPAN + 1
    wide = "".join(f"<tr><td colspan={MAX_SPAN}>a<td>b" for _ in range(2 * MAX_CELLS // MAX_SPAN))
    assert sum(map(len, cells(wide))) <= MAX_CELLS
