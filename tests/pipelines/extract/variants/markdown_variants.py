"""Pages with listings, formulas, tables, footnotes and lists as editors, highlighters and renderers leave them."""

from __future__ import annotations

from varied_page import FOUR, ONE, PARAGRAPHS, THREE, TWO, Varied


def _marked(kind: str, html: str, *marked: str, hasnot: tuple[str, ...] = (), head: str = "") -> Varied:
    return Varied(
        kind, ONE + TWO + html + THREE + FOUR, (PARAGRAPHS[0][-40:], PARAGRAPHS[3][-40:]), hasnot, marked, head=head
    )


def _code(kind: str, html: str, language: str = "") -> Varied:
    return _marked(kind, html, f"```{language}\n{_LISTING}\n```")


def _formula(kind: str, html: str, *marked: str, hasnot: tuple[str, ...] = (), head: str = "") -> Varied:
    return _marked(f"formula: {kind}", html, *marked, hasnot=hasnot, head=head)


_LINES = ("for basin in basins:", "    if basin.depth < 4:", "        rake(basin)")
_LISTING = "\n".join(_LINES)
_ESC = _LISTING.replace("<", "&lt;")
_ELINES = _ESC.split("\n")
_MML = "<mrow><mi>m</mi><mo>=</mo><mi>ρ</mi><msup><mi>V</mi><mn>2</mn></msup></mrow>"
_TEX = r"m=\rho V^{2}"
_KATEX_HTML = "<span class='katex-html' aria-hidden='true'><span class='base'><span class='mord mathnormal'>m</span><span class='mrel'>=</span><span class='mord'>ρV2</span></span></span>"
_KATEX = f"<span class='katex-mathml'><math><semantics>{_MML}<annotation encoding='application/x-tex'>{_TEX}</annotation></semantics></math></span>{_KATEX_HTML}"

_SYNTAX_HIGHLIGHTER = (
    "<div class='syntaxhighlighter  python'><table><tbody><tr><td class='gutter'>"
    + "".join(f"<div class='line number{n}'>{n}</div>" for n in (1, 2, 3))
    + "</td><td class='code'><div class='container'>"
    + "".join(
        f"<div class='line number{n}'><code class='python spaces'>{'&nbsp;' * (len(x) - len(x.lstrip()))}</code>"
        f"<code class='python plain'>{x.lstrip()}</code></div>"
        for n, x in enumerate(_ELINES, 1)
    )
    + "</div></td></tr></tbody></table></div>"
)

CODE = (
    _code(
        "gutter",
        f"<figure class='highlight python'><table><tr><td class='gutter'><pre><span class='line'>1</span><br><span class='line'>2</span><br><span class='line'>3</span></pre></td><td class='code'><pre>{'<br>'.join(f'<span class=line>{x}</span>' for x in _ELINES)}</pre></td></tr></table></figure>",
        "python",
    ),
    _code("gutter", _SYNTAX_HIGHLIGHTER, "python"),
    _code(
        "gutter",
        f"<div class='highlight'><table class='lntable'><tr><td class='lntd'><pre><code><span class='lnt'>1\n</span><span class='lnt'>2\n</span><span class='lnt'>3\n</span></code></pre></td><td class='lntd'><pre><code class='language-python' data-lang='python'>{_ESC}\n</code></pre></td></tr></table></div>",
        "python",
    ),
    _code(
        "gutter",
        f"<pre class='line-numbers language-python'><code class='language-python'>{_ESC}<span aria-hidden='true' class='line-numbers-rows'><span></span><span></span><span></span></span></code></pre>",
        "python",
    ),
    _code(
        "gutter",
        f"<table class='rouge-table'><tbody><tr><td class='rouge-gutter gl'><pre class='lineno'>1\n2\n3\n</pre></td><td class='rouge-code'><pre>{_ESC}\n</pre></td></tr></tbody></table>",
    ),
    _code(
        "gutter",
        "<pre><code class='language-python'>"
        + "\n".join(f"<span class='ln'>{n}</span><span class='cl'>{x}</span>" for n, x in enumerate(_ELINES, 1))
        + "</code></pre>",
        "python",
    ),
    _code(
        "gutter",
        "<div class='code-viewer'><pre>"
        + "".join(
            f"<div class='row'><span class='lineno' data-n='{n}'>{n}</span><span>{x}</span></div>"
            for n, x in enumerate(_ELINES, 1)
        )
        + "</pre></div>",
    ),
    _code(
        "line spans",
        "<pre class='shiki'><code>" + "".join(f"<span class='line'>{x}</span>" for x in _ELINES) + "</code></pre>",
    ),
    _code(
        "line spans",
        "<div class='language-python codeBlockContainer'><pre class='prism-code'><code>"
        + "".join(
            f"<span class='token-line' style='color:#fff'><span class='token plain'>{x}</span><br></span>"
            for x in _ELINES
        )
        + "</code></pre><div class='buttonGroup'><button>Copy</button></div></div>",
        "python",
    ),
    _code(
        "line spans",
        "<figure data-rehype-pretty-code-figure><pre data-language='python'><code style='display:grid'>"
        + "\n".join(f"<span data-line=''>{x}</span>" for x in _ELINES)
        + "</code></pre></figure>",
        "python",
    ),
    _code(
        "line elements",
        "<div class='ql-code-block-container'>"
        + "".join(f"<div class='ql-code-block'>{x}</div>" for x in _ELINES)
        + "</div>",
    ),
    _code("line elements", "<pre><ol>" + "".join(f"<li><span>{x}</span></li>" for x in _ELINES) + "</ol></pre>"),
    _code(
        "line elements",
        "<div class='code-block' data-lang='python'>"
        + "".join(f"<p>{x.replace('    ', '&nbsp;&nbsp;&nbsp;&nbsp;')}</p>" for x in _ELINES)
        + "</div>",
        "python",
    ),
    _code("line breaks", "<pre>" + "<br/>".join(_ELINES) + "</pre>"),
    _code(
        "line breaks",
        "<code>" + "<br>".join(x.replace("    ", "&nbsp;&nbsp;&nbsp;&nbsp;") for x in _ELINES) + "</code>",
    ),
    _code(
        "tabs",
        f"<div class='tabs'><ul role='tablist'><li role='tab'>Python</li><li role='tab'>Shell</li></ul><div role='tabpanel'><pre><code class='language-python'>{_ESC}</code></pre></div><div role='tabpanel'><pre><code class='language-sh'>rake --all</code></pre></div></div>",
        "python",
    ),
    _code(
        "copy button",
        f"<div class='highlight'><pre><code class='language-python'>{_ESC}\n</code></pre><clipboard-copy value='x'>Copy</clipboard-copy></div>",
        "python",
    ),
    _code(
        "file name",
        f"<div class='code'><div class='filename'>salt.py</div><pre><code class='python'>{_ESC}</code></pre></div>",
        "python",
    ),
)

FORMULAS = (
    _formula(
        "katex",
        f"<p>The mass <span class='katex'>{_KATEX}</span> is read.</p>",
        f"The mass ${_TEX}$ is read.",
        hasnot=("ρV2",),
    ),
    _formula(
        "katex",
        f"<p>The mass:</p><span class='katex-display'><span class='katex'>{_KATEX}</span></span>",
        f"$${_TEX}$$",
        hasnot=("ρV2",),
    ),
    _formula(
        "katex without annotation",
        f"<p>The mass <span class='katex'><span class='katex-mathml'><math>{_MML}</math></span>{_KATEX_HTML}</span> is read.</p>",
        r"The mass $m = \rho V^{2}$ is read.",
        hasnot=("ρV2",),
    ),
    _formula(
        "katex of html alone",
        "<p>The mass <span class='math-inline' data-latex='m=\\rho V^{2}'>"
        + f"<span class='katex'>{_KATEX_HTML}</span></span> is read.</p>",
        f"The mass ${_TEX}$ is read.",
        hasnot=("ρV2",),
    ),
    _formula(
        "mathjax 2",
        f"<p>The mass <span class='MathJax_Preview'>m</span><span class='MathJax' id='M1'><nobr>m=ρV2</nobr></span><script type='math/tex'>{_TEX}</script> is read.</p>",
        f"${_TEX}$ is read.",
        hasnot=("ρV2",),
    ),
    _formula(
        "mathjax 2",
        f"<p>The mass <span class='MathJax_Preview'></span><span class='MathJax_SVG'><svg></svg><span class='MJX_Assistive_MathML'><math>{_MML}</math></span></span><script type='math/tex'>{_TEX}</script> is read.</p>",
        f"The mass ${_TEX}$ is read.",
        hasnot=("ρ V",),
    ),
    _formula(
        "mathjax 2",
        f"<div class='MathJax_Display'><span class='MathJax'>m=ρV2</span></div><script type='math/tex; mode=display'>{_TEX}</script>",
        f"$${_TEX}$$",
        hasnot=("ρV2",),
    ),
    _formula(
        "mathjax 2",
        f"<p>The mass <span class='MathJax_CHTML'>m=ρV2</span><script type='math/mml'><math>{_MML}</math></script> is read.</p>",
        r"The mass $m = \rho V^{2}$ is read.",
        hasnot=("ρV2",),
    ),
    _formula(
        "mathjax 3",
        f"<p>The mass <mjx-container class='MathJax' jax='CHTML'><mjx-math><mjx-mi>m</mjx-mi></mjx-math><mjx-assistive-mml><math>{_MML}</math></mjx-assistive-mml></mjx-container> is read.</p>",
        r"The mass $m = \rho V^{2}$ is read.",
    ),
    _formula(
        "mathjax 3",
        f"<mjx-container display='true' jax='SVG'><svg></svg><mjx-assistive-mml display='block'><math display='block'>{_MML}</math></mjx-assistive-mml></mjx-container>",
        r"$$m = \rho V^{2}$$",
    ),
    _formula(
        "mathjax 4",
        f"<p>The mass <mjx-container jax='SVG' data-latex='{_TEX}'><svg data-latex='{_TEX}'></svg></mjx-container> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "in the text",
        f"<p>The mass \\({_TEX}\\) is read.</p><p>$${_TEX}$$</p>",
        f"The mass ${_TEX}$ is read.",
        f"$${_TEX}$$",
        head="<script src='https://cdn.example/mathjax@3/es5/tex-mml-chtml.js' id='MathJax-script'></script>",
    ),
    _formula(
        "in the text",
        "<p>The mass is</p>\\begin{align*}m&=\\rho V^{2}\\\\ V&=a^3\\end{align*}<p>and that is all.</p>",
        r"$$\begin{align*}m&=\rho V^{2}\\ V&=a^3\end{align*}$$",
        head="<script>window.MathJax = {tex: {}};</script>",
    ),
    _formula(
        "in the text",
        f"<p>The mass <span class='math inline'>\\({_TEX}\\)</span> is read.</p><p><span class='math display'>\\[{_TEX}\\]</span></p>",
        f"The mass ${_TEX}$ is read.",
        f"$${_TEX}$$",
        head="<script src='/js/mathjax.js'></script>",
    ),
    _formula(
        "in the text",
        f"<p>The mass <span class='arithmatex'>\\({_TEX}\\)</span> is read.</p><div class='arithmatex'>\\[{_TEX}\\]</div>",
        f"The mass ${_TEX}$ is read.",
        f"$${_TEX}$$",
        head="<script src='/js/katex.js'></script>",
    ),
    _formula(
        "in the text",
        f"<p>The mass <code class='math'>$ {_TEX} $</code> is read.</p><p><math-renderer class='js-inline-math'>${_TEX}$</math-renderer> is it.</p>",
        f"${_TEX}$ is it.",
    ),
    _formula(
        "zhihu",
        f"<p>The mass <span class='ztext-math' data-eeimg='1' data-tex='{_TEX}'><span></span><span><span class='MathJax_SVG'>m=ρV2</span></span></span> is read.</p>",
        f"The mass ${_TEX}$ is read.",
        hasnot=("ρV2",),
    ),
    _formula(
        "zhihu",
        "<p>The mass <img src='https://www.zhihu.com/equation?tex=m%3D%5Crho+V%5E%7B2%7D' alt='m=\\rho V^{2}' eeimg='1'> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "wikipedia",
        f"<p>The mass <span class='mwe-math-element'><span class='mwe-math-mathml-inline mwe-math-mathml-a11y' style='display: none;'><math alttext='{{\\displaystyle {_TEX}}}'><semantics>{_MML}<annotation encoding='application/x-tex'>{{\\displaystyle {_TEX}}}</annotation></semantics></math></span><img src='https://wikimedia.example/api/rest_v1/media/math/render/svg/ab' class='mwe-math-fallback-image-inline' alt='{{\\displaystyle {_TEX}}}'></span> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "wikipedia",
        f"<p>The mass <img class='mwe-math-fallback-image-inline tex' alt='{_TEX}' src='/math/a/b.png'> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "picture",
        "<p>The mass <img src='https://latex.codecogs.com/svg.latex?m=\\rho%20V^{2}' title='mass'> is read.</p>",
        "The mass $m=\\rho V^{2}$ is read.",
    ),
    _formula(
        "picture",
        f"<p>The mass <img src='https://latex.codecogs.com/png.image?\\dpi{{110}}m=\\rho%20V^{{2}}' alt='{_TEX}'> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "picture",
        "<p>The mass <img src='https://s0.wp.com/latex.php?latex=m%3D%5Crho+V%5E%7B2%7D&bg=ffffff&fg=000' alt='m=\\rho V^{2}' class='latex'> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "picture",
        f"<p>The mass <img src='/wp-content/ql-cache/quicklatex.com-ab_l3.png' class='ql-img-inline-formula' alt='{_TEX}'> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "picture",
        "<p>The mass <img src='https://chart.googleapis.com/chart?cht=tx&chl=m%3D%5Crho%20V%5E%7B2%7D'> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "amp",
        f"<p>The mass <amp-mathml inline layout='container' data-formula='\\[{_TEX}\\]'></amp-mathml> is read.</p><amp-mathml layout='container' data-formula='$${_TEX}$$'></amp-mathml>",
        f"The mass ${_TEX}$ is read.",
        f"$${_TEX}$$",
    ),
    _formula(
        "jats",
        f"<p>The mass <inline-formula><alternatives><mml:math>{_MML.replace('<m', '<mml:m').replace('</m', '</mml:m')}</mml:math><tex-math>{_TEX}</tex-math></alternatives></inline-formula> is read.</p>",
        "is read.",
    ),
    _formula(
        "attributes",
        f"<p>The mass <span class='equation' data-latex='{_TEX}'></span> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
    _formula(
        "notion",
        f"<p>The mass <span class='notion-equation-inline' data-token-index='0'><span class='katex'>{_KATEX}</span></span> is read.</p>",
        f"The mass ${_TEX}$ is read.",
    ),
)

TABLES = (
    _marked(
        "table",
        "<table><thead><tr><th>Basin</th><th colspan='2'>Yield</th></tr><tr><th></th><th>dry</th><th>wet</th></tr></thead><tbody><tr><td>One</td><td>4 t</td><td>5 t</td></tr><tr><td>Two</td><td>3 t</td><td>6 t</td></tr></tbody></table>",
        "| Basin | Yield | Yield |\n| --- | --- | --- |\n|  | dry | wet |\n| One | 4 t | 5 t |",
    ),
    _marked(
        "table",
        "<table><tr><th>Basin</th><th>Crew</th></tr><tr><td rowspan='2'>One</td><td>Ho</td></tr><tr><td>Li</td></tr></table>",
        "| Basin | Crew |\n| --- | --- |\n| One | Ho |\n| One | Li |",
    ),
    _marked(
        "table",
        "<table><tr><th>Basin</th><th>Tools</th></tr><tr><td>One</td><td><ul><li>rake</li><li>barrow</li></ul></td></tr></table>",
        "| One | rake<br>barrow |",
    ),
    _marked(
        "table",
        "<div role=\"table\"><div role='row'><span role='columnheader'>Basin</span><span role='columnheader'>Yield</span></div><div role='row'><span role='cell'>One</span><span role='cell'>4 t</span></div><div role='row'><span role='cell'>Two</span><span role='cell'>3 t</span></div></div>",
        "| Basin | Yield |\n| --- | --- |\n| One | 4 t |\n| Two | 3 t |",
    ),
    _marked(
        "table",
        "<figure class='wp-block-table'><table><tbody><tr><td>Basin</td><td>Yield</td></tr><tr><td>One</td><td>4 t</td></tr></tbody></table><figcaption>Yields of 1990</figcaption></figure>",
        "| Basin | Yield |\n| --- | --- |\n| One | 4 t |",
    ),
    _marked(
        "table",
        "<table><caption>Yields of 1990</caption><tr><td>One | two</td><td><code>a|b</code></td></tr><tr><td>Three</td><td>4 t</td></tr></table>",
        "| One \\| two | `a\\|b` |",
    ),
)

_NOTES = "".join(
    f"<li id='fn{n}'><p>Source number {n} of the archive. <a href='#fnref{n}'>↩</a></p></li>" for n in range(1, 26)
)
_MANY = "".join(f"<p>{PARAGRAPHS[n % 4]}<sup><a href='#fn{n}' id='fnref{n}'>{n}</a></sup></p>" for n in range(1, 26))
NOTES = (
    Varied(
        "many notes",
        f"{_MANY}<ol>{_NOTES}</ol>",
        ("[^25]",),
        marked=("[^1]: Source number 1 of the archive.", "[^25]: Source number 25 of the archive."),
    ),
    Varied(
        "many notes",
        f"{_MANY}<section class='footnotes'><h2>Notes</h2><ol>{_NOTES}</ol></section>",
        ("[^25]",),
        marked=("[^1]: Source number 1 of the archive.", "[^25]: Source number 25 of the archive."),
    ),
    _marked(
        "note",
        "<p>Oak was used.<a class='footnote-anchor' id='footnote-anchor-1' href='#footnote-1'>1</a></p><div class='footnote'><a id='footnote-1' href='#footnote-anchor-1' class='footnote-number' contenteditable='false'>1</a><div class='footnote-content'><p>From the inland hills.</p></div></div>",
        "Oak was used.[^1]",
        "[^1]: From the inland hills.",
    ),
    _marked(
        "note",
        "<p>Oak was used.<sup id='cite_ref-1' class='reference'><a href='#cite_note-1'><span class='cite-bracket'>[</span>1<span class='cite-bracket'>]</span></a></sup></p><ol class='references'><li id='cite_note-1'><span class='mw-cite-backlink'><b><a href='#cite_ref-1'>^</a></b></span> <span class='reference-text'>From the inland hills.</span></li></ol>",
        "Oak was used.[^1]",
        "[^1]: From the inland hills.",
    ),
    _marked(
        "note",
        "<p>Oak was used.<a href='#_ftn1' name='_ftnref1'><span>[1]</span></a></p><div><div id='ftn1'><p><a href='#_ftnref1' name='_ftn1'><span>[1]</span></a> From the inland hills.</p></div></div>",
        "Oak was used.[^1]",
        "[^1]: From the inland hills.",
    ),
    _marked(
        "note",
        "<p>Oak was used.<sup class='modern-footnotes-footnote' data-mfn='1'><a href='javascript:void(0)' role='button'>1</a></sup><span class='modern-footnotes-footnote__note' data-mfn='1'>From the inland hills.</span> It has lasted.</p>",
        "It has lasted.",
        hasnot=("From the inland hills. It",),
    ),
    _marked(
        "note",
        "<p>Oak was used.<span class='easy-footnote'><a href='#easy-footnote-bottom-1-7' title='From the inland hills.'><sup>1</sup></a></span></p><ol class='easy-footnotes-wrapper'><li class='easy-footnote-single'><span id='easy-footnote-bottom-1-7'></span>From the inland hills.<a href='#easy-footnote-1-7'>↩</a></li></ol>",
        "Oak was used.[^1]",
        "[^1]: From the inland hills.",
    ),
    _marked(
        "note",
        "<p>Oak was used.<a href='#n1' epub:type='noteref' role='doc-noteref'>1</a></p><aside id='n1' epub:type='footnote' role='doc-footnote'><p>From the inland hills.</p></aside>",
        "Oak was used.[^1]",
        "[^1]: From the inland hills.",
    ),
)
TABBED = (
    _marked(
        "caption of a figure's table",
        "<figure class='wp-block-table'><table><tr><th>Basin</th><th>Salt</th></tr><tr><td>North</td><td>4</td></tr></table><figcaption>Salt by basin</figcaption></figure>",
        "Salt by basin",
        "| North | 4 |",
    ),
    _marked(
        "tab",
        f"<div><ul role='tablist'><li role='tab'>North</li></ul><div role='tabpanel' hidden><pre><code>{_ESC}</code></pre></div></div>",
        f"```\n{_LISTING}\n```",
    ),
    _code(
        "lines of react",
        "<div class='prism-code language-python'>"
        + "".join(f"<div class='token-line'><span>{one}</span></div>" for one in _ELINES)
        + "</div>",
        "python",
    ),
    _code(
        "editor",
        "<div class='view-lines'>"
        + "".join(f"<div class='view-line'><span>{one.replace(' ', '&nbsp;')}</span></div>" for one in _ELINES)
        + "</div>",
    ),
    _code(
        "popup",
        f"<pre><code class='language-python'>{_ESC}<span class='twoslash-popup-container'><code>basin: Basin</code></span></code></pre>",
        "python",
    ),
    _marked(
        "empty line",
        "<div class='cm-content'><div class='cm-line'>a = 1</div><div class='cm-line'><br></div><div class='cm-line'>b = 2</div></div>",
        "a = 1\n\nb = 2",
    ),
)

LISTS = (
    _marked(
        "nested list",
        "<ul><li>Tools<ol><li>rake</li><li>barrow<ul><li>spare wheel</li></ul></li></ol></li><li>Clothes</li></ul>",
        "- Tools\n  1. rake\n  2. barrow\n     - spare wheel\n- Clothes",
    ),
    _marked(
        "nested list", "<ul><li>Tools</li><ul><li>rake</li></ul><li>Clothes</li></ul>", "- Tools\n  - rake\n- Clothes"
    ),
    _marked(
        "task list",
        "<ul class='contains-task-list'><li class='task-list-item'><input type='checkbox' checked disabled> Mend the sluice</li><li class='task-list-item'><input type='checkbox' disabled> Oil the gate</li></ul>",
        "- [x] Mend the sluice\n- [ ] Oil the gate",
    ),
    _marked(
        "struck",
        "<p>They paid <del>seven</del> four crowns, and <s>nobody</s> all of them came.</p>",
        "~~seven~~ four",
        "~~nobody~~ all",
    ),
    _marked(
        "beginnings of lines",
        "<p>1. is no list.</p><p>## is no heading.</p>",
        "1\\. is no list.",
        "\\## is no heading.",
    ),
    _marked(
        "hidden word",
        "<p>The gate <span style='display:none'>ERROR: no image</span>stays open.</p>",
        "The gate stays open.",
    ),
    _marked("ruby", "<p>The sign says <ruby>塩<rt>しお</rt></ruby>.</p>", "塩(しお)"),
    _marked("ruby", "<p>The sign says <ruby><rb>塩</rb><rp>(</rp><rt>しお</rt><rp>)</rp></ruby>.</p>", "塩(しお)"),
)
MARKDOWN = CODE + FORMULAS + TABLES + NOTES + TABBED + LISTS
