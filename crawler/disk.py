"""Room on the disk: a crawl ends before there is none, so that what was fetched is whole and other programs go on."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

MOST_OF_DISK = 20  # a small disk keeps a twentieth free, not all of it
MEASURED = 5.0  # seconds between two measurements of the folder


class DiskWatch:
    """Says when a crawl into *directory* must end: less than *keep_free* bytes are free, or it takes more than *max_disk*.

    0 means no limit.  Of a small disk a twentieth is kept free.
    """

    def __init__(self, directory: Path, *, keep_free: int, max_disk: int) -> None:
        self._directory = directory
        self._keep_free = keep_free
        self._max_disk = max_disk
        self._measured_at = -MEASURED
        self._size = 0
        self._written_then = 0

    def shortage(self, written: int = 0) -> str | None:
        """Why the crawl must end now, None while there is room.

        *written* are the bytes of this run's WARCs so far: they count before the folder is measured again.
        """
        return self._little_free() or self._much_taken(written)

    def _little_free(self) -> str | None:
        if not self._keep_free:
            return None
        disk = shutil.disk_usage(self._directory)
        kept = min(self._keep_free, disk.total // MOST_OF_DISK)
        if disk.free >= kept:
            return None
        return f"{disk.free:,} bytes are free on its disk, and {kept:,} are to stay free (--keep-free)"

    def _much_taken(self, written: int) -> str | None:
        if not self._max_disk:
            return None
        now = time.monotonic()
        if now - self._measured_at >= MEASURED:
            self._size, self._written_then, self._measured_at = folder_size(self._directory), written, now
        taken = self._size + written - self._written_then
        if taken <= self._max_disk:
            return None
        return f"its folder takes {taken:,} bytes, and may take {self._max_disk:,} (--max-disk)"


def folder_size(directory: Path) -> int:
    """Bytes of all files in *directory*."""
    size = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                size += Path(folder, name).lstat().st_size
            except FileNotFoundError:  # renamed or removed meanwhile
                continue
    return size
