"""Reading records that lie uncompressed, one after the other: .warc and .arc.

Nothing but its Content-Length says where a record ends, so it is checked by what follows: line ends, the next record, or
the file's end; a block that has its digest ends there, too, whatever follows.  A length that is wrong costs its own record,
and not those that it would swallow.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from broadsheet.archive.digest import verify_digest
from broadsheet.archive.warc.arc import ARC_FORM, with_length
from broadsheet.archive.warc.header import BEGINNING, MAX_HEADER, RecordForm, RecordHeader, Unreadable, content_length
from broadsheet.archive.warc.record import CUT_OFF, WarcRecord, make_record

NO_LINE_ENDS = "the block is not followed by two line ends"
_VERSION_LINE = re.compile(rb"(?i)\nWARC/\d\.\d\d?\r?\n")
_MARK = b"\xef\xbb\xbf"  # of UTF-8
_LINE_ENDS = b"\r\n\r\n"
_WINDOW = 1024 * 1024
_LINE_ENDS_WINDOW = 4096
_AHEAD = 64  # bytes behind a block that show whether a record follows
_SLACK = 4  # bytes of damaged line ends before the next record
_MOST_OFF = (
    64  # bytes that an ARC's length may be wrong by: writers of them did not count a line end, or counted it twice
)


@dataclass(frozen=True, slots=True)
class PlainRecord:
    """The record found at an offset.  ``end`` is behind its line ends."""

    record: WarcRecord
    end: int


def read_plain_record(
    file: IO[bytes], form: RecordForm, offset: int, size: int, *, max_block: int, source: str
) -> PlainRecord:
    """The record at *offset* of *file*, which has *size* bytes.

    Raises:
        Unreadable: there is none, or its length is wrong.
    """
    file.seek(offset)
    head = b""
    while (body_start := form.header_end(head)) is None or (
        len(head) - body_start < BEGINNING and not _at_end(file, size)
    ):
        piece = file.read(16384)
        if len(head) > MAX_HEADER or not piece:
            raise Unreadable(
                f"no {form.name} header" if not form.begins(head) else f"the {form.name} header has no end"
            )
        head += piece
    if _VERSION_LINE.search(head, 1, body_start):
        raise Unreadable("the header has no end before the next record's")
    header = form.parse(head[:body_start], head[body_start : body_start + BEGINNING])
    start, length = offset + body_start, content_length(header)
    header, length, tail = _delimited(file, form, header, start, length, size)
    file.seek(start)
    block = read_exactly(file, min(length, max_block))
    end = start + length + len(tail)
    return PlainRecord(make_record(header, block, length, source=source, tail=tail, offset=offset, end=end), end)


def written_header(file: IO[bytes], record: WarcRecord) -> bytes:
    """The header of the plain *record* as it lies in *file*: another than its own where its Content-Length was put right."""
    file.seek(record.offset)
    return read_exactly(file, record.length - record.block_length - len(record.tail))


def _at_end(file: IO[bytes], size: int) -> bool:
    return file.tell() >= size


def _delimited(
    file: IO[bytes], form: RecordForm, header: RecordHeader, start: int, length: int, size: int
) -> tuple[RecordHeader, int, bytes]:
    """*header* and *length* of the block at *start*, put right where an ARC's is, and the line ends behind the block."""
    end = start + length
    if end <= size:
        tail, following = _line_ends(file, end)
        begins = form.begins(following) and (
            bool(tail) or form is not ARC_FORM or not _leads_into_line(file, start, end, following)
        )
        if begins or tail.startswith(b"\r\n\r\n") or end + len(tail) == size or (form is ARC_FORM and tail):
            return header, length, tail
        slack = 1 if form is ARC_FORM else _SLACK
        if next_plain(file, form, end, min(size, end + slack + form.overlap)) <= end + slack:
            return header, length, tail
    if form is ARC_FORM:
        real = next_plain(file, form, start, min(size, end + _MOST_OFF + form.overlap)) - start
        file.seek(start + max(0, real - 1))
        real -= file.read(1) == b"\n"
        if abs(real - length) <= _MOST_OFF and real >= 0:
            return with_length(header, real), real, _line_ends(file, start + real)[0]
    labelled = header.first.get("warc-block-digest")
    if labelled is not None and end <= size and verify_digest(labelled, _pieces(file, start, length)):
        return header, length, tail
    real = length if labelled is None else _up_to_next(file, form, start, size)
    if labelled is not None and real != length and verify_digest(labelled, _pieces(file, start, real)):
        return with_length(header, real), real, _line_ends(file, start + real)[0]  # the length alone was written wrong
    if end > size:
        raise Unreadable(f"{CUT_OFF}: the record ends {end - size} bytes before its Content-Length")
    raise Unreadable(NO_LINE_ENDS)


def _leads_into_line(file: IO[bytes], start: int, end: int, following: bytes) -> bool:
    """Whether the length of an ARC's block, which ends at *end*, leads into the line of the next record.

    What is left of its address looks like one: ``tp://a.example/``.
    """
    file.seek(max(start, end - _MOST_OFF))
    _, line_end, begun = read_exactly(file, end - file.tell()).rpartition(b"\n")
    return bool(line_end and begun) and ARC_FORM.begins(begun + following)


def _up_to_next(file: IO[bytes], form: RecordForm, start: int, size: int) -> int:
    """The bytes from *start* to the line ends before the next record, or before the end of the file."""
    following = next_plain(file, form, start, size)
    file.seek(max(start, following - len(_LINE_ENDS)))
    before = read_exactly(file, following - file.tell())
    return following - start - (len(before) - len(before.rstrip(b"\r\n")))


def _line_ends(file: IO[bytes], position: int) -> tuple[bytes, bytes]:
    """The line ends from *position* on, and what follows them: two in a sound WARC record; more or fewer are its form."""
    file.seek(position)
    found = b""
    while following := read_exactly(file, _AHEAD if not found else _LINE_ENDS_WINDOW):
        rest = following.lstrip(b"\r\n")
        found += following[: len(following) - len(rest)]
        if rest:
            return found, rest if len(rest) >= _SLACK * 4 else rest + read_exactly(file, _AHEAD)
    return found, b""


def next_plain(file: IO[bytes], form: RecordForm, position: int, size: int) -> int:
    """Where the next record seems to begin, looked for up to *size*, which is given when there is none."""
    while position < size:
        file.seek(position)
        window = read_exactly(file, min(_WINDOW, size - position))
        if (match := form.following.search(window)) is not None:
            return position + match.end()
        if len(window) < _WINDOW:
            break
        position += len(window) - form.overlap
    return size


def plain_records(
    file: IO[bytes], form: RecordForm, start: int, *, max_block: int, source: str
) -> Iterator[WarcRecord | tuple[int, int, str]]:
    """The records from *start* on, and between them what is none: its offset, where it ends, and why."""
    offset, size = start, file.seek(0, os.SEEK_END)
    if start == 0:
        file.seek(0)
        offset = len(_MARK) if file.read(len(_MARK)) == _MARK else 0  # an editor's: no record begins with it
    while offset < size:
        try:
            found = read_plain_record(file, form, offset, size, max_block=max_block, source=source)
        except Unreadable as error:
            following = next_plain(file, form, offset + 1, size)
            reason = str(error)
            if reason.startswith(CUT_OFF) and following < size:
                reason = "its Content-Length leads beyond the end of the file"
            yield offset, following, reason
            offset = following
        else:
            yield found.record
            offset = found.end


def file_pieces(file: IO[bytes], offset: int) -> Iterator[bytes]:
    """All of *file* from *offset* on, in pieces."""
    file.seek(offset)
    while piece := file.read(_WINDOW):
        yield piece


def _pieces(file: IO[bytes], offset: int, length: int) -> Iterator[bytes]:
    file.seek(offset)
    while length > 0 and (piece := file.read(min(_WINDOW, length))):
        yield piece
        length -= len(piece)


def read_exactly(file: IO[bytes], size: int) -> bytes:
    """*size* bytes, fewer only at the end: an unbuffered file may give less than it has."""
    parts = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
