"""Repair: from a damaged WARC or ARC to one that has every record that can still be read, and a list of what is lost.

The bytes of a good record are copied as they lie: its gzip member, its zstd frame, or its plain bytes, never decompressed
and packed again.  A gzip member is good when it can be read to its end, checksum and all, and is one record: what is odd
inside was written so, and is no damage.  Plain records and zstd frames may have no checksum of their own: they are good when
their block has its digest, if there is one.  All else is a `Loss`: a stretch of the input with the reason and, where a
header could still be read there, whose record it was.

What cannot be pointed into (a file that is one gzip member, or is compressed by blocks), and an ARC that is to become a
WARC, is written anew, a gzip member a record (archive/warc/recompress.py).

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

from broadsheet.archive.durable import whole_file
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.warc.header import begins_header, header_end, make_header
from broadsheet.archive.warc.members import MAGIC as GZIP_MAGIC
from broadsheet.archive.warc.members import BrokenMember, GzipMembers
from broadsheet.archive.warc.plain import written_header
from broadsheet.archive.warc.reader import NotRecordWise, is_arc_file, read_records
from broadsheet.archive.warc.recompress import BLOCK_DIGEST, contradicts_its_digest, recompress
from broadsheet.archive.warc.record import Damage
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.zstd_frames import ZstdFrames, is_zstd

REWRITTEN = ".warc.gz"  # what a file is called that is written anew
_COPY = 1024 * 1024
_PROBE = 65536
_MAX_BLOCK = 64 * 1024 * 1024  # bytes of a block held at a time; longer ones are digested in pieces
_LINE_ENDS = b"\r\n\r\n"


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
    """What became of one file.  Sizes are bytes; ``kept`` counts records.

    ``unpacked``: records were taken out of compressed members.  A loss may then be a member of which records were kept, or lie
    in its content, so that no share of the input is lost that could be told.
    """

    source: str
    target: str
    size: int = 0
    kept: int = 0
    kept_bytes: int = 0
    losses: list[Loss] = field(default_factory=list)
    unpacked: bool = False

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

    A target that is called ``.warc.gz`` gets a gzip member a record, whatever *source* is; any other must be called what
    *source* is.

    *keep_doubtful*: also records that can be read whole and whose block does not have its digest.
    *on_progress* is told the offset reached.

    Raises:
        BadInput: *target* exists or has a name that says another format, *source* is no WARC, or no record can be read.
        BroadsheetError: the disk refuses; nothing is left of *target*.
    """
    label = str(source.path) if source.size is None else f"{source.path}!{source.name}"
    result = Repair(label, str(target))
    kept_as_it_lies = _check_target(source, target)
    with source.open() as file:
        result.size = file.seek(0, os.SEEK_END)
    try:
        if kept_as_it_lies:
            _copy_records(source, target, result, keep_doubtful, on_progress)
            return result
    except NotRecordWise as error:
        if not target.name.endswith(REWRITTEN):
            raise BadInput(
                str(target),
                f"is to hold records that are written anew: {source.name} {error.cause}",
                f"Name a file that ends in {REWRITTEN}.",
            ) from error
    result.losses.clear()
    _rewrite_records(source, target, result, keep_doubtful)
    on_progress(result.size)
    return result


def _copy_records(
    source: WarcSource, target: Path, result: Repair, keep_doubtful: bool, on_progress: Callable[[int], None]
) -> None:
    """Copy the good records of *source*, as they lie, to *target*."""
    with os_errors_of(target), source.open() as file, whole_file(target, replace=False) as out:
        kept = kept_bytes = 0
        for piece in _pieces(source, file, keep_doubtful):
            if isinstance(piece, Loss):
                result.losses.append(piece)
            else:
                out.write(piece.header)
                _copy(file, out, piece.offset + piece.skipped, piece.length - piece.skipped)
                out.write(piece.completion)
                kept += piece.is_record
                kept_bytes += piece.length
            on_progress(piece.offset + piece.length)
        if kept == 0:
            raise BadInput(result.source, "holds no record that can be read", "Nothing can be saved from it.")
        result.kept, result.kept_bytes = kept, kept_bytes


def _rewrite_records(source: WarcSource, target: Path, result: Repair, keep_doubtful: bool) -> None:
    """Write the records of *source* to *target*, each in a gzip member of its own."""
    damages: list[Damage] = []
    result.kept = recompress(source, target, damages.append, check_digests=not keep_doubtful)
    result.kept_bytes = target.stat().st_size
    with source.open() as file:
        magic = file.read(4)
        result.unpacked = is_zstd(magic) or _is_gzip(source, magic)
        result.losses.extend(_losses(damages, file))


def _check_target(source: WarcSource, target: Path) -> bool:
    """Whether the records are copied as they lie; a name that says neither their format nor that of a new WARC is refused."""
    with source.open() as file:
        magic = file.read(4)
    is_arc = is_arc_file(source)
    if is_arc:
        suffix = ".arc.gz" if _is_gzip(source, magic) else ".arc"
    else:
        suffix = ".zst" if is_zstd(magic) else ".gz" if _is_gzip(source, magic) else ".warc"
    as_it_lies = target.name.endswith(suffix) and not (is_arc is False and target.name.endswith(".arc.gz"))
    if not as_it_lies and not target.name.endswith(REWRITTEN):
        what = f"is to hold records as they are in {source.name}, or a WARC made of them"
        raise BadInput(str(target), what, f"Name a file that ends in {suffix} or {REWRITTEN}.")
    return as_it_lies


def _is_gzip(source: WarcSource, magic: bytes) -> bool:
    return magic.startswith(GZIP_MAGIC) or source.name.endswith(".gz")


@dataclass(frozen=True, slots=True)
class _Good:
    """A stretch to copy; a zstd dictionary is one that is no record.  ``completion``: line ends that were cut off.
    ``header`` takes the place of the first ``skipped`` bytes."""

    offset: int
    length: int
    is_record: bool = True
    completion: bytes = b""
    header: bytes = b""
    skipped: int = 0


def _pieces(source: WarcSource, file: IO[bytes], keep_doubtful: bool) -> Iterator[_Good | Loss]:
    """All of the input, in order: to keep or lost.

    The dictionary that a .warc.zst begins with, if it does, is kept for all its frames; a seek table, which would be another's,
    is not.
    """
    file.seek(0)
    magic = file.read(4)
    checked = _is_gzip(source, magic)
    if is_zstd(magic) and (length := ZstdFrames(file).dictionary_end):
        yield _Good(0, length, is_record=False)
    plain = not checked and not is_zstd(magic) and not source.name.endswith(".arc")
    size = file.seek(0, os.SEEK_END)
    damage: list[Damage] = []
    for record in read_records(source, max_block=0 if checked else _MAX_BLOCK, on_damage=damage.append):
        yield from _losses(damage, file)
        end = record.offset + record.length
        if checked or keep_doubtful or not contradicts_its_digest(source, record):
            completion = _LINE_ENDS[len(record.tail) :] if plain and end == size else b""
            written = written_header(file, record) if plain else record.raw_header
            if written != record.raw_header:  # its length is put right
                good, skipped = record.raw_header, len(written)
                yield _Good(record.offset, record.length, header=good, skipped=skipped, completion=completion)
            else:
                yield _Good(record.offset, record.length, completion=completion)
        else:
            yield _described(Loss(record.offset, record.length, BLOCK_DIGEST), record.raw_header)
    yield from _losses(damage, file)


def _losses(damage: list[Damage], file: IO[bytes]) -> Iterator[Loss]:
    for one in damage:
        yield _described(Loss(one.offset, one.length, one.reason), _beginning(file, one.offset))
    damage.clear()


def _beginning(file: IO[bytes], offset: int) -> bytes:
    """As much of what is damaged at *offset* as can be had."""
    position = file.tell()
    file.seek(0)
    magic = file.read(4)
    try:
        if is_zstd(magic):
            members: GzipMembers | ZstdFrames = ZstdFrames(file, offset)
        elif magic.startswith(GZIP_MAGIC):
            members = GzipMembers(file, offset)
        else:
            file.seek(offset)
            return file.read(_PROBE)
        return _content_of(members)
    finally:
        file.seek(position)


def _content_of(members: GzipMembers | ZstdFrames) -> bytes:
    content = b""
    try:
        if members.next_member():
            step = members.read_small if isinstance(members, GzipMembers) else members.read
            while len(content) < _PROBE and (piece := step()):
                content += piece
    except BrokenMember:
        pass  # what came before it is all there is
    return content


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
