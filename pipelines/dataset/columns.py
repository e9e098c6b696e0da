"""Rows by column: collects the values of a table and makes the Arrow table of them, checked against the schema."""

from __future__ import annotations

from typing import Any

import pyarrow as pa


class TableBuilder:
    """Rows of one table, kept by column."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._columns: dict[str, list[Any]] = {name: [] for name in schema.names}
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

    def extend(self, other: TableBuilder) -> None:
        """Add the rows of *other*, which is of the same table."""
        for name, values in other._columns.items():
            self._columns[name].extend(values)
        self.rows += other.rows

    def table(self) -> pa.Table:
        """All rows; nulls where the schema allows none are refused.

        Raises:
            ValueError, TypeError, OverflowError: a value does not fit its column.
        """
        arrays = []
        for field in self._schema:
            array = _array(self._columns[field.name], field.type)
            if not field.nullable and array.null_count:
                raise ValueError(f"column {field.name} may not be null")
            arrays.append(array)
        return pa.Table.from_arrays(arrays, schema=self._schema)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
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
