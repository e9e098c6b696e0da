"""The header of a WARC record: version line and named fields (ISO 28500:2017, 4), read tolerantly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from broadsheet.archive.http import Headers, url_reference

MAX_HEADER = 1024 * 1024  # bytes; a longer WARC header is taken for damage
_W3C_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z)?)?)?")
_USUAL_DATE = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{1,9})?Z", re.ASCII
)  # of nearly all records
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?)?)?"
)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
_HEADER_END = re.compile(rb"\n\r?\n")
_NEXT = re.compile(
    rb"(?=[Ww][Aa][Rr][Cc]/\d\.\d\d?\r?\n[A-Za-z][A-Za-z-]{0,40}:)"
)  # no line end before: it may be what is damaged
BEGINNING = 1024  # bytes of a block that tell what it is, and it from others
_URL_FIELDS = ("warc-target-uri", "warc-refers-to-target-uri")
_NO_UTF8 = re.compile("[\udc80-\udcff]")


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


@dataclass(frozen=True, slots=True)
class RecordForm:
    """How the records of a file are written: WARC's, or ARC's (archive/warc/arc.py).

    ``begins`` tells whether bytes begin a record, ``header_end`` where its block begins (None: not all of the header is
    there), ``parse`` reads the header (its bytes, and the first BEGINNING bytes of what follows it); ``following`` matches
    with no length where a record begins, within ``overlap`` bytes.
    """

    name: str
    begins: Callable[[bytes], bool]
    header_end: Callable[[bytes], int | None]
    parse: Callable[[bytes, bytes], RecordHeader]
    following: re.Pattern[bytes]
    overlap: int


def begins_header(data: bytes) -> bool:
    """Whether *data* begins with a version line, in capitals or not (ISO 28500:2017, 4)."""
    return data[:5].upper() == b"WARC/"


def header_end(data: bytes) -> int | None:
    """Where the block begins; None when *data* does not hold the whole header.

    Lines of a header end in CRLF; other tools end them in LF alone, before a block whose own lines end in CRLF.
    """
    begin = len(data) - len(data.lstrip(b"\r\n")) if data[:1] in (b"\r", b"\n") else 0
    found = _HEADER_END.search(data, begin)
    return None if found is None else found.end()


def parse_header(header: bytes) -> RecordHeader:
    """Read a header; folded lines are joined, lines without a colon are passed over.

    Raises:
        Unreadable: it does not begin with a version line.
    """
    text = header.decode("utf-8", "surrogateescape")
    lines = text.lstrip("\r\n").split("\n")
    version = _readable(lines[0].strip())
    if version[:5].upper() != "WARC/":
        raise Unreadable("no WARC header")
    fields: list[tuple[str, str]] = []
    for line in lines[1:]:
        if line[:1] in (" ", "\t") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}".strip())
            continue
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip(), value.strip()))
    if not text.isascii() and _NO_UTF8.search(text) is not None:
        fields = [(_readable(name), _value_of(name, value)) for name, value in fields]
    return make_header(version, tuple(fields), header)


def _value_of(name: str, value: str) -> str:
    """A field's *value*.  In one that holds a URL, bytes that are no UTF-8 are percent-encoded, as browsers ask for them."""
    if name.lower() in _URL_FIELDS:
        return url_reference(value.encode("utf-8", "surrogateescape").decode("latin-1"))
    return _readable(value)


def _readable(text: str) -> str:
    """*text* with a replacement character for each byte that is no UTF-8."""
    return _NO_UTF8.sub("\ufffd", text)


def make_header(version: str, fields: Headers, raw: bytes) -> RecordHeader:
    """A header of fields that are parsed already."""
    first = {name.lower(): value for name, value in reversed(fields)}  # what comes first wins
    return RecordHeader(version, fields, first, raw)


def content_length(header: RecordHeader) -> int:
    """Content-Length in bytes; a record without one cannot be read."""
    value = header.first.get("content-length")
    if value is None:
        raise Unreadable("no Content-Length")
    digits = value.removeprefix("+")
    if digits.isascii() and digits.isdecimal() and len(digits) < 19:
        return int(digits)
    raise Unreadable(f"Content-Length is {value[:30]!r}")


def is_warc_date(text: str) -> bool:
    """Whether *text* is written as WARC-Date must be: W3C's profile of ISO 8601, of any precision, in UTC with its Z."""
    return _W3C_DATE.fullmatch(text.strip()) is not None and parse_warc_date(text) is not None


def parse_warc_date(text: str) -> datetime | None:
    """The moment that a WARC-Date means, to the microsecond (UTC); None when it is no date.

    Read tolerantly, for what other tools wrote: an offset is taken off, a date without Z is UTC as the standard says of
    all (ISO 28500:2017, 5.4), 14 digits are those of an index.  `is_warc_date` is strict.
    """
    text = text.strip()
    if _USUAL_DATE.fullmatch(text) is not None:
        try:
            return datetime.fromisoformat(text)
        except ValueError:  # no day of the calendar
            pass
    match = _DATE.fullmatch(text)
    digits = _DIGITS.fullmatch(text) if match is None else None
    if match is not None:
        *moment, fraction, sign, hours, minutes = match.groups()
    elif digits is not None:
        moment, fraction, sign, hours, minutes = list(digits.groups()), None, None, None, None
    else:
        return None
    year, month, day, hour, minute, second = (None if part is None else int(part) for part in moment)
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        zone = timezone(offset) if offset else UTC
        local = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, microsecond, zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


WARC_FORM = RecordForm("WARC", begins_header, header_end, lambda header, _beginning: parse_header(header), _NEXT, 64)
