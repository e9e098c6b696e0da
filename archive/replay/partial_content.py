"""Captured byte ranges (206 Partial Content) joined: a browser that recorded a film fetched it in ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from broadsheet.archive.replay.captured_response import CapturedResponse
from broadsheet.archive.replay.payload import Payload
from broadsheet.archive.replay.ranges import AskedRange, ContentRange, content_range

_MOST_OF_A_RANGE = 16 * 1024 * 1024  # bytes; an answer may be shorter than the range asked for
_MOST_OF_A_WHOLE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _CapturedRange:
    place: ContentRange
    response: CapturedResponse


def join_ranges(
    responses: Sequence[CapturedResponse], asked: AskedRange | None
) -> tuple[CapturedResponse, ContentRange] | None:
    """The bytes from the start of the asked range as far as the ranges go without a gap; None when there are none.

    A request without a range needs the whole file.  Ranges belong to one file when total length and ETag are equal;
    *responses* begin with the best match, which decides the file.
    """
    ranges = [
        _CapturedRange(place, response)
        for response in responses
        if (place := content_range(response.head.get("Content-Range"))) is not None
        and place.end - place.start == response.payload.length
    ]
    if not ranges:
        return None
    model = ranges[0]
    ranges = [one for one in ranges if _of_one_file(one, model)]
    wanted = _wanted(asked, model.place.length)
    if wanted is None:
        return None
    start, end = wanted
    data = _joined(ranges, start, end)
    if not data or (asked is None and len(data) < end):
        return None
    return replace(model.response, payload=Payload.of(data)), ContentRange(start, start + len(data), model.place.length)


def _of_one_file(one: _CapturedRange, model: _CapturedRange) -> bool:
    same_tag = one.response.head.get("ETag") == model.response.head.get("ETag")
    return same_tag and one.place.length == model.place.length


def _wanted(asked: AskedRange | None, total: int | None) -> tuple[int, int] | None:
    if asked is None:
        return (0, total) if total is not None and total <= _MOST_OF_A_WHOLE else None
    if total is None and asked.suffix is not None:
        return None
    span = asked.within(2**62 if total is None else total)
    return span and (span[0], min(span[1], span[0] + _MOST_OF_A_RANGE))


def _joined(ranges: Sequence[_CapturedRange], start: int, end: int) -> bytes:
    pieces: list[bytes] = []
    position = start
    while position < end:
        over = [one for one in ranges if one.place.start <= position < one.place.end]
        if not over:
            break
        longest = max(over, key=lambda one: one.place.end)
        first, stop = longest.place.start, min(longest.place.end, end)
        pieces.append(longest.response.payload.slice(position - first, stop - first))
        position = stop
    return b"".join(pieces)
