"""The header of a WARC record: version line and named fields (ISO 28500:2017, 4), read tolerantly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from broadsheet.archive.http import Headers

MAX_HEADER = 1024 * 1024  # bytes; a longer WARC header is taken for damage
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z)?)?)?$")


class Unreadable(Exception):
    """The bytes are no record; ``args[0]`` says why."""


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """Version line and named fields, as written, and the bytes they were read from.

    ``first`` has the first value of each name, in lower case.
    """

    version: str
    fields: Headers
    first: dict[str, str]
    raw: bytes


def header_end(data: bytes) -> int | None:
    """Where the block begins; None when *data* does not hold the whole header."""
    found = data.find(b"\r\n\r\n")
    if found >= 0:
        return found + 4
    found = data.find(b"\n\n") if b"\r" not in data[:200] else -1  # written by hand, or by a broken tool
    return found + 2 if found >= 0 else None


def parse_header(header: bytes) -> RecordHeader:
    """Read a header; folded lines are joined, lines without a colon are passed over.

    Raises:
        Unreadable: it does not begin with a version line.
    """
    lines = header.decode("utf-8", "replace").lstrip("\r\n").split("\n")
    version = lines[0].strip()
    if not version.startswith("WARC/"):
        raise Unreadable("no WARC header")
    fields: list[tuple[str, str]] = []
    for line in lines[1:]:
        if line[:1] in (" ", "\t") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip(), value.strip()))
    return make_header(version, tuple(fields), header)


def make_header(version: str, fields: Headers, raw: bytes) -> RecordHeader:
    """A header of fields that are parsed already."""
    first = {name.lower(): value for name, value in reversed(fields)}  # what comes first wins
    return RecordHeader(version, fields, first, raw)


def content_length(header: RecordHeader) -> int:
    """Content-Length in bytes; a record without one cannot be read."""
    value = header.first.get("content-length")
    if value is None:
        raise Unreadable("no Content-Length")
    if value.isascii() and value.isdecimal() and len(value) < 19:
        return int(value)
    raise Unreadable(f"Content-Length is {value[:30]!r}")


def parse_warc_date(text: str) -> datetime | None:
    """A WARC-Date (W3C date and time of any precision, UTC) to the microsecond; None when it is none."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction = match.groups()
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        return datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            microsecond,
            UTC,
        )
    except ValueError:
        return None
