"""The forests over measured blocks: first and second scores, slices, pages in doubt."""

from __future__ import annotations

import tracemalloc

import numpy as np

from broadsheet.pipelines.extract.body.block_model import ALONE, ASKED, FIRST, SURELY_NOT, Forest, forests, weigh
from broadsheet.pipelines.extract.body.body import BODY, in_doubt
from broadsheet.pipelines.extract.body.features import (
    Measured,
    MetaTexts,
    feature_names,
    measure,
    opinion_names,
    verdict_names,
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


def test_what_follows_from_first_scores() -> None:
    texts, found = read(PAGE)
    paragraphs = [number for number, text in enumerate(texts) if text.startswith(("ÉTAT", "again"))]
    scores = np.full(len(texts), 0.1)
    scores[paragraphs] = 0.9
    column = dict(zip(opinion_names(), found.opinion(scores).T, strict=True))
    assert np.allclose(column["score.own"], scores)
    assert np.allclose(column["score.node1"][paragraphs], 0.9), "both stand in one element"
    assert column["score+1"][paragraphs[0]] == column["score-1"][paragraphs[1]] == np.float32(0.9)
    assert column["score-1"][0] == column["score+1"][-1] == -1, "nothing stands there"
    assert column["score.to_sure"][paragraphs[0] - 2] == 2
    assert column["score.since_sure"][paragraphs[1] + 2] == 2
    assert set(column["score.sure_count"]) == {2}
    assert np.nonzero(column["score.in_top"])[0].tolist() == paragraphs
    shares = np.zeros(len(texts))
    shares[paragraphs[0]] = 1
    verdict = dict(zip(verdict_names(), found.verdict(scores, shares).T, strict=True))
    assert np.allclose(verdict["verdict.path"][paragraphs], verdict["verdict.parent"][paragraphs])
    assert 0 < verdict["verdict.missed"][0] < verdict["verdict.beyond"][0] < 1


def whole(forest: Forest, features: np.ndarray) -> np.ndarray:
    above = features[:, forest.feature] > forest.border
    leaves = (above * (1 << np.arange(forest.feature.shape[1]))).sum(axis=2)
    told = forest.leaf[np.arange(len(forest.leaf)), leaves].sum(axis=1) + forest.bias
    return np.asarray(1 / (1 + np.exp(-told)))


def test_a_second_forest_judges_what_the_first_leaves_open() -> None:
    texts, found = read(PAGE)
    evidence = weigh(found)
    first = whole(forests()[FIRST], found.features)
    scores = evidence.alone()
    open_ = first >= SURELY_NOT
    assert 0 < open_.sum() < len(texts)
    assert np.allclose(scores[~open_], first[~open_])
    features = np.concatenate((found.features, found.opinion(first)), axis=1)
    assert np.allclose(scores[open_], whole(forests()[ALONE], features)[open_])
    assert scores[next(at for at, text in enumerate(texts) if text.startswith("again"))] > BODY
    assert forests()[FIRST].feature.max() < len(NAMES)
    assert forests()[ASKED].feature.max() < len(NAMES) + len(opinion_names()) + len(verdict_names())
    name, value, moved = evidence.reasons(int(np.nonzero(open_)[0][0]))[0]
    assert name in {*NAMES, *opinion_names()}
    assert np.isfinite(value)
    assert moved


def test_many_blocks_are_judged_in_slices_and_in_little_memory() -> None:
    row = "<p>A sentence of some words, which is one of very many. And a second one stands here.</p><li><a href=/x>y</a></li>"
    _, found = read(f"<body>{row * 5_000}</body>")
    tracemalloc.start()
    scores = weigh(found).alone()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(scores) == 10_000
    assert np.allclose(scores[5_000:5_010], weigh(found).alone()[5_000:5_010])
    forest = forests()[FIRST]
    assert np.allclose(forest.predict(found.features)[4_000:4_200], forest.predict(found.features[4_000:4_200]))
    assert peak < 60_000_000


def test_a_page_is_in_doubt_when_much_of_it_may_be_misjudged() -> None:
    chars = np.array([1000, 1000, 50])
    assert not in_doubt(np.array([0.98, 0.97, 0.5]), chars)
    assert in_doubt(np.array([0.98, 0.6, 0.5]), chars)
    assert in_doubt(np.array([0.9]), np.array([100])), "hardly any text"
