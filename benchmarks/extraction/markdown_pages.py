"""Pages written for markdown_scores.py, each a kind of markup that the web has for code, formulas and tables, with the truth by hand.

A page of a corpus is not copied: its truth is the place of its listings and tables (XPath) and how many lines or cells they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["code", "formulas", "tables"]

_PARAGRAPHS = (
    "The gauge at the harbour bridge has been read by hand every morning since the year of the great flood, and the books in which"
    " the keepers wrote down what they saw fill a shelf in the cellar of the town hall.",
    "A student of the technical school has now typed all of it into a table, and with it one can ask what nobody could ask before:"
    " how fast the river rises after rain in the hills, and how long the town has until the water reaches the market.",
    "The answer is not what the old keepers believed, and the fire brigade, which was shown the curves in spring, has changed the"
    " order in which it would empty the houses along the lower street.",
    "Anybody who wants to check the work may do so, since the books, the table and the programs are open, and the school would be"
    " glad of readers who find a mistake before the next flood does.",
)


@dataclass(frozen=True, slots=True)
class MarkupPage:
    """``body`` is what stands between the paragraphs, ``truth`` the listings, the formulas, or the rows of the tables."""

    name: str
    kind: Kind
    body: str
    truth: tuple[str, ...] | tuple[tuple[str, ...], ...]

    @property
    def html(self) -> str:
        """The whole page."""
        one, two, three, four = (f"<p>{text}</p>" for text in _PARAGRAPHS)
        body = (
            f"{one}{two}{self.body}{three}{four}"
            if "{}" not in self.body
            else one + self.body.format(two) + three + four
        )
        return (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The gauge at the bridge | River Post</title></head><body>'
            '<header><a href="/">River Post</a><nav><ul><li><a href="/town">Town</a></li><li><a href="/river">River</a></li></ul></nav>'
            f"</header><main><article><h1>The gauge at the bridge</h1>{body}</article></main><footer><p>© River Post</p></footer></body></html>"
        )


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """A page of a corpus: the elements that *xpath* finds are its listings or tables, with so many lines or cells each."""

    corpus: str
    id: str
    kind: Kind
    xpath: str
    counts: tuple[int, ...]


_PY = "def rise(levels):\n    last = levels[0]\n    for level in levels[1:]:\n        yield level - last  # cm\n        last = level"
_SQL = "SELECT day, level\nFROM gauge\nWHERE level > 420\nORDER BY day;"
_SH = "curl -s https://river.example/levels.csv \\\n  | cut -d, -f2 \\\n  | sort -n"
_JS = "const worst = levels.filter((one) => one > 420);\n\nif (worst.length) {\n  warn(worst);\n}"


def _each(code: str, line: str, joint: str = "") -> str:
    lines = (text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in code.split("\n"))
    return joint.join(line.replace("@", text).replace("№", str(number)) for number, text in enumerate(lines, 1))


def _escaped(code: str) -> str:
    return _each(code, "@", "\n")


_NUMBERS = "\n".join("12345")
CODE = (
    MarkupPage("plain pre", "code", f"<pre>{_escaped(_PY)}</pre>", (_PY,)),
    MarkupPage("pre code", "code", f"<pre><code class='language-sql'>{_escaped(_SQL)}\n</code></pre>", (_SQL,)),
    MarkupPage("Prism with numbers", "code", f"<div class='code-toolbar'><pre class='line-numbers language-js'><code class='language-js'>{_escaped(_JS)}"
               f"<span aria-hidden='true' class='line-numbers-rows'>{'<span></span>' * 5}</span></code></pre><div class='toolbar'><div>"
               "<button>Copy</button></div></div></div>", (_JS,)),
    MarkupPage("highlight.js with numbers", "code", f"<pre><code class='hljs python'><table class='hljs-ln'>"
               f"{_each(_PY, '<tr><td class=hljs-ln-numbers data-line-number=№></td><td class=hljs-ln-code>@</td></tr>')}</table></code></pre>", (_PY,)),
    MarkupPage("Pygments table", "code", "<div class='highlight'><table class='highlighttable'><tr><td class='linenos'><div class='linenodiv'>"
               f"<pre>{_NUMBERS}</pre></div></td><td class='code'><div><pre>{_escaped(_PY)}</pre></div></td></tr></table></div>", (_PY,)),
    MarkupPage("Pygments inline numbers", "code", f"<div class='highlight'><pre>{_each(_PY, '<span class=linenos>№</span>@', chr(10))}</pre></div>", (_PY,)),
    MarkupPage("Rouge table", "code", "<div class='language-bash highlighter-rouge'><table class='rouge-table'><tbody><tr><td class='gutter gl'><pre"
               f" class='lineno'>1\n2\n3\n</pre></td><td class='code'><pre>{_escaped(_SH)}</pre></td></tr></tbody></table></div>", (_SH,)),
    MarkupPage("Hexo", "code", "<figure class='highlight js'><table><tr><td class='gutter'><pre>"
               f"{_each(_JS, '<span class=line>№</span>', '<br>')}</pre></td><td class='code'><pre>{_each(_JS, '<span class=line>@</span>', '<br>')}</pre>"
               "</td></tr></table></figure>", (_JS,)),
    MarkupPage("Shiki", "code", f"<pre class='shiki'><code>{_each(_JS, '<span class=line><span>@</span></span>', chr(10))}</code></pre>", (_JS,)),
    MarkupPage("rehype lines without ends", "code", f"<figure><pre data-language='py'><code>{_each(_PY, '<span data-line><span>@</span></span>')}"
               "</code></pre></figure>", (_PY,)),
    MarkupPage("a div a line", "code", f"<pre><code>{_each(_SQL, '<div class=line>@</div>')}</code></pre>", (_SQL,)),
    MarkupPage("Docusaurus", "code", f"<div class='codeBlock'><pre class='prism-code language-js'><code>"
               f"{_each(_JS, '<span class=token-line>@<br></span>')}</code></pre><div><button>Copy</button></div></div>", (_JS,)),
    MarkupPage("google prettify list", "code", f"<pre class='prettyprint linenums'><ol class='linenums'>{_each(_SQL, '<li class=L0>@</li>')}</ol></pre>",
               (_SQL,)),
    MarkupPage("SyntaxHighlighter", "code", "<div class='syntaxhighlighter py'><table><tbody><tr><td class='gutter'>"
               f"{_each(_SQL, '<div class=line>№</div>')}</td><td class='code'><div class='container'>{_each(_SQL, '<div class=line><code>@</code></div>')}"
               "</div></td></tr></tbody></table></div>", (_SQL,)),
    MarkupPage("Crayon", "code", "<div class='crayon-syntax'><textarea class='crayon-plain'>x</textarea><table class='crayon-table'><tr><td"
               f" class='crayon-nums'><div>{_each(_SQL, '<div class=crayon-num>№</div>')}</div></td><td class='crayon-code'><div class='crayon-pre'>"
               f"{_each(_SQL, '<div class=crayon-line>@</div>')}</div></td></tr></table></div>", (_SQL,)),
    MarkupPage("GitHub file", "code", f"<table class='highlight js-file-line-container'>"
               f"{_each(_PY, '<tr><td class=blob-num data-line-number=№></td><td class=blob-code>@</td></tr>')}</table>", (_PY,)),
    MarkupPage("code without pre", "code", f"<div class='highlight'><code style='white-space:pre'>{_escaped(_SQL)}</code></div>", (_SQL,)),
    MarkupPage("code with breaks", "code", f"<p><code>{_each(_SQL, '@', '<br>')}</code></p>", (_SQL,)),
    MarkupPage("a pre a line", "code", _each(_SQL, "<pre>@</pre>"), (_SQL,)),
    MarkupPage("chat with a header", "code", f"<pre><div><div>sql<button>Copy code</button></div><div><code class='language-sql'>{_escaped(_SQL)}</code>"
               "</div></div></pre>", (_SQL,)),
    MarkupPage("in a list", "code", f"<ol><li><p>First read the levels.</p><pre><code>{_escaped(_SH)}</code></pre></li><li><p>Then ask for the worst of"
               f" them, which is what counts.</p><pre><code>{_escaped(_SQL)}</code></pre></li></ol>", (_SH, _SQL)),
    MarkupPage("two short ones", "code", f"<pre><code>pip install gauge</code></pre>{{}}<pre><code>{_escaped(_SQL)}</code></pre>",
               ("pip install gauge", _SQL)),
)  # fmt: skip


def _mathml(inner: str, attributes: str = "", annotation: str = "") -> str:
    return f"<math{attributes}><semantics><mrow>{inner}</mrow>{annotation}</semantics></math>"


def _katex(latex: str, drawn: str) -> str:
    note = f"<annotation encoding='application/x-tex'>{latex}</annotation>"
    return (
        f"<span class='katex'><span class='katex-mathml'>{_mathml(drawn, '', note)}</span>"
        f"<span class='katex-html' aria-hidden='true'><span class='base'>{drawn}</span></span></span>"
    )


_Q, _MQ = "Q = v A", "<mi>Q</mi><mo>=</mo><mi>v</mi><mi>A</mi>"
_V = r"v = \frac{1}{n} R^{2/3} \sqrt{S}"
_MV = (
    "<mi>v</mi><mo>=</mo><mfrac><mn>1</mn><mi>n</mi></mfrac><msup><mi>R</mi><mrow><mn>2</mn><mo>/</mo><mn>3</mn></mrow></msup>"
    "<msqrt><mi>S</mi></msqrt>"
)
_LINE = "<p>What flows is {} where the area is that under the bridge.</p>"
_MATHJAX = "<script src='https://cdn.example/mathjax/tex-chtml.js'></script>"
FORMULAS = (
    MarkupPage("KaTeX", "formulas", _LINE.replace("{}", _katex(_Q, _MQ)), (_Q,)),
    MarkupPage("KaTeX display", "formulas", f"<p>So <span class='katex-display'>{_katex(_V, _MV)}</span></p>", (_V,)),
    MarkupPage("MathJax 2", "formulas", _LINE.replace("{}", f"<span class='MathJax_Preview'></span><span class='MathJax' id='MathJax-Element-1-Frame'>"
               f"<nobr><span class='math'>Q=vA</span></nobr></span><script type='math/tex'>{_Q}</script>"), (_Q,)),
    MarkupPage("MathJax 2 display", "formulas", f"<div class='MathJax_Display'><span class='MathJax'>v=1nR</span></div><script type='math/tex; mode=display'>"
               f"{_V}</script>", (_V,)),
    MarkupPage("MathJax 2 source alone", "formulas", _LINE.replace("{}", f"<script type='math/tex'>{_Q}</script>"), (_Q,)),
    MarkupPage("MathJax 3 with MathML", "formulas", _LINE.replace("{}", f"<mjx-container class='MathJax' jax='CHTML'><mjx-math><mjx-mi>Q</mjx-mi></mjx-math>"
               f"<mjx-assistive-mml>{_mathml(_MQ)}</mjx-assistive-mml></mjx-container>"), (_Q,)),
    MarkupPage("MathJax 4 display", "formulas", f"<p><mjx-container jax='SVG' display='true'><svg></svg><mjx-assistive-mml>{_mathml(_MV)}</mjx-assistive-mml>"
               "</mjx-container></p>", (_V,)),
    MarkupPage("MathJax delimiters", "formulas", f"<p>What flows is \\({_Q}\\) and so \\[{_V}\\] holds.</p>{_MATHJAX}", (_Q, _V)),
    MarkupPage("MathJax dollars", "formulas", f"<script>MathJax = {{{{tex: {{{{inlineMath: [['$', '$']]}}}}}}}};</script><p>It costs $5, and ${_Q}$ is what"
               f" flows.</p>{_MATHJAX}".replace("{{", "{").replace("}}", "}"), (_Q,)),
    MarkupPage("Pandoc", "formulas", f"<p>What flows is <span class='math inline'>\\({_Q}\\)</span>.</p><p><span class='math display'>\\[{_V}\\]</span></p>"
               f"{_MATHJAX}", (_Q, _V)),
    MarkupPage("MathML", "formulas", _LINE.replace("{}", _mathml(_MQ)), (_Q,)),
    MarkupPage("MathML block", "formulas", f"<p>{_mathml(_MV, ' display=block')}</p>", (_V,)),
    MarkupPage("MathML with alttext", "formulas", _LINE.replace("{}", _mathml(_MQ, f" alttext='{_Q}'")), (_Q,)),
    MarkupPage("Wikipedia", "formulas", _LINE.replace("{}", "<span class='mwe-math-element'><span class='mwe-math-mathml-inline' style='display: none'>"
               f"{_mathml(_MQ, ' alttext=' + chr(34) + '{' + chr(92) + 'displaystyle ' + _Q + '}' + chr(34))}</span><img class='mwe-math-fallback-image-inline'"
               f" alt='{_Q}' src='/x.svg'></span>"), (_Q,)),
    MarkupPage("WordPress picture", "formulas", _LINE.replace("{}", f"<img src='https://s0.wp.com/latex.php?latex=Q' alt='{_Q}' class='latex'>"), (_Q,)),
    MarkupPage("picture by address", "formulas", _LINE.replace("{}", "<img src='https://latex.codecogs.com/svg.latex?Q%20=%20v%20A'>"), (_Q,)),
)  # fmt: skip

_ROWS = (("Year", "Days", "Highest"), ("1990", "12", "431"), ("2000", "3", "402"), ("2010", "27", "488"))


def _table(rows: tuple[tuple[str, ...], ...], head: str = "th") -> str:
    tags = [head] + ["td"] * (len(rows) - 1)
    return "".join(
        f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in row)}</tr>" for tag, row in zip(tags, rows, strict=True)
    )


TABLES = (
    MarkupPage("plain table", "tables", f"<table>{_table(_ROWS)}</table>", _ROWS),
    MarkupPage("without th", "tables", f"<table><tbody>{_table(_ROWS, 'td')}</tbody></table>", _ROWS),
    MarkupPage("thead and caption", "tables", f"<div class='table-wrap'><table><caption>Floods</caption><thead>{_table(_ROWS[:1])}</thead><tbody>"
               f"{_table(_ROWS[1:], 'td')}</tbody></table></div>", _ROWS),
    MarkupPage("paragraphs in cells", "tables", "<table>" + "".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in row)}</tr>" for row in _ROWS)
               + "</table>", _ROWS),
    MarkupPage("empty cells", "tables", f"<table>{_table((_ROWS[0], ('1990', '', '431'), ('2000', '3', ''), _ROWS[3]))}</table>",
               (_ROWS[0], ("1990", "", "431"), ("2000", "3", ""), _ROWS[3])),
    MarkupPage("rowspan", "tables", "<table><tr><th>Bridge</th><th>Year</th><th>Highest</th></tr><tr><td rowspan=2>Upper</td><td>1990</td><td>431</td></tr>"
               "<tr><td>2000</td><td>402</td></tr><tr><td>Lower</td><td>2010</td><td>488</td></tr></table>",
               (("Bridge", "Year", "Highest"), ("Upper", "1990", "431"), ("Upper", "2000", "402"), ("Lower", "2010", "488"))),
    MarkupPage("colspan", "tables", "<table><tr><th>Bridge</th><th colspan=2>Levels</th></tr><tr><td>Upper</td><td>431</td><td>402</td></tr><tr><td>Lower"
               "</td><td>488</td><td>455</td></tr></table>", (("Bridge", "Levels", "Levels"), ("Upper", "431", "402"), ("Lower", "488", "455"))),
    MarkupPage("links and bold", "tables", "<table><tr><th>Bridge</th><th>Built</th></tr><tr><td><a href='/u'>Upper</a></td><td><b>1871</b></td></tr><tr><td>"
               "<a href='/l'>Lower</a></td><td><b>1902</b></td></tr></table>", (("Bridge", "Built"), ("Upper", "1871"), ("Lower", "1902"))),
    MarkupPage("a line, a bar", "tables", "<table><tr><th>Sign</th><th>Says</th></tr><tr><td>a|b</td><td>one<br>two</td></tr><tr><td>c</td><td>three</td></tr>"
               "</table>", (("Sign", "Says"), ("a|b", "one two"), ("c", "three"))),
    MarkupPage("at the end of the text", "tables", f"<p>What the books say, year by year:</p><table>{_table(_ROWS)}</table>", _ROWS),
)  # fmt: skip

PAGES = (*CODE, *FORMULAS, *TABLES)

_PRE = "//article//pre"
CORPUS_PAGES = (
    CorpusPage("wcxb", "dev-0414", "code", _PRE, (8, 5, 10, 16, 13, 4, 18, 14, 9, 10, 7, 19)),
    CorpusPage("wcxb", "dev-0443", "code", _PRE, (11, 11, 9, 10, 1, 2, 8, 22, 21, 4, 4, 12, 2, 13, 9, 4, 1)),
    CorpusPage("wcxb", "dev-0476", "code", _PRE, (49, 34, 48, 111, 28, 139)),
    CorpusPage("wcxb", "dev-2684", "code", "//pre", (6, 2, 2, 2, 2, 1, 1, 1)),
    CorpusPage("wcxb", "test-5416", "code", "//pre/code", (9, 6, 1, 3, 7, 8, 2, 3, 2, 4, 2, 5, 22, 15, 9, 23, 31)),
    CorpusPage("wcxb", "test-5447", "code", _PRE, (1, 8, 7, 11, 5, 8, 10, 21, 8, 4, 10, 14, 45, 15, 7, 9, 4, 1, 1, 1)),
    CorpusPage("magic-html", "66211fc426fc7016", "code", "//pre", (50, 39, 14, 39, 34, 52, 43, 11, 33)),
    CorpusPage("readability", "wikipedia-3", "formulas", "//*[name()='annotation']", (1,) * 66),
    CorpusPage("wcxb", "dev-0002", "tables", "//article//table", (21,)),
    CorpusPage("wcxb", "dev-0061", "tables", "//table", (20, 80)),
    CorpusPage("wcxb", "dev-0332", "tables", "//table", (44,)),
    CorpusPage("wcxb", "dev-0389", "tables", "//article//table", (100, 12)),
    CorpusPage("wcxb", "dev-0397", "tables", "//article//table", (28,)),
    CorpusPage("wcxb", "dev-4053", "tables", "//main//table", (24,)),
    CorpusPage("wcxb", "dev-4861", "tables", "//article//table", (24,)),
    CorpusPage("wcxb", "test-5005", "tables", "//article//table", (33, 10, 50)),
)
