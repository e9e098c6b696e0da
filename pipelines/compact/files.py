"""Rows in order into files of a certain size, cut by the rows alone: the same rows give the same bytes, however they come.

A group ends after GROUP_ROWS rows or 16 MB, a file with the group that makes it large enough.  Names hold the digest of the
content, so a path never means another file after a later compaction.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from broadsheet.archive.durable import make_folders, rename, whole_file
from broadsheet.pipelines.dataset.publish import PARTS_ROW_GROUP
from broadsheet.pipelines.dataset.schema import dictionary_columns

GROUP_BYTES = 16 * 1024 * 1024
GROUP_ROWS = {"articles": 2_000, "captures": 10_000}
_BLOOM = ("id", "url")
_WITHOUT_STATISTICS = frozenset({"text", "text_markdown"})
_CAN_BLOOM = "bloom_filter_options" in inspect.signature(pq.ParquetWriter.__init__).parameters  # since pyarrow 24


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written: its name, rows, and the SHA-256 of its bytes in hex."""

    name: str
    rows: int
    sha256: str


def write_files(
    rows: Iterable[pa.Table], table: str, schema: pa.Schema, folder: Path, target_bytes: int
) -> Iterator[WrittenFile]:
    """Write *rows* of *table* into synced files of about *target_bytes* in *folder*.

    Raises:
        OSError: the disk refuses.
    """
    make_folders(folder)
    unnamed = folder / "writing"
    groups = _groups(rows, GROUP_ROWS.get(table, PARTS_ROW_GROUP))
    group = next(groups, None)
    number = 0
    while group is not None:
        count = 0
        with whole_file(unnamed) as file:
            hashing = _Hashing(file)
            with pa.PythonFile(hashing, "w") as sink, _writer(sink, table, schema) as writer:
                while group is not None:
                    writer.write_table(group, row_group_size=group.num_rows)
                    count += group.num_rows
                    group = next(groups, None)
                    if hashing.size >= target_bytes:
                        break
        digest = hashing.hexdigest()
        name = f"{number:05d}-{digest[:16]}.parquet"
        rename(unnamed, folder / name)
        yield WrittenFile(name, count, digest)
        number += 1


def _groups(tables: Iterable[pa.Table], most_rows: int) -> Iterator[pa.Table]:
    waiting: list[pa.Table] = []
    rows = size = 0
    for table in tables:
        ends = np.cumsum(_row_bytes(table))
        start = 0
        while start < table.num_rows:
            before = int(ends[start - 1]) if start else 0
            full = int(np.searchsorted(ends, before + GROUP_BYTES - size)) + 1  # the row that fills the group is in it
            stop = min(table.num_rows, start + most_rows - rows, full)
            waiting.append(table.slice(start, stop - start))
            rows, size = rows + stop - start, size + int(ends[stop - 1]) - before
            if rows >= most_rows or size >= GROUP_BYTES:
                yield pa.concat_tables(waiting).combine_chunks()  # pages are cut where chunks end
                waiting, rows, size = [], 0, 0
            start = stop
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


def _row_bytes(table: pa.Table) -> NDArray[np.int64]:
    """About how many bytes each row has: a function of its values, not of how Arrow holds them."""
    sizes = np.full(table.num_rows, 8 * table.num_columns, np.int64)
    for column in table.columns:
        if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
            sizes += pc.fill_null(pc.binary_length(column), 0).to_numpy().astype(np.int64)
    return sizes


def _writer(sink: Any, table: str, schema: pa.Schema) -> pq.ParquetWriter:
    order = pq.SortingColumn.from_ordering(schema, [("url_surtkey", "ascending"), ("fetch_time", "ascending")])
    rows = GROUP_ROWS.get(table, GROUP_ROWS["articles"])  # different ids in a group
    bloom = {name: {"ndv": rows, "fpp": 0.01} for name in schema.names if name in _BLOOM}
    return pq.ParquetWriter(
        sink,
        schema,
        compression="zstd",
        compression_level=6,
        use_dictionary=dictionary_columns(schema) or False,
        write_page_index=True,
        write_statistics=[name for name in schema.names if name not in _WITHOUT_STATISTICS],
        sorting_columns=order,
        **({"bloom_filter_options": bloom} if _CAN_BLOOM else {}),
    )


class _Hashing:
    """A file that is only appended to, and its digest."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, hashlib.sha256()
        self.size = 0

    def write(self, data: Any) -> int:
        self._digest.update(data)
        self._file.write(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        """The file is flushed and synced once, at its end."""

    def close(self) -> None:
        self.closed = True

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
