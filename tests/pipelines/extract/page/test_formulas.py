"""Formulas: each once, as LaTeX, whatever a page shows them by."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html

_MATHML = "<math{}><semantics><mrow><mi>F</mi><mo>=</mo><mi>m</mi></mrow>{}</semantics></math>"
_TEX = '<annotation encoding="application/x-tex">F = m</annotation>'
_KATEX = (
    f'<span class="katex"><span class="katex-mathml">{_MATHML.format("", _TEX)}</span>'
    '<span class="katex-html" aria-hidden="true"><span class="mord">F</span><span>=m</span></span></span>'
)


def text_of(html: str) -> str:
    root = parse_html(f"<body><p>{html}</p></body>")
    assert root is not None
    return "|".join(block.text for block in lay_out(root).blocks)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"so {_KATEX} holds", "so $F = m$ holds"),
        (f"so <span class='katex-display'>{_KATEX}</span> holds", "so\n$$F = m$$\nholds"),
        (f"<span class='katex-display'>{_KATEX}</span>", "$$F = m$$"),
        (
            "so <span class='MathJax_Preview'></span><span class='MathJax' id='MathJax-Element-1-Frame'><nobr>F=m</nobr></span>"
            "<script type='math/tex'>F = m</script> holds",
            "so $F = m$ holds",
        ),
        ("so <script type='math/tex; mode=display'>F = m</script> holds", "so\n$$F = m$$\nholds"),
        (
            "so <mjx-container jax='CHTML' display='true'><mjx-math>F=m</mjx-math><mjx-assistive-mml>"
            + _MATHML.format("", "")
            + "</mjx-assistive-mml></mjx-container> holds",
            "so\n$$F = m$$\nholds",
        ),
        ("so <mjx-container><mjx-math data-latex='F = m'><mjx-mi>F</mjx-mi></mjx-math></mjx-container>.", "so $F = m$."),
        ("so " + _MATHML.format(" alttext='F=m'", "") + " holds", "so $F=m$ holds"),
        ("so " + _MATHML.format(" display='block'", "") + " holds", "so\n$$F = m$$\nholds"),
        (
            "so <span class='mwe-math-element'><span class='mwe-math-mathml-inline' style='display: none;'>"
            "<math alttext='{\\displaystyle F=m}'><mi>F</mi></math></span><img class='mwe-math-fallback-image-inline' alt='x'>"
            "</span> holds",
            "so $F=m$ holds",
        ),
        ("so <img src='https://s0.wp.com/latex.php?latex=F+%3D+m&bg=fff' alt='F = m' class='latex'> holds", "so $F = m$ holds"),
        ("so <img src='https://latex.codecogs.com/png.latex?F%3Dm'> holds", "so $F=m$ holds"),
        ("so <img eeimg='1' src='https://a.example/equation?tex=F%3Dm' alt='F=m'> holds", "so $F=m$ holds"),
        ("so \\(F = m\\) and \\[a_1\\] holds <script src='/mathjax.js'></script>", "so $F = m$ and\n$$a_1$$\nholds"),
        ("$$x$$ <b>y</b> costs $5 to $6<script src='/MathJax.js'></script>", "$$x$$\ny costs $5 to $6"),
        (
            "so $F = m$ at $5.<script>MathJax = {tex: {inlineMath: [['$', '$']]}}</script>",
            "so $F = m$ at $5.",
        ),
        ("<code>\\(F\\)</code> and \\(F\\) <script src='/katex.min.js'></script>", "\\(F\\) and $F$"),
        ("costs \\(5\\)", "costs \\(5\\)"),  # no page of formulas
        ("a photo of <img src='/latex-gloves.jpg' alt='gloves'> in latex", "a photo of in latex"),
    ],
)  # fmt: skip
def test_a_formula_stands_once_and_as_latex(html: str, text: str) -> None:
    assert text_of(html) == text


def test_a_formula_that_is_nested_without_end_is_cut() -> None:
    deep = "<msqrt>" * 500 + "<mi>x</mi>" + "</msqrt>" * 500
    assert text_of(f"a <math>{deep}</math>").count("sqrt") < 100
