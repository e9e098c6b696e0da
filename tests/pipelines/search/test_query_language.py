"""Queries as people type them, and as nobody should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.search.query_language import (
    AllOf,
    AnyOf,
    DateTerm,
    FacetTerm,
    Phrase,
    Query,
    Without,
    parse_query,
    phrases_of,
)

A, B, C = Phrase(("a",)), Phrase(("b",)), Phrase(("c",))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", None),
        ("   ", None),
        ("a", A),
        ("A b", AllOf((A, B))),
        ("a AND b", AllOf((A, B))),
        ("a and b", AllOf((A, Phrase(("and",)), B))),
        ("a OR b c", AnyOf((A, AllOf((B, C))))),
        ("(a OR b) c", AllOf((AnyOf((A, B)), C))),
        ("a -b", AllOf((A, Without(B)))),
        ("a NOT (b | c)", AllOf((A, Without(AnyOf((B, C)))))),
        ("NOT a", Without(A)),
        ('"Old  Light-house"', Phrase(("old", "light", "house"))),
        ("light*", Phrase(("light",), prefix=True)),
        ("title:Café", Phrase(("cafe",), "title")),
        ('author:"Ines Halloran"', Phrase(("ines", "halloran"), "authors")),
        ("site:gazette.example", FacetTerm("site", "gazette.example")),
        ('section:"Home news"', FacetTerm("section", "Home news")),
        ("date:2026-03", DateTerm("2026-03", "2026-03")),
        ("date:2026..2027-02", DateTerm("2026", "2027-02")),
        ("date:..2027", DateTerm("0001", "2027")),
        ("date:yesterday", Phrase(("date", "yesterday"))),
        ("12:30", Phrase(("12", "30"))),
        ("http://a.example/b", Phrase(("http", "a", "example", "b"))),
        ("well-known", Phrase(("well", "known"))),
        ("北京大学", Phrase(("北京大学",))),
    ],
)
def test_what_is_typed_means(text: str, query: Query | None) -> None:
    assert parse_query(text) == query


NONSENSE = ["(", ")", "OR", "AND NOT", '"', "((a", "a))) b", "a OR", "- -", "title:", "*", "NOT NOT a", "a OR OR b"]


@pytest.mark.parametrize("text", NONSENSE)
def test_what_is_no_query_is_no_error(text: str) -> None:
    parse_query(text)


def test_what_is_monstrous_is_cut() -> None:
    parse_query("(" * 5_000 + "a")
    assert len(phrases_of(parse_query("a " * 900))) == 64


def test_what_is_excluded_is_not_shown_as_found() -> None:
    assert phrases_of(parse_query('a -b ("c" OR site:x)')) == [A, C]


@given(st.text(alphabet=st.sampled_from("ab \"()|&-!*:ORANDNOT日本é\u0301'\\\x00\ud800"), max_size=60))
def test_nothing_typed_is_an_error(text: str) -> None:
    parse_query(text)
