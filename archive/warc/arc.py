"""The records of an ARC file: the Internet Archive's format before WARC, versions 1 and 2.

A record is a line and the bytes that it counts: ``URL IP-address Archive-date Content-type Archive-length``, in version 2
with five fields more before the length (Internet Archive, "Arc File Format", 1996).  It is read as the WARC record that it
would be: the `RecordHeader` has WARC's named fields, and its ``raw`` bytes are that header, so a copy with them is a WARC.
Writers put spaces into URLs and content types, and bytes that are no UTF-8 into URLs, so a line is read from its middle.
"""

from __future__ import annotations

import re
import uuid

from broadsheet.archive.http import url_reference
from broadsheet.archive.warc.header import RecordForm, RecordHeader, Unreadable, is_warc_date, make_header
from broadsheet.archive.warc.serialise import HTTP_RESPONSE, text_field, url_field

_ADDRESS = rb"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}|-|0|unknown)"
_LINE = re.compile(
    rb"(?P<url>[A-Za-z][A-Za-z0-9+.-]*:.*?) (?P<address>" + _ADDRESS + rb") (?P<date>\d{1,17})"
    rb"(?: (?P<type>.*?))?(?: (?:\d{1,3}|-) \S+ \S+ (?:\d+|-) \S+)? (?P<length>\d{1,18})[ \t]*"
)
_NEXT = re.compile(
    rb"(?=(?:https?|ftp|dns|filedesc|whois|warcinfo|news|gopher|urn|mailto|file)://?[^\r\n]{1,16384}? "
    + _ADDRESS
    + rb" \d{1,17} [^\r\n]{0,4096}?\d{1,18}[ \t]*\r?\n)",
    re.IGNORECASE,
)
_DESCRIPTION = b"filedesc:"
_WEB = (b"http:", b"https:")
_BEGINS = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{1,15}:\S")
_MOST_LINE = 64 * 1024


def is_arc(beginning: bytes) -> bool:
    """Whether a file (or what it decompresses to) that begins with *beginning* is an ARC."""
    return beginning.lstrip(b"\r\n").startswith(_DESCRIPTION)


def begins_arc_record(data: bytes) -> bool:
    """Whether *data*, of at least a few bytes, begins like the line of an ARC record."""
    return _BEGINS.match(data.lstrip(b"\r\n")) is not None


def _line_end(data: bytes) -> int | None:
    """Where the block begins; None when *data* does not hold the whole line."""
    start = len(data) - len(data.lstrip(b"\r\n"))
    found = data.find(b"\n", start)
    if found < 0 and len(data) - start > _MOST_LINE:
        raise Unreadable("no ARC header")
    return None if found < 0 else found + 1


def parse_arc_header(line: bytes, beginning: bytes) -> RecordHeader:
    """The header of the record whose *line* this is; its block begins with *beginning*.

    An ARC has no ids: one is made of the line and of what the block begins with, the same wherever the record lies and
    however the file is compressed.

    Raises:
        Unreadable: the line is none of an ARC.
    """
    match = _LINE.fullmatch(line.strip(b"\r\n"))
    if match is None:
        raise Unreadable("no ARC header")
    url, address, kind = match["url"], match["address"], (match["type"] or b"").strip()
    length = int(match["length"])
    made = uuid.uuid5(uuid.NAMESPACE_URL, (line.strip() + b"\n" + beginning[:length]).decode("latin-1"))
    record_type, content_type = _type_of(url, kind.decode("latin-1"), beginning)
    fields = [("WARC-Type", record_type), ("WARC-Record-ID", f"<{made.urn}>")]
    if record_type != "warcinfo":
        fields.append(("WARC-Target-URI", url_field(_text_of(url))))
    if (date := _date(match["date"].decode())) is not None:
        fields.append(("WARC-Date", date))
    if record_type != "warcinfo" and (b"." in address or b":" in address):
        fields.append(("WARC-IP-Address", address.decode()))
    fields += [("Content-Type", content_type), ("Content-Length", str(length))]
    return with_length(make_header("WARC/1.1", tuple(fields), b""), length)


def with_length(header: RecordHeader, length: int) -> RecordHeader:
    """*header* as that of a block of *length* bytes."""
    fields = tuple((name, str(length) if name == "Content-Length" else value) for name, value in header.fields)
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return make_header(header.version, fields, f"{header.version}\r\n{lines}\r\n".encode("utf-8", "replace"))


def _type_of(url: bytes, kind: str, beginning: bytes) -> tuple[str, str]:
    """The WARC's record type and Content-Type: what HTTP/0.9 answered has no head, and is kept as the document it is."""
    if url.startswith(_DESCRIPTION):
        return "warcinfo", "text/plain"
    if url.lower().startswith(_WEB) and beginning.startswith((b"HTTP/", b"ICY ")):
        return "response", HTTP_RESPONSE
    return "resource", text_field(kind) if "/" in kind else "application/octet-stream"


def _text_of(url: bytes) -> str:
    """The URL as text: UTF-8, or, where it is not, the very bytes percent-encoded, as browsers ask for them."""
    try:
        return url.decode("utf-8")
    except UnicodeDecodeError:
        return url_reference(url.decode("latin-1"))


def _date(digits: str) -> str | None:
    """Archive-date, digits of which the last may be missing, as a WARC-Date; None when it is no date."""
    if len(digits) >= 14:
        day, time = digits[:8], digits[8:14]
        return _if_moment(f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z")
    parts = [digits[:4], digits[4:6], digits[6:8]]
    return _if_moment("-".join(part for part in parts if part)) if len(digits) in (4, 6, 8) else _short(digits)


def _short(digits: str) -> str | None:
    if len(digits) not in (10, 12):
        return None
    return _if_moment(f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12] or '00'}Z")


def _if_moment(text: str) -> str | None:
    return text if is_warc_date(text) else None


ARC_FORM = RecordForm("ARC", begins_arc_record, _line_end, parse_arc_header, _NEXT, overlap=32 * 1024)
