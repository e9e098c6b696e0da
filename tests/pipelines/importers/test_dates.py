"""Dates as files and listings write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.pipelines.importers.dates import parse_date

MOMENT = datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Wed, 04 Mar 2026 10:00:00 GMT", MOMENT),
        (1772618400, MOMENT),
        (1772618400000, MOMENT),
        ("", None),
        ("soon", None),
        (True, None),
        (1e300, None),
    ],
)
def test_dates_are_read_as_they_are_written(text: object, moment: datetime | None) -> None:
    assert parse_date(text) == moment
