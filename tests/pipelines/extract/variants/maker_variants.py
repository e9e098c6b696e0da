"""Pages with what one program alone writes: editors, highlighters, wikis, builders of pages, each in its own markup."""

from __future__ import annotations

import json
from html import escape

from varied_page import FOUR, ONE, PARAGRAPHS, THREE, TWO, Varied

_LINES = ("for basin in basins:", "    if basin.depth < 4:", "        rake(basin)")
_SHOWN = [escape(line) for line in _LINES]
_LISTING = "\n".join(_SHOWN)
_NOTE = "The book of 1911 gives another figure."


def _marked(kind: str, html: str, *marked: str, has: tuple[str, ...] = (), hasnot: tuple[str, ...] = (), head: str = "") -> Varied:  # fmt: skip
    return Varied(
        kind,
        ONE + TWO + html + THREE + FOUR,
        (PARAGRAPHS[1][-40:], *has, PARAGRAPHS[3][-40:]),
        hasnot,
        marked,
        head=head,
    )


def _listed(kind: str, html: str, language: str = "") -> Varied:
    return _marked(kind, html, f"```{language}\n" + "\n".join(_LINES) + "\n```")


def _noted(kind: str, reference: str, notes: str) -> Varied:
    html = f"<p>The keeper of the works knew it{reference} long before the others did, as he said.</p>"
    return Varied(kind, ONE + html + THREE + FOUR + notes, (), (), ("knew it[^1] long", f"[^1]: {_NOTE}"))


def _lines(line: str) -> str:
    """*line* with each line of the listing as {x} and its number as {n}."""
    return "".join(line.format(x=shown, n=number) for number, shown in enumerate(_SHOWN, 1))


_ROWS = _lines("<tr><td id=L{n} class='blob-num js-line-number' data-line-number={n}></td><td class='blob-code'>{x}</td></tr>")  # fmt: skip
_VLIST = "<span class='vlist-t {}'><span class='vlist-r'><span class='vlist'>{}</span></span></span>"
_SQUARE = "<span class='msupsub'>" + _VLIST.format("", "<span style='top:-2.8em'><span>2</span></span>") + "</span>"
_FRACTION = _VLIST.format(
    "vlist-t2",
    f"<span style='top:-2.6em'><span class='mord'>r{_SQUARE}</span></span><span style='top:-3.2em'><span class='frac-line'></span>"
    "</span><span style='top:-3.4em'><span class='mord'>ρ</span></span>",
)

LISTINGS: tuple[Varied, ...] = (
    _listed(
        "pygments",
        "<div class='highlight-python notranslate'><div class=highlight><table class=highlighttable><tr><td class=linenos><div"
        " class=linenodiv><pre><span class=normal>1</span>\n<span class=normal>2</span>\n<span class=normal>3</span></pre></div></td>"
        f"<td class=code><div><pre><span></span>{_LISTING}\n</pre></div></td></tr></table></div></div>",
        "python",
    ),
    _listed(
        "rouge",
        "<div class='language-python highlighter-rouge'><div class=highlight><pre class=highlight><code><table class=rouge-table>"
        "<tbody><tr><td class='rouge-gutter gl'><pre class=lineno>1\n2\n3\n</pre></td><td class=rouge-code><pre>"
        f"{_LISTING}\n</pre></td></tr></tbody></table></code></pre></div></div>",
        "python",
    ),
    _listed(
        "gist",
        f"<div class=gist><div class='blob-wrapper data type-python'><table>{_ROWS}</table></div></div>",
        "python",
    ),
    _listed(
        "highlight.js",
        "<pre><code class='hljs language-python'><table class=hljs-ln><tbody>"
        + _lines(
            "<tr><td class='hljs-ln-line hljs-ln-numbers'><div></div></td><td class='hljs-ln-line hljs-ln-code'>{x}</td></tr>"
        )
        + "</tbody></table></code></pre>",
        "python",
    ),
    _listed("mediawiki", f"<div class='mw-highlight mw-highlight-lang-python'><pre>{_LISTING}</pre></div>", "python"),
    _listed("confluence", f"<pre data-syntaxhighlighter-params='brush: py; gutter: false'>{_LISTING}</pre>", "py"),
    _listed("cnblogs", "<div class=cnblogs_code><pre>" + _lines("<span>{n}</span> {x}\n") + "</pre></div>"),
    _listed(
        "codemirror 5",
        "<div class=CodeMirror><div class=CodeMirror-code>"
        + _lines(
            "<div><div class=CodeMirror-gutter-wrapper><div class='CodeMirror-linenumber CodeMirror-gutter-elt'>{n}</div></div><pre class=CodeMirror-line>{x}</pre></div>"
        )
        + "</div></div>",
    ),
    _listed(
        "codemirror 6",
        f"<div class=cm-editor><div class=cm-gutters>{_lines('<div>{n}</div>')}</div><div class=cm-content data-language=python>"
        f"{_lines('<div class=cm-line>{x}</div>')}</div></div>",
        "python",
    ),
    _listed(
        "ace",
        f"<div class=ace_editor><div class=ace_gutter>{_lines('<div>{n}</div>')}</div><div class='ace_layer ace_text-layer'>"
        f"{_lines('<div class=ace_line>{x}</div>')}</div></div>",
    ),
)

LISTINGS += (
    _listed(
        "zola",
        "<pre data-lang=python><code><table><tbody>"
        + _lines("<tr><td>{n}</td><td><span>{x}\n</span></td></tr>")
        + "</tbody></table></code></pre>",
        "python",
    ),
    _listed("org-mode", f"<div class=org-src-container><pre class='src src-python'>{_LISTING}</pre></div>", "python"),
    _listed("jupyter", f"<div class='highlight hl-ipython3'><pre>{_LISTING}</pre></div>", "ipython3"),
    _listed("enlighter", f"<pre class=EnlighterJSRAW data-enlighter-language=python>{_LISTING}</pre>", "python"),
)
VITEPRESS = _marked(
    "vitepress",
    f"<div class='language-python line-numbers-mode'><span class=lang>python</span><pre class=shiki><code>{_LISTING}</code></pre><div"
    f" class=line-numbers-wrapper>{_lines('<span>{n}</span><br>')}</div></div>",
    "afternoon.\n\n```python\n" + "\n".join(_LINES) + "\n```\n\nThe last owner",
)

FORMULAS = (
    _marked(
        "katex of html alone",
        "<p>The mass <span class=katex><span class=katex-html><span class=base><span class=mord>m</span><span class=mrel>=</span>"
        f"</span><span class=base><span class=mfrac>{_FRACTION}</span></span></span></span> is read.</p>",
        r"The mass $m=\frac{\rho}{r^{2}}$ is read.",
    ),
    _marked(
        "sphinx",
        "<div class='math notranslate'><span class=eqno>(1)<a class=headerlink href=#e>¶</a></span>\\[m = \\rho V\\]</div>",
        r"$$m = \rho V$$",
        head="<script src=/js/mathjax.js></script>",
    ),
    _marked(
        "gitlab", "<p>The mass <code class='code math js-render-math'>m = a^3</code> is read.</p>", "mass $m = a^3$ is"
    ),
    _marked(
        "substack",
        f"<div class=latex-rendered data-attrs='{json.dumps({'persistentExpression': 'm = a^3'})}'></div>",
        "$$m = a^3$$",
    ),
)

NOTES = (
    _noted(
        "sphinx",
        "<a class='footnote-reference brackets' href=#n1 id=r1 role=doc-noteref>[1]</a>",
        "<aside class='footnote brackets' id=n1 role=doc-footnote><span class=label><span>[</span><a role=doc-backlink href=#r1>1</a>"
        f"<span>]</span></span><p>{_NOTE}</p></aside>",
    ),
    _noted(
        "docutils",
        "<a class=footnote-reference href=#n1 id=r1>[1]</a>",
        f"<table class='docutils footnote' id=n1><tbody><tr><td class=label><a href=#r1>[1]</a></td><td>{_NOTE}</td></tr></tbody></table>",
    ),
    _noted(
        "markdown-it",
        "<sup class=footnote-ref><a href='https://bay.example/2025/03/salt#fn1' id=fnref1>[1]</a></sup>",
        f"<section class=footnotes><ol><li id=fn1><p>{_NOTE} <a href='https://bay.example/2025/03/salt#fnref1'"
        " class=footnote-backref>↩︎</a></p></li></ol></section>",
    ),
    _noted(
        "kramdown",
        "<sup id='fnref:größe'><a href='#fn:gr%C3%B6%C3%9Fe' class=footnote>1</a></sup>",
        f"<div class=footnotes><ol><li id='fn:größe'><p>{_NOTE} <a href='#fnref:gr%C3%B6%C3%9Fe'>↩</a></p></li></ol></div>",
    ),
)

WORD = Varied(
    "word",
    ONE + "<p>The keeper knew it <a href=#_edn1 name=_ednref1>[i]</a> long before.</p>" + TWO + THREE
    + f"<p><a href=#_ednref1 name=_edn1>[i]</a> {_NOTE}</p>",
    marked=("knew it [^i] long", f"[^i]: {_NOTE}"),
)  # fmt: skip

BUILDERS = (
    _marked(
        "bootstrap 3",
        "<div class=panel-group role=tablist><div class='panel panel-default'><div class=panel-heading role=tab><h4 class=panel-title>"
        "<a role=button data-toggle=collapse href=#c1>Who reads the gauge?</a></h4></div><div id=c1 class='panel-collapse collapse'>"
        "<div class=panel-body>The harbour master shares it with his wife.</div></div></div></div>",
        has=("Who reads the gauge?", "The harbour master shares it with his wife."),
    ),
    _marked(
        "radix",
        "<div data-state=closed class=border-b><h3 class=flex><button aria-controls=r1 aria-expanded=false>Who reads the gauge?</button>"
        "</h3><div id=r1 role=region><div class=pb-4>The harbour master shares it with his wife.</div></div></div>",
        has=("Who reads the gauge?", "The harbour master shares it with his wife."),
    ),
    _marked(
        "timeline",
        "<ul class=timeline><li><span class=timeline-date>1868</span><div class=timeline-content>The first basin is dug</div></li><li>"
        "<span class=timeline-date>1911</span><div class=timeline-content>The railway comes</div></li></ul>",
        has=("1868", "The first basin is dug", "1911", "The railway comes"),
    ),
    _marked(
        "webflow",
        "<div class=w-embed><table><thead><tr><th>Basin</th><th>Depth</th><th>Salt</th></tr></thead><tbody><tr><td><a href=/n>North</a>"
        "</td><td>24</td><td>grey</td></tr><tr><td><a href=/s>South</a></td><td>18</td><td>white</td></tr></tbody></table></div>",
        "| [South](https://bay.example/s) | 18 | white |",
    ),
    _marked(
        "grid",
        "<div role=grid><div role=row><div role=columnheader>Basin</div><div role=columnheader>Depth</div></div><div role=row><div"
        " role=gridcell>North</div><div role=gridcell>24</div></div></div>".replace("role=grid>", 'role="grid">'),
        "| Basin | Depth |",
        "| North | 24 |",
    ),
    _marked(
        "elementor",
        "<div class=elementor-accordion><div class=elementor-accordion-item><div class=elementor-tab-title role=button aria-controls=e1>"
        "<a class=elementor-accordion-title>Who reads the gauge?</a></div><div id=e1 class=elementor-tab-content><p>The harbour master,"
        " every Friday after noon.</p></div></div></div>",
        has=("Who reads the gauge?", "The harbour master, every Friday after noon."),
    ),
    _marked(
        "bootstrap",
        "<div class=accordion><div class=accordion-item><h3><button class=accordion-button data-bs-toggle=collapse>Who pays for the"
        " boards?</button></h3><div class=accordion-collapse><div class=accordion-body>The three villages share it by the number of"
        " their boats.</div></div></div></div>",
        has=("Who pays for the boards?", "The three villages share it by the number of their boats."),
    ),
    _marked(
        "mediawiki",
        "<h2><span class=mw-headline>History</span><span class=mw-editsection>[<a href=/edit>edit</a>]</span></h2>",
        "## History\n",
        hasnot=("edit",),
    ),
    _marked(
        "glossary",
        "<dl><dt>Gallery</dt><dd>the walkway around the basins</dd><dt>Flower</dt><dd>what the wind leaves</dd></dl>",
        "Gallery\n: the walkway around the basins\nFlower\n: what the wind leaves",
    ),
    _marked(
        "credit",
        "<div><div class=slide><img src=/a.jpg></div><dl><dt>Photo:</dt><dd>Ann Ho for the Bay Courier</dd></dl></div>",
        hasnot=("Photo:",),
    ),
    _marked(
        "tooltip",
        "<p>Between the basins a <button class=term>sluice</button><span role=tooltip>a gate of oak</span> was set by hand.</p>",
        has=("a sluice was set by hand.",),
        hasnot=("a gate of oak",),
    ),
    _marked(
        "list of links",
        "<p>Three works can be visited this summer:</p><ul><li><a href=/n>North flats, daily</a></li><li><a href=/s>South dam, on"
        " Sundays</a></li><li><a href=/i>Inner mole, by appointment</a></li></ul>",
        has=("North flats, daily\nSouth dam, on Sundays\nInner mole, by appointment",),
    ),
    Varied(
        "second article of one paragraph",
        ONE
        + TWO
        + THREE
        + FOUR
        + "</article><article><h1>Harbour tolls rise again</h1><p>The toll for a boat of ten metres will be"
        " four crowns from May, the harbour office said, and skippers who pay for a year ahead keep the old price.</p>",
        (PARAGRAPHS[3][-40:],),
        ("toll for a boat",),
    ),
    Varied(
        "chinese portal",
        ONE + "<p><img src=/i/a.jpg></p><p>图为盐工在收盐。 新华社记者 王小明 摄</p>" + TWO + THREE + FOUR,
        (),
        ("图为盐工",),
        images=(("a.jpg", "图为盐工在收盐。", "新华社记者 王小明 摄"),),
    ),
)
MAKERS = (*LISTINGS, VITEPRESS, *FORMULAS, *NOTES, WORD, *BUILDERS)
