"""The RecordTable: what the verifier keeps of a WARC's records, for links between records and for indexes over them.

Flat arrays of numbers, about 60 bytes a record, so that a file of a million records stays in some 60 MB and crosses
from a worker process in one piece.  Texts (ids, URLs, digests) are kept as 64-bit keys: two different texts have one key
with a chance of 1 in 10^7 among a million records, and a false match can only hide a finding, never make one up, except
for `duplicate ids`, whose chance is the same.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntFlag
from hashlib import blake2b

from broadsheet.archive.digest import value_of
from broadsheet.archive.warc.record import WarcRecord

TYPES = ("", "warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation")
_CODES = {name: code for code, name in enumerate(TYPES)}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_DATE = -(2**63)


_ALGORITHM = 0b11111  # the bits of a digest's key that say how long its value is


class Flag(IntFlag):
    """What else is known of a record."""

    WEB = 1  # the target is http: or https:


def key(text: str | None) -> int:
    """64 bits that stand for *text*; 0 for none."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") if text else 0


def digest_key(labelled: str | None) -> int:
    """The key of a digest by its value: indexes leave out the label, and some tools write hex, others base32.

    The last bits tell the algorithms apart.
    """
    if not labelled:
        return 0
    value = value_of(labelled)
    if value is None:
        return key(labelled.rpartition(":")[2].strip().upper()) & ~_ALGORITHM
    return key(value.hex()) & ~_ALGORITHM | len(value) // 4  # of 16, 20, 32, 48 or 64 bytes


def digests_contradict(one: int, other: int) -> bool:
    """Whether two keys of digests cannot be of the same bytes: those of two algorithms may be, and 0 is none."""
    return bool(one and other) and one != other and one & _ALGORITHM == other & _ALGORITHM


def url_key(url: str | None) -> int:
    """The key of a URL without its fragment and without angle brackets."""
    return key(url.strip("<>").partition("#")[0]) if url else 0


def microseconds(moment: datetime | None) -> int:
    """*moment* as a number; NO_DATE for none."""
    return NO_DATE if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(value: int) -> datetime | None:
    """The inverse of `microseconds`."""
    return None if value == NO_DATE else _EPOCH + timedelta(microseconds=value)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record, as the table remembers it; all but offset and length are keys or codes."""

    offset: int
    length: int
    record_type: str
    record_id: int
    url: int
    date: int
    digest: int
    status: int
    mime: int
    is_web: bool


def _numbers(code: str) -> array[int]:
    return array(code)


@dataclass(slots=True)
class RecordTable:
    """The records of one WARC in file order."""

    offsets: array[int] = field(default_factory=lambda: _numbers("Q"))
    lengths: array[int] = field(default_factory=lambda: _numbers("Q"))
    ids: array[int] = field(default_factory=lambda: _numbers("Q"))
    urls: array[int] = field(default_factory=lambda: _numbers("Q"))
    dates: array[int] = field(default_factory=lambda: _numbers("q"))
    digests: array[int] = field(default_factory=lambda: _numbers("Q"))
    mimes: array[int] = field(default_factory=lambda: _numbers("Q"))
    statuses: array[int] = field(default_factory=lambda: _numbers("H"))
    types: array[int] = field(default_factory=lambda: _numbers("B"))
    flags: array[int] = field(default_factory=lambda: _numbers("B"))

    def __len__(self) -> int:
        return len(self.offsets)

    def add(self, record: WarcRecord) -> int:
        """Remember *record*; returns its row number."""
        head = record.response_head()
        declared = head.get("Content-Type") if head is not None else record.content_type
        self.offsets.append(record.offset)
        self.lengths.append(record.length)
        self.ids.append(key(record.record_id))
        self.urls.append(url_key(record.url))
        self.dates.append(microseconds(record.date))
        self.digests.append(digest_key(record.get("WARC-Payload-Digest")))
        self.mimes.append(key((declared or "").partition(";")[0].strip().lower()))
        self.statuses.append(0 if head is None else head.status)
        self.types.append(_CODES.get(record.record_type, 0))
        web = (record.url or "").lower().startswith(("http:", "https:"))
        self.flags.append(Flag.WEB if web else 0)
        return len(self.offsets) - 1

    def row(self, number: int) -> RecordRow:
        """The record with that number."""
        return RecordRow(
            self.offsets[number],
            self.lengths[number],
            TYPES[self.types[number]],
            self.ids[number],
            self.urls[number],
            self.dates[number],
            self.digests[number],
            self.statuses[number],
            self.mimes[number],
            bool(self.flags[number] & Flag.WEB),
        )

    def rows(self) -> Iterator[RecordRow]:
        """All of them."""
        return (self.row(number) for number in range(len(self)))

    def at(self, offset: int) -> int | None:
        """The number of the record that begins at *offset*."""
        number = bisect_left(self.offsets, offset)
        return number if number < len(self) and self.offsets[number] == offset else None
