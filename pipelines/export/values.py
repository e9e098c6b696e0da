"""How values are written outside Parquet: in JSON, and in a cell of CSV.

JSON: times are ISO 8601 with Z, decimals without fraction are integers, bytes are hexadecimal, NaN is null.  CSV: null is an
empty cell, booleans are ``true`` and ``false``, and what has parts (lists, structs) is JSON in one cell, so that
``json.loads(cell)`` gives it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_NON_STR_KEYS


def rows_of(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows of *batch*; a float of 32 bits with the digits that it has, not those of its double."""
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        values = column.to_pylist()
        if pa.types.is_float32(column.type):
            values = [None if value is None else float(str(np.float32(value))) for value in values]
        columns.append((name, values))
    for number in range(batch.num_rows):
        yield {name: values[number] for name, values in columns}


def json_bytes(value: Any) -> bytes:
    """*value* as JSON on one line, UTF-8."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def csv_cell(value: Any) -> str:
    """*value* as a cell, before quoting."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if type(value) in (list, dict, tuple):
        return json_bytes(value).decode()
    return json_bytes(value).decode().strip('"')


def moment_text(moment: datetime) -> str:
    """*moment* as ISO 8601, UTC, with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, int):  # of more than 64 bits
        return str(value)
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)
