"""Dates with the months, calendars and numerals of the world."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.pipelines.extract.metadata.date_world import read_world_date


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("22 مرداد 1403", "fa", date(2024, 8, 12)),
        ("令和6年8月12日", None, date(2024, 8, 12)),
        ("民國113年8月12日", "zh", date(2024, 8, 12)),
        ("113/8/12", "zh", date(2024, 8, 12)),
        ("12 tháng 8, 2024", "vi", date(2024, 8, 12)),
        ("12/8/2567", "th", date(2024, 8, 12)),
        ("12 ožujka 2024", "hr", date(2024, 3, 12)),
        ("12 августа 2024", "ru", date(2024, 8, 12)),
        ("2024 оны 8-р сарын 12", "mn", date(2024, 8, 12)),
        ("2024ko abuztuaren 12a", "eu", date(2024, 8, 12)),
        ("ថ្ងៃទី12 ខែសីហា ឆ្នាំ2024", "km", date(2024, 8, 12)),
        ("د 1403 د زمري 22", "ps", date(2024, 8, 12)),
        ("12ی ئابی 2024", "ckb", date(2024, 8, 12)),
        ("መስከረም 2 2017", "am", date(2024, 9, 12)),
        ("ነሐሴ 6 ቀን 2016", "am", date(2024, 8, 12)),
        ("ח׳ באב תשפ״ד", "he", date(2024, 8, 12)),
        ('ט"ו בשבט תשפ"ה', "he", date(2025, 2, 13)),
        ("י״ד באדר ב׳ ה׳תשפ״ד", "he", date(2024, 3, 24)),
        ("2024 оны 8 сарын 12", "mn", date(2024, 8, 12)),
    ],
)
def test_a_date_of_the_world_is_read(text: str, language: str | None, day: date) -> None:
    moment = read_world_date(text, language)
    assert moment is not None
    assert moment.day == day


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("113/8/12", "en"),
        ("R6.8.12", "en"),
        ("40 مرداد 1403", "fa"),
        ("12 blorptober 2024", None),
        ("", None),
        ("साउन 28, 2081", "ne"),
        ("መጋቢት 12 2017", "ti"),
    ],
)
def test_what_could_be_anything_is_no_date(text: str, language: str | None) -> None:
    assert read_world_date(text, language) is None
