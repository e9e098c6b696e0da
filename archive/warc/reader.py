"""Reading WARC files of anybody's making: .warc.gz, .warc, .warc.zst; WARC/1.0 and 1.1.

Every record comes with its exact offset and compressed length, so that it can be found again.  Memory is bounded: a
block is kept up to ``max_block`` bytes, the rest is read past.  Nothing is lost in silence: what cannot be read is a
`Damage`, given to ``on_damage`` (or raised when there is none), and reading goes on at the next record.

gzip members are walked in archive/warc/members.py.  FastWARC reads .warc.zst, and this is its one home.  A .warc.gz
that is not one gzip member a record cannot be pointed into; it is refused with the remedy.  So is ARC.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from fastwarc import ArchiveIterator

from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.archive.warc.header import (
    MAX_HEADER,
    RecordHeader,
    Unreadable,
    begins_header,
    content_length,
    header_end,
    make_header,
    parse_header,
)
from broadsheet.archive.warc.members import MAGIC as GZIP_MAGIC
from broadsheet.archive.warc.members import BrokenMember, GzipMembers
from broadsheet.archive.warc.metadata import parse_metadata
from broadsheet.archive.warc.record import Damage, WarcRecord, capture_of, is_entry, make_record
from broadsheet.archive.warc.source import WarcSource

MAX_BLOCK = 256 * 1024 * 1024
_ZSTD_MAGICS = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")  # a frame; the dictionary frame of the .warc.zst draft
_NEXT_PLAIN = re.compile(
    rb"(?=[Ww][Aa][Rr][Cc]/\d\.\d\d?\r?\n[A-Za-z][A-Za-z-]{0,40}:)"
)  # no line end before: it may be what is damaged
_PLAIN_WINDOW = 1024 * 1024
_LINE_ENDS_WINDOW = 4096
RECOMPRESS = "Run `warcio recompress OLD NEW` and use NEW."

__all__ = ["Damage", "WarcRecord", "WarcSource", "capture_of", "is_entry", "iterate_block", "parse_metadata"]
__all__ += ["next_plain", "read_record_at", "read_records"]


class NotRecordWise(BadInput):
    """An ARC file, or a compressed WARC whose records cannot be pointed into: `broadsheet.archive.warc.recompress` mends
    both."""


DamageHandler = Callable[[Damage], None]


def read_records(
    source: WarcSource,
    start: int = 0,
    end: int | None = None,
    *,
    max_block: int = MAX_BLOCK,
    on_damage: DamageHandler | None = None,
) -> Iterator[WarcRecord]:
    """The records that begin at offsets from *start* (where a record must begin) up to *end* (not included).

    Raises:
        BadInput: not a WARC, or one that cannot be read record by record.
        CorruptArchive: there is damage and no *on_damage* to tell it to.
    """
    with source.open() as file:
        reading = _Reading(source, file, end, max_block, on_damage or _raise_damage)
        magic = file.read(4)
        file.seek(0)
        if magic.startswith(GZIP_MAGIC) or source.name.endswith(".gz"):
            yield from _read_gzip(reading, start)
        elif magic in _ZSTD_MAGICS:
            yield from _read_zstd(reading, start)
        elif begins_header(magic + b"/") or start > 0 or source.name.endswith(".warc"):
            yield from _read_plain(reading, start)
        else:
            raise _not_a_warc(source, magic)


def read_record_at(source: WarcSource, offset: int, length: int, *, max_block: int = MAX_BLOCK) -> WarcRecord:
    """The record of *length* bytes at *offset*.

    Raises:
        CorruptArchive: no whole record of that length is there.
    """
    record = next(read_records(source, offset, offset + 1, max_block=max_block), None)
    if record is None or record.offset != offset:
        raise CorruptArchive(source.name, f"no record at offset {offset}", 'Run "broadsheet verify" on it.')
    if record.length != length:
        cause = f"the record at offset {offset} has {record.length} bytes, {length} were expected"
        raise CorruptArchive(source.name, cause, 'Run "broadsheet verify" on it.')
    return record


def iterate_block(source: WarcSource, record: WarcRecord) -> Iterator[bytes]:
    """The whole block of *record* in pieces, however large it is.  For .warc.gz and .warc."""
    if not record.block_truncated:
        yield record.block
        return
    with source.open() as file:
        magic = file.read(4)
        pieces = (
            _member_pieces(file, record.offset) if magic.startswith(GZIP_MAGIC) else _file_pieces(file, record.offset)
        )
        head = b""
        while header_end(head) is None and (piece := next(pieces, b"")):
            head += piece
        left = record.block_length
        piece = head[header_end(head) or 0 :]
        while left > 0 and piece:
            yield piece[:left]
            left -= len(piece)
            piece = next(pieces, b"")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one call of `read_records` works with."""

    source: WarcSource
    file: IO[bytes]
    end: int | None
    max_block: int
    on_damage: DamageHandler

    def is_over(self, offset: int) -> bool:
        return self.end is not None and offset >= self.end

    def report(self, offset: int, end: int, reason: str) -> None:
        self.on_damage(Damage(self.source.name, offset, end - offset, reason))


def _raise_damage(damage: Damage) -> None:
    cause = f"{damage.reason}, in the record at offset {damage.offset}"
    raise CorruptArchive(damage.source, cause, 'Run "broadsheet verify" to see what is left.')


def _not_a_warc(source: WarcSource, magic: bytes) -> BadInput:
    if magic == b"file":
        return NotRecordWise(source.name, "is an ARC file", RECOMPRESS)
    return BadInput(source.name, "is not a WARC file", "Name a .warc, .warc.gz or .wacz file.")


# ---- gzip


def _read_gzip(reading: _Reading, start: int) -> Iterator[WarcRecord]:
    members = GzipMembers(reading.file, start)
    while members.next_member() and not reading.is_over(members.offset):
        offset = members.offset
        try:
            record = _record_of_member(reading, members)
        except (BrokenMember, Unreadable) as error:
            if offset == 0 and isinstance(error, Unreadable):
                _refuse_other_framing(reading.source, reading.file)
            members.resynchronise()
            reading.report(offset, members.end, str(error))
        else:
            yield record


def _record_of_member(reading: _Reading, members: GzipMembers) -> WarcRecord:
    head = members.read()
    while (body_start := header_end(head)) is None:
        if len(head) > MAX_HEADER or not (piece := members.read()):
            raise Unreadable("no WARC header" if not begins_header(head.lstrip()) else "the WARC header has no end")
        head += piece
    header = head[:body_start]
    parsed = parse_header(header)
    block_length = content_length(parsed)
    block, tail = [head[body_start : body_start + block_length]], head[body_start + block_length :]
    seen, kept = len(head) - body_start, len(block[0])
    while piece := members.read():
        inside = max(0, block_length - seen)
        if inside:
            block.append(piece[: min(inside, max(0, reading.max_block - kept))])
            kept += len(block[-1])
        if len(tail) < MAX_HEADER:
            tail += piece[inside:]
        seen += len(piece)
    if seen < block_length:
        raise Unreadable(f"the record ends {block_length - seen} bytes before its Content-Length")
    if begins_header(tail.lstrip(b"\r\n")):
        raise NotRecordWise(reading.source.name, "has several records in one gzip member", RECOMPRESS)
    content = block[0] if len(block) == 1 else b"".join(block)
    return make_record(
        parsed,
        content[: reading.max_block],
        block_length,
        source=reading.source.name,
        tail=tail,
        offset=members.offset,
        end=members.end,
    )


def _refuse_other_framing(source: WarcSource, file: IO[bytes]) -> None:
    """Tell a damaged first record from a file that is no WARC, or is compressed by blocks (bgzip, pigz)."""
    first = GzipMembers(file)
    first.next_member()
    try:
        beginning = first.read()
        if beginning.startswith(b"filedesc:"):
            raise NotRecordWise(source.name, "is an ARC file", RECOMPRESS)
        if not begins_header(beginning.lstrip()):
            raise _not_a_warc(source, b"")
        while first.read():
            pass
        if first.next_member() and (following := first.read()) and not begins_header(following):
            raise NotRecordWise(source.name, "has records that run over several gzip members", RECOMPRESS)
    except BrokenMember:
        return


def _member_pieces(file: IO[bytes], offset: int) -> Iterator[bytes]:
    members = GzipMembers(file, offset)
    members.next_member()
    while piece := members.read():
        yield piece


# ---- plain


def _read_plain(reading: _Reading, start: int) -> Iterator[WarcRecord]:
    offset = start
    size = reading.file.seek(0, os.SEEK_END)
    while offset < size and not reading.is_over(offset):
        try:
            record = _plain_record(reading, offset, size)
        except Unreadable as error:
            following = next_plain(reading.file, offset + 1, size)
            reading.report(offset, following, str(error))
            offset = following
        else:
            yield record
            offset = record.offset + record.length


def _plain_record(reading: _Reading, offset: int, size: int) -> WarcRecord:
    file = reading.file
    file.seek(offset)
    head = b""
    while (body_start := header_end(head)) is None:
        piece = file.read(16384)
        if len(head) > MAX_HEADER or not piece:
            raise Unreadable("no WARC header" if not begins_header(head) else "the WARC header has no end")
        head += piece
    parsed = parse_header(head[:body_start])
    block_length = content_length(parsed)
    block_end = offset + body_start + block_length
    if block_end > size:
        raise Unreadable(f"cut off: the record ends {block_end - size} bytes before its Content-Length")
    file.seek(offset + body_start)
    block = _read_exactly(file, min(block_length, reading.max_block))
    tail = _line_ends(file, block_end)
    end = block_end + len(tail)
    return make_record(parsed, block, block_length, source=reading.source.name, tail=tail, offset=offset, end=end)


def _line_ends(file: IO[bytes], position: int) -> bytes:
    """The line ends from *position* on: two in a sound record; more or fewer are its form, not damage."""
    file.seek(position)
    found = b""
    while following := _read_exactly(file, 4 if not found else _LINE_ENDS_WINDOW):
        ends = following[: len(following) - len(following.lstrip(b"\r\n"))]
        found += ends
        if len(ends) < len(following):
            break
    return found


def next_plain(file: IO[bytes], position: int, size: int) -> int:
    """Where the next record seems to begin, or the file's end."""
    while position < size:
        file.seek(position)
        window = _read_exactly(file, _PLAIN_WINDOW)
        match = _NEXT_PLAIN.search(window)
        if match:
            return position + match.end()
        if len(window) < _PLAIN_WINDOW:
            break
        position += len(window) - 64
    return size


def _file_pieces(file: IO[bytes], offset: int) -> Iterator[bytes]:
    file.seek(offset)
    while piece := file.read(_PLAIN_WINDOW):
        yield piece


def _read_exactly(file: IO[bytes], size: int) -> bytes:
    parts = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


# ---- zstd


@dataclass(frozen=True, slots=True)
class _ZstdRecord:
    """A record whose length is known only when the next one has been found."""

    offset: int
    header: RecordHeader
    block: bytes
    block_length: int

    def ending_at(self, end: int, source: str) -> WarcRecord:
        return make_record(
            self.header, self.block, self.block_length, source=source, tail=b"\r\n\r\n", offset=self.offset, end=end
        )


def _read_zstd(reading: _Reading, start: int) -> Iterator[WarcRecord]:
    """By FastWARC, always from the first byte: what precedes *start* is read past (the dictionary may be there)."""
    size = reading.file.seek(0, os.SEEK_END)
    reading.file.seek(0)
    last: _ZstdRecord | None = None
    try:
        for found in ArchiveIterator(reading.file, parse_http=False, fsspec_args=False):
            offset = int(found.stream_pos)
            if last is not None and last.offset >= start:
                yield last.ending_at(offset, reading.source.name)
            if reading.is_over(offset):
                return
            fields = tuple(found.headers.to_tuples())
            lines = [str(found.headers.status_line), *(f"{name}: {value}" for name, value in fields), "", ""]
            raw = "\r\n".join(lines).encode()
            wanted = min(found.content_length, reading.max_block)
            block = found.reader.read(wanted)
            if len(block) < wanted:
                reading.report(offset, size, "cut off: the record ends before its Content-Length")
                return
            header = make_header(str(found.headers.status_line), fields, raw)
            last = _ZstdRecord(offset, header, block, int(found.content_length))
    except OSError as error:
        reading.report(0 if last is None else last.offset, size, f"damaged zstd data ({error})")
        return
    if last is not None and last.offset >= start:
        yield last.ending_at(size, reading.source.name)
