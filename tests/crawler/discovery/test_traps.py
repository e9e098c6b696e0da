"""Traps are told from honest archives, whatever their size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.discovery.traps import MAX_CALENDAR, Trap, TrapGuard


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/" + "x" * 2000, Trap.LONG_URL),
        ("/" + "/".join(f"s{n}" for n in range(25)), Trap.DEEP_PATH),
        ("/a/b/b/b/c", Trap.REPEATED_PATH),
        ("/css/img/css/img/css/img/x.png", Trap.REPEATED_PATH),
        ("/de/news/a/de/news/a/de/news/a", Trap.REPEATED_PATH),
        ("/calendar/2999/01/", Trap.CALENDAR_RANGE),
        ("/events/?month=1204-05", Trap.CALENDAR_RANGE),
        ("/calendar.php?year=20260", Trap.CALENDAR_RANGE),
        ("/events/2027/13/", None),
        ("/calendar/2027/01/", None),
        ("/2011/11/11/", None),
        ("/11/11/11/eleven", None),
        ("/1843/05/12/an-old-paper/", None),
        ("/a/a/b/b/", None),
        ("/news/bbb/bb/b", None),
        ("/forum/4512/3/", None),
        ("/a//b///c", None),
    ],
)
def test_shapes(path: str, trap: Trap | None) -> None:
    guard = TrapGuard(latest_year=2027)
    assert guard.refuses(f"https://example.com{path}") == trap
    assert guard.refused.total() == (trap is not None)


def honest() -> Iterator[str]:
    for number in range(12_000):
        year, month, day = 1990 + number % 35, 1 + number % 12, 1 + number % 28
        yield f"https://example.com/{year}/{month:02}/{day:02}/slug-{number}/"
        yield f"https://example.com/events/{year}/{month:02}/{day:02}/concert-{'abcdefghij'[number % 10]}{number}/"
        yield f"https://example.com/?p={number}"
        yield f"https://example.com/viewtopic.php?f={number % 40}&t={number}"
        yield f"https://example.com/tag/t{number}/page/{number % 9}/"


def test_a_big_honest_archive_passes() -> None:
    guard = TrapGuard(latest_year=2027)
    refused = [url for url in honest() if guard.refuses(url)]
    # "concert-a7" of 120 days of events are alike but for their digits, and still fewer than a calendar has pages
    assert refused == []


def test_an_endless_calendar_ends() -> None:
    guard = TrapGuard(latest_year=2027)
    days = (
        f"https://e.com/calendar/{y}-{m:02}-{d:02}"
        for y in range(1900, 2028)
        for m in range(1, 13)
        for d in range(1, 29)
    )
    let_in = sum(guard.refuses(url) is None for url in days)
    assert let_in == MAX_CALENDAR
    assert guard.refused[Trap.CALENDAR_PAGES] == 128 * 12 * 28 - MAX_CALENDAR


def test_filters_and_sessions_end() -> None:
    guard = TrapGuard()
    for number in range(6000):
        guard.refuses(f"https://e.com/shop?colour={number % 50}&size={number // 50}&sort=up")
        guard.refuses(f"https://e.com/page?sid={number:032x}")
    assert guard.refused == {Trap.QUERY_SHAPE: 1000, Trap.SESSION_ID: 5500}


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.crawler.discovery.traps._SHAPES", 100)
    guard = TrapGuard()
    for number in range(1000):
        assert guard.refuses(f"https://e.com/page-{number}?a=1") is None
        guard.refuses("https://e.com/often?a=1")
    assert len(guard._shapes) <= 100
    assert guard._shapes["https://e.com/often?a"] == 1000


@given(st.text(max_size=60))
def test_no_url_is_a_fault(tail: str) -> None:
    TrapGuard().refuses("https://example.com/" + tail)
    TrapGuard().refuses(tail)
