"""Records in segments, joined (ISO 28500:2017, 7): a record too large for a file, and the continuation records behind it.

The first segment has WARC-Segment-Number 1 and all else that the record has; continuations name it by WARC-Segment-Origin-ID,
and the last says WARC-Segment-Total-Length.  They lie behind it, in its file or in later ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.warc.reader import iterate_block, read_records
from broadsheet.archive.warc.record import Damage, WarcRecord
from broadsheet.archive.warc.source import WarcSource

TRUNCATED = "WARC-Truncated"
_CUT = "unspecified"  # of 5.15's reasons


def is_first_segment(record: WarcRecord) -> bool:
    """Whether *record* is but the beginning of one."""
    return record.record_type != "continuation" and (record.get("WARC-Segment-Number") or "").strip() == "1"


def joined(record: WarcRecord, source: WarcSource, later: Iterable[WarcSource], max_block: int) -> WarcRecord:
    """The whole of *record*, which begins in *source* and may go on in *later* files, its block as far as *max_block* bytes.

    One whose segments are not all there is as long as they are, and says WARC-Truncated.  Any other record is given back.
    """
    if not is_first_segment(record):
        return record
    parts, length, number = [record.block[:max_block]], record.block_length, 1
    for found, place in _continuations(record, source, later):
        if (found.get("WARC-Segment-Number") or "").strip() != str(number + 1):
            continue
        number += 1
        room = max_block - sum(map(len, parts))
        for piece in iterate_block(place, found):
            parts.append(piece[:room])
            room -= len(parts[-1])
        length += found.block_length
        if (total := (found.get("WARC-Segment-Total-Length") or "").strip()) == str(length):
            return _with_block(record, b"".join(parts), length)
        if total:
            break
    cut = _with_block(record, b"".join(parts), length)
    if cut.get(TRUNCATED) is not None:
        return cut
    return replace(cut, headers=(*cut.headers, (TRUNCATED, _CUT)), first={**cut.first, TRUNCATED.lower(): _CUT})


def _with_block(record: WarcRecord, block: bytes, length: int) -> WarcRecord:
    return replace(record, block=block, block_length=length, _heads=[], _asked=[])


def _continuations(
    record: WarcRecord, source: WarcSource, later: Iterable[WarcSource]
) -> Iterator[tuple[WarcRecord, WarcSource]]:
    start = record.offset + record.length
    for place in (source, *later):
        with suppress(BroadsheetError, OSError):  # one that cannot be read has none of them
            for one in read_records(place, start, max_block=0, on_damage=_passed_over):
                if one.get("WARC-Segment-Origin-ID") == record.record_id:
                    yield one, place
        start = 0


def _passed_over(_damage: Damage) -> None:
    return
