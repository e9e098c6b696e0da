"""The newest version of each URL among rows: the last fetched, of equals that of the last file, of these the last in it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from broadsheet.pipelines.dataset.newest import VERSION_COLUMNS, Versions, marked

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
ROWS = [
    ("a", EARLY, "1.warc.gz", 0),
    ("a", LATE, "1.warc.gz", 5),
    ("a", LATE, "2.warc.gz", 0),
    ("a", LATE, "1.warc.gz", 9),
    ("b", None, "9.warc.gz", 9),
    ("b", EARLY, "1.warc.gz", 1),
    ("c", None, "1.warc.gz", 2),
]


def batch(rows: list[tuple[str, datetime | None, str, int]]) -> pa.RecordBatch:
    types = (pa.string(), pa.timestamp("us", "UTC"), pa.string(), pa.int64())
    columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]
    return pa.record_batch(columns, list(VERSION_COLUMNS))


def test_the_newest_of_each_url_whatever_batches_they_come_in() -> None:
    for cut in range(1, len(ROWS)):
        versions = Versions.read([batch(ROWS[:cut]), batch(ROWS[cut:])])
        assert np.flatnonzero(versions.newest()).tolist() == [
            2,
            5,
            6,
        ]  # a row without a date is older than any with one


def test_among_some_rows_the_newest_of_these() -> None:
    versions = Versions.read([batch(ROWS)])
    among = np.array([row[2] != "2.warc.gz" for row in ROWS])
    assert np.flatnonzero(versions.newest(among)).tolist() == [3, 5, 6]


def test_no_rows() -> None:
    assert Versions.read([]).newest().tolist() == []


def test_marked_rows_are_taken_by_their_place() -> None:
    batches = [batch(ROWS[:2]), batch(ROWS[2:4]), batch(ROWS[4:])]
    wanted = np.array([False, True, False, False, True, True, True])
    taken = [one.column("url").to_pylist() for one in marked(batches, wanted)]
    assert taken == [["a"], ["b", "b", "c"]]
