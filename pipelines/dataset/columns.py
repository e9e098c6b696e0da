"""Rows by column: collects the values of a table and makes the Arrow table of them, checked against the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

# batches that are made one: small ones cost more than their values, and lie between the memory that pages come and go in
_JOINED = 32


class Same(NamedTuple):
    """A column of so many *rows* that have one value: it is made into Arrow once, which of a moment costs 0.8 us."""

    value: Any
    rows: int


class TableBuilder:
    """Rows of one table, in the order in which they are added, one by one or as batches that were checked (`batch_of`)."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._batches: list[pa.RecordBatch] = []  # the first ``_joined`` of them are of many pages each
        self._joined = 0
        self._columns: dict[str, list[Any]] = {name: [] for name in schema.names}  # rows that are in no batch yet
        self.rows = 0

    def append(self, **values: Any) -> None:
        """Add a row.

        Raises:
            KeyError: the values are not exactly the table's columns.
        """
        if values.keys() != self._columns.keys():
            raise KeyError(f"not the columns of the table: {sorted(values.keys() ^ self._columns.keys())}")
        for name, value in values.items():
            self._columns[name].append(value)
        self.rows += 1

    def add(self, batch: pa.RecordBatch) -> None:
        """Add the rows of *batch*, which is of the same schema."""
        self._seal()
        self._batches.append(batch)
        self.rows += batch.num_rows
        if len(self._batches) - self._joined >= _JOINED:
            recent = pa.Table.from_batches(self._batches[self._joined :], self._schema).combine_chunks()
            self._batches[self._joined :] = recent.to_batches()
            self._joined = len(self._batches)

    def take_table(self) -> pa.Table:
        """All rows, each column in one piece.  They are here no longer: a part's rows need not be in memory twice.

        Raises:
            ValueError, TypeError, OverflowError: a value does not fit its column.
        """
        self._seal()
        pieces = [[batch.column(number) for batch in self._batches] for number in range(len(self._schema))]
        self._batches.clear()
        self._joined = 0
        columns = []
        for field in reversed(self._schema):  # one after the other, so that none but one is in memory twice
            chunks = pieces.pop() or [pa.array([], field.type)]
            columns.append(pa.concat_arrays(chunks))
            chunks.clear()
        return pa.Table.from_arrays(columns[::-1], schema=self._schema)

    def _seal(self) -> None:
        if next(iter(self._columns.values())):
            self._batches.append(batch_of(self._schema, self._columns))
            for values in self._columns.values():
                values.clear()


def batch_of(schema: pa.Schema, columns: Mapping[str, Sequence[Any]]) -> pa.RecordBatch:
    """Rows given as columns of one length (`Same` for one value); nulls where the schema allows none are refused.

    Raises:
        KeyError: they are not exactly the columns of the table.
        ValueError, TypeError, OverflowError: a value does not fit its column.
    """
    if len(columns) != len(schema):
        raise KeyError(f"not the columns of the table: {sorted(columns.keys() ^ set(schema.names))}")
    return _checked([_array(columns[field.name], field.type) for field in schema], schema)


def batch_of_one(schema: pa.Schema, values: Mapping[str, Any]) -> pa.RecordBatch:
    """`batch_of` for one row: of a table of many columns all are made at once, at a third of the price.

    Raises:
        KeyError, ValueError, TypeError, OverflowError: as `batch_of`.
    """
    if values.keys() != set(schema.names):
        raise KeyError(f"not the columns of the table: {sorted(values.keys() ^ set(schema.names))}")
    return _checked(_array([values], pa.struct(list(schema))).flatten(), schema)


def _checked(arrays: list[pa.Array], schema: pa.Schema) -> pa.RecordBatch:
    for array, field in zip(arrays, schema, strict=True):
        if array.null_count and not field.nullable:
            raise ValueError(f"column {field.name} may not be null")
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if isinstance(values, Same):
        return pa.repeat(_array((values.value,), kind)[0], values.rows)
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # half a character, from a page's broken script data: no UTF-8 can hold it
        return pa.array([_encodable(value) for value in values], kind)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return value
