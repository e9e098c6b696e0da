"""The traits of a text are the same whether its words are given, and whether it was met before."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.page.keywords import keywords_of
from broadsheet.pipelines.extract.page.text_hash import hash_of
from broadsheet.pipelines.extract.page.text_traits import traits_of
from broadsheet.pipelines.extract.page.words import words_of

TEXTS = (
    "",
    "»",
    "Read more: Related articles",
    "Related_Articles",
    "© 2026 The Paper. All rights reserved.",
    "\u212ayoto: Leave a Reply",  # a sign that is K in lower case
    "By Jane Doe, published 3 April 2026",
    "Subscribe to our newsletter! " * 8,
    "Leave a reply " * 20,
    "Subscribe and share. " * 50,
    "Straße der Öffnung: Weitere Artikel",
    "相关阅读",
)


@pytest.mark.parametrize("text", TEXTS)
def test_given_words_change_nothing(text: str) -> None:
    traits = traits_of(text)
    assert traits == traits_of(text)
    assert traits.words == words_of(text)
    assert traits.keywords == keywords_of(text)
    assert traits.hash == hash_of(text)


def test_keywords_are_found() -> None:
    assert traits_of("Read more: Related articles").keywords
    assert traits_of("Subscribe to our newsletter! " * 8).keywords
    assert not traits_of("A line of no list.").keywords
