"""Where the words that were looked for stand in a text, whatever folding does to its length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.pipelines.search.query_language import Phrase
from broadsheet.pipelines.search.snippets import LENGTH, Highlighter, SnippetPiece


def phrase(*words: str, prefix: bool = False, field: str | None = None) -> Phrase:
    return Phrase(words=words, prefix=prefix, field=field)


def found(text: str, *phrases: Phrase) -> list[str]:
    return [piece.text for piece in Highlighter(phrases).pieces(text) if piece.found]


def test_a_word_is_found_whole_in_any_case_and_with_accents() -> None:
    assert found("Café and CAFE, cafes; the café.", phrase("cafe")) == ["Café", "CAFE", "café"]
    assert found("Café and cafes", phrase("caf", prefix=True)) == ["Café", "cafes"]
    assert found("recast cast", phrase("cast")) == ["cast"]


def test_a_phrase_is_found_over_any_separators() -> None:
    assert found("press-freedom, press  freedom, press of freedom", phrase("press", "freedom")) == [
        "press-freedom",
        "press  freedom",
    ]


def test_places_hold_where_folding_changes_the_length() -> None:
    assert found("Straße, große Straßen am Weg", phrase("weg")) == ["Weg"]
    assert found("ﬁrst ﬁne day", phrase("day")) == ["day"]
    assert found("قَالَ الرَّئِيسُ أمس", phrase("امس")) in (["أمس"], [])


def test_unspaced_scripts_are_found_within_a_run() -> None:
    assert found("我们在北京大学读书", phrase("北京")) == ["北京"]


def test_phrases_of_another_field_are_left_out() -> None:
    text = "Berlin"
    assert found(text, phrase("berlin", field="title")) == []
    titles = Highlighter([phrase("berlin", field="title")], (None, "title"))
    assert titles.pieces(text) == (SnippetPiece("Berlin", found=True),)


def test_of_overlapping_finds_the_longest_at_the_first_place_is_marked() -> None:
    assert found("red green blue", phrase("red", "green"), phrase("green", "blue"), phrase("red")) == ["red green"]
    assert Highlighter([]).pieces("red") == (SnippetPiece("red"),)


def test_the_snippet_is_where_most_different_words_are() -> None:
    text = "alpha begins. " + "filler words here. " * 40 + "Then alpha meets beta and gamma. " + "more of it. " * 40
    pieces = Highlighter([phrase("alpha"), phrase("beta"), phrase("gamma")]).snippet(text)
    assert [piece.text for piece in pieces if piece.found] == ["alpha", "beta", "gamma"]
    assert pieces[0].text == "…\u00a0"
    assert pieces[-1].text == "\u00a0…"
    assert "".join(piece.text for piece in pieces[1:-1]).startswith("Then alpha meets")


def test_without_a_find_it_is_the_beginning_cut_between_words() -> None:
    text = "word " * 100
    pieces = Highlighter([phrase("absent")]).snippet(text)
    assert pieces[0].text == text[: LENGTH - 1]
    assert pieces[-1].text == "\u00a0…"
    assert Highlighter([phrase("absent")]).snippet("short") == (SnippetPiece("short"),)


@given(st.text(max_size=400), st.lists(st.sampled_from(["a", "ß", "ss", "é", "の", "1"]), min_size=1, max_size=3))
def test_no_character_is_lost_or_made_up(text: str, words: list[str]) -> None:
    highlighter = Highlighter([phrase(word) for word in words])
    assert "".join(piece.text for piece in highlighter.pieces(text)) == text
    inside = "".join(piece.text for piece in highlighter.snippet(text) if piece.text not in {"…\u00a0", "\u00a0…"})
    assert inside in text
