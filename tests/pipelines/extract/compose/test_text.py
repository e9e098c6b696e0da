"""The body's text and Markdown."""

from __future__ import annotations

from broadsheet.archive.url import Resolver
from broadsheet.pipelines.extract.compose.text import Composed, compose
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.roles.assign import body_role


def composed(html: str) -> Composed:
    root = parse_html(html)
    assert root is not None
    blocks = lay_out(root).blocks
    return compose(blocks, [body_role(block) for block in blocks], Resolver("http://a.example/b/c"))


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
        "First **bold** and [linked](http://a.example/x%20%281%29).\n\n## A heading\n\n1\\. no list  \nsecond line\n\n"
        "- one\n- two\n  - inner\n\n1. eins\n2. zwei\n\n> Said so.\n\n```\nx = 1\n  y = *z*\n```\n\n"
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
    got = compose(blocks, [body_role(block) for block in blocks], Resolver("http://a/"))
    assert set(got.starts) == {block.ordinal for block in blocks}
    for block in blocks:
        assert got.text[got.starts[block.ordinal] :].startswith(block.text)


_GOLDEN = r"""
<article><p>Dry<sup><a href="#n1">1</a></sup> at <math><msup><mi>x</mi><mn>2</mn></msup></math> for $5 and
<ruby>錆<rt>さび</rt></ruby>.</p>
<pre><code class="language-python"><span class="line"><i class="lineno">1</i>```js</span><span class="line">b</span></code></pre>
<ul><li><p>one</p><p>more</p><pre>x
y</pre><ol start="9"><li>nine<li>ten<ul><li>deeper</ul></ol></ul>
<dl><dt>Ebb<dd>going out</dd><dd>low</dl>
<blockquote><p>first</p><ul><li>item</ul><blockquote>inner</blockquote></blockquote>
<table><caption>Cities</caption><tr><th>City<th colspan="2">People|Dogs<td></tr>
<tr><td rowspan="2">Rome<td>1<td></tr><tr><td><math><mo>|</mo><mi>a</mi></math><td>x<br>y</tr>
<tr><td colspan="3">All</tr><tr><td><td><ul><li>l1<li>l2</ul><td>z</table>
<ol><li id="n1"><p>A note. <a href="#r">↩</a></p><p>Its rest.</p></ol></article>
"""


def test_markdown_of_what_is_more_than_paragraphs() -> None:
    got = composed(_GOLDEN)
    assert got.text == (
        "Dry[^1] at $x^{2}$ for $5 and 錆(さび).\n\n1\n\n```js\nb\n\none\nmore\n\nx\ny\n\nnine\nten\ndeeper\n\n"
        "Ebb\ngoing out\nlow\n\nfirst\n\nitem\n\ninner\n\nCities\n\nCity | People|Dogs | People|Dogs\nRome | 1 | \n"
        "Rome | $| a$ | x\ny\nAll\n | l1 l2 | z\n\n[^1]: A note.\nIts rest."
    )
    assert got.markdown == _MARKDOWN


_MARKDOWN = r"""Dry[^1] at $x^{2}$ for \$5 and 錆(さび).

1

````python
```js
b
````

- one

  more

  ```
  x
  y
  ```

  9. nine
  10. ten
      - deeper

Ebb
: going out
: low

> first
>
> - item
>
> > inner

Cities

| City | People\|Dogs | People\|Dogs |
| --- | --- | --- |
| Rome | 1 |  |
| Rome | $\vert  a$ | x<br>y |
| All |  |  |
|  | l1<br>l2 | z |

[^1]: A note.

    Its rest."""
