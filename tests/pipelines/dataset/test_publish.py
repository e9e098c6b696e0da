"""Where rows go when they are published: the month in which their page was fetched, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from broadsheet.pipelines.dataset.publish import by_month


def test_rows_lie_in_the_month_of_their_fetching_in_their_order() -> None:
    moments = [
        datetime(2026, 12, 31, 23, 59, 59, 999_999, UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(999, 3, 1, tzinfo=UTC),  # an archive's date may be any
        datetime(2027, 1, 31, 12, tzinfo=UTC),
    ]
    rows = pa.table({"fetch_time": pa.array(moments, pa.timestamp("us", "UTC")), "row": list(range(len(moments)))})
    assert [(month, some["row"].to_pylist()) for month, some in by_month(rows)] == [
        ("0999-03", [3]),
        ("2026-12", [0, 2]),
        ("2027-01", [1, 4]),
    ]
