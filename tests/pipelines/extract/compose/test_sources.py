"""The best source of an image among the candidates of its srcset."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.extract.article import ArticleExtractor
from broadsheet.pipelines.extract.compose.sources import candidates
from broadsheet.pipelines.extract.extraction import PageRecord


@pytest.mark.parametrize(
    ("srcset", "wanted"),
    [
        ("a.jpg 1x, b.jpg 2x", ["a.jpg", "b.jpg"]),
        ("a.jpg 300w,b.jpg 600.5w", ["a.jpg", "b.jpg"]),
        ("c_1,w_2/a.jpg 1.5x, b.jpg", ["c_1,w_2/a.jpg", "b.jpg"]),  # a comma within an address is part of it
        ("a.jpg, b.jpg", ["a.jpg", "b.jpg"]),
        (" \n, a.jpg \t", ["a.jpg"]),
        ("a.jpg nonsense, b.jpg 2..5w", ["a.jpg", "b.jpg"]),
        ("", []),
        (" , , ", []),
    ],
)
def test_the_candidates_of_a_srcset(srcset: str, wanted: list[str]) -> None:
    assert [target for _, target in candidates(srcset)] == wanted


def test_the_largest_is_the_best() -> None:
    assert max(candidates("a.jpg 300w, b.jpg 1200w, c.jpg 600w"))[1] == "b.jpg"


@pytest.mark.timeout(60)  # it took a quarter of an hour when the pattern tried every beginning
def test_broken_srcsets_do_not_hold_a_page_up() -> None:
    units = ("a", "a ", "a,", " ", ".", "1", "a" * 9_999 + " 1")
    pictures = "".join(f'<img src="{n}.jpg" srcset="{(unit * 20_000)[:20_000]}">' for n, unit in enumerate(units * 10))
    html = f"<html><body><article>{'<p>A sentence that is long enough to be read, twice.</p>' * 9}{pictures}</article></body></html>"
    page = PageRecord("http://a.example/", datetime(2026, 11, 1, tzinfo=UTC), (), html.encode())
    assert ArticleExtractor().extract(page).article.status == "ok"
