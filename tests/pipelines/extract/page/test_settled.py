"""Settling: a page that tells of nothing keeps its tree; each thing that one tells of is brought into its one form."""

from __future__ import annotations

import pytest
from lxml import etree

from broadsheet.pipelines.extract.page.settled import settle

PLAIN = "<html><body><h1>A <b>day</b></h1><p>One <a href='#x'>two</a></p><table><tr><td>3</td></tr></table><p>end</p></body></html>"


def settled(source: str) -> str:
    root = etree.HTML(source)
    settle(root, source.encode())
    return str(etree.tostring(root, encoding="unicode"))


def test_a_page_that_tells_of_nothing_keeps_its_tree() -> None:
    assert settled(PLAIN) == str(etree.tostring(etree.HTML(PLAIN), encoding="unicode"))


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("<p><ruby>錆<rt>さび</rt></ruby></p>", "(さび)"),
        ("<p><math><mi>x</mi></math></p>", "$x$"),
        ("<div><template shadowrootmode=open><p>in it</p></template></div>", "<p>in it</p>"),
        ("<tei-p>text</tei-p>", "<p>text</p>"),
    ],
)
def test_what_a_page_tells_of_is_brought_into_its_form(told: str, found: str) -> None:
    assert found in settled(PLAIN.replace("<p>end</p>", f"{told}<p>end</p>"))


def test_a_mark_counts_where_the_paragraphs_stand() -> None:
    formula = '<span data-tex="y^2">drawn</span>'
    assert "y^2$" in settled(PLAIN.replace("<p>end</p>", f"<p>{formula}</p><p>end</p>"))
    assert "y^2$" not in settled(PLAIN.replace("</body>", f"<div>{formula}</div></body>"))
