"""The verdict on the body: whose it is where the model finds none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.body.block_model import Evidence
from broadsheet.pipelines.extract.body.features import Scores
from broadsheet.pipelines.extract.extraction import PageRecord

TEXT = "A few words in a design that nobody has seen before."
MORE = "And a few words more, which are said as plainly."
LINKED = "Read how the story went on"
PAGE = f"""<html><head><title>Page - Site</title></head><body><div>{TEXT}</div><div>{MORE}</div>
<div><a href="/more">{LINKED}</a></div></body></html>"""


def record(html: str) -> PageRecord:
    return PageRecord("http://a.example/x", datetime(2026, 4, 1, tzinfo=UTC), (), html.encode())


def verdict(monkeypatch: pytest.MonkeyPatch, text: str | None, scores: list[float]) -> None:
    """Let trafilatura say *text*, and the model that has heard it *scores*."""

    def judged(_: Evidence, shares: Scores) -> Scores:
        assert len(shares) == len(scores)
        return np.array(scores)

    monkeypatch.setattr("broadsheet.pipelines.extract.body.body.ask", lambda *_: text)
    monkeypatch.setattr("broadsheet.pipelines.extract.body.body.in_doubt", lambda *_: True)
    monkeypatch.setattr(Evidence, "alone", lambda _: np.array(scores))
    monkeypatch.setattr(Evidence, "with_verdict", judged)


def test_where_the_model_finds_no_body_the_other_verdict_is_it(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict(monkeypatch, f"{TEXT}\n{MORE}\n{LINKED}", [0.3, 0.5, 0.2])
    read = ArticleExtractor().extract(record(PAGE))
    assert read.article.text == f"{TEXT}\n\n{MORE}"
    assert [one.role_source for one in read.segments[:2]] == ["trafilatura", "trafilatura"]
    again = ArticleExtractor().extract(replace(record(PAGE), body_decision=read.body_decision))
    assert (again.article, again.segments) == (read.article, read.segments)


@pytest.mark.parametrize("text", [None, ""], ids=["not asked", "nothing"])
def test_where_nobody_finds_a_body_there_is_none(text: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict(monkeypatch, text, [0.3, 0.5, 0.2])
    assert ArticleExtractor().extract(record(PAGE)).article.status == "empty"


def test_of_a_large_page_without_body_the_other_verdict_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of articles: what trafilatura takes there is a counter."""
    verdict(monkeypatch, TEXT, [0.3, 0.5, 0.2])
    assert ArticleExtractor().extract(record(PAGE.replace(LINKED, LINKED * 9))).article.status == "empty"


def test_where_the_model_finds_a_body_the_other_verdict_is_evidence_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict(monkeypatch, f"{TEXT}\n{MORE}", [0.3, 0.6, 0.2])
    assert ArticleExtractor().extract(record(PAGE)).article.text == MORE


def test_a_page_of_few_words_is_not_empty_and_one_with_few_in_the_body_is(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict(monkeypatch, None, [0.9, 0.0, 0.0])
    few = PAGE.replace(TEXT, "Few words")
    assert ArticleExtractor().extract(record(few)).article.status == "empty"
    small = few.replace(MORE, "Top").replace(LINKED, "Up")
    assert ArticleExtractor().extract(record(small)).article.text == "Few words"
