"""Footnotes: references and notes are labelled as in Markdown, in any markup; other links within the page stay."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html


def blocks_of(html: str) -> list[str]:
    root = parse_html(f"<body>{html}</body>")
    assert root is not None
    return [block.text for block in lay_out(root).blocks]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Dry.<sup id=r1><a href='#fn1'>1</a></sup></p><ol><li id=fn1>Nine. <a href='#r1'>↩</a></li></ol>",
        "<p>Dry.<a href='#fn1'><sup>1</sup></a></p><ol><li id=fn1><p>Nine.&nbsp;<a href='#r1'>↩︎</a></p></li></ol>",
        "<p>Dry.<sup>[<a href='#fn1'>1</a>]</sup></p><p id=fn1>[1] Nine.</p>",
        "<p>Dry.<sup><a href='#fn1'>[1]</a></sup></p><p><a id=fn1 href='#r'>[1]</a> Nine.</p>",
        "<p>Dry.<a href='#n' role=doc-noteref>1</a></p><aside id=n role=doc-footnote><p>1. Nine.</p></aside>",
        "<p>Dry.<a class=footnote-ref href='#n'>1</a></p><div class=footnotes><div id=n><sup>1</sup> Nine.</div></div>",
        "<p>Dry.<sup><a href='#_ftn1' name='_ftnref1'>[1]</a></sup></p><p><a name='_ftn1' href='#_ftnref1'>[1]</a> Nine.</p>",
    ],
)
def test_a_reference_and_its_note_have_one_label(html: str) -> None:
    assert blocks_of(html) == ["Dry.[^1]", "[^1]: Nine."]


def test_labels_of_several_series_are_told_apart() -> None:
    html = "".join(
        f"<p>Dry.<sup><a href='#{name}'>1</a></sup></p><ol><li id={name}>Nine {name}.</li></ol>" for name in "ab"
    )
    assert blocks_of(html) == ["Dry.[^1]", "[^1]: Nine a.", "Dry.[^1-2]", "[^1-2]: Nine b."]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<ul><li><a href='#a'>1</a></ul><h2 id=a>Part</h2>", ["1", "Part"]),  # contents
        ("<p>2<sup>10</sup></p>", ["210"]),
        ("<p>Dry<sup><a href='#gone'>1</a></sup></p>", ["Dry1"]),
        ("<p id=up>Top</p><p>Dry<sup><a href='#up'>1</a></sup></p>", ["Top", "Dry1"]),
        ("<p>Dry<sup><a href='/other#a'>1</a></sup></p><p id=a>Nine</p>", ["Dry1", "Nine"]),
    ],
)
def test_other_links_and_numbers_stay(html: str, texts: list[str]) -> None:
    assert blocks_of(html) == texts
