"""Walking the frames of a .warc.zst one by one, as `GzipMembers` walks gzip members.

By the WARC-zstd draft a record is one frame, and a file may begin with a skippable frame that holds a dictionary, itself
compressed or not.  A frame's headers say how long it is (RFC 8878, 3.1.1), so a record is read where the index says that
it lies, whatever comes before it.  Other skippable frames, a seek table for one, are passed over.  Memory is bounded by
`PIECE`, whatever a frame expands to.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from typing import IO

import zstandard

from broadsheet.archive.warc.header import begins_header
from broadsheet.archive.warc.members import PIECE, BrokenMember

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
_SKIPPABLE = b"\x2a\x4d\x18"  # behind a byte from 0x50 to 0x5f
_MAX_DICTIONARY = 256 * 1024 * 1024
_SCAN = 1024 * 1024
_BUFFER = 128 * 1024
_PROBE = 64 * 1024
_LONGEST_HEADER = 18  # bytes of a frame header


def is_zstd(magic: bytes) -> bool:
    """Whether a file that begins with the four bytes *magic* is a .warc.zst."""
    return magic == ZSTD_MAGIC or _is_skippable(magic)


def _is_skippable(magic: bytes) -> bool:
    return magic[1:4] == _SKIPPABLE and 0x50 <= magic[0] <= 0x5F


class ZstdFrames:
    """A walk over the frames of *file* from *offset*, 0 for the first one.

    `next_member` steps to a frame, `read` gives its content in pieces, b"" at its sound end; then ``end`` is the offset
    behind it.  ``dictionary_end`` is the length of the frame that the file begins with if that holds a dictionary, else 0.
    """

    def __init__(self, file: IO[bytes], offset: int = 0) -> None:
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        self._at, self._buffer = 0, b""  # bytes of the file that are held, and where they lie
        self.dictionary_end = 0
        self._dictionary = self._read_dictionary()
        self.offset = self.end = max(offset, self.dictionary_end)
        self._content: zstandard.ZstdDecompressionReader | None = None
        self._at_end = True

    def _read_dictionary(self) -> zstandard.ZstdCompressionDict | None:
        head = self._bytes(0, 8)
        if head[:4] != DICTIONARY_MAGIC or len(head) < 8:
            return None
        (length,) = struct.unpack("<I", head[4:])
        content = self._bytes(8, min(length, _MAX_DICTIONARY))
        if content.startswith(ZSTD_MAGIC):
            try:
                content = zstandard.ZstdDecompressor().decompress(content, max_output_size=_MAX_DICTIONARY)
            except zstandard.ZstdError:  # no frame that needs it can be read then, and each says so
                content = b""
        self.dictionary_end = min(8 + length, self._size)
        return zstandard.ZstdCompressionDict(content) if content else None

    def next_member(self) -> bool:
        """Step to the frame that begins at ``end``; False at the end of the file."""
        self.offset = self.end
        while _is_skippable(head := self._bytes(self.offset, 8)) and len(head) == 8:
            self.offset = min(self._size, self.offset + 8 + struct.unpack("<I", head[4:])[0])
        self.end = self.offset
        self._content = None
        self._at_end = False
        return self.offset < self._size

    def read(self) -> bytes:
        """Some content of the frame, at most `PIECE` bytes; b"" when it is at its end.

        Raises:
            BrokenMember: it is cut, damaged, or no frame at all.
        """
        if self._at_end:
            return b""
        if self._content is None:
            length = self._frame_length(self.offset)
            self._content = self._decompressor().stream_reader(
                _Stretch(self._file, self.offset, length),  # type: ignore[arg-type]  # all that is used of a file
                read_size=min(_BUFFER, length),
            )
            self.end = self.offset + length
        try:
            content = self._content.read(PIECE)
        except zstandard.ZstdError as error:
            raise BrokenMember(f"damaged zstd data ({error})") from error
        self._at_end = not content
        return content

    def resynchronise(self, begins: Callable[[bytes], bool] = begins_header) -> bool:
        """Go to the next frame behind ``offset`` whose content *begins* a record; if none does to the file's end: False."""
        position = self.offset + 1
        while position < self._size:
            window = self._bytes(position, _SCAN)
            found = window.find(ZSTD_MAGIC)
            while found >= 0:
                if begins(self._beginning(position + found)):
                    self.end = position + found
                    return True
                found = window.find(ZSTD_MAGIC, found + 1)
            if len(window) < _SCAN:
                break
            position += len(window) - len(ZSTD_MAGIC) + 1
        self.end = self._size
        return False

    def _beginning(self, offset: int) -> bytes:
        """What the frame at *offset* begins with; b"" when it is none."""
        try:
            length = min(_PROBE, self._size - offset)
            stretch = _Stretch(self._file, offset, length)
            return self._decompressor().stream_reader(stretch).read(64)  # type: ignore[arg-type]
        except zstandard.ZstdError:
            return b""

    def _frame_length(self, offset: int) -> int:
        """The length of the frame at *offset*, by its own header and those of its blocks."""
        head = self._bytes(offset, _LONGEST_HEADER)
        if not head.startswith(ZSTD_MAGIC):
            raise BrokenMember("not a zstd frame")
        try:
            has_checksum = zstandard.get_frame_parameters(head).has_checksum
            position = offset + zstandard.frame_header_size(head)
        except zstandard.ZstdError as error:
            raise BrokenMember(f"damaged zstd data ({error})") from error
        last = False
        while not last:
            block = self._bytes(position, 3)
            header = int.from_bytes(block, "little")
            last, kind, size = bool(header & 1), header >> 1 & 3, header >> 3
            position += 3 + (1 if kind == 1 else size)  # kind 1: one byte, repeated
            if len(block) < 3 or position > self._size:
                raise BrokenMember("cut off: the file ends within the zstd frame")
            if kind == 3:
                raise BrokenMember("damaged zstd data (a block of a kind that there is not)")
        position += 4 if has_checksum else 0
        if position > self._size:
            raise BrokenMember("cut off: the file ends within the zstd frame")
        return position - offset

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        return zstandard.ZstdDecompressor(dict_data=self._dictionary)

    def _bytes(self, position: int, size: int) -> bytes:
        """*size* bytes at *position*, fewer only at the end of the file."""
        start = position - self._at
        if start >= 0 and start + size <= len(self._buffer):
            return self._buffer[start : start + size]
        self._file.seek(position)
        parts, wanted = [], max(size, _BUFFER)
        while wanted > 0 and (part := self._file.read(wanted)):
            parts.append(part)
            wanted -= len(part)
        self._at, self._buffer = position, b"".join(parts)
        return self._buffer[:size]


class _Stretch:
    """*length* bytes at *offset* of *file*, to be read once; another may move the file meanwhile."""

    def __init__(self, file: IO[bytes], offset: int, length: int) -> None:
        self._file, self._at, self._end = file, offset, offset + length

    def read(self, size: int) -> bytes:
        """The next bytes, at most *size*."""
        self._file.seek(self._at)
        data = self._file.read(min(size, self._end - self._at)) if self._at < self._end else b""
        self._at += len(data)
        return data
