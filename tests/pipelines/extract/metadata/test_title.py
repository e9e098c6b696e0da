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


@pytest.mark.parametrize(
    "heading",
    [
        "<h1 id=o>The harbour froze over<a class=headerlink href=#o title='Permanent link'>¶</a></h1>",
        "<h1>The harbour froze over <button>Share</button></h1>",
        "<h1 id=o><a class=anchor href=#o><span>#</span></a>The harbour froze over</h1>",
        "<h1 id=o>The harbour froze over <a class=header-anchor href=#o><i>Link to this heading</i></a></h1>",
        "<h1><span class=sr-only>Article: </span>The harbour froze over</h1>",
        "<h1 class=sr-only>Main content of the Gazette</h1><h2>The harbour froze over</h2>",
        "<div class=screen-reader-text><h1>Skip to the menu</h1></div><h2>The harbour froze over</h2>",
        "<h2>The harbour froze over</h2><h1 itemprop=headline>Footnotes</h1>",
        "<h1>Related Posts</h1>",
        "<h2>The harbour froze over</h2><h1>Leave a Reply</h1>",
        "<h1><a href=/>The Gazette of the Bay</a></h1><h3 class=post-title>The harbour froze over</h3>",
        "<h1>Harbour</h1><h2>The harbour froze over</h2>",
    ],
)
def test_permalinks_hidden_and_minor_headings_and_the_site_are_no_title(heading: str) -> None:
    assert read("<title>The harbour froze over - The Gazette</title>", heading).title == "The harbour froze over"


def test_a_blog_s_name_in_a_heading_is_told_by_the_title_element() -> None:
    head = "<title>The harbour froze over | Bay Notes of a Sailor</title>"
    body = "<h1>Bay Notes of a Sailor</h1><h2>The harbour froze over</h2>"
    assert read(head, body).title == "The harbour froze over"
    head = "<title>Bay Notes: The harbour froze over</title>"
    body = "<h1><a href='https://bay.example'>Bay Notes</a></h1><h3>The harbour froze over</h3>"
    assert read(head, body).title == "The harbour froze over"


def test_kickers_that_differ_are_both_cut_off() -> None:
    head = "<meta property=og:title content='Ice in the north: The harbour froze over'>"
    assert read(head, "<h1>Cold snap - The harbour froze over</h1>").title == "The harbour froze over"
    head = "<title>'I sell northern holidays - the right day saves you thousands'</title>"
    head += "<meta property=og:title content='&#39;I sell holidays - the right day saves you thousands&#39;'>"
    whole = "'I sell the best northern holidays - the right day saves you thousands'"
    assert read(head, f"<h1>{whole}</h1>").title == whole


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("{} - The Gazette", "<h1><span class=kicker>Weather</span> {}</h1>"),
        ("{} - The Gazette", "<h1><b class=section>Weather</b><span>{}</span></h1>"),
        ("{} - The Gazette", "<h1>{}<sup>1</sup></h1>"),
        ("{} - The Gazette", "<h1>{} <small>12 August 2024</small></h1>"),
        ("{} - The Gazette", "<h1>{}<span class=count>(12)</span></h1>"),
        ("{} - The Gazette", "<h1>{} <a href=/print>Print</a></h1>"),
        ("{} :: The Gazette :: News", ""),
        ("{} | News | The Gazette", ""),
        ("The Gazette » News » {}", ""),
        ("The Gazette: {}", "<h1>The Gazette</h1><h3>{}</h3>"),
    ],
)
def test_parts_of_a_heading_and_sections_that_the_title_element_tells_are_cut_off(title: str, heading: str) -> None:
    wanted = "The harbour froze over"
    assert read(f"<title>{title.format(wanted)}</title>", heading.format(wanted)).title == wanted


def test_what_no_stated_title_is_without_stays_in_the_heading() -> None:
    assert (
        read("<title>The Gazette</title>", "<h1>The harbour <em>froze over</em></h1>").title == "The harbour froze over"
    )


@pytest.mark.parametrize(
    ("title", "site"),
    [("港が四十年ぶりに凍る：岬新聞デジタル", "岬新聞デジタル"), ("港口四十年来首次结冰_新闻频道_海角网", "")],
)
def test_sites_behind_east_asian_titles_are_cut_off(title: str, site: str) -> None:
    head = f"<title>{title}</title>" + (f"<meta property=og:site_name content={site}>" if site else "")
    assert read(head, "<p></p>").title == title.replace("_", "：").partition("：")[0]


@pytest.mark.parametrize(
    "heading",
    [
        "<h1>The harbour froze over <small>Seven to four in the council, and nobody had expected the fishermen</small></h1>",
        "<h1><span>The harbour froze over</span><span>Seven to four in the council, and nobody had expected it</span></h1>",
        "<h1>The harbour froze over<br>Seven to four in the council, and nobody had expected it</h1>",
    ],
)
def test_a_subtitle_in_the_heading_is_no_part_of_a_title_that_is_stated_without(heading: str) -> None:
    assert read("<title>The harbour froze over - The Gazette</title>", heading).title == "The harbour froze over"


def test_the_site_before_a_colon_is_cut_off() -> None:
    head = "<title>The Gazette: The harbour froze</title><meta property=og:site_name content='The Gazette'>"
    assert read(head, "<p></p>").title == "The harbour froze"
