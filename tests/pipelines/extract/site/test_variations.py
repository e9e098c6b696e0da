"""Site profiles on sites of other languages, orders and wordings: bodies exact in any markup."""

from __future__ import annotations

import pytest
from reading import html_of, read, read_with_profile
from synthetic_variations import MARKUPS, VARIATIONS, page_of, posts


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("variation", VARIATIONS)
def test_every_body_is_exact(variation: str, markup: str) -> None:
    site = posts(variation, 8)
    got = read_with_profile([(post.path, page_of(variation, post, site, markup)) for post in site])
    assert [one.article.text for one in got] == [post.text for post in site]
    assert [one.article.title for one in got] == [post.title for post in site]


def test_a_title_is_what_the_page_shows_of_it() -> None:
    text = posts("german", 1)[0].paragraphs
    shown = html_of("Die Brücke wird umgebaut", text).replace("<title>", "<title>Hafenblatt: Stadt | ", 1)
    divs = shown.replace("h1>", "div>")
    other = html_of("Die Brücke wird umgebaut | Kommentar", text)
    assert read([("/a", divs)])[0].article.title == "Die Brücke wird umgebaut"
    assert read([("/a", other)])[0].article.title == "Die Brücke wird umgebaut | Kommentar"
