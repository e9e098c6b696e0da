"""Walking the frames of a .warc.zst one by one, with damage survived; for repair only (FastWARC reads sound files).

By the WARC-zstd draft a record is one frame, and a file may begin with a skippable frame that holds a dictionary,
itself compressed or not.  zstandard is told to decompress one frame; after damage the next place that begins a WARC
record is sought.  A frame larger than `MAX_CONTENT` is not held: it counts as unreadable.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import zstandard

from broadsheet.archive.warc.header import begins_header

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
MAX_CONTENT = 256 * 1024 * 1024
_READ = 128 * 1024
_SCAN = 1024 * 1024
_PROBE = 4096


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame, or a stretch that is none: *length* bytes at *offset*; ``problem`` says why it could not be read."""

    offset: int
    length: int
    content: bytes
    problem: str | None = None


def is_zstd(magic: bytes) -> bool:
    """Whether a file that begins with *magic* is a .warc.zst."""
    return magic in (ZSTD_MAGIC, DICTIONARY_MAGIC)


class ZstdFrames:
    """The frames of *file* behind its dictionary; ``first_frame`` is the length of that, 0 when there is none."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        self.first_frame = 0
        self._dictionary: zstandard.ZstdCompressionDict | None = None
        file.seek(0)
        head = file.read(8)
        if head[:4] == DICTIONARY_MAGIC and len(head) == 8:
            (length,) = struct.unpack("<I", head[4:])
            content = file.read(length)
            if content.startswith(ZSTD_MAGIC):
                content = zstandard.ZstdDecompressor().decompress(content, max_output_size=MAX_CONTENT)
            self._dictionary = zstandard.ZstdCompressionDict(content)
            self.first_frame = 8 + length

    def __iter__(self) -> Iterator[Frame]:
        offset = self.first_frame
        while offset < self._size:
            frame = self._read(offset)
            if frame.problem is not None:
                frame = Frame(offset, self._next(offset + 1) - offset, frame.content, frame.problem)
            yield frame
            offset += frame.length

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        return zstandard.ZstdDecompressor(dict_data=self._dictionary)

    def _read(self, offset: int) -> Frame:
        self._file.seek(offset)
        if self._file.read(4) != ZSTD_MAGIC:
            return Frame(offset, 0, b"", "not a zstd frame")
        self._file.seek(offset)
        decoder = self._decompressor().decompressobj()
        parts, held, consumed = [], 0, 0
        try:
            while not decoder.eof and (data := self._file.read(_READ)):
                content = decoder.decompress(data)
                consumed += len(data)
                held += len(content)
                parts.append(content)
                if held > MAX_CONTENT:
                    return Frame(offset, 0, parts[0], f"a frame of more than {MAX_CONTENT} bytes")
        except zstandard.ZstdError as error:
            return Frame(offset, 0, b"".join(parts), f"damaged zstd data ({error})")
        if not decoder.eof:
            return Frame(offset, 0, b"".join(parts), "cut off: the file ends within the zstd frame")
        return Frame(offset, consumed - len(decoder.unused_data), b"".join(parts))

    def _next(self, position: int) -> int:
        """Where the next frame seems to begin that begins a record; the file's end when none does."""
        while position < self._size:
            self._file.seek(position)
            window = self._file.read(_SCAN)
            found = window.find(ZSTD_MAGIC)
            while found >= 0:
                if self._begins_record(position + found):
                    return position + found
                found = window.find(ZSTD_MAGIC, found + 1)
            if len(window) < _SCAN:
                break
            position += len(window) - len(ZSTD_MAGIC) + 1
        return self._size

    def _begins_record(self, offset: int) -> bool:
        self._file.seek(offset)
        try:
            return begins_header(self._decompressor().decompressobj().decompress(self._file.read(_PROBE * 64)))
        except zstandard.ZstdError:
            return False
