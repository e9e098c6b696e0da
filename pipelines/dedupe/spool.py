"""Arrays that wait on disk: a million articles have 4 GB of them, and a few are wanted at a time.

`Spool` keeps one array a row, to be read back by row in any order.  `Buckets` keeps (key, row) pairs in slots, each slot
small enough to be sorted in memory.  Both are appended to with plain writes and read with pread: mapped files would count
as our memory.  They live in a temporary folder; nothing of them outlives the command.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_BUFFER = 1 << 20
ENTRY = np.dtype([("key", "<u8"), ("row", "<u4")])


class Spool:
    """One array of *dtype* for each of *rows* rows; a row that was never put has an empty one."""

    def __init__(self, path: Path, rows: int, dtype: type[np.generic]) -> None:
        self._path = path
        self._dtype = np.dtype(dtype)
        self._file = path.open("w+b", buffering=_BUFFER)
        self._starts = np.zeros(rows, np.int64)
        self.counts = np.zeros(rows, np.uint32)  # elements of each row's array
        self._end = 0
        self._dirty = False

    def put(self, row: int, values: NDArray[Any]) -> None:
        """Keep *values* for *row*."""
        data = values.astype(self._dtype, copy=False).tobytes()
        self._starts[row], self.counts[row] = self._end, values.size
        self._file.write(data)
        self._end += len(data)
        self._dirty = True

    def get(self, row: int) -> NDArray[Any]:
        """The values of *row*, read only, in one dimension."""
        if self._dirty:
            self._file.flush()
            self._dirty = False
        size = int(self.counts[row]) * self._dtype.itemsize
        return np.frombuffer(os.pread(self._file.fileno(), size, int(self._starts[row])), self._dtype)

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Buckets:
    """(key, row) pairs in *slots* slots."""

    def __init__(self, folder: Path, name: str, slots: int) -> None:
        self._paths = [folder / f"{name}-{slot:03d}" for slot in range(slots)]
        self._pending: list[list[NDArray[Any]]] = [[] for _ in range(slots)]
        self._waiting = 0

    def put(self, slot: int, keys: NDArray[np.uint64], rows: NDArray[np.uint32]) -> None:
        """Add pairs to *slot*."""
        entries = np.empty(len(keys), ENTRY)
        entries["key"], entries["row"] = keys, rows
        self._pending[slot].append(entries)
        self._waiting += entries.nbytes
        if self._waiting > 16 * _BUFFER:
            self._write()

    def take(self, slot: int) -> NDArray[Any]:
        """All pairs of *slot*, sorted by key and row; the slot is empty afterwards."""
        self._write()
        path = self._paths[slot]
        if not path.exists():
            return np.empty(0, ENTRY)
        entries = np.fromfile(path, ENTRY)
        path.unlink()
        return entries[np.lexsort((entries["row"], entries["key"]))]

    def _write(self) -> None:
        for path, pending in zip(self._paths, self._pending, strict=True):
            if pending:
                with path.open("ab") as file:
                    file.write(np.concatenate(pending).tobytes())
                pending.clear()
        self._waiting = 0
