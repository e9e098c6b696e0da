"""The rows of a table in the order of their pages' SURT keys and times, whatever their number, in bounded memory.

External merge sort: what comes unsorted is sorted in runs of some MB that wait on the disk, and runs are merged, a chunk of
each in memory; what is sorted already (an earlier compaction) joins in as one more run.  A merge looks at columns, not rows: of
all chunks at hand, the rows up to the smallest of their last keys are next, whatever comes later.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

RUN_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
FAN_IN = 16  # runs that are merged at once
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


def sort_keys(schema: pa.Schema) -> tuple[str, ...]:
    """What the rows of a table with *schema* are ordered by: no two rows of a sound table agree in all of it."""
    page = ("id", "ordinal") if "ordinal" in schema.names else ("warc_filename", "warc_record_offset")
    return ("url_surtkey", "fetch_time", *page)


def in_order(
    unsorted: Iterable[pa.Table],
    ordered: Sequence[Path],
    schema: pa.Schema,
    scratch: Path,
    *,
    run_bytes: int = RUN_BYTES,
) -> Iterator[pa.Table]:
    """All rows of *unsorted*, and of the Parquet files *ordered*, which together are in order; in chunks.

    Raises:
        OSError: the disk refuses the runs in the folder *scratch*.
    """
    runs = _Runs(scratch, schema)
    waiting: list[pa.Table] = []
    size = 0
    for table in unsorted:
        waiting.append(table)
        size += table.nbytes
        if size >= run_bytes:
            runs.add(_chunks(_sorted(waiting, schema)))
            waiting, size = [], 0
    streams = [*runs.streams(), _chunks(_sorted(waiting, schema)) if waiting else iter(())]
    yield from _merged([*streams, chain.from_iterable(_read_ordered(path, schema) for path in ordered)], schema)
    runs.remove()


class _Runs:
    """Sorted runs on the disk, never more than FAN_IN of a level: these become one of the next level."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._folder, self._schema = folder, schema
        self._levels: list[list[Path]] = [[]]
        self._count = 0

    def add(self, chunks: Iterator[pa.Table], level: int = 0) -> None:
        path = self._folder / f"run-{self._count:06d}.arrow"
        self._count += 1
        with (
            closing(pa.OSFile(str(path), "wb")) as file,
            pa.ipc.new_stream(file, self._schema, options=_OPTIONS) as out,
        ):
            for chunk in chunks:
                out.write_table(chunk)
        if level == len(self._levels):
            self._levels.append([])
        self._levels[level].append(path)
        if len(self._levels[level]) == FAN_IN:
            full, self._levels[level] = self._levels[level], []
            self.add(_merged([_read_run(one) for one in full], self._schema), level + 1)
            for one in full:
                one.unlink()

    def streams(self) -> list[Iterator[pa.Table]]:
        return [_read_run(path) for level in self._levels for path in level]

    def remove(self) -> None:
        for level in self._levels:
            for path in level:
                path.unlink()


class _Head:
    """The chunk of a stream that is at hand: its rows from ``start`` on are still to come."""

    def __init__(self, stream: Iterator[pa.Table], keys: Sequence[str]) -> None:
        self._stream, self._keys = stream, keys
        self.chunk: pa.Table | None = None
        self._start = 0
        self._columns: list[Any] = []
        self._advance()

    def last_key(self) -> tuple[Any, ...]:
        return self._key(len(self._columns[0]) - 1)

    def take(self, bound: tuple[Any, ...]) -> pa.Table | None:
        """The rows up to *bound*, None for none."""
        assert self.chunk is not None
        rows = self.chunk.num_rows
        stop = bisect_right(range(rows), bound, lo=self._start, key=self._key)
        if stop == self._start:
            return None
        taken = self.chunk.slice(self._start, stop - self._start)
        self._start = stop
        if stop == rows:
            self._advance()
        return taken

    def rest(self) -> Iterator[pa.Table]:
        while self.chunk is not None:
            yield self.chunk.slice(self._start)
            self._advance()

    def _key(self, row: int) -> tuple[Any, ...]:
        return tuple(column[row].as_py() for column in self._columns)

    def _advance(self) -> None:
        self._start = 0
        self.chunk = next((chunk for chunk in self._stream if chunk.num_rows), None)
        if self.chunk is not None:
            columns = [self.chunk[name].combine_chunks() for name in self._keys]
            self._columns = [_times(one) if pa.types.is_timestamp(one.type) else one for one in columns]


def _times(column: pa.Array) -> pa.Array:
    """The times as numbers that compare; that of a row without one is after all, where Arrow sorts nulls."""
    return pc.fill_null(column.cast(pa.int64()), 2**63 - 1)


def _merged(streams: Sequence[Iterator[pa.Table]], schema: pa.Schema) -> Iterator[pa.Table]:
    keys = sort_keys(schema)
    heads = [head for head in (_Head(stream, keys) for stream in streams) if head.chunk is not None]
    while len(heads) > 1:
        bound = min(head.last_key() for head in heads)
        taken = [rows for rows in (head.take(bound) for head in heads) if rows is not None]
        yield taken[0] if len(taken) == 1 else _sorted(taken, schema)
        heads = [head for head in heads if head.chunk is not None]
    if heads:
        yield from heads[0].rest()


def _sorted(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    whole = pa.concat_tables(tables).combine_chunks()
    return whole.take(pc.sort_indices(whole, [(name, "ascending") for name in sort_keys(schema)]))


def _chunks(table: pa.Table) -> Iterator[pa.Table]:
    """*table* in pieces of about CHUNK_BYTES."""
    rows = max(1, int(CHUNK_BYTES * table.num_rows / max(1, table.nbytes)))
    for start in range(0, table.num_rows, rows):
        yield table.slice(start, rows)


def _read_run(path: Path) -> Iterator[pa.Table]:
    with closing(pa.OSFile(str(path), "rb")) as file, pa.ipc.open_stream(file) as stream:
        for batch in stream:
            yield pa.Table.from_batches([batch])


def _read_ordered(path: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    with pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            rows = max(1, int(CHUNK_BYTES * group.num_rows / max(1, group.total_byte_size)))
            for batch in file.iter_batches(rows, row_groups=[number], use_threads=False):
                yield conform(pa.Table.from_batches([batch]), schema)


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """*table*, of an earlier minor version of *schema*, with the columns added since, as nulls and empty lists."""
    make: Callable[[pa.Field], Any] = lambda field: (  # noqa: E731
        table[field.name] if field.name in table.schema.names else _absent(field, table.num_rows)
    )
    return pa.table([make(field) for field in schema], schema=schema)


def _absent(field: pa.Field, rows: int) -> pa.Array:
    """The values of a column that a file does not have; lists are never null."""
    if field.nullable:
        return pa.nulls(rows, field.type)
    return pa.ListArray.from_arrays(pa.array([0] * (rows + 1), pa.int32()), pa.nulls(0, field.type.value_type)).cast(
        field.type
    )
