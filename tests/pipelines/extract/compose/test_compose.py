"""The body's text and Markdown."""

from __future__ import annotations

from broadsheet.pipelines.extract.compose.text import Composed, compose
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.roles.assign import body_role


def composed(html: str) -> Composed:
    root = parse_html(html)
    assert root is not None
    blocks = lay_out(root).blocks
    return compose(blocks, [body_role(block) for block in blocks], "http://a.example/b/c")


def test_text_and_markdown_of_all_kinds_of_body() -> None:
    got = composed(
        """<article><p>First <b>bold</b> and <a href="/x (1)">linked</a>.</p><h2>A heading</h2><p>1. no list<br>second line</p>
        <ul><li>one</li><li>two<ul><li>inner</li></ul></li></ul><ol><li>eins</li><li>zwei</li></ol>
        <blockquote><p>Said so.</p></blockquote><pre>x = 1\n  y = *z*</pre>
        <table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td>2</td></tr></table><p>Last *star* [x]</p></article>"""
    )
    assert got.text == (
        "First bold and linked.\n\nA heading\n\n1. no list\nsecond line\n\none\ntwo\ninner\n\neins\nzwei\n\nSaid so.\n\n"
        "x = 1\n  y = *z*\n\na | b|c\n1 | 2\n\nLast *star* [x]"
    )
    assert got.markdown == (
        "First **bold** and [linked](http://a.example/x%20%281%29).\n\n## A heading\n\n\\1. no list  \nsecond line\n\n"
        "- one\n- two\n  - inner\n\n1. eins\n1. zwei\n\n> Said so.\n\n```\nx = 1\n  y = *z*\n```\n\n"
        "| a | b\\|c |\n| --- | --- |\n| 1 | 2 |\n\nLast \\*star\\* \\[x\\]"
    )
    (heading,) = got.headings
    assert (heading.level, heading.text) == (2, "A heading")
    assert got.text[heading.char_start :].startswith("A heading")


def test_offsets_point_at_the_blocks() -> None:
    root = parse_html(
        "<div><p>one 𝒳</p><ul><li>two</li><li>three</li></ul><table><tr><td>a</td><td>b</td><td>c</td><td>d</td></tr></table></div>"
    )
    assert root is not None
    blocks = lay_out(root).blocks
    got = compose(blocks, [body_role(block) for block in blocks], "http://a/")
    assert set(got.starts) == {block.ordinal for block in blocks}
    for block in blocks:
        assert got.text[got.starts[block.ordinal] :].startswith(block.text)
