"""Making a WARC with one gzip member a record of what is none: ARC, a file that is one gzip member, gzip or zstd by blocks.

What cannot be pointed into is decompressed beside the new file as far as it goes, then read record by record.  Damage
costs the records that it is in: what lies before it in its member is taken, and behind it the next member that can be
decompressed; between the two the content has a seam, and no record reaches over one.  Behind damage a checksum speaks for
no record any more, so there a record must have its block digest, if it has one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO

from broadsheet.archive.digest import verify_digest
from broadsheet.archive.durable import make_folders, scratch_folder, whole_file
from broadsheet.archive.errors import BadInput, os_errors_of
from broadsheet.archive.warc.members import MAGIC as GZIP_MAGIC
from broadsheet.archive.warc.members import BrokenMember, GzipMembers, content_before_damage
from broadsheet.archive.warc.reader import NotRecordWise, is_arc_file, iterate_block, read_records
from broadsheet.archive.warc.record import Damage, WarcRecord
from broadsheet.archive.warc.serialise import gzip_member
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.zstd_frames import ZstdFrames, is_zstd

BLOCK_DIGEST = "the block does not have its digest"
_LEVEL = 2
_BLOCK = 16 * 1024 * 1024  # bytes of a block that are held at once
_LINE_ENDS = b"\r\n\r\n"

OnDamage = Callable[[Damage], None]


def _passed_over(_damage: Damage) -> None:
    return


def recompress(
    source: WarcSource, target: Path, on_damage: OnDamage = _passed_over, *, check_digests: bool = False
) -> int:
    """Write the records of *source* to *target*, a new file; returns how many.  *target* is whole, or not there.

    *on_damage* is told what of *source* cannot be read.  *check_digests*: a record whose block does not have its digest is
    left out; else only behind damage is it.

    Raises:
        BadInput: *target* exists, or there is no record that can be read.
        BroadsheetError: the disk refuses.
    """
    label = source.url or str(source.path)
    count = 0
    with os_errors_of(target):
        make_folders(target.parent)
        with scratch_folder(target.resolve()) as scratch, whole_file(target, replace=False) as out:
            for record, origin in _records(source, scratch / "content", on_damage, check_digests):
                for piece in gzip_member([record.raw_header, *iterate_block(origin, record), _LINE_ENDS], _LEVEL):
                    out.write(piece)
                count += 1
            if not count:
                raise BadInput(label, "holds no record that can be read", "Nothing can be saved from it.")
    return count


def _records(
    source: WarcSource, content: Path, on_damage: OnDamage, check_digests: bool
) -> Iterator[tuple[WarcRecord, WarcSource]]:
    """The records of *source*, each with where its block is read from."""
    if _is_record_wise(source):
        for record in read_records(source, max_block=_BLOCK, on_damage=on_damage):
            if check_digests and contradicts_its_digest(source, record):
                on_damage(Damage(source.name, record.offset, record.length, BLOCK_DIGEST))
            else:
                yield record, source
        return
    suffix = ".arc" if is_arc_file(source) else ".warc"
    with content.open("wb") as file:
        stretches = list(_decompress(source, file, on_damage))
    for stretch in stretches:
        name = f"{source.name}{suffix}"
        part = WarcSource(content, name, stretch.start, stretch.end - stretch.start)
        sound = 0 if check_digests else stretch.sound
        yield from _records_of_stretch(part, replace(stretch, sound=sound), source.name, on_damage)


def _is_record_wise(source: WarcSource, most: int | None = None) -> bool:
    """Whether *source*, or the first *most* records of it, can be read record by record."""
    try:
        for _ in islice(read_records(source, max_block=0, on_damage=_passed_over), most):
            pass
    except NotRecordWise:
        return False
    return True


def pointable(source: WarcSource, folder: Path, on_damage: OnDamage) -> WarcSource:
    """*source*, or a copy of it in *folder*, an existing one, under its name, when its records cannot be pointed into.

    Raises:
        BadInput: it is neither WARC nor ARC, or no record of it can be read.
        BroadsheetError: the disk refuses.
    """
    if _is_record_wise(source, most=1):
        return source
    with tempfile.NamedTemporaryFile(dir=folder, prefix="copy-", suffix=".warc.gz", delete=False) as file:
        path = Path(file.name)
    path.unlink()
    recompress(source, path, on_damage)
    return WarcSource(path, source.name, conversions=source.conversions)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Content without a seam, from *start* to *end*; behind *sound* it may be damaged."""

    start: int
    sound: int
    end: int
    is_first: bool
    is_last: bool


def _records_of_stretch(
    part: WarcSource, stretch: _Stretch, name: str, on_damage: OnDamage
) -> Iterator[tuple[WarcRecord, WarcSource]]:
    size = stretch.end - stretch.start

    def tell(damage: Damage) -> None:
        at_seam = (damage.offset == 0 and not stretch.is_first) or (
            damage.offset + damage.length == size and not stretch.is_last
        )
        if not at_seam:  # the damage that made the seam is told already
            reason = f"{damage.reason} (in the decompressed content)"
            on_damage(Damage(name, stretch.start + damage.offset, damage.length, reason))

    if not size:
        return
    for record in read_records(part, max_block=_BLOCK, on_damage=tell):
        if stretch.start + record.offset + record.length > stretch.sound and contradicts_its_digest(part, record):
            tell(Damage(name, record.offset, record.length, BLOCK_DIGEST))
        else:
            yield record, part


def contradicts_its_digest(source: WarcSource, record: WarcRecord) -> bool:
    """Whether the block of *record*, in *source*, does not have the digest that it is said to have.

    A revisit's digest that was made of no bytes, as wget makes them, says nothing about damage.
    """
    labelled = record.get("WARC-Block-Digest")
    if labelled is None or verify_digest(labelled, iterate_block(source, record)) is not False:
        return False
    return record.record_type != "revisit" or verify_digest(labelled, ()) is not True


def _decompress(source: WarcSource, out: IO[bytes], on_damage: OnDamage) -> Iterator[_Stretch]:
    """Write the content of *source* to *out*, as far as it can be had."""
    with source.open() as file:
        magic = file.read(4)
        members = ZstdFrames(file) if is_zstd(magic) else GzipMembers(file)
        start = written = 0
        while members.next_member():
            before = written
            try:
                while piece := members.read():
                    written += out.write(piece)
            except BrokenMember as error:
                if magic.startswith(GZIP_MAGIC):
                    written += sum(map(out.write, content_before_damage(file, members.offset, written - before)))
                offset = members.offset
                members.resynchronise(bool)
                on_damage(Damage(source.name, offset, members.end - offset, str(error)))
                yield _Stretch(start, before, written, start == 0, is_last=False)
                start = written
        if written > start:
            yield _Stretch(start, written, written, start == 0, is_last=True)
