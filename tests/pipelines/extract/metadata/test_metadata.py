"""Metadata: title, authors, dates, language, rights, kind of page, as authors and sites write them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.metadata import Metadata, read_metadata
from broadsheet.pipelines.extract.metadata.metadata import DateHabit
from broadsheet.pipelines.extract.page.page import open_page

NOW = datetime(2026, 11, 1, tzinfo=UTC)
URL = "https://www.gazette.example/news/2026/ice"
BODY = (
    "<p>The harbour froze on Monday for the first time in forty years, and the ferries stayed at their piers.</p>" * 4
)


def read(head: str = "", body: str = "<h1>The harbour froze</h1>", *, url: str = URL, headers: tuple[tuple[str, str], ...] = (),
         habit: DateHabit | None = None, lang: str = "en") -> Metadata:  # fmt: skip
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head><body>{body}{BODY}</body></html>'
    )
    page = open_page(PageRecord(url, NOW, (("Content-Type", "text/html; charset=utf-8"), *headers), html.encode()))
    assert page is not None
    return read_metadata(page, body_text=BODY, habits=habit)


def linked(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **values})}</script>'


def names(found: Metadata) -> list[str]:
    return [person.name for person in found.authors]


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
        ("<meta name=author content='Ann Ho'>", "", ["Ann Ho"]),
        ("<meta name=author content='Ann Ho and Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Ann Ho, Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Ann Ho og Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Ann Ho et Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Ann Ho und Bo Ek'>", "", ["Ann Ho", "Bo Ek"]),
        ("<meta name=author content='Анна Хо и Борис Эк'>", "", ["Анна Хо", "Борис Эк"]),
        (linked(**{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ann Ho"}}), "", ["Ann Ho"]),
        (
            linked(**{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Ann Ho"}, {"name": "Bo Ek"}]}),
            "",
            ["Ann Ho", "Bo Ek"],
        ),
        ("", "<h1>The harbour froze</h1><p class=byline>By <a rel=author href=/ann>Ann Ho</a></p>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><p class=byline>By Ann Ho, Staff Writer</p>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><div class=author><b>Ann Ho</b><i>Head of Ice and Water</i></div>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><div class=author><i>AH</i><b>Ann Ho</b></div>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><div class=author><b>gazette</b> von <b>Ann Ho</b></div>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><p class=author>By <a>Ann Ho</a> and <a>Bo Ek</a></p>", ["Ann Ho", "Bo Ek"]),
        ("", "<h1>The harbour froze</h1><a href=/people/ann>Articles by Ann Ho</a>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><p class=byline>Posted by Ann Ho on Friday</p>", ["Ann Ho"]),
        ("", "<h1>The harbour froze</h1><a rel=author href=https://plus.google.example/1>Google +</a>", []),
        ("", "<h1>The harbour froze</h1><h3 id=written-in-ice>Written in Ice</h3>", []),
        ("", "<h1>The harbour froze</h1><footer><p class=made-by>Owned by Ice Ltd</p></footer>", []),
        ("", "", []),
    ],
)
def test_authors_are_a_clean_list(head: str, body: str, wanted: list[str]) -> None:
    assert names(read(head, body)) == wanted


def test_who_wrote_it_goes_before_the_site_that_claims_it() -> None:
    head = "<meta property=og:site_name content='The Gazette'><meta name=author content='The Gazette'>"
    body = "<h1>The harbour froze</h1><p class=byline>By <a rel=author href=/ann>Ann Ho</a></p>"
    assert names(read(head, body)) == ["Ann Ho"]
    assert names(read(head)) == ["The Gazette"]  # an organisation, where nobody else is named


@pytest.mark.parametrize(
    ("head", "body", "moment", "precision"),
    [
        (
            "<meta property=article:published_time content='2026-09-01T08:30:00+02:00'>",
            "",
            datetime(2026, 9, 1, 6, 30, tzinfo=UTC),
            "second",
        ),
        (
            linked(**{"@type": "NewsArticle", "datePublished": "2026-09-01T06:30:00Z"}),
            "",
            datetime(2026, 9, 1, 6, 30, tzinfo=UTC),
            "second",
        ),
        ("", "<time datetime=2026-09-01>yesterday</time>", datetime(2026, 9, 1, tzinfo=UTC), "day"),
        ("", "<relative-time datetime=2026-09-01>a while ago</relative-time>", datetime(2026, 9, 1, tzinfo=UTC), "day"),
        ("", "<p class=date>1 September 2026</p>", datetime(2026, 9, 1, tzinfo=UTC), "day"),
        ("", "<p class=date>September 1, 2026</p>", datetime(2026, 9, 1, tzinfo=UTC), "day"),
        ("", "<p class=date>1. September 2026</p>", datetime(2026, 9, 1, tzinfo=UTC), "day"),
        ("", "<p class=date>2026年9月1日</p>", datetime(2026, 9, 1, tzinfo=UTC), "day"),
    ],
)
def test_dates_are_utc_with_what_is_known_of_them(head: str, body: str, moment: datetime, precision: str) -> None:
    found = read(head, f"<h1>The harbour froze</h1>{body}", url="https://www.gazette.example/ice")
    assert (found.date_published, found.date_published_precision) == (moment, precision)
    assert found.day_published == date(2026, 9, 1)
    assert found.date_published_raw


def test_the_habit_of_the_site_decides_between_day_and_month() -> None:
    body = "<h1>The harbour froze</h1><p class=date>03/04/2026</p>"
    url = "https://www.gazette.example/ice"
    assert read("", body, url=url, habit=DateHabit(True)).day_published == date(2026, 4, 3)
    assert read("", body, url=url, habit=DateHabit(False)).day_published == date(2026, 3, 4)
    plain = "<h1>The harbour froze</h1><p class=date>23/04/2026</p>"  # one reading only, whatever the habit
    assert read("", plain, url=url, habit=DateHabit(False)).day_published == date(2026, 4, 23)


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("<aside><time datetime=2022-01-28>some time ago</time></aside>", "time"),
        ('<div class="sidebar"><p class="date">28 January 2022</p></div>', "text"),
        ("<footer><span>28. Januar 2022, 18:55</span></footer>", "text"),
        ('<script>self.state = {"post": {"published_at":"2022-01-28T16:11:00Z"}}</script>', "json-ld"),
        (r'<script>push("{\"datePublished\":\"2022-01-28\"}")</script>', "json-ld"),
        ("<p>28.1.2022 – On the weir the water stood high. The keeper left, and nobody came in his place for a year.</p>", "text"),
    ],
)  # fmt: skip
def test_a_date_that_stands_away_from_the_headline_is_found(where: str, source: str) -> None:
    found = read(body=f"<h1>The weir</h1>{BODY}{where}<p>© 2019 The Weir</p>")
    assert (str(found.day_published), found.date_published_source) == ("2022-01-28", source)


def test_the_day_that_the_main_image_was_stored_on_is_the_last_resort() -> None:
    image = "<meta property=og:image content='https://pictures.example/2022/01/28/weir.jpg'>"
    found = read(image, body="<h1>The weir</h1>")
    assert (str(found.day_published), found.date_published_source) == ("2022-01-28", "url")
    assert str(read(image, body="<h1>The weir</h1><p class=date>2 March 2022</p>").day_published) == "2022-03-02"


@pytest.mark.parametrize(
    "where",
    [
        '<img src="/pictures/2022/01/28/weir.jpg">',
        '<script>var post = {"made": "2022-01-28"}</script>',
        f"<p>{'On the weir the water stood high. ' * 5}The keeper left on January 28, 2022.</p>",
        '<aside class="latest"><time datetime=2022-01-28></time> one <time datetime=2022-01-29></time> other</aside>',
    ],
)
def test_what_is_no_date_of_the_page_is_not_taken_for_one(where: str) -> None:
    assert read(body=f"<h1>The weir</h1>{BODY}{where}<p>© 2019 The Weir</p>").date_published is None


def test_no_page_is_younger_than_its_address() -> None:
    head = linked(**{"@type": "Article", "datePublished": "2026-06-17T18:28:00Z"})
    assert read(head, url="https://www.gazette.example/2023/7/12/ice").day_published == date(2023, 7, 12)
    assert read(head, url="https://www.gazette.example/2026/6/16/ice").date_published == datetime(2026, 6, 17, 18, 28, tzinfo=UTC)  # fmt: skip
    assert read(url="https://www.gazette.example/report_of_22.04.2020_ice").day_published == date(2020, 4, 22)


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("<p class=date>2 September 2026 00:04</p>", 2),  # the same moment, two hours east
        ("<p class=date>2 September 2026</p>", 2),
        ("<p class=date>1 September 2026</p><p class=date>2 September 2026</p>", 1),  # in UTC also on the page
        ("<p class=date>Updated 2 September 2026</p>", 1),
        ("<p class=date>2 September 2026 09:17</p>", 1),  # another moment
    ],
)
def test_the_day_published_is_that_of_the_site_s_own_zone(body: str, day: int) -> None:
    head = linked(**{"@type": "Article", "datePublished": "2026-09-01T22:04:00Z"})
    found = read(head, f"<h1>The harbour froze</h1>{body}", url="https://www.gazette.example/ice")
    assert found.date_published == datetime(2026, 9, 1, 22, 4, tzinfo=UTC)
    assert found.day_published == date(2026, 9, day)


def test_of_two_strings_for_one_moment_that_with_the_zone_is_kept() -> None:
    head = linked(**{"@type": "Article", "datePublished": "2026-09-02T01:18:13Z"})
    head += "<meta property=article:published_time content='2026-09-01T17:18:13-08:00'>"
    found = read(head)
    assert (found.date_published_raw, found.day_published) == ("2026-09-01T17:18:13-08:00", date(2026, 9, 1))
    assert found.date_published == datetime(2026, 9, 2, 1, 18, 13, tzinfo=UTC)


def test_the_year_of_a_copyright_line_is_no_date() -> None:
    assert read(body="<h1>About us</h1><p>We keep the weir.</p><p>© 2019 The Weir</p>").date_published is None


def test_a_date_in_the_future_is_no_date_of_publication() -> None:
    head = "<meta property=article:published_time content='2031-01-01T00:00:00Z'>"
    assert read(head, url="https://www.gazette.example/ice").date_published is None


def test_modified_is_not_published() -> None:
    head = linked(**{"@type": "Article", "datePublished": "2026-09-01", "dateModified": "2026-09-03T10:00:00Z"})
    found = read(head)
    assert found.day_published == date(2026, 9, 1)
    assert found.date_modified == datetime(2026, 9, 3, 10, tzinfo=UTC)


def test_the_language_of_the_text_counts_for_more_than_what_is_declared() -> None:
    found = read(lang="ja")
    assert (found.language, found.language_declared) == ("en", "ja")
    assert found.language_score is not None
    assert 0.5 < found.language_score <= 1


def test_rights() -> None:
    head = (
        "<meta name=robots content='noarchive, max-snippet:0'><link rel=license href='https://creativecommons.org/licenses/by/4.0/'>"
        "<meta name=tdm-reservation content=1><meta name=tdm-policy content='/tdm.json'>"
    ) + linked(**{"@type": "NewsArticle", "isAccessibleForFree": False})
    found = read(head)
    assert found.robots_meta is not None
    assert "noarchive" in found.robots_meta
    assert found.license_url == "https://creativecommons.org/licenses/by/4.0/"
    assert found.tdm_reservation == 1
    assert found.is_paywalled is True
    assert read(headers=(("X-Robots-Tag", "noindex"),)).robots_meta == "noindex"
    assert read().tdm_reservation is None


def test_where_it_belongs() -> None:
    head = (
        "<link rel=canonical href='/news/ice?utm=1'><meta property=article:section content=Harbour>"
        "<meta name=keywords content='ice, ferries'><meta property=og:site_name content='The Gazette'>"
        "<meta property=og:image content='/ice.jpg'><meta name=description content='It is cold.'>"
    )
    found = read(head)
    assert found.url_canonical == "https://www.gazette.example/news/ice?utm=1"
    assert (found.section, found.sitename, found.description) == ("Harbour", "The Gazette", "It is cold.")
    assert found.tags == ("ice", "ferries")
    assert found.main_image_url == "https://www.gazette.example/ice.jpg"


@pytest.mark.parametrize(
    "broken", ["{", '{"@type": ', "[]", "null", '{"@graph": 3}', '{"author": {"name": {"a": 1}}}', "\0", "{" * 5000]
)
def test_broken_json_ld_costs_itself_only(broken: str) -> None:
    found = read(f'<script type="application/ld+json">{broken}</script><meta name=author content="Ann Ho">')
    assert (found.title, names(found)) == ("The harbour froze", ["Ann Ho"])


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=60),
    st.sampled_from(["author", "date", "article:published_time", "keywords", "og:title", "robots", "og:locale"]),
)
def test_whatever_a_meta_element_says_nothing_is_raised(said: str, name: str) -> None:
    content = said.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    found = read(f'<meta name="{name}" property="{name}" content="{content}">')
    assert all(person.name.strip() == person.name != "" for person in found.authors)
    assert found.date_published is None or found.date_published.tzinfo is not None


@pytest.mark.parametrize(
    ("head", "body", "wanted"),
    [
        # a section that nobody else says
        (
            "<meta property=og:title content='The harbour froze over-Politics'><meta name=title content='The harbour froze over'>",
            "",
            "The harbour froze over",
        ),
        # a kicker in the heading that the witnesses do not have
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


def test_a_short_host_name_and_the_publisher_are_the_site_and_no_author() -> None:
    head = linked(
        **{"@type": "NewsArticle", "publisher": {"name": "Northern Press"}, "author": {"name": "Northern Press"}}
    )
    byline = "<h1>The harbour froze</h1><p class=byline>By <a rel=author href=/ann>Ann Ho</a></p>"
    assert names(read(head, byline)) == ["Ann Ho"]
    assert names(read("<meta name=author content=HBN>", byline, url="https://www.hbn.example/ice")) == ["Ann Ho"]


def test_what_stands_among_other_things_outweighs_no_claim_unless_it_says_by() -> None:
    head = "<meta name=author content='The Gazette'><meta property=og:site_name content='The Gazette'>"
    aside = "<h1>The harbour froze</h1><aside class=promo><span class=author>{}</span></aside>"
    assert names(read(head, aside.format("Ice Shop"))) == ["The Gazette"]
    assert names(read(head, aside.format("By Ann Ho"))) == ["Ann Ho"]


def test_an_author_page_is_an_absolute_address() -> None:
    author = {"@type": "Person", "name": "Ann Ho", "url": "/people/ann"}
    (person,) = read(linked(**{"@type": "NewsArticle", "author": author})).authors
    assert person.url == "https://www.gazette.example/people/ann"


def test_what_the_title_element_has_behind_the_title_is_the_site_and_no_author() -> None:
    head = (
        "<title>The ferry that would not leave - Pier Four Notes</title><meta name='author' content='Pier Four Notes'>"
    )
    body = "<h1>The Ferry That Would Not Leave</h1><p class='meta'><span class='byline author'>Posted by Ines Halloran</span></p>"
    assert [one.name for one in read(head, body).authors] == ["Ines Halloran"]
    assert [one.name for one in read(head, "<h1>The Ferry That Would Not Leave</h1>").authors] == ["Pier Four Notes"]
