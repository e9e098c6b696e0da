"""Where the bytes of a WARC lie: a file, or a stored member inside a WACZ; both read the same, without unpacking."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from broadsheet.archive.errors import from_os_error
from broadsheet.archive.storage import RemoteFile

WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst")  # of files that are whole; one being written has ".open" behind it
ARCHIVE_SUFFIXES = (*WARC_SUFFIXES, ".arc", ".arc.gz")  # of all that is read record by record
_REMOTE_BUFFER = 64 * 1024


@dataclass(frozen=True, slots=True)
class WarcSource:
    """A WARC to read: *size* bytes at *base* of the file *path* (None: to its end).  ``name`` is what messages say.
    ``conversions``: pages in conversion records are captures, too (`broadsheet.archive.resource`)."""

    path: Path
    name: str
    base: int = 0
    size: int | None = None
    url: str | None = None  # of an object in S3 or a file on a web server, and *path* is but its name
    conversions: bool = False

    @classmethod
    def of(cls, path: Path) -> WarcSource:
        """The whole file *path*, called by its own name (without ``.open``)."""
        return cls(path, path.name.removesuffix(".open"))

    def is_there(self) -> bool:
        """Whether the file exists; of an object that is known only when it is opened."""
        return self.url is not None or self.path.is_file()

    def open(self) -> IO[bytes]:
        """A seekable binary view; offset 0 is the WARC's first byte.

        Raises:
            BroadsheetError: the file cannot be opened.
        """
        if self.url is not None:
            return io.BufferedReader(RemoteFile(self.url, self.base, self.size), _REMOTE_BUFFER)
        try:
            file = io.FileIO(self.path, "rb")
            size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise from_os_error(error, str(self.path)) from error
        if self.base == 0 and self.size is None:
            return file
        length = size - self.base if self.size is None else self.size
        return _Section(file, self.base, length)  # type: ignore[return-value]  # all that is used of it


class _Section(io.RawIOBase):
    """A part of a file, as a file."""

    def __init__(self, file: io.FileIO, base: int, size: int) -> None:
        super().__init__()
        self._file, self._base, self._size, self._position = file, base, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # narrower than WriteableBuffer
        room = max(0, min(len(buffer), self._size - self._position))
        data = os.pread(self._file.fileno(), room, self._base + self._position)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
