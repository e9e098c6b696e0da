"""The payload of a stored answer: in memory when it is small, in a temporary file when it is not.

A film of a gigabyte is asked for in a hundred ranges.  So a large payload is taken out of its WARC once, without its
chunk framing, and each range is then a read; what is kept on disk stays within a budget, the longest unused goes first.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from broadsheet.archive.errors import from_os_error

PIECE = 256 * 1024  # bytes sent at a time
SPOOL_BUDGET = 4 * 1024**3  # bytes of temporary files


@dataclass(frozen=True, slots=True)
class Payload:
    """*length* bytes, of *data* or of *file* (which is read without moving its position, by several at a time)."""

    length: int
    data: bytes = b""
    file: IO[bytes] | None = None

    @classmethod
    def of(cls, data: bytes) -> Payload:
        """A payload in memory."""
        return cls(len(data), data)

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes *start* to *end* (not included), in pieces."""
        for position in range(start, end, PIECE):
            yield self.slice(position, min(position + PIECE, end))

    def slice(self, start: int, end: int) -> bytes:
        """Bytes *start* to *end* (not included)."""
        if self.file is None:
            return self.data[start:end]
        return os.pread(self.file.fileno(), end - start, start)


class Spool:
    """Large payloads in *directory*, each under a key; at most *budget* bytes.  For several threads."""

    def __init__(self, directory: Path, budget: int = SPOOL_BUDGET) -> None:
        self._directory = directory
        self._budget = budget
        self._kept: OrderedDict[tuple[str, int], Payload] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, int]) -> Payload | None:
        """The payload kept under *key*."""
        with self._lock:
            payload = self._kept.get(key)
            if payload is not None:
                self._kept.move_to_end(key)
            return payload

    def put(self, key: tuple[str, int], pieces: Iterable[bytes]) -> Payload:
        """Keep *pieces* under *key*.  The file has no name: it is gone when nobody reads it any more.

        Raises:
            BrokenEnvironment: the disk is full.
        """
        file = tempfile.TemporaryFile(dir=self._directory)  # noqa: SIM115 - it lives as long as its payload
        try:
            length = sum(file.write(piece) for piece in pieces)
            file.flush()
        except OSError as error:
            file.close()
            raise from_os_error(error, str(self._directory)) from error
        payload = Payload(length, file=file)
        with self._lock:
            self._kept[key] = payload
            while sum(kept.length for kept in self._kept.values()) > self._budget and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return payload


class ChunkDecoder:
    """Undoes chunked framing piece by piece (RFC 9112, section 7.1); trailers are dropped.

    As forgiving as `broadsheet.archive.http.read_chunks`: what is called chunked and is not goes through unchanged, and a
    broken framing ends the payload there.
    """

    def __init__(self) -> None:
        self._pending = b""
        self._left = 0  # bytes of the chunk not yet seen
        self._begun = self._over = False  # over without having begun: it is not chunked at all

    def feed(self, piece: bytes) -> bytes:
        """The payload in *piece*."""
        if self._over:
            return b"" if self._begun else piece
        self._pending += piece
        return self._decoded()

    def _decoded(self) -> bytes:
        parts: list[bytes] = []
        while not self._over and self._pending:
            if self._left:
                parts.append(self._pending[: self._left])
                self._pending = self._pending[len(parts[-1]) :]
                self._left -= len(parts[-1])
            elif not self._next_chunk():
                break
        if self._over and not self._begun:
            parts, self._pending = [self._pending], b""
        return b"".join(parts)

    def _next_chunk(self) -> bool:
        """Read a size line; False when it is not there as a whole, or there are no more chunks."""
        start = 2 if self._begun and self._pending.startswith(b"\r\n") else int(self._pending.startswith(b"\n"))
        end = self._pending.find(b"\n", start)
        if end < 0 and len(self._pending) < 1024:
            return False
        size = self._pending[start : max(end, 0)].partition(b";")[0].strip()
        try:
            self._left = int(size, 16)
        except ValueError:
            self._over = True
            return False
        self._begun = True
        self._pending = self._pending[end + 1 :]
        self._over = self._left == 0
        return not self._over
