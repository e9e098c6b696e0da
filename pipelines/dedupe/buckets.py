"""(key, row) pairs that wait on disk to be sorted, in slots that are each small enough to be sorted in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENTRY = np.dtype([("key", "<u8"), ("row", "<u4")])
_PENDING = 16 << 20  # bytes


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
        if self._waiting > _PENDING:
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
