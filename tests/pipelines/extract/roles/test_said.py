"""What a text says is the same whether its words are known already, and whether it was met before."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.page.keywords import keywords_of
from broadsheet.pipelines.extract.roles.filed import words_of
from broadsheet.pipelines.extract.roles.said import said_by
from broadsheet.pipelines.extract.site.sketch import hash_of

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
def test_known_words_change_nothing(text: str) -> None:
    said = said_by(text)
    assert said == said_by(text)
    assert said.words == words_of(text)
    assert said.keywords == keywords_of(text)
    assert said.hash == hash_of(text)


def test_keywords_are_found() -> None:
    assert said_by("Read more: Related articles").keywords
    assert said_by("Subscribe to our newsletter! " * 8).keywords
    assert not said_by("A line of no list.").keywords
