"""What is found, in which order, and how it is counted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_articles_index import article, publish

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.search.index import SearchIndex
from broadsheet.pipelines.search.searcher import Searcher, SearchRequest, SearchResult
from broadsheet.pipelines.search.update import update_index

ARTICLES = [
    article(1, "Storm over the harbour", "The old lighthouse stood.", date_published=datetime(2026, 3, 4, tzinfo=UTC),
            authors=[{"name": "Ines Halloran", "url": None}], section="News", language="en", page_type="article"),
    article(2, "Quiet harbour", "A storm was expected. Light winds came, and the light house stayed.",
            date_published=datetime(2026, 5, 9, tzinfo=UTC), section="News", language="en", page_type="article"),
    article(3, "Élections à Paris", "Le café de l'élève.", language="fr", page_type="article",
            license_url="https://creativecommons.org/licenses/by/4.0/", authors=[{"name": "Éloïse Noël", "url": None}]),
    article(4, "灯塔的历史", "北京大学的研究人员发现了灯塔", language="zh", page_type="article"),
    article(5, "المنارة القديمة", "قَرَّرَ مجلس الميناء", language="ar", page_type="article"),
    article(6, "All about harbour", "harbour harbour harbour storm", page_type="listing", language="en"),
    article(7, "A failure", extraction_status="error"),
]  # fmt: skip
CAPTIONS = {"<urn:uuid:00000002>": "The captain's parrot"}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("search")
    collection = Collection.create(folder / "c")
    publish(collection, "a", ARTICLES, CAPTIONS)
    index = SearchIndex.of(collection, folder)
    assert update_index(collection, index).articles == len(ARTICLES)
    return Searcher(index)


def search(searcher: Searcher, text: str, **how: Any) -> SearchResult:
    return searcher.search(SearchRequest(text, **how))


def found(searcher: Searcher, text: str, **how: Any) -> set[int]:
    return {int(hit.url.rpartition("/")[2]) for hit in search(searcher, text, **how).hits}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", {1, 2, 3, 4, 5, 6, 7}),
        ("storm", {1, 2, 6}),
        ("storm lighthouse", {1}),
        ("storm AND NOT lighthouse", {2, 6}),
        ("lighthouse OR expected", {1, 2}),
        ('"old lighthouse"', {1}),
        ('"lighthouse old"', set()),
        ("light*", {1, 2}),
        ("light", {2}),
        ("title:storm", {1}),
        ("caption:parrot", {2}),
        ("author:halloran", {1}),
        ("elections PARIS", {3}),
        ("eleve", {3}),
        ("eloise", {3}),
        ("大学", {4}),
        ("灯塔", {4}),
        ("学", {4}),
        ("塔的", {4}),
        ("学大", set()),
        ("المنارة", {5}),
        ("قرر", {5}),
        ("language:FR", {3}),
        ("section:News storm", {1, 2}),
        ("status:error", {7}),
        ("rights:\"CC BY 4.0\"", {3}),
        ("date:2026-05", {2}),
        ("date:2026", {1, 2}),
        ("date:2026-03-05..2026-06", {2}),
        ("NOT date:2026 harbour", {6}),
        ("(storm OR language:zh) -lighthouse", {2, 4, 6}),
        ("zzz", set()),
    ],
)  # fmt: skip
def test_what_is_found(searcher: Searcher, text: str, numbers: set[int]) -> None:
    assert found(searcher, text) == numbers


def test_a_title_goes_first_and_a_list_last(searcher: Searcher) -> None:
    hits = search(searcher, "harbour storm").hits
    assert hits[0].number == 1
    assert hits[-1].page_type == "listing"


def test_orders_by_date(searcher: Searcher) -> None:
    assert [hit.number for hit in search(searcher, "storm", sort="newest").hits] == [2, 1, 6]
    assert [hit.number for hit in search(searcher, "storm", sort="oldest").hits] == [1, 2, 6]


def test_facets_heed_the_other_choices(searcher: Searcher) -> None:
    result = search(searcher, "", chosen={"language": ("en",), "type": ("article",)})
    assert result.found == 2
    languages = {one.value: (one.count, one.chosen) for one in result.facets["language"]}
    assert languages["en"] == (2, True)
    assert languages["fr"] == (1, False)
    assert {one.value: one.count for one in result.facets["type"]} == {"article": 2, "listing": 1}
    assert [one.value for one in search(searcher, "", chosen={"tag": ("none such",)}).facets["tag"]] == []


def test_the_histogram_has_months_without_articles_too(searcher: Searcher) -> None:
    result = search(searcher, "storm", since="2026-05")
    assert [(one.month, one.count) for one in result.months] == [("2026-03", 1), ("2026-04", 0), ("2026-05", 1)]
    assert result.found == 1
    assert search(searcher, "", until="2026").found == 2


def test_snippets_show_what_was_found(searcher: Searcher) -> None:
    (hit,) = search(searcher, "eleve").hits
    assert [piece.text for piece in hit.snippet if piece.found] == ["élève"]
    (hit,) = search(searcher, "大学").hits
    assert [piece.text for piece in hit.snippet if piece.found] == ["大学"]
    (hit,) = search(searcher, "قرر").hits
    assert [piece.text for piece in hit.snippet if piece.found] == ["قَرَّرَ"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        alphabet=st.sampled_from("storm light\"()|&-!*:ORANDNOT.,大学é\u0301'\\\x00\ud800datesitetitle2026"),
        max_size=50,
    )
)
def test_no_query_is_an_error(searcher: Searcher, text: str) -> None:
    search(searcher, text)
