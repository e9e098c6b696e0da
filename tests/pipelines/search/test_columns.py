"""What a page of hits counts: facets, months, and groups of articles that are one story."""

from __future__ import annotations

import numpy as np

from broadsheet.pipelines.search.columns import NO_DATE, FacetColumn, _groups, months_of

FACET = FacetColumn(np.array([0, 1, 1, 3], np.int32), np.array([0, 0, 1, 1], np.int32), ("News", "Sport"))


def test_a_facet_counts_each_value_of_each_article_under_the_mask() -> None:
    assert FACET.counts(np.ones(4, np.bool_)).tolist() == [2, 2]
    assert FACET.counts(np.array([False, True, True, False])).tolist() == [1, 1]


def test_a_value_is_asked_for_as_it_is_or_in_any_case() -> None:
    assert FACET.having({"Sport"}).tolist() == [False, False, True, True]
    assert not FACET.having({"sport"}).any()
    assert FACET.having({"SPORT"}, fold=True).tolist() == [False, False, True, True]


def test_months_count_from_year_0_also_before_1970() -> None:
    seconds = np.array([0, -1, 1_796_000_000, NO_DATE], np.int64)
    assert months_of(seconds).tolist() == [1970 * 12, 1969 * 12 + 11, 2026 * 12 + 10, -1]


def test_articles_are_joined_over_any_key_and_0_joins_nothing() -> None:
    urls = np.array([5, 5, 6, 7, 8, 9], np.int64)
    texts = np.array([0, 3, 3, 0, 4, 0], np.int64)
    clusters = np.array([0, 0, 0, 2, 2, 0], np.int64)
    groups = _groups(urls, texts, clusters).tolist()
    assert groups[0] == groups[1] == groups[2]  # by URL, then by text
    assert groups[3] == groups[4]
    assert len({groups[0], groups[3], groups[5]}) == 3
