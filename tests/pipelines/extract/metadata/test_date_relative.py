"""Dates told by their distance from the fetch, in the languages of the press."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.extract.metadata.date_relative import read_relative

NOW = datetime(2025, 3, 9, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "printed",
    [
        *(
            "3 hours ago",
            "vor 3 Stunden",
            "il y a 3 heures",
            "hace 3 horas",
            "3 часа назад",
            "преди 3 часа",
            "prije 3 sata",
        ),
        *("acum 3 ore", "3 tuntia sitten", "3 tundi tagasi", "fyrir 3 klukkustundum", "3 saat əvvəl", "3 ժամ առաջ"),
        *("3時間前", "3시간 전", "לפני 3 שעות", "منذ 3 ساعات", "۳ ساعت پیش", "3 ชั่วโมงที่แล้ว", "৩ ঘণ্টা আগে"),
    ],
)
def test_three_hours_ago(printed: str) -> None:
    moment = read_relative(printed, NOW)
    assert moment is not None
    assert (moment.utc.isoformat()[:16], moment.precision) == ("2025-03-09T09:00", "hour")


@pytest.mark.parametrize(
    ("printed", "day", "precision"),
    [
        ("לפני יומיים", "2025-03-07", "day"),
        ("منذ يومين", "2025-03-07", "day"),
        ("منذ ساعة", "2025-03-09", "hour"),
        ("2 สัปดาห์ก่อน", "2025-02-23", "week"),
        ("เมื่อวานนี้", "2025-03-08", "day"),
        ("gestern", "2025-03-08", "day"),
    ],
)
def test_what_is_read_is_no_finer_than_what_is_said(printed: str, day: str, precision: str) -> None:
    moment = read_relative(printed, NOW)
    assert moment is not None
    assert (str(moment.day), moment.precision) == (day, precision)


@pytest.mark.parametrize("printed", ["for 3 reasons", "3 hours of work", "", "3 Stunden", "one day in March"])
def test_a_length_is_no_distance(printed: str) -> None:
    assert read_relative(printed, NOW) is None
