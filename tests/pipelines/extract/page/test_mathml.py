"""MathML is written as LaTeX."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html


def text_of(html: str) -> str:
    root = parse_html(f"<body><p>{html}</p></body>")
    assert root is not None
    return "|".join(block.text for block in lay_out(root).blocks)


@pytest.mark.parametrize(
    ("mathml", "latex"),
    [
        ("<mfrac><mi>a</mi><mn>2</mn></mfrac>", r"\frac{a}{2}"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x_{1}^{2}"),
        ("<msup><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow><mi>n</mi></msup>", "{( a )}^{n}"),
        ("<msqrt><mi>α</mi><mi>x</mi></msqrt>", r"\sqrt{\alpha x}"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>",
            r"\sum_{i = 1}^{n}",
        ),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", r"\bar{x}"),
        ("<mover><mi>v</mi><mo>→</mo></mover>", r"\vec{v}"),
        ("<munder><mi>lim</mi><mrow><mi>x</mi><mo>→</mo><mn>0</mn></mrow></munder>", r"\lim_{x \to 0}"),
        ("<mi>sin</mi><mi>x</mi><mtext>if any</mtext>", r"\sin x \text{if any}"),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr></mtable>",
            r"\begin{matrix} 1 & 0 \end{matrix}",
        ),
        ("<mfenced open='[' close=']'><mi>a</mi><mi>b</mi></mfenced>", "[a , b]"),
        ("<mi>f</mi><mo>\u2061</mo><mo>≤</mo><mn>5</mn><mo>%</mo>", r"f \leq 5 \%"),
        ("<msup><mi>f</mi><mo>′</mo></msup>", "f'"),
    ],
)
def test_mathml_is_written_as_latex(mathml: str, latex: str) -> None:
    assert text_of(f"<math><mrow>{mathml}</mrow></math>") == f"${latex}$"
