"""Stored parts (206) put together: a browser that recorded a film fetched it in ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from broadsheet.archive.replay.payload import Payload
from broadsheet.archive.replay.ranges import AskedRange, ContentRange, content_range
from broadsheet.archive.replay.stored import Stored

_MOST_OF_A_RANGE = 16 * 1024 * 1024  # bytes; an answer may be shorter than the range asked for
_MOST_OF_A_WHOLE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Part:
    place: ContentRange
    stored: Stored


def join_parts(answers: Sequence[Stored], asked: AskedRange | None) -> tuple[Stored, ContentRange] | None:
    """The bytes from where the request begins as far as the parts go without a gap; None when that is nowhere.

    A request without a range needs all of it.  Parts of one file are told from those of another by total length and
    ETag; the best match comes first in *answers* and decides.
    """
    parts = [
        _Part(place, stored)
        for stored in answers
        if (place := content_range(stored.head.get("Content-Range"))) is not None
        and place.end - place.start == stored.payload.length
    ]
    if not parts:
        return None
    model = parts[0]
    parts = [part for part in parts if _of_one_file(part, model)]
    wanted = _wanted(asked, model.place.length)
    if wanted is None:
        return None
    start, end = wanted
    data = _joined(parts, start, end)
    if not data or (asked is None and len(data) < end):
        return None
    return replace(model.stored, payload=Payload.of(data)), ContentRange(start, start + len(data), model.place.length)


def _of_one_file(part: _Part, model: _Part) -> bool:
    same_tag = part.stored.head.get("ETag") == model.stored.head.get("ETag")
    return same_tag and part.place.length == model.place.length


def _wanted(asked: AskedRange | None, total: int | None) -> tuple[int, int] | None:
    if asked is None:
        return (0, total) if total is not None and total <= _MOST_OF_A_WHOLE else None
    if total is None and asked.suffix is not None:
        return None
    span = asked.within(2**62 if total is None else total)
    return span and (span[0], min(span[1], span[0] + _MOST_OF_A_RANGE))


def _joined(parts: Sequence[_Part], start: int, end: int) -> bytes:
    pieces: list[bytes] = []
    position = start
    while position < end:
        over = [part for part in parts if part.place.start <= position < part.place.end]
        if not over:
            break
        longest = max(over, key=lambda part: part.place.end)
        first, stop = longest.place.start, min(longest.place.end, end)
        pieces.append(longest.stored.payload.slice(position - first, stop - first))
        position = stop
    return b"".join(pieces)
