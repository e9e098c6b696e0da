"""Measurements of blocks, and the forests that judge by them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.pipelines.extract.body.features import (
    Measured,
    MetaTexts,
    feature_names,
    measure,
)
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.page.text_traits import traits_of

NAMES = feature_names()
PAGE = """<html><body><nav><a href="/tag/x">Tag</a> | <a href="https://other.example/">Else</a></nav>
<main><h1>The title of it</h1><p><b>Bold line 2024</b></p>
<div class="text"><p>ÉTAT said so, and so on, for a whole sentence. It went on for another one, too, and longer.</p>
<p>again and again the same kind of paragraph, long enough to count as one. And one more sentence.</p></div>
<h3>Related articles</h3><ul><li><a href="/a">One more thing</a></li><li><a href="/a">One more thing</a></li></ul></main>"""


def read(html: str, title: str = "") -> tuple[list[str], Measured]:
    root = parse_html(html)
    assert root is not None
    layout = lay_out(root)
    return [block.text for block in layout.blocks], measure(
        layout, MetaTexts(title), [traits_of(block.text) for block in layout.blocks], "site.example"
    )


def measured(html: str, title: str = "") -> tuple[list[str], np.ndarray]:
    texts, found = read(html, title)
    return texts, found.features


def test_what_is_measured_of_a_page() -> None:
    texts, found = measured(PAGE, "the title of it")
    column = {name: found[:, at] for at, name in enumerate(NAMES)}

    def of(name: str, beginning: str) -> float:
        return float(column[name][next(at for at, text in enumerate(texts) if text.startswith(beginning))])

    assert found.shape == (len(texts), len(NAMES))
    assert of("text.capitals", "ÉTAT") > 4 / 120 > of("text.capitals", "again") > 0
    assert of("text.date", "Bold") == 1
    assert of("text.all_bold", "Bold") == 1
    assert of("text.outer_link", "Tag") == 1
    assert of("text.links", "Tag") == 2
    assert of("text.title_same", "The title") == 1
    assert of("text.title_share", "again") < 0.5
    assert column["text.dup_before"].tolist()[-2:] == [0, 1]
    assert column["text.repeated"].tolist()[-2:] == [2, 2]
    assert of("under.related", "One more") == 1
    assert of("under.related", "again") == 0
    assert of("branch.main_path", "again") == 1
    assert of("branch.main_path", "One more") == 0
    assert of("branch.above", "One more") == 1, "it leaves the way to the text one element above it"


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.sampled_from("aÉ9|…。中\U0001f600 \n.<p>/div"), min_size=1, max_size=300))
def test_whatever_stands_there_is_measured_in_finite_numbers(text: str) -> None:
    texts, found = measured(f"<body><p>{text}</p><p>end</p>")
    assert found.shape == (len(texts), len(NAMES))
    assert np.isfinite(found).all()
