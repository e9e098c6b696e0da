"""Days of other calendars, against days that are known: new years, leap months, the ends of years."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.pipelines.extract.metadata.date_calendars import ethiopian_day, foreign_day, hebrew_day, jalali_day


@pytest.mark.parametrize(
    ("year", "month", "day", "known"),
    [
        (5783, 1, 1, date(2022, 9, 26)),
        (5784, 1, 1, date(2023, 9, 16)),
        (5785, 1, 1, date(2024, 10, 3)),
        (5786, 1, 1, date(2025, 9, 23)),
        (5784, 6, 1, date(2024, 2, 10)),  # Adar I of a leap year
        (5784, 8, 15, date(2024, 4, 23)),
        (5785, 7, 1, date(2025, 3, 1)),
        (5785, 6, 1, None),  # no leap year
        (5785, 13, 30, None),  # Elul has 29 days
    ],
)
def test_hebrew_days(year: int, month: int, day: int, known: date | None) -> None:
    assert hebrew_day(year, month, day) == known


@pytest.mark.parametrize(
    ("year", "month", "day", "known"),
    [
        (2016, 1, 1, date(2023, 9, 12)),  # after a leap year
        (2017, 1, 1, date(2024, 9, 11)),
        (2015, 13, 6, date(2023, 9, 11)),
        (2016, 13, 6, None),
    ],
)
def test_ethiopian_days(year: int, month: int, day: int, known: date | None) -> None:
    assert ethiopian_day(year, month, day) == known


def test_the_last_days_of_solar_hijri_leap_years() -> None:
    assert jalali_day(1403, 12, 30) == date(2025, 3, 20)
    assert jalali_day(1404, 12, 30) is None


def test_a_day_of_digits_is_of_the_calendar_that_its_year_is_of() -> None:
    assert foreign_day(2567, 8, 12, None) == foreign_day(1403, 5, 22, None) == date(2024, 8, 12)
