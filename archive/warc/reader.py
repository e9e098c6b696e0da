"""Reading WARC files of anybody's making, .warc.gz, .warc, .warc.zst, versions 0.17 to 1.1, and ARC files, .arc, .arc.gz.

Every record comes with its exact offset and compressed length, so that it can be found again.  Memory is bounded: a
block is kept up to ``max_block`` bytes, the rest is read past.  Nothing is lost in silence: what cannot be read is a
`Damage`, given to ``on_damage`` (or raised when there is none), and reading goes on at the next record.

gzip members are walked in archive/warc/members.py, zstd frames in zstd_frames.py, plain records in plain.py.  A compressed
file that is not one member or frame a record cannot be pointed into: it is refused, and archive/warc/recompress.py makes
one of it that can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.archive.warc.arc import ARC_FORM, is_arc, with_length
from broadsheet.archive.warc.header import (
    BEGINNING,
    MAX_HEADER,
    WARC_FORM,
    RecordForm,
    Unreadable,
    begins_header,
    content_length,
)
from broadsheet.archive.warc.members import MAGIC as GZIP_MAGIC
from broadsheet.archive.warc.members import BrokenMember, GzipMembers, content_before_damage
from broadsheet.archive.warc.metadata import parse_metadata
from broadsheet.archive.warc.plain import file_pieces, plain_records
from broadsheet.archive.warc.record import Damage, WarcRecord, capture_of, is_entry, make_record
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.zstd_frames import ZstdFrames, is_zstd

MAX_BLOCK = 256 * 1024 * 1024
_ENOUGH = 4 * 1024 * 1024  # bytes of content that show how a file is compressed
REWRITE = "Run `broadsheet repair OLD -o NEW.warc.gz` and use NEW."

__all__ = ["Damage", "WarcRecord", "WarcSource", "capture_of", "is_entry", "iterate_block", "parse_metadata"]
__all__ += ["read_record_at", "read_records"]


class NotRecordWise(BadInput):
    """A compressed file whose records cannot be pointed into: `broadsheet.archive.warc.recompress` makes one that can."""


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
        BadInput: neither WARC nor ARC, or one that cannot be read record by record.
        CorruptArchive: there is damage and no *on_damage* to tell it to.
    """
    with source.open() as file:
        reading = _Reading(source, file, end, max_block, on_damage or _raise_damage)
        magic = file.read(64)
        file.seek(0)
        if magic.startswith(GZIP_MAGIC) or source.name.endswith(".gz"):
            yield from _read_members(reading, GzipMembers(file, start), start)
        elif is_zstd(magic[:4]) or source.name.endswith(".zst"):
            yield from _read_members(reading, ZstdFrames(file, start), start)
        elif is_arc(magic) or (source.name.endswith(".arc") and not begins_header(magic)):
            yield from _read_plain(reading, ARC_FORM, start)
        elif begins_header(magic.removeprefix(b"\xef\xbb\xbf").lstrip()) or start > 0 or source.name.endswith(".warc"):
            yield from _read_plain(reading, WARC_FORM, start)
        else:
            raise _not_a_warc(source)


def is_arc_file(source: WarcSource) -> bool:
    """Whether *source* is an ARC, compressed or not.

    Raises:
        BroadsheetError: it cannot be opened.
    """
    with source.open() as file:
        beginning = file.read(64)
        file.seek(0)
        if beginning.startswith(GZIP_MAGIC):
            members = GzipMembers(file)
            members.next_member()
            beginning = next(_before_damage(members, file, 1), b"")
        return is_arc(beginning) or (source.name.endswith((".arc", ".arc.gz")) and not begins_header(beginning))


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
    """The whole block of *record* in pieces, however large it is."""
    if not record.block_truncated:
        yield record.block
        return
    with source.open() as file:
        magic = file.read(4)
        if magic.startswith(GZIP_MAGIC):
            pieces = _member_pieces(GzipMembers(file, record.offset))
        elif is_zstd(magic):
            pieces = _member_pieces(ZstdFrames(file, record.offset))
        else:
            pieces = file_pieces(file, record.offset)
        head = next(pieces, b"")
        form = WARC_FORM if begins_header(head.lstrip(b"\r\n")) else ARC_FORM
        while form.header_end(head) is None and (piece := next(pieces, b"")):
            head += piece
        left = record.block_length
        piece = head[form.header_end(head) or 0 :]
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


def _not_a_warc(source: WarcSource) -> BadInput:
    remedy = "Name a .warc, .warc.gz or .wacz file; `broadsheet import` takes pages that lie in files of their own."
    return BadInput(source.name, "is not a WARC file", remedy)


# ---- a record in each gzip member or zstd frame


def _read_members(reading: _Reading, members: GzipMembers | ZstdFrames, start: int) -> Iterator[WarcRecord]:
    form: RecordForm | None = None
    first = True
    while members.next_member() and not reading.is_over(members.offset):
        offset = members.offset
        try:
            head = members.read()
            if not head.strip(b"\r\n"):  # line ends alone, or nothing: some writers compress them by themselves
                if not (following := members.read()):
                    continue
                head += following
            form = form or _form_of(head, reading.source, is_first=start == 0)
            record = _record_of_member(reading, form, members, head)
        except (BrokenMember, Unreadable) as error:
            form = form or _form_of(b"", reading.source, is_first=start == 0)
            if first and start == 0:
                _refuse_other_framing(reading, form, isinstance(error, BrokenMember))
            members.resynchronise(form.begins)
            reading.report(offset, members.end, str(error))
        else:
            yield record
        first = False


def _form_of(beginning: bytes, source: WarcSource, *, is_first: bool) -> RecordForm:
    """How the records of a file are written, by what one *beginning*s with, else by the file's name."""
    if begins_header(beginning.lstrip()):
        return WARC_FORM
    if is_arc(beginning) or (not is_first and ARC_FORM.begins(beginning)):
        return ARC_FORM
    return ARC_FORM if source.name.endswith(".arc.gz") else WARC_FORM


def _record_of_member(
    reading: _Reading, form: RecordForm, members: GzipMembers | ZstdFrames, head: bytes
) -> WarcRecord:
    """The record that is the whole of the member whose content begins with *head*."""
    while (body_start := form.header_end(head)) is None:
        if len(head) > MAX_HEADER or not (piece := members.read()):
            begun = form.begins(head.lstrip())
            raise Unreadable(f"the {form.name} header has no end" if begun else f"no {form.name} header")
        head += piece
    while len(head) < body_start + BEGINNING and (piece := members.read()):
        head += piece
    header = form.parse(head[:body_start], head[body_start : body_start + BEGINNING])
    length = content_length(header)
    block, tail = [head[body_start : body_start + length]], head[body_start + length :]
    seen, kept, last = len(head) - body_start, len(block[0]), head[-1:]
    while True:
        if _holds_another(form, tail):
            raise NotRecordWise(reading.source.name, "has several records in one compressed member", REWRITE)
        if not (piece := members.read()):
            break
        if seen < length and kept < reading.max_block:
            block.append(piece[: min(length - seen, reading.max_block - kept)])
            kept += len(block[-1])
        if len(tail) < MAX_HEADER:
            tail += piece[max(0, length - seen) :]
        seen, last = seen + len(piece), piece[-1:]
    if form is ARC_FORM and (seen < length or tail.strip(b"\r\n")):  # the member says where it ends, not the line
        real = seen - (last == b"\n")
        block.append(tail[: max(0, real - length)])
        length, tail = real, last if last == b"\n" else b""
        header = with_length(header, length)
    if seen < length:
        raise Unreadable(f"the record ends {length - seen} bytes before its Content-Length")
    content = block[0] if len(block) == 1 else b"".join(block)
    return make_record(
        header,
        content[: min(length, reading.max_block)],
        length,
        source=reading.source.name,
        tail=tail,
        offset=members.offset,
        end=members.end,
    )


def _holds_another(form: RecordForm, tail: bytes) -> bool:
    """Whether a second record follows the first in what lies behind its block."""
    if not tail:
        return False
    following = tail.lstrip(b"\r\n")
    return form.begins(following) and (form is WARC_FORM or form.following.match(following) is not None)


def _refuse_other_framing(reading: _Reading, form: RecordForm, is_broken: bool) -> None:
    """Tell a damaged first record from a file that is neither, or is not compressed a record at a time."""
    source = reading.source
    with source.open() as file:
        members = GzipMembers(file) if source.name.endswith(".gz") or file.read(3) == GZIP_MAGIC else ZstdFrames(file)
        members.next_member()
        beginning = b"".join(_before_damage(members, file, _ENOUGH))
        if not is_broken and not form.begins(beginning.lstrip()):
            raise _not_a_warc(source)
        if _begins_with_two_records(form, beginning):
            raise NotRecordWise(source.name, "has several records in one compressed member", REWRITE)
        following = _next_sound_member(members, is_broken)
        if following is not None and not form.begins(following):
            raise NotRecordWise(source.name, "has records that run over several compressed members", REWRITE)


def _begins_with_two_records(form: RecordForm, content: bytes) -> bool:
    start = form.header_end(content)
    if start is None or not form.begins(content.lstrip()):
        return False
    try:
        length = content_length(form.parse(content[:start], content[start : start + BEGINNING]))
    except Unreadable:
        return False
    return _holds_another(form, content[start + length :])


def _next_sound_member(members: GzipMembers | ZstdFrames, is_broken: bool) -> bytes | None:
    """What the first sound member behind the present one, which may be broken, begins with; None when there is none."""
    while not is_broken or members.resynchronise(bool):
        try:
            while not is_broken and members.read():
                pass  # to the end of the present one
            if not members.next_member():
                return None
            beginning = members.read().lstrip(b"\r\n")
            while members.read():
                pass
        except BrokenMember:
            is_broken = True
        else:
            if beginning:
                return beginning
            is_broken = False
    return None


def _before_damage(members: GzipMembers | ZstdFrames, file: IO[bytes], most: int) -> Iterator[bytes]:
    """The content of the member that *members* stands at, up to its damage or *most* bytes."""
    held = 0
    try:
        while held < most and (piece := members.read()):
            held += len(piece)
            yield piece
    except BrokenMember:
        if isinstance(members, GzipMembers):
            yield from content_before_damage(file, members.offset, held)


def _member_pieces(members: GzipMembers | ZstdFrames) -> Iterator[bytes]:
    members.next_member()
    while piece := members.read():
        yield piece


# ---- plain


def _read_plain(reading: _Reading, form: RecordForm, start: int) -> Iterator[WarcRecord]:
    found = plain_records(reading.file, form, start, max_block=reading.max_block, source=reading.source.name)
    for one in found:
        offset = one.offset if isinstance(one, WarcRecord) else one[0]
        if reading.is_over(offset):
            return
        if isinstance(one, WarcRecord):
            yield one
        else:
            reading.report(*one)
