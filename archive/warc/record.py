"""The WarcRecord: one record read from a file, the damage found instead of one, and what a record means to us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from broadsheet.archive.capture import UNDATED, Capture
from broadsheet.archive.http import (
    Headers,
    NotHTTP,
    RequestHead,
    ResponseHead,
    parse_request_head,
    parse_response_head,
    remove_transfer_coding,
)
from broadsheet.archive.resource import DOCUMENT_TYPES, is_page_resource
from broadsheet.archive.warc.header import RecordHeader, parse_warc_date
from broadsheet.archive.warc.metadata import parse_metadata

CUT_OFF = "cut off"  # what the reasons of torn records begin with


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a WARC that holds no readable record: *length* bytes at *offset*, both of the file as it lies."""

    source: str
    offset: int
    length: int
    reason: str

    @property
    def is_cut(self) -> bool:
        """Whether the record merely ends too soon, as the last one of a writer that was killed does."""
        return self.reason.startswith(CUT_OFF)


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record as it lies in its file.

    ``headers`` are the named fields in order, as written; ``first`` has the first value of each name in lower case.
    ``url`` is WARC-Target-URI without angle brackets, ``date`` None when it is missing or no date.  ``block`` has at
    most ``max_block`` of the ``block_length`` bytes that Content-Length says.  ``tail`` is what follows the block: two
    CRLFs in a sound record.  ``raw_header`` is the header as bytes, with its blank line.  ``offset`` and ``length``
    are bytes of the file.
    """

    source: str
    version: str
    headers: Headers
    first: dict[str, str] = field(compare=False, repr=False)
    record_type: str
    record_id: str
    date: datetime | None
    url: str | None
    content_type: str | None
    block: bytes
    block_length: int
    tail: bytes
    raw_header: bytes
    offset: int
    length: int
    # parsed once, on demand
    _heads: list[ResponseHead | None] = field(default_factory=list, compare=False, repr=False)
    _asked: list[RequestHead | None] = field(default_factory=list, compare=False, repr=False)

    def get(self, name: str) -> str | None:
        """The first field of that name, in any case."""
        return self.first.get(name.lower())

    def get_all(self, name: str) -> tuple[str, ...]:
        """All fields of that name, in any case."""
        wanted = name.lower()
        if wanted not in self.first:
            return ()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    @property
    def block_truncated(self) -> bool:
        """Whether ``block`` is only the beginning, because of the reader's ``max_block``."""
        return len(self.block) < self.block_length

    @property
    def is_http(self) -> bool:
        """Whether the block is an HTTP message: by its content type, or by its first bytes where that is missing or another."""
        if self.record_type not in ("response", "request", "revisit"):
            return False
        if self.content_type is not None and self.content_type.lower().startswith("application/http"):
            return True
        return self.block.startswith(b"HTTP/")

    def response_head(self) -> ResponseHead | None:
        """Status line and headers of an HTTP answer; None when the block is not one (a request, ``dns:``, garbage)."""
        if not self._heads:
            self._heads.append(self._parsed_head())
        return self._heads[0]

    def _parsed_head(self) -> ResponseHead | None:
        if not self.is_http or self.record_type == "request":
            return None
        try:
            return parse_response_head(self.block)
        except NotHTTP:
            return None

    def request_head(self) -> RequestHead | None:
        """Request line and headers of an HTTP request; None when the block is not one."""
        if not self._asked:
            self._asked.append(self._parsed_request())
        return self._asked[0]

    def _parsed_request(self) -> RequestHead | None:
        if not self.is_http or self.record_type != "request":
            return None
        try:
            return parse_request_head(self.block)
        except NotHTTP:
            return None

    def payload(self) -> bytes:
        """The payload: of an HTTP message the body without transfer coding, of anything else the block."""
        head = self.request_head() if self.record_type == "request" else self.response_head()
        if head is None:
            return self.block
        return remove_transfer_coding(self.block[head.head_length :], head)


def make_record(
    header: RecordHeader, block: bytes, block_length: int, *, source: str, tail: bytes, offset: int, end: int
) -> WarcRecord:
    """The record that *header* and *block* are."""
    first = header.first
    url = first.get("warc-target-uri")
    if url is not None and url.startswith("<") and url.endswith(">"):  # the standard's own examples of 1.0 do that
        url = url[1:-1]
    return WarcRecord(
        source=source,
        version=header.version,
        headers=header.fields,
        first=first,
        record_type=first.get("warc-type", "").lower(),
        record_id=first.get("warc-record-id", ""),
        date=parse_warc_date(first.get("warc-date", "")),
        url=url,
        content_type=first.get("content-type"),
        block=block,
        block_length=block_length,
        tail=tail,
        raw_header=header.raw,
        offset=offset,
        length=end - offset,
    )


def is_entry(record: WarcRecord, *, conversions: bool = False) -> bool:
    """Whether *record* stands for a capture: an answer, or the metadata record of an exchange that got none; with *conversions*
    also a page in a conversion record."""
    if record.record_type in ("response", "revisit", "resource"):
        return True
    if record.record_type == "conversion":
        return conversions and is_page_resource(record.url, record.content_type)
    if record.record_type != "metadata" or b"fetchError" not in record.block:
        return False
    metadata = parse_metadata(record.block)
    return metadata.error is not None and metadata.without_response


def capture_of(record: WarcRecord, warc_filename: str, *, is_page: bool | None = False) -> Capture:
    """The catalogue's view of *record*, which lies in *warc_filename*; a record without a date is `UNDATED`.

    *is_page* is what `archive.warc.entries.page_fact` says of an entry.
    """
    head = record.response_head()
    error = None
    if record.record_type == "metadata" and is_entry(record):
        error = parse_metadata(record.block).error
    declared = (
        head.get("Content-Type") if head else record.content_type if record.record_type in DOCUMENT_TYPES else None
    )
    return Capture(
        warc_filename=warc_filename,
        offset=record.offset,
        length=record.length,
        record_id=record.record_id,
        record_type=record.record_type,
        date=record.date or UNDATED,
        url=record.url,
        status=None if head is None else head.status,
        mime=(declared or "").partition(";")[0].strip().lower() or None,
        block_digest=record.get("WARC-Block-Digest"),
        payload_digest=record.get("WARC-Payload-Digest"),
        truncated=record.get("WARC-Truncated"),
        error=error,
        is_page=is_page,
    )
