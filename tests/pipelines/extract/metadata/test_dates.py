"""Dates: when a page was published and modified, in UTC, with what is known of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from page_metadata import BODY, linked, read

from broadsheet.pipelines.extract.metadata.metadata import DateHabit


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
    assert read("", body, url=url).dates_two_ways is True
    assert read("", plain, url=url).dates_two_ways is False


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


def test_a_month_that_is_stated_is_taken_where_nothing_is_finer() -> None:
    found = read(body="<h1>The harbour froze</h1><p>Published March 2021</p>", url="https://gazette.example/ice")
    assert (str(found.date_published)[:10], found.date_published_precision) == ("2021-03-01", "month")
    found = read(body="<h1>The harbour froze</h1><p>In March 2021</p>", url="https://gazette.example/ice")
    assert found.date_published is None
