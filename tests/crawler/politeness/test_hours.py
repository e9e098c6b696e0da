"""The hours in which a host may be asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.crawler.politeness.hours import Hours


@pytest.mark.parametrize(
    ("text", "clock", "wait"),
    [
        ("09:00-17:00 UTC", "08:59:30", 30),
        ("09:00-17:00 UTC", "09:00:00", 0),
        ("09:00-17:00 UTC", "16:59:59", 0),
        ("09:00-17:00 UTC", "17:00:00", 16 * 3600),
        ("22:00-06:00 utc", "23:30:00", 0),
        ("22:00-06:00 Z", "05:59:00", 0),
        ("22:00 - 6:00 UTC", "06:00:00", 16 * 3600),
        ("00:00-24:00 UTC", "12:00:00", 0),
    ],
)
def test_how_long_until_they_begin(text: str, clock: str, wait: float) -> None:
    assert Hours.parse(text).wait(datetime.fromisoformat(f"2026-11-29T{clock}+00:00")) == wait


def test_without_a_zone_they_are_the_machines() -> None:
    hours = Hours.parse("00:00-24:00")
    assert hours.wait(datetime(2026, 11, 29, tzinfo=UTC)) == 0
    assert str(Hours.parse("9:05-17:00 UTC")) == "09:05-17:00 UTC"


@pytest.mark.parametrize("text", ["", "night", "25:00-06:00", "22:00", "22:61-23:00", "08:00-08:00", "22:00-06:00 CET"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(BadInput, match="are no hours of a day"):
        Hours.parse(text)
