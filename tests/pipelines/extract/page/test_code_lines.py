"""Listings are one block each, whatever a highlighter made of them; what is no code stands in front of them."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html

CODE = "def f(x):\n    return 4\nprint(f)"
_LINES = CODE.split("\n")

_ROW = "<tr><td class=hljs-ln-numbers data-line-number={number}></td><td class=hljs-ln-code>{text}</td></tr>"
_SPACED = "<div class=line><code>{text}</code></div>"
_NUMBERED = "<span class=line><span class=lineno>{number}</span>{text}</span>"


def listings_and_rest(html: str) -> tuple[list[str], list[str]]:
    root = parse_html(f"<body><p>before</p>{html}<p>after</p></body>")
    assert root is not None
    blocks = lay_out(root).blocks
    inside = [block for block in blocks if any(node.tag == "pre" for node in block.node.up())]
    return [block.text for block in inside], [block.text for block in blocks if block not in inside]


def each(line: str, joint: str = "") -> str:
    return joint.join(line.format(text=text, number=number) for number, text in enumerate(_LINES, 1))


@pytest.mark.parametrize(
    ("html", "rest"),
    [
        (f"<pre>\n{CODE}\n</pre>", []),
        (f"<pre><code>{each('<div class=line>{text}</div>')}</code></pre>", []),
        (f"<pre><code>{each('<span class=line>{text}</span>')}</code></pre>", []),
        (f"<pre><code>{each('<span class=line>{text}</span>', chr(10))}</code></pre>", []),
        (f"<pre>{each('<span data-line>{text}</span>', '<br>')}</pre>", []),
        (f"<pre><code>{each('<span class=token-line>{text}<br></span>')}</code></pre>", []),
        (f"<pre><ol class=linenums>{each('<li class=L0><span>{text}</span></li>')}</ol></pre>", []),
        (f"<pre>{each('<code>{text}</code>')}</pre>", []),
        (f"<pre>{each('<code>{text}</code>', chr(10))}</pre>", []),
        (f"<pre><code>{each(_NUMBERED)}</code></pre>", ["1 2 3"]),
        (f"<pre><button>Copy</button><code>{CODE}</code></pre>", ["Copy"]),
        (f"<pre><div><div>python<button>Copy code</button></div><div><code>{CODE}</code></div></div></pre>", None),
        ("<div class=highlight><table class=highlighttable><tr><td class=linenos><div class=linenodiv><pre>1\n2\n3</pre></div></td>"
         f"<td class=code><div><pre>{CODE}</pre></div></td></tr></table></div>", ["1 2 3"]),
        (f"<figure class='highlight'><table><tr><td class=gutter><pre>1\n2\n3</pre></td><td class=code><pre>{CODE}</pre></td></tr></table>"
         "</figure>", ["1 2 3"]),
        (f"<pre><code><table class=hljs-ln>{each(_ROW)}</table></code></pre>", []),
        (f"<table class=js-file-line-container>{each(_ROW.replace('hljs-ln-code', 'blob-code'))}</table>", []),
        ("<div class=syntaxhighlighter><table><tr><td class=gutter><div class='line number1'>1</div><div>2</div><div>3</div></td>"
         f"<td class=code><div class=container>{each(_SPACED)}</div></td></tr></table></div>", None),
        (f"<textarea class=crayon-plain></textarea><div class=crayon-pre>{each('<div class=crayon-line>{text}</div>')}</div>", []),
        (f"<div class=highlight><code>{CODE}</code></div>", []),
        (f"<code></code><div class=cm-content role=textbox>{each('<div class=cm-line>{text}</div>')}</div>", []),
        (f"<p><code>{each('{text}', '<br>').replace('    ', chr(160) * 4)}</code></p>", []),
        (each("<pre>{text}</pre>"), []),
        (f"<pre>{CODE}</pre>".replace("\n", "\r\n"), []),
        ("<pre><span class=k>def</span> <span class=nf>f</span>(x):\n    <span class=k>return</span> <span class=hljs-number>4</span>\n"
         "print(f)</pre>", []),
    ],
)  # fmt: skip
def test_a_listing_is_one_block(html: str, rest: list[str] | None) -> None:
    listings, others = listings_and_rest(html)
    assert [one.replace("\xa0", " ") for one in listings] == [CODE]
    if rest is not None:
        assert others == ["before", *rest, "after"]


def test_empty_lines_and_indentation_stay() -> None:
    lines = "".join(f"<span class=line><b>{line}</b></span>\n" for line in ("a", "", "", "  b"))
    assert listings_and_rest(f"<pre><code>{lines}</code></pre>")[0] == ["a\n\n\n  b"]


def test_a_short_code_stays_in_its_sentence_and_a_number_in_its_cell() -> None:
    assert listings_and_rest("<p>call <code>f()</code> once</p>") == ([], ["before", "call f() once", "after"])
    listings, rest = listings_and_rest("<table><tr><td class=gutter>12</td><td>eggs</td></tr></table>")
    assert (listings, rest) == ([], ["before", "12", "eggs", "after"])


def test_column_of_a_theme_is_no_listing() -> None:
    listings, rest = listings_and_rest(f"<div class=cm-content><p>one</p><code>{CODE}</code><p>two</p></div>")
    assert (listings, rest) == ([CODE], ["before", "one", "two", "after"])
