"""The language of a page, from its text and its declaration."""

from __future__ import annotations

from page_metadata import read


def test_the_language_of_the_text_counts_for_more_than_what_is_declared() -> None:
    found = read(lang="ja")
    assert (found.language, found.language_declared) == ("en", "ja")
    assert found.language_score is not None
    assert 0.5 < found.language_score <= 1
