"""The CDXJ lines of a WARC, made in one pass that reads no more of each block than it needs.

A request record stands before or behind its response; only its method and body matter, as they are part of the key.
Indexed are responses, revisits, resources, and metadata records that hold a document of their own (cdxj-indexer's choice);
pages in conversion records where these are captures (`WarcSource.conversions`).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha1

from broadsheet.archive.cdxj.line import CdxjLine, index_timestamp
from broadsheet.archive.cdxj.request_key import BODIED, body_digest, request_key, request_query
from broadsheet.archive.http import NotHTTP, parse_request_head, remove_transfer_coding
from broadsheet.archive.resource import DOCUMENT_TYPES
from broadsheet.archive.surt import surt
from broadsheet.archive.warc.reader import DamageHandler, iterate_block, read_records
from broadsheet.archive.warc.record import WarcRecord, is_entry
from broadsheet.archive.warc.source import WarcSource

_MAX_BLOCK = 64 * 1024  # bytes of a block that are enough to see head and body of a request
_FIELDS = "application/warc-fields"


def warc_lines(source: WarcSource, on_damage: DamageHandler) -> Iterator[CdxjLine]:
    """A line for each capture in *source*; damage is reported to *on_damage* and left out.

    Raises:
        BadInput: it is no WARC, or one that cannot be pointed into.
    """
    answer: CdxjLine | None = None
    answer_id = ""
    request: WarcRecord | None = None
    for record in read_records(source, max_block=_MAX_BLOCK, on_damage=on_damage):
        if record.record_type == "request":
            if answer is not None and _belongs(record, answer.url, answer_id):
                yield _with_request(answer, record)
                answer = None
            else:
                request = record
        elif _is_indexed(record, source) and record.url is not None:
            if answer is not None:
                yield answer
            answer, answer_id = line_of(source, record, record.url), record.record_id
            if request is not None and _belongs(request, record.url, answer_id, record.get_all("WARC-Concurrent-To")):
                yield _with_request(answer, request)
                answer = None
            request = None
    if answer is not None:
        yield answer


def _belongs(request: WarcRecord, url: str, answer_id: str, named: tuple[str, ...] = ()) -> bool:
    """Whether *request* is that of the neighbouring answer; either names the other, or neither names any."""
    concurrent = request.get_all("WARC-Concurrent-To")
    linked = answer_id in concurrent or request.record_id in named
    return request.url == url and (linked or not (concurrent or named))


def _with_request(answer: CdxjLine, request: WarcRecord) -> CdxjLine:
    try:
        head = parse_request_head(request.block)
    except NotHTTP:
        return answer
    if head.method == "GET":
        return answer
    body = remove_transfer_coding(request.block[head.head_length :], head)
    content_type = head.get("Content-Type") or ""
    return replace(
        answer,
        urlkey=request_key(head.method, answer.url, content_type, body),
        request_body=request_query(head.method, content_type, body) if head.method in BODIED else None,
        method=head.method,
        body_digest=body_digest(content_type, body),
    )


def _is_indexed(record: WarcRecord, source: WarcSource) -> bool:
    if record.record_type in ("resource", "metadata"):
        return record.content_type != _FIELDS
    return is_entry(record, conversions=source.conversions)


def line_of(source: WarcSource, record: WarcRecord, url: str) -> CdxjLine:
    """The line of *record*, a capture of *url* in *source*, as that of a GET."""
    head = record.response_head()
    declared = head.get("Content-Type") if head is not None else record.content_type
    mime = "warc/revisit" if record.record_type == "revisit" else (declared or "").partition(";")[0].strip().lower()
    return CdxjLine(
        urlkey=surt(url),
        timestamp=index_timestamp(record.date),
        url=url,
        mime=mime or None,
        status=200
        if head is None and record.record_type in DOCUMENT_TYPES
        else head.status
        if head is not None
        else None,
        digest=record.get("WARC-Payload-Digest") or _digest(source, record),
        length=record.length,
        offset=record.offset,
        filename=source.name,
    )


def _digest(source: WarcSource, record: WarcRecord) -> str:
    """The payload digest that the writer did not give: of the body as it lies in the block."""
    head = record.response_head()
    left = head.head_length if head is not None else 0
    made = sha1(usedforsecurity=False)
    for piece in iterate_block(source, record):
        made.update(piece[left:])
        left = max(0, left - len(piece))
    return f"sha1:{base64.b32encode(made.digest()).decode()}"
