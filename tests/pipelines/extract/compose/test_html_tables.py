"""Tables that GFM cannot tell are HTML of their own, and none of the page's."""

from __future__ import annotations

import pytest

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.compose import html_tables
from broadsheet.pipelines.extract.compose.text import Composed, compose
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.roles.assign import body_role


def composed(table: str) -> Composed:
    root = parse_html(f"<article><p>Before.</p>{table}<p>After.</p></article>")
    assert root is not None
    blocks = lay_out(root).blocks
    return compose(blocks, [body_role(block) for block in blocks], Resolver("http://a.example/b/c"))


def test_merged_cells_heads_in_columns_and_tables_in_cells_are_told() -> None:
    got = composed(
        """<table class="x" onclick="bad()"><caption>Boats</caption>
        <thead><tr><th rowspan=2>Boat</th><th colspan="2">Year</th></tr><tr><th>built</th><th>retired</th></tr></thead>
        <tr style="color: red"><th scope=ROW>Alma &lt;b></th><td><a href="/a?x=1&amp;y=%22" onclick="bad()">1950</a></td>
        <td>2024 <b>now</b><br>or <code>a|b</code></td></tr>
        <tr><th scope="bad()">Berta</th><td>It had<table><tr><td>two</td><td>decks</td></tr></table></td>
        <td><script>bad()</script><a href="javascript:bad()"><i>2020</i></a></td></tr></table>"""
    )
    (table,) = got.tables
    assert table.html == (
        '<table><thead><tr><th rowspan="2">Boat</th><th colspan="2">Year</th></tr>'
        "<tr><th>built</th><th>retired</th></tr></thead>"
        '<tbody><tr><th scope="row">Alma &lt;b&gt;</th><td><a href="http://a.example/a?x=1&amp;y=%22">1950</a></td>'
        "<td>2024 <b>now</b><br>or <code>a|b</code></td></tr>"
        "<tr><th>Berta</th><td>It had<table><tbody><tr><td>two</td><td>decks</td></tr></tbody></table></td>"
        "<td><i>2020</i></td></tr></tbody></table>"
    )
    assert got.text[table.char_start :].startswith("Boat | Year | Year\nBoat | built | retired\nAlma <b> | 1950 | ")


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
        "<table><tr><th>a</th><th>b</th></tr><tr><td colspan=1>1</td><td rowspan=0>2</td></tr></table>",
        "<p>None.</p>",
    ],
)
def test_what_gfm_tells_is_no_html(table: str) -> None:
    assert composed(table).tables == ()


def test_spans_and_lengths_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    table = "<table><tr><th>a</th><th>b</th></tr><tr><td colspan=99999>1</td><td>2</td></tr></table>"
    assert '<td colspan="100">1</td>' in composed(table).tables[0].html
    monkeypatch.setattr(html_tables, "MAX_HTML", 50)
    assert composed(table).tables == ()
