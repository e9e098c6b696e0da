"""Which lines of a page are surely its own: teasers of a list of other pages are none, paragraphs below linked subheads are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from broadsheet.pipelines.extract.site.lines import HEADING, LINE_TYPE, LINKED, RUNNING, WHOLE_LINK, Lines
from broadsheet.pipelines.extract.site.own_text import are_teasers, own_lines

TEXT, CARD = 1, 2  # places
PARAGRAPH, TITLE, NAME = RUNNING, HEADING | LINKED | WHOLE_LINK, 0


def lines_of(*rows: tuple[int, int, int]) -> Lines:
    """Lines of flags, place and score."""
    found = np.zeros(len(rows), LINE_TYPE)
    found["columns"] = 150
    for at, (flags, slot, score) in enumerate(rows):
        found["flags"][at], found["slot"][at], found["score"][at] = flags, slot, score
    return found


def article(paragraphs: int) -> list[tuple[int, int, int]]:
    return [(PARAGRAPH, TEXT, 250)] * paragraphs


def cards(scores: Sequence[int], *, paragraphs: int = 1) -> list[tuple[int, int, int]]:
    return [row for score in scores for row in [(TITLE, 3, 20), (NAME, 4, 2), *[(PARAGRAPH, CARD, score)] * paragraphs]]


def test_teasers_below_linked_headlines_are_none_of_the_text_however_many() -> None:
    lines = lines_of(*article(3), *cards([150, 160, 90, 100, 130, 170, 80]))
    assert np.flatnonzero(are_teasers(lines, np.zeros(len(lines), np.int64))).tolist() == list(range(5, len(lines), 3))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([*article(3), *cards([240, 235, 245, 250])], "the block model is sure of them: a list of products"),
        (
            [*article(3), *cards([100, 90, 120, 100], paragraphs=2)],
            "most are paragraphs without a headline of their own",
        ),
        ([*article(3), *cards([100, 90, 120])], "three are too few"),
        (cards([150, 160, 90, 100, 130]), "the page has nothing else"),
    ],
)
def test_what_may_be_the_articles_own_is_no_teaser(rows: list[tuple[int, int, int]], why: str) -> None:
    lines = lines_of(*rows)
    assert not are_teasers(lines, np.zeros(len(lines), np.int64)).any(), why


def test_pages_are_told_apart() -> None:
    """The second page has two cards in the place of the first one's list."""
    first, second = [*article(2), *cards([100] * 5)], [*article(4), *cards([150] * 2)]
    lines = lines_of(*first, *second)
    page = np.repeat([0, 1], [len(first), len(second)])
    none = np.zeros(len(lines), bool)
    own = own_lines(lines, page, 2, foreign=none, biographies=False)
    assert np.flatnonzero(own).tolist() == [0, 1, *(len(first) + at for at in (0, 1, 2, 3, 6, 9))]


def test_a_page_without_lines_has_no_teasers() -> None:
    assert are_teasers(lines_of(), np.zeros(0, np.int64)).tolist() == []
