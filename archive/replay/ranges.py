"""Range requests (RFC 9110, section 14): what part of a representation is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BYTES = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*$", re.IGNORECASE)
_CONTENT_RANGE = re.compile(r"\s*bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedRange:
    """One byte range as asked: from *first* to *last* (included, None: the end), or the last *suffix* bytes."""

    first: int
    last: int | None = None
    suffix: int | None = None

    def within(self, length: int) -> tuple[int, int] | None:
        """Start and end (not included) in a representation of *length* bytes; None when nothing of it is there (416)."""
        if self.suffix is not None:
            start, end = max(0, length - self.suffix), length
        else:
            start, end = self.first, length if self.last is None else min(self.last + 1, length)
        return (start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class ContentRange:
    """What a stored 206 holds: bytes *start* to *end* (not included) of *length* (None: unknown)."""

    start: int
    end: int
    length: int | None


def asked_range(value: str | None) -> AskedRange | None:
    """The range a Range header asks for; None when there is none, or one to be ignored (several ranges, other units)."""
    match = _BYTES.match(value or "")
    if match is None:
        return None
    first, last = match.groups()
    if not first:
        return AskedRange(0, suffix=int(last)) if last else None
    if last and int(last) < int(first):
        return None
    return AskedRange(int(first), int(last) if last else None)


def content_range(value: str | None) -> ContentRange | None:
    """What a Content-Range header says; None when it says nothing usable."""
    match = _CONTENT_RANGE.match(value or "")
    if match is None:
        return None
    start, last, length = match.groups()
    if int(last) < int(start) or (length != "*" and int(last) >= int(length)):
        return None
    return ContentRange(int(start), int(last) + 1, None if length == "*" else int(length))
