"""Repair: from a damaged WARC to one that has every record that can still be read, and a list of what is lost.

The bytes of a good record are copied as they lie: its gzip member, its zstd frame, or its plain bytes, never decompressed
and packed again.  A gzip member is good when it can be read to its end, checksum and all, and is one record: what is odd
inside was written so, and is no damage.  Plain records and zstd frames have no checksum of their own: they are good when
two line ends follow the block and it has its digest, if there is one.  All else is a `Loss`: a stretch of the input with
the reason and, where a header could still be read there, whose record it was.

Nothing is guessed: after damage the next thing that begins like a record is tried.  A WARC inside the
payload of a damaged record can be taken for records of the file; their ids tell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from broadsheet.archive.digest import verify_digest
from broadsheet.archive.durable import whole_file
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.warc.header import (
    Unreadable,
    begins_header,
    content_length,
    header_end,
    make_header,
    parse_header,
)
from broadsheet.archive.warc.members import MAGIC as GZIP_MAGIC
from broadsheet.archive.warc.members import BrokenMember, GzipMembers
from broadsheet.archive.warc.reader import iterate_block, next_plain, read_records
from broadsheet.archive.warc.record import Damage, WarcRecord
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.zstd_frames import ZstdFrames, is_zstd

_COPY = 1024 * 1024
_PROBE = 65536
_MAX_BLOCK = 64 * 1024 * 1024  # bytes of a block held at a time; longer ones are digested in pieces
_VERSION_LINE = re.compile(rb"(?i)WARC/1\.\d\r?\n")
_LINE_ENDS = b"\r\n\r\n"
_NO_LINE_ENDS = "the block is not followed by two line ends"
_BLOCK_DIGEST = "the block does not have its digest"


@dataclass(frozen=True, slots=True)
class Loss:
    """A stretch of the input that is not in the output: *length* bytes at *offset*, and what can be said of it.

    The header's fields are None where none could be read; a header says whose record began there, not that all of the
    stretch belonged to it.
    """

    offset: int
    length: int
    reason: str
    record_id: str | None = None
    record_type: str | None = None
    url: str | None = None
    date: str | None = None


@dataclass(slots=True)
class Repair:
    """What became of one file.  Sizes are bytes; ``kept`` counts records."""

    source: str
    target: str
    size: int = 0
    kept: int = 0
    kept_bytes: int = 0
    losses: list[Loss] = field(default_factory=list)

    @property
    def lost_bytes(self) -> int:
        """Bytes of the input that are not in the output."""
        return sum(loss.length for loss in self.losses)


def repair(
    source: WarcSource,
    target: Path,
    *,
    keep_doubtful: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Repair:
    """Copy the good records of *source* to *target*, a new file; *source* is only read.

    *keep_doubtful*: also records that can be read whole and whose block does not have its digest.
    *on_progress* is told the offset reached.

    Raises:
        BadInput: *target* exists, or *source* is no WARC, or has not one gzip member a record (then `recompress` mends it).
        BroadsheetError: the disk refuses; nothing is left of *target*.
    """
    _check_target(source, target)
    label = str(source.path) if source.size is None else f"{source.path}!{source.name}"
    result = Repair(label, str(target))
    with os_errors_of(target), source.open() as file, whole_file(target, replace=False) as out:
        result.size = file.seek(0, os.SEEK_END)
        for piece in _pieces(source, file, keep_doubtful):
            if isinstance(piece, Loss):
                result.losses.append(piece)
            else:
                _copy(file, out, piece.offset, piece.length)
                out.write(piece.completion)
                result.kept += piece.is_record
                result.kept_bytes += piece.length
            on_progress(piece.offset + piece.length)
        if result.kept == 0:
            raise BadInput(label, "holds no record that can be read", "Nothing can be saved from it.")
    return result


def _check_target(source: WarcSource, target: Path) -> None:
    """Refuse a name that says another format than the records are copied in."""
    with source.open() as file:
        magic = file.read(4)
    suffix = ".zst" if is_zstd(magic) else ".gz" if _is_gzip(source, magic) else ".warc"
    if not target.name.endswith(suffix):
        what = f"is to hold records as they are in {source.name}"
        raise BadInput(str(target), what, f"Name a file that ends in {suffix}.")


def _is_gzip(source: WarcSource, magic: bytes) -> bool:
    return magic.startswith(GZIP_MAGIC) or source.name.endswith(".gz")


@dataclass(frozen=True, slots=True)
class _Good:
    """A stretch to copy; a zstd dictionary is one that is no record.  ``completion``: line ends that were cut off."""

    offset: int
    length: int
    is_record: bool = True
    completion: bytes = b""


def _pieces(source: WarcSource, file: IO[bytes], keep_doubtful: bool) -> Iterator[_Good | Loss]:
    """All of the input, in order, each byte once: to keep or lost."""
    file.seek(0)
    magic = file.read(4)
    if is_zstd(magic):
        yield from _zstd_pieces(file, keep_doubtful)
    elif _is_gzip(source, magic):
        yield from _gzip_pieces(source, file)
    else:
        yield from _plain_pieces(source, file, keep_doubtful)


# ---- gzip


def _gzip_pieces(source: WarcSource, file: IO[bytes]) -> Iterator[_Good | Loss]:
    damage: list[Damage] = []
    for record in read_records(source, max_block=0, on_damage=damage.append):
        yield from _losses(damage, file)
        yield _Good(record.offset, record.length)
    yield from _losses(damage, file)


def _losses(damage: list[Damage], file: IO[bytes]) -> Iterator[Loss]:
    for one in damage:
        yield _described(Loss(one.offset, one.length, one.reason), _beginning(file, one.offset))
    damage.clear()


def _beginning(file: IO[bytes], offset: int) -> bytes:
    """As much of a damaged gzip member as can be had."""
    position = file.tell()
    content = b""
    try:
        members = GzipMembers(file, offset)
        if members.next_member():
            while len(content) < _PROBE and (piece := members.read_small()):
                content += piece
    except BrokenMember:
        pass  # what came before it is all there is
    finally:
        file.seek(position)
    return content


# ---- plain


def _plain_pieces(source: WarcSource, file: IO[bytes], keep_doubtful: bool) -> Iterator[_Good | Loss]:
    """A wrong Content-Length is only seen by what follows the block: then go on behind the header, not behind the block."""
    offset, size = 0, file.seek(0, os.SEEK_END)
    while offset < size:
        damage: list[Damage] = []
        record = next(read_records(source, offset, offset + 1, max_block=_MAX_BLOCK, on_damage=damage.append), None)
        problem = damage[0].reason if damage else "no record"
        if record is not None:
            end = record.offset + record.length
            completion = _LINE_ENDS[len(record.tail) :] if end == size else b""
            problem = _problem(
                source, record, completion, is_followed=end == size or begins_header(_read_at(file, end, 5))
            )
            if not problem or (keep_doubtful and problem == _BLOCK_DIGEST):
                yield _Good(record.offset, record.length, completion=completion)
                offset = end
                continue
        end = end if problem == _BLOCK_DIGEST else next_plain(file, offset + 1, size)
        yield _described(Loss(offset, end - offset, problem), _read_at(file, offset, _PROBE))
        offset = end


def _read_at(file: IO[bytes], offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)


# ---- zstd


def _zstd_pieces(file: IO[bytes], keep_doubtful: bool) -> Iterator[_Good | Loss]:
    """Frame by frame; the dictionary that the file begins with, if it does, is kept for them all."""
    frames = ZstdFrames(file)
    if frames.first_frame:
        yield _Good(0, frames.first_frame, is_record=False)
    for frame in frames:
        problem: str | None = frame.problem
        if problem is None:
            problem = _content_problem(frame.content)
        if problem is None or (keep_doubtful and problem == _BLOCK_DIGEST):
            yield _Good(frame.offset, frame.length)
        else:
            yield _described(Loss(frame.offset, frame.length, problem), frame.content[:_PROBE])


def _content_problem(content: bytes) -> str | None:
    """What is wrong with a record that is the whole of *content*."""
    end = header_end(content)
    if end is None:
        return "no WARC header"
    try:
        header = parse_header(content[:end])
        length = content_length(header)
    except Unreadable as error:
        return str(error)
    if len(content) - end < length:
        return f"the record ends {length - len(content) + end} bytes before its Content-Length"
    if content[end + length :].strip(b"\r\n"):
        return _NO_LINE_ENDS
    labelled = header.first.get("warc-block-digest")
    if labelled is not None and verify_digest(labelled, (content[end : end + length],)) is False:
        return None if _digested_nothing(header.first.get("warc-type", ""), labelled) else _BLOCK_DIGEST
    return None


# ---- what they share


def _problem(source: WarcSource, record: WarcRecord, completion: bytes, *, is_followed: bool) -> str:
    """What is wrong with a plain *record* that *completion* is added to; "" when it is good.

    Missing line ends are form and not damage where another record, or the file's end, follows: the length was right.
    """
    if _VERSION_LINE.search(record.raw_header, 1):
        return "the header has no end before the next record's"
    if not (record.tail + completion).startswith(_LINE_ENDS) and not is_followed:
        return _NO_LINE_ENDS
    labelled = record.get("WARC-Block-Digest")
    if (
        labelled is not None
        and verify_digest(labelled, iterate_block(source, record)) is False
        and not _digested_nothing(record.record_type, labelled)
    ):
        return _BLOCK_DIGEST
    return ""


def _digested_nothing(record_type: str, labelled: str) -> bool:
    """A revisit's digest that was made of no bytes, as wget makes them, says nothing about damage."""
    return record_type == "revisit" and verify_digest(labelled, ()) is True


_FIELD = re.compile(rb"^(WARC-(?:Type|Record-ID|Target-URI|Date)):[ \t]*([^\r\n]*)\r?\n", re.MULTILINE | re.IGNORECASE)


def _described(loss: Loss, beginning: bytes) -> Loss:
    """*loss* with what the header says that *beginning*, possibly cut or damaged, starts with."""
    if not begins_header(beginning):
        return loss
    header = beginning[: header_end(beginning) or len(beginning)]
    fields = tuple((name.decode(), value.decode("utf-8", "replace").strip()) for name, value in _FIELD.findall(header))
    first = make_header("", fields, b"").first
    return Loss(
        loss.offset,
        loss.length,
        loss.reason,
        first.get("warc-record-id"),
        first.get("warc-type"),
        first.get("warc-target-uri"),
        first.get("warc-date"),
    )


def _copy(file: IO[bytes], out: IO[bytes], offset: int, length: int) -> None:
    file.seek(offset)
    while length > 0:
        piece = file.read(min(_COPY, length))
        if not piece:
            raise OSError(f"the input became shorter while it was read, at byte {offset}")
        out.write(piece)
        length -= len(piece)
