"""Whether a stored record is a page, by the rule of archive/http_answer.py: what the journal keeps of it."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.http_answer import content_beginning, declared_type, is_html, is_page, may_be_html, media_type
from broadsheet.archive.resource import DOCUMENT_TYPES, is_page_resource
from broadsheet.archive.warc.entries import entries_of
from broadsheet.archive.warc.metadata import ExchangeMetadata
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.source import WarcSource

_BLOCK = 64 * 1024  # bytes of a block that tell what it is, and all that a metadata record says before its links
_REACH = 1 << 40  # bytes: as far as an exchange's other records may lie


def page_fact(record: WarcRecord, metadata: ExchangeMetadata | None) -> bool | None:
    """Whether the entry *record* is a page that was fetched for its own sake, by its *metadata* if there is any.

    None of a revisit whose own record does not tell: it is one if what it refers to is one.
    """
    if metadata is not None and not metadata.provenance.document:
        return False
    if record.record_type in DOCUMENT_TYPES:
        return is_page_resource(record.url, record.content_type)
    if record.record_type not in ("response", "revisit"):
        return False
    head = record.response_head()
    if record.record_type == "response":
        return head is not None and is_page(head.status, record_media_type(record))
    if head is None or head.status == 304:
        return None
    declared = declared_type(head)
    if head.status != 200 or not may_be_html(declared):
        return False
    return True if is_html(declared) else None


def record_media_type(record: WarcRecord) -> str:
    """The media type of the HTTP answer in *record*, a response; "" when there is none, or nothing tells."""
    head = record.response_head()
    if head is None:
        return ""
    identified = record.get("WARC-Identified-Payload-Type")
    return media_type(declared_type(head), identified, lambda: content_beginning(record.block, head, head))


def is_page_at(source: WarcSource, offset: int, *, declared: str) -> bool | None:
    """What `page_fact` says of the entry at *offset* of *source*; by its *declared* type when it cannot be read."""
    with suppress(BroadsheetError, OSError):
        records = islice(
            read_records(source, offset, offset + _REACH, max_block=_BLOCK), 4
        )  # answer, request, metadata
        for record, metadata in entries_of(records, conversions=source.conversions):
            return page_fact(record, metadata)
    return is_html(declared)
