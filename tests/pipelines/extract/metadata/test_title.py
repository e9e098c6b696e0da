"""Titles: the headline that the page shows, without the site's name, kickers and sections."""

from __future__ import annotations

import pytest
from page_metadata import linked, read


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>The harbour froze | The Gazette</title><meta property=og:site_name content='The Gazette'>", ""),
        ("<title>The harbour froze - The Gazette</title>", "<h1>The harbour froze</h1>"),
        ("<title>Ice! Ferries stay at their piers | News | The Gazette</title>", "<h1>The harbour froze</h1>"),
        (
            "<title>The Gazette: The harbour froze</title>",
            "<h1><a href=/>The Gazette</a></h1><h1>The harbour froze</h1>",
        ),
        ("<meta property=og:title content='The harbour froze'><title>Gazette</title>", ""),
        (linked(**{"@type": "NewsArticle", "headline": "The harbour froze"}) + "<title>The Gazette</title>", ""),
        ("<title>The harbour froze</title>", "<h1>  The\n harbour&nbsp;froze </h1>"),
    ],
)
def test_the_title_is_the_headline_without_the_site(head: str, body: str) -> None:
    assert read(head, body).title == "The harbour froze"


@pytest.mark.parametrize(
    ("head", "body", "wanted"),
    [
        # a section that nobody else says
        (
            "<meta property=og:title content='The harbour froze over-Politics'><meta name=title content='The harbour froze over'>",
            "",
            "The harbour froze over",
        ),
        # a kicker in the heading that no stated title has
        (
            "<meta property=og:title content='The harbour froze over'>",
            "<h1>Cold snap: The harbour froze over</h1>",
            "The harbour froze over",
        ),
        # one that JSON-LD has too belongs to the title
        (
            linked(**{"@type": "NewsArticle", "headline": "Cold snap: The harbour froze over"})
            + "<meta property=og:title content='The harbour froze over'>",
            "<h1>Cold snap: The harbour froze over</h1>",
            "Cold snap: The harbour froze over",
        ),
        # JSON-LD, og:title and twitter:title agree: the heading's kicker is set elsewhere on the page
        (
            linked(**{"@type": "NewsArticle", "headline": "Cold snap: The harbour froze over"})
            + "<meta property=og:title content='Cold snap: The harbour froze over'>"
            "<meta name=twitter:title content='Cold snap: The harbour froze over'>",
            "<p>Cold snap</p><h1>The harbour froze over</h1>",
            "Cold snap: The harbour froze over",
        ),
        # a title for social media is not the headline
        (
            "<title>The harbour froze over</title><meta property=og:title content='Ferries stay at their piers'>",
            "<h1>The harbour froze over</h1>",
            "The harbour froze over",
        ),
    ],
)
def test_kickers_and_sections_are_told_from_the_headline(head: str, body: str, wanted: str) -> None:
    assert read(head, body).title == wanted
