"""A sorted CDXJ file, read in place: a line is found by halving the file, so nothing of it is kept in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from broadsheet.archive.cdxj.line import CdxjLine, parse_line
from broadsheet.archive.errors import from_os_error

_MAX_LINE = 4 * 1024 * 1024


class CdxjIndex:
    """The lines of the sorted index *path*.  For one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            BroadsheetError: it cannot be opened.
        """
        self._path = path
        try:
            self._file = path.open("rb", buffering=16 * 1024)
            self._size = os.fstat(self._file.fileno()).st_size
        except OSError as error:
            raise from_os_error(error, str(path)) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def lookup(self, urlkey: str) -> list[CdxjLine]:
        """The captures under exactly this key, the oldest first."""
        wanted = urlkey.encode("utf-8", "replace") + b" "
        return [self._parse(line) for line in self._from(wanted)]

    def prefix(self, prefix: str, limit: int) -> list[CdxjLine]:
        """The first *limit* captures whose keys begin with *prefix*, in the order of keys."""
        found: list[CdxjLine] = []
        for line in self._from(prefix.encode("utf-8", "replace")):
            if len(found) == limit:
                break
            found.append(self._parse(line))
        return found

    def under(self, prefix: str) -> Iterator[CdxjLine]:
        """All captures whose keys begin with *prefix*, in the order of keys; other things may be looked up meanwhile."""
        return (self._parse(line) for line in self._from(prefix.encode("utf-8", "replace")))

    def __iter__(self) -> Iterator[CdxjLine]:
        """All captures, in the order of keys."""
        return (self._parse(line) for line in self._from(b""))

    def _parse(self, line: bytes) -> CdxjLine:
        return parse_line(line, str(self._path))

    def _from(self, beginning: bytes) -> Iterator[bytes]:
        """The lines that begin with *beginning*."""
        self._file.seek(self._first_not_before(beginning))
        while line := self._file.readline(_MAX_LINE):
            if not line.startswith(beginning):
                return
            at = self._file.tell()
            yield line
            self._file.seek(at)  # somebody else may have looked things up meanwhile

    def _first_not_before(self, wanted: bytes) -> int:
        """The offset of the first line that is not smaller than *wanted*; the file's size when there is none."""
        low, high = 0, self._size  # a line that begins at low or later and before high, or at high, is wanted
        while low < high:
            middle = (low + high) // 2
            self._file.seek(middle)
            if middle:
                self._file.seek(middle - 1)
                self._file.readline()  # to the beginning of a line
            start = self._file.tell()
            line = self._file.readline(_MAX_LINE) if start < high else b""
            if not line or line >= wanted:
                high = middle
            else:
                low = start + len(line)
        return low
