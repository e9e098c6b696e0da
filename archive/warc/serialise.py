"""Building WARC/1.1 records as bytes (ISO 28500:2017): header, block, and one gzip member around both.

Pure functions: ids, dates and digests are passed in.  Fields are written by plain formatting: warcio's
StatusAndHeaders has no say over how the block is compressed, and a record is ours to set to the byte.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from isal import igzip_lib, isal_zlib

Fields = list[tuple[str, str]]

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
HTTP_RESPONSE = "application/http; msgtype=response"
HTTP_REQUEST = "application/http; msgtype=request"
WARC_FIELDS = "application/warc-fields"
UNKNOWN = "application/octet-stream"  # what came was not HTTP

_ONE_SHOT = 1024 * 1024  # bytes; a longer record is compressed in pieces of this size
_LINE_BREAKS = re.compile(r"[\x00\r\n]+")
_NOT_IN_URL = re.compile(r"[\x00-\x20\x7f<>\ud800-\udfff]")


def warc_date(moment: datetime) -> str:
    """WARC-Date of an aware *moment*, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def url_field(url: str) -> str:
    """*url* as a field can hold it: spaces, controls and angle brackets percent-encoded."""
    if _NOT_IN_URL.search(url) is None:
        return url
    return _NOT_IN_URL.sub(
        lambda match: "".join(f"%{byte:02X}" for byte in match.group().encode(errors="replace")), url
    )


def text_field(value: str) -> str:
    """*value* on one line."""
    return _LINE_BREAKS.sub(" ", value).strip()


def warc_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """The block of an ``application/warc-fields`` record; values must be on one line each."""
    return "".join([f"{name}: {value}\r\n" for name, value in fields]).encode("utf-8", "replace")


def record_bytes(fields: Fields, block: bytes) -> list[bytes]:
    """A whole record: header with its Content-Length, *block*, and the two line ends after it."""
    lines = [f"{name}: {value}\r\n" for name, value in fields]
    header = f"WARC/1.1\r\n{''.join(lines)}Content-Length: {len(block)}\r\n\r\n"
    return [header.encode("utf-8", "replace"), block, b"\r\n\r\n"]


def gzip_member(parts: list[bytes], level: int) -> list[bytes]:
    """*parts* as one gzip member, in pieces.  The same bytes for the same input, whenever it is made (no mtime).

    *level* 0-3 is ISA-L's (0 fastest, 2 the sweet spot), 4-9 zlib's of the same number: smaller, 5-15 times slower.
    """
    size = sum(map(len, parts))
    if level <= 3 and size <= _ONE_SHOT:
        return [igzip_lib.compress(b"".join(parts), level=level, flag=igzip_lib.COMP_GZIP, hist_bits=15)]
    compressor: Any = isal_zlib.compressobj(level, wbits=31) if level <= 3 else zlib.compressobj(level, wbits=31)
    pieces = []
    for part in parts:
        view = memoryview(part)
        for start in range(0, len(view), _ONE_SHOT):
            pieces.append(compressor.compress(view[start : start + _ONE_SHOT]))
    pieces.append(compressor.flush())
    return pieces
