"""TableBuilder: rows come out as they went in, however they were added, each column in one piece."""

from __future__ import annotations

import pyarrow as pa
import pytest

from broadsheet.pipelines.dataset.columns import Same, TableBuilder, batch_of, batch_of_one

SCHEMA = pa.schema(
    [
        pa.field("ordinal", pa.int32(), nullable=False),
        pa.field("text", pa.string()),
        pa.field("tags", pa.list_(pa.string())),
    ]
)


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 100])
def test_batches_and_rows_keep_their_order(count: int) -> None:
    builder = TableBuilder(SCHEMA)
    wanted: list[dict[str, object]] = []
    for number in range(count):
        rows: list[dict[str, object]] = [
            {"ordinal": row, "text": None if row % 3 else f"Ä {number}", "tags": ["a"] * row}
            for row in range(number % 4)
        ]
        builder.add(batch_of(SCHEMA, {name: [row[name] for row in rows] for name in SCHEMA.names}))
        wanted += rows
        if number % 10 == 9:
            single = {"ordinal": number, "text": "", "tags": []}
            builder.append(**single)
            wanted.append(single)
    assert builder.rows == len(wanted)
    table = builder.take_table()
    assert table.schema == SCHEMA
    assert table.to_pylist() == wanted
    assert all(column.num_chunks == 1 for column in table.columns)
    assert builder.take_table().num_rows == 0


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="ordinal may not be null"):
        batch_of(SCHEMA, {"ordinal": [None], "text": [None], "tags": [[]]})
    with pytest.raises(KeyError, match="tags"):
        batch_of(SCHEMA, {"ordinal": [1], "text": [None]})
    with pytest.raises(ValueError, match="ordinal may not be null"):
        batch_of_one(SCHEMA, {"ordinal": None, "text": None, "tags": []})
    with pytest.raises(KeyError, match="tags"):
        batch_of_one(SCHEMA, {"ordinal": 1, "text": None})
    for ordinal in (2**40, "one"):
        with pytest.raises((ValueError, TypeError, OverflowError)):
            batch_of_one(SCHEMA, {"ordinal": ordinal, "text": None, "tags": []})


def test_one_row_and_one_value_are_what_many_are() -> None:
    row = {"ordinal": 7, "text": "half \ud83d a character", "tags": ["a", "\ud83d"]}
    assert batch_of_one(SCHEMA, row).equals(batch_of(SCHEMA, {name: [value] for name, value in row.items()}))
    for text in ("Ä", "\ud83d", None):
        same = batch_of(SCHEMA, {"ordinal": [1, 2], "text": Same(text, 2), "tags": [[], []]})
        assert same.equals(batch_of(SCHEMA, {"ordinal": [1, 2], "text": [text, text], "tags": [[], []]}))
