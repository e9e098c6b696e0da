"""Record batches into one file: JSON lines, a JSON array, CSV (RFC 4180), Parquet.  One batch in memory at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.pipelines.dataset.publish import ROW_GROUP
from broadsheet.pipelines.export.values import csv_cell, json_bytes, rows_of

Batches = Iterable[pa.RecordBatch]


def write_json_lines(file: IO[bytes], schema: pa.Schema, batches: Batches) -> int:  # noqa: ARG001 - as the others
    """One object a line; the number of rows."""
    count = 0
    for batch in batches:
        for row in rows_of(batch):
            file.write(json_bytes(row) + b"\n")
            count += 1
    return count


def write_json(file: IO[bytes], schema: pa.Schema, batches: Batches) -> int:  # noqa: ARG001
    """An array of objects, one a line; the number of rows."""
    count = 0
    file.write(b"[")
    for batch in batches:
        for row in rows_of(batch):
            file.write((b",\n " if count else b"\n ") + json_bytes(row))
            count += 1
    file.write(b"\n]\n" if count else b"]\n")
    return count


def write_csv(file: IO[bytes], schema: pa.Schema, batches: Batches) -> int:
    """A header, then one record a row, as `broadsheet.pipelines.export.values` says; the number of rows."""
    count = 0
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(schema.names)
    for batch in batches:
        for row in rows_of(batch):
            writer.writerow([csv_cell(value) for value in row.values()])
            count += 1
        file.write(buffer.getvalue().encode())
        buffer.seek(0)
        buffer.truncate()
    file.write(buffer.getvalue().encode())
    return count


def write_parquet_file(file: IO[bytes], schema: pa.Schema, batches: Batches) -> int:
    """Parquet with zstd, ROW_GROUP rows a group; the number of rows."""
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd", compression_level=3, write_page_index=True) as writer:
        for table in _groups(schema, batches):
            writer.write_table(table, ROW_GROUP)
            count += table.num_rows
    return count


def _groups(schema: pa.Schema, batches: Batches) -> Iterable[pa.Table]:
    """The batches joined into groups of ROW_GROUP rows or more, so that groups do not depend on how rows came."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        while rows >= ROW_GROUP:
            table = pa.Table.from_batches(waiting, schema)
            yield table.slice(0, ROW_GROUP)
            waiting, rows = table.slice(ROW_GROUP).to_batches(), rows - ROW_GROUP
    if rows:
        yield pa.Table.from_batches(waiting, schema)


WRITERS: dict[str, Callable[[IO[bytes], pa.Schema, Batches], int]] = {
    "json": write_json,
    "jsonl": write_json_lines,
    "csv": write_csv,
    "parquet": write_parquet_file,
}
