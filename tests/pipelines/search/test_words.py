"""What is indexed, and what is looked up."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.search.words import folded, indexed_text, phrase_tokens, words_of


@pytest.mark.parametrize(
    ("text", "fold"),
    [
        ("Café", "cafe"),
        ("ÉLÈVE", "eleve"),
        ("straße", "strasse"),
        ("Łódź", "lodz"),
        ("ｆｕｌｌ", "full"),
        ("أَحْمَد", "احمد"),  # hamza, vowel points
        ("ســلام", "سلام"),  # stretched
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी", "हिन्दी"),  # vowel signs are no accents
        ("が", "が"),
        ("한국", "한국"),
    ],
)
def test_case_and_accents_are_folded(text: str, fold: str) -> None:
    assert folded(text) == fold


def test_scripts_without_spaces_are_cut_into_bigrams() -> None:
    assert indexed_text("去北京大学。iPhone手机").split() == [
        "去北",
        "北京",
        "京大",
        "大学",
        "学",
        "iphone",
        "手机",
        "机",
    ]
    assert phrase_tokens(words_of("北京大学")) == (["北京", "京大", "大学"], False)
    assert phrase_tokens(words_of("学")) == (["学"], True)
    assert phrase_tokens(words_of("大学 iphone")) == (["大学", "学", "iphone"], False)


def test_punctuation_parts_words_wherever_it_comes_from() -> None:
    assert words_of("it’s “old”—a_b") == words_of("it's 'old'-a_b") == ["it", "s", "old", "a", "b"]
    assert indexed_text("plain ASCII, as it is") == "plain ASCII, as it is"
