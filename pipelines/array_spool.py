"""Arrays that wait on disk: a million articles have 4 GB of them, and a few are wanted at a time.

A spool keeps one array a row, to be read back by row in any order.  It is appended to with plain writes and read with
pread: a mapped file would count as our memory.  It lies in a temporary folder and does not outlive the command.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_BUFFER = 1 << 20


class ArraySpool:
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
