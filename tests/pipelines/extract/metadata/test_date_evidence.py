"""Which of the dates on a page is the article's: its place, the words around it, what is stated and what only stands there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from page_metadata import BODY, NOW, linked, read

HEAD = "<h1>The harbour froze</h1>"
OWN = '<p class="byline">Published August 12, 2024</p>'
CARD = (
    '<a href="/b"><time datetime="2024-03-05T00:00">Mar 5, 2024</time><span>Another article you might like</span></a>'
)


@pytest.mark.parametrize(
    "others",
    [
        f'<aside aria-label="More posts"><h2>Latest news</h2>{CARD}</aside>',
        f"<section><h2>Latest news</h2>{CARD}</section>",
        '<div><h3>Read also</h3><div><time datetime="2024-03-05">5 March</time></div></div>',
        '<section><h2>Mehr zum Thema</h2><p><time datetime="2024-03-05">5. März</time></p></section>',
        f"<div>{CARD}</div>",
        '<blockquote class="twitter-tweet"><p>Ice!</p><a href="/t"><time datetime="2024-03-05">March 5, 2024</time></a></blockquote>',
        '<div class="embed"><span class="date">March 5, 2024</span></div>',
        '<ol class="references"><li>"Old boats". <time datetime="2024-03-05">March 5, 2024</time></li></ol>',
    ],
)
def test_the_article_s_own_place_beats_the_kind_of_evidence(others: str) -> None:
    assert str(read(body=f"{HEAD}{OWN}{BODY}{others}").day_published) == "2024-08-12"


@pytest.mark.parametrize(
    "others",
    [
        '<ol class="references"><li>"Old boats". Retrieved February 10, 2024.</li></ol>',
        "<p>Accessed 10 February 2024.</p>",
        "<p>Abgerufen am 10. Februar 2024.</p>",
        '<blockquote class="twitter-tweet">Ice! <a href="/t">February 10, 2024</a></blockquote>',
        "<section><h2>Related stories</h2><p>February 10, 2024</p><p>February 11, 2024</p></section>",
    ],
)
def test_dates_of_other_things_are_not_the_article_s(others: str) -> None:
    assert read(body=f"{HEAD}{BODY}{others}").date_published is None


@pytest.mark.parametrize(
    "line",
    [
        '<div class="byline">By <a rel="author" href="/au/a">Ada Ferrywoman</a>, harbour correspondent | Published 12 August 2024, 9:30 p.m. EDT | 5 min read</div>',
        '<p class="meta">By Ada Ferrywoman · 12 August 2024 9:30 p.m. EDT · Updated 14 August 2024 10:00 a.m. EDT · 5 min read</p>',
        '<p class="date">Updated 14 August 2024 10:00 a.m. EDT | Published 12 August 2024 9:30 p.m. EDT</p>',
        '<time itemprop="dateModified" datetime="2024-08-14T10:00:00-04:00">12 August 2024 9:30 p.m. EDT | Updated 14 August 2024</time>',
    ],
)  # fmt: skip
def test_of_two_dates_in_one_block_the_words_tell_which_is_which(line: str) -> None:
    found = read(body=f"{HEAD}{line}")
    assert found.date_published == datetime(2024, 8, 13, 1, 30, tzinfo=UTC)


def test_a_block_says_when_it_was_changed_too() -> None:
    found = read(body=f'{HEAD}<p class="date">Published 12 August 2024 | Updated 14 August 2024</p>')
    assert (found.date_published, found.date_modified) == (
        datetime(2024, 8, 12, tzinfo=UTC),
        datetime(2024, 8, 14, tzinfo=UTC),
    )


@pytest.mark.parametrize("around", ["post-info", "post-footer"])
def test_an_abbreviation_s_title_is_the_fuller_reading(around: str) -> None:
    body = (
        '<h2 class="date-header"><span>Monday, 12 August 2024</span></h2><h3 class="post-title">The harbour froze</h3>'
        f'{BODY}<div class="{around}"><span>at <a href="/x"><abbr class="published" title="2024-08-12T07:30:00+02:00">07:30</abbr></a></span></div>'
    )
    assert read(body=body).date_published == datetime(2024, 8, 12, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        (linked(**{"@type": "Article", "datePublished": "1912-04-15"}), "", "1912-04-15"),
        ("<meta name=date content='3 May 1985'>", "", "1985-05-03"),
        ("", "<p class=date>Published 3 May 1912</p>", "1912-05-03"),
        ("", "<time datetime=1851-09-18>18 September 1851</time>", "1851-09-18"),
        ("", "<p class=date>3 May 1912</p>", "None"),  # of what, nobody says
        ("", "<p>3 May 1912</p>", "None"),
        (linked(**{"@type": "Article", "datePublished": "1970-01-01T00:00:00Z"}), "", "None"),
    ],
)
def test_before_there_were_web_pages_a_date_must_be_stated(head: str, body: str, day: str) -> None:
    assert str(read(head, HEAD + body).day_published) == day


@pytest.mark.parametrize(
    ("head", "body", "raw"),
    [
        ("<meta property=article:published_time content='12 of the 8th, 2024?'>", "", "12 of the 8th, 2024?"),
        (linked(**{"@type": "Article", "datePublished": "2081 साउन 28"}), "", "2081 साउन 28"),
        ("", "<p class=date>২৮ শ্রাবণ ১৪৩১</p>", "২৮ শ্রাবণ ১৪৩১"),
    ],
)
def test_what_could_not_be_read_is_kept_as_it_stands(head: str, body: str, raw: str) -> None:
    found = read(head, HEAD + body)
    assert (found.date_published, found.date_published_raw, found.date_published_source) == (None, raw, None)


@pytest.mark.parametrize(
    ("lang", "printed", "moment", "precision"),
    [
        ("en", "3 minutes ago", datetime(2026, 10, 31, 23, 57, tzinfo=UTC), "minute"),
        ("en", "an hour ago", datetime(2026, 10, 31, 23, tzinfo=UTC), "hour"),
        ("en", "Posted 2 days ago", datetime(2026, 10, 30, tzinfo=UTC), "day"),
        ("en", "3 weeks ago", datetime(2026, 10, 11, tzinfo=UTC), "week"),
        ("en", "Yesterday", datetime(2026, 10, 31, tzinfo=UTC), "day"),
        ("de", "vor 3 Stunden", datetime(2026, 10, 31, 21, tzinfo=UTC), "hour"),
        ("fr", "il y a 2 jours", datetime(2026, 10, 30, tzinfo=UTC), "day"),
        ("es", "hace 5 minutos", datetime(2026, 10, 31, 23, 55, tzinfo=UTC), "minute"),
        ("pt", "há 2 horas", datetime(2026, 10, 31, 22, tzinfo=UTC), "hour"),
        ("it", "2 giorni fa", datetime(2026, 10, 30, tzinfo=UTC), "day"),
        ("nl", "3 uur geleden", datetime(2026, 10, 31, 21, tzinfo=UTC), "hour"),
        ("pl", "2 godziny temu", datetime(2026, 10, 31, 22, tzinfo=UTC), "hour"),
        ("ru", "3 часа назад", datetime(2026, 10, 31, 21, tzinfo=UTC), "hour"),
        ("tr", "2 gün önce", datetime(2026, 10, 30, tzinfo=UTC), "day"),
        ("ar", "منذ ٣ ساعات", datetime(2026, 10, 31, 21, tzinfo=UTC), "hour"),
        ("zh", "3小时前", datetime(2026, 10, 31, 21, tzinfo=UTC), "hour"),
        ("ja", "3時間前", datetime(2026, 10, 31, 21, tzinfo=UTC), "hour"),
        ("ja", "2日前", datetime(2026, 10, 30, tzinfo=UTC), "day"),
        ("ko", "3시간 전", datetime(2026, 10, 31, 21, tzinfo=UTC), "hour"),
        ("id", "2 jam yang lalu", datetime(2026, 10, 31, 22, tzinfo=UTC), "hour"),
        ("vi", "3 giờ trước", datetime(2026, 10, 31, 21, tzinfo=UTC), "hour"),
    ],
)
def test_a_distance_from_now_is_a_date_as_fine_as_it_says(
    lang: str, printed: str, moment: datetime, precision: str
) -> None:
    assert datetime(2026, 11, 1, tzinfo=UTC) == NOW
    found = read(body=f"{HEAD}<time>{printed}</time>", lang=lang)
    assert (found.date_published, found.date_published_precision) == (moment, precision)
    assert found.date_published_raw == printed


@pytest.mark.parametrize(
    "aside",
    [
        '<aside class="river"><h3>Latest</h3><time>3 minutes ago</time></aside>',
        '<p class="date">5 min read</p>',
        '<div class="comments"><time>2 days ago</time></div>',
    ],
)
def test_a_distance_elsewhere_is_none(aside: str) -> None:
    assert read(body=f"{HEAD}{BODY}{aside}").date_published is None


def test_a_page_in_another_calendar() -> None:
    found = read(body=f"{HEAD}<span class=date>تاریخ انتشار: ۲۲ مرداد ۱۴۰۳ - ۰۹:۳۰</span>", lang="fa")
    assert found.date_published == datetime(2024, 8, 12, 9, 30, tzinfo=UTC)


def test_am_and_pm_in_a_page_of_no_country() -> None:
    meta = "<meta property=article:published_time content='8/12/2024 9:30:00 PM'>"
    assert str(read(meta, HEAD, url="https://gazette.example/ice").day_published) == "2024-08-12"
    assert str(read(meta, HEAD, url="https://gazette.co.uk/ice").day_published) == "2024-12-08"
    assert str(read(meta, HEAD, url="https://gazette.example/ice", lang="en-GB").day_published) == "2024-12-08"
    assert str(read(meta, HEAD, url="https://gazette.example/ice", lang="es").day_published) == "2024-12-08"


def test_a_post_s_link_to_itself_is_no_card() -> None:
    link = (
        '<a href="/2024/ice" rel="bookmark">Posted by Ada Ferrywoman on the harbour <time datetime="2024-08-12T10:00">'
        "August 12, 2024</time></a>"
    )
    older = '<p class="date">Originally published on October 7, 2008</p>'
    assert str(read(body=f"{HEAD}{link}{older}").day_published) == "2024-08-12"


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("<p>Updated 14 August 2024 · First published 12 August 2024</p>", "2024-08-12"),
        ("<p>Zuletzt aktualisiert: 14.08.2024, 09:30 Uhr · Veröffentlicht: 12.08.2024</p>", "2024-08-12"),
        ("<p>8 min read · Updated Aug 14, 2024 · Published Aug 12, 2024</p>", "2024-08-12"),
        ("<p>Yayınlanma: 12.08.2024 - 09:30 Güncelleme: 14.08.2024 - 10:00</p>", "2024-08-12"),
        ("<p>Δημοσίευση: 12/08/2024, 09:30 Τελευταία ενημέρωση: 14/08/2024, 10:00</p>", "2024-08-12"),
        ("<p>更新：2024年8月14日 公開：2024年8月12日</p>", "2024-08-12"),
        ("<p>עודכן: 14.08.2024 פורסם: 12.08.2024</p>", "2024-08-12"),
        ("<aside>Next issue: September 1, 2024</aside><p>By Ann Lee, August 12, 2024</p>", "2024-08-12"),
        ("<p>Publié le 12/08/2024 à 09h30 - Mis à jour le 14/08/2024 à 10h</p>", "2024-08-12"),
        ("<h2>More stories</h2><article><a href=/x>Bridge</a><time datetime=2024-09-01>1 Sept</time></article>", None),
        ("<p>3 hours ago</p>", "2026-10-31"),
        ("<p>The ferry left 3 hours ago and took all of us to the northern pier, as it always had done.</p>", None),
    ],
)
def test_lines_without_markup_state_when_they_were_published(body: str, day: str | None) -> None:
    found = read(body=f"<h1>The harbour froze</h1>{body}").date_published
    assert (found and found.date().isoformat()) == day
