"""A line of a CDXJ index: ``urlkey timestamp {json}``, with the fields of pywb's cdxj-indexer, as text.

The JSON's numbers are strings and its members in a fixed order, as every writer of the format has it; a member that is not
known is left out.  Lines are ASCII, so that their order by bytes (CDXJ, Sorting) is one thing everywhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import orjson

from broadsheet.archive.errors import CorruptArchive

MOST_OF_BODY = 4096  # characters of a body in a key
_EARLIEST = 1000  # a year; those before it have fewer digits


def index_timestamp(moment: datetime | None) -> str:
    """*moment* in the 14 digits of an index; "" when no index can say it: what has no date has no line in a file."""
    return "" if moment is None or moment.year < _EARLIEST else f"{moment:%Y%m%d%H%M%S}"


def tells_body(request_body: str) -> bool:
    """Whether *request_body*, the query in a key that stands for the body of a request, has all of it."""
    return 0 < len(request_body) < MOST_OF_BODY


@dataclass(frozen=True, slots=True)
class CdxjLine:
    """One capture: its SURT key, its time in 14 digits (UTC; "" when it is not known), and where its record lies (bytes).

    ``method`` and ``request_body`` are those of a request that is no GET; they are part of the key, too.  ``body_digest`` is
    that of the whole body, which the key may not tell; a file has it where it does not.
    """

    urlkey: str
    timestamp: str
    url: str
    mime: str | None
    status: int | None
    digest: str | None
    length: int
    offset: int
    filename: str
    request_body: str | None = None
    method: str | None = None
    body_digest: str | None = None

    @property
    def is_not_modified(self) -> bool:
        """Whether the capture is a 304 that stands for an earlier one (ISO 28500:2017, 6.7.3).

        pywb and replayweb.page answer with the 304 as it lies in the record, a blank page, and not with what it stands for;
        without a line for it they find the earlier capture.
        """
        return self.mime == "warc/revisit" and self.status == 304

    @property
    def hides_body(self) -> bool:
        """Whether the request's body is not, or not all, in the key."""
        return self.body_digest is not None and not tells_body(self.request_body or "")

    def to_bytes(self) -> bytes:
        """The line, with its line end."""
        members = {
            "url": self.url,
            "mime": self.mime,
            "status": None if self.status is None else str(self.status),
            "digest": self.digest,
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.filename,
            "requestBody": self.request_body,
            "method": self.method,
            "bodyDigest": self.body_digest if self.hides_body else None,
        }
        block = json.dumps({name: value for name, value in members.items() if value is not None})
        return f"{self.urlkey} {self.timestamp} {block}\n".encode("utf-8", "replace")


def parse_line(line: bytes, source: str = "the index") -> CdxjLine:
    """Read a line of any tool's index; *source* is the name of the index for error messages.

    Raises:
        CorruptArchive: the line is not CDXJ.
    """
    try:
        urlkey, timestamp, block = line.rstrip(b"\r\n").split(b" ", 2)
        values = orjson.loads(block)
        status = str(values.get("status") or "")
        return CdxjLine(
            urlkey.decode("utf-8", "replace"),
            timestamp.decode("ascii"),
            str(values["url"]),
            values.get("mime"),
            int(status) if status.isascii() and status.isdecimal() else None,
            values.get("digest"),
            int(values["length"]),
            int(values["offset"]),
            str(values["filename"]),
            values.get("requestBody"),
            values.get("method"),
            values.get("bodyDigest"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorruptArchive(source, f"holds a line that is not CDXJ: {line[:80]!r}", "Index again.") from error
