"""The HTTP response of a capture in the index, revisits resolved (ISO 28500:2017, 6.7).

A revisit with the profile identical-payload-digest gives its own head and the payload of the record that it refers to; one
with the profile server-not-modified (a 304) gives head and payload of that record.  The record is found by
WARC-Refers-To-Target-URI and -Date, else as the capture of the same URL with the same payload digest in any spelling, else by
its id, WARC-Refers-To, or as a capture of another URL with that digest.  One whose digest contradicts the revisit's is none,
as in the dataset (`broadsheet.archive.resolved_response`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from broadsheet.archive.coding import DECODERS, DecodedContent
from broadsheet.archive.digest import canonical, contradict, spellings
from broadsheet.archive.errors import BroadsheetError, CorruptArchive
from broadsheet.archive.http import ResponseHead, decode_content, is_called_chunked_only, is_chunked, read_chunks
from broadsheet.archive.replay.capture_index import CaptureIndex, IndexedCapture
from broadsheet.archive.replay.payload import ChunkDecoder, Payload, Spool
from broadsheet.archive.resource import DOCUMENT_TYPES
from broadsheet.archive.surt import surt
from broadsheet.archive.warc.reader import iterate_block, read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.revisit import Reference
from broadsheet.archive.warc.segments import TRUNCATED, is_first_segment, joined

_IN_MEMORY = 16 * 1024 * 1024  # bytes of a block; a larger one is spooled
_MOST_JOINED = 256 * 1024 * 1024  # bytes of a record that was stored in segments
_PROBE = 65536  # bytes of a payload that show its coding
_CODINGS = frozenset({"gzip", "x-gzip", "br", "deflate", "zstd"})
_NOT_MODIFIED = "server-not-modified"
_NO_ORIGINAL = "it says that nothing had changed, and the capture it refers to is not in this archive"


@dataclass(frozen=True, slots=True)
class CapturedResponse:
    """A response as captured: *head* as it came, *payload* without transfer coding.  *date* is the capture's (UTC), None when
    its record says none."""

    url: str
    date: datetime | None
    head: ResponseHead
    payload: Payload


def declared_codings(captured: CapturedResponse) -> tuple[str, ...]:
    """The content codings in Content-Encoding, in lower case, without those that change nothing."""
    values = captured.head.get_all("Content-Encoding")
    codings = (part.strip().lower() for value in values for part in value.split(","))
    return tuple(coding for coding in codings if coding not in ("", "identity", "none"))


def belies_its_codings(captured: CapturedResponse) -> bool:
    """Whether the payload is not in the codings that it declares: some tools keep the header and store the content decoded."""
    codings = declared_codings(captured)
    if not captured.payload.length or not codings or not _CODINGS.issuperset(codings):
        return False
    return decode_content(captured.payload.slice(0, _PROBE), captured.head, 1).undecodable


def applied_codings(captured: CapturedResponse) -> tuple[str, ...]:
    """Of the content codings that the payload declares those that it is in, in their order: some servers name one twice and
    apply it once, some tools keep the header and store the content decoded.  Where one is not known here all are believed."""
    declared = declared_codings(captured)
    content = captured.payload.slice(0, _PROBE)
    if not _CODINGS.issuperset(declared):
        return declared
    applied: list[str] = []
    for coding in reversed(declared):
        decoded = (
            DECODERS[coding](content, _PROBE) if content else DecodedContent(b"")
        )  # nothing left speaks against it
        if decoded is not None:
            applied.append(coding)
            content = decoded.content
    return tuple(reversed(applied))


def decoded_as_far_as_it_goes(captured: CapturedResponse, most: int) -> Payload:
    """The payload of an answer that `belies_its_codings`: with none of them, or without one that is named twice and was applied
    once.  A payload of more than *most* bytes stays as it is."""
    payload = captured.payload
    beginning = decode_content(payload.slice(0, _PROBE), captured.head, 1).content
    if payload.slice(0, len(beginning)) == beginning or payload.length > most:
        return payload
    return Payload.of(decode_content(payload.slice(0, payload.length), captured.head, most).content)


class Unusable(Exception):
    """The capture cannot answer; ``args[0]`` says why, in words for the reader of a web page."""


def read_response(index: CaptureIndex, capture: IndexedCapture, spool: Spool) -> CapturedResponse:
    """The response that *capture* points to.

    Raises:
        Unusable: the record is damaged or missing, or a revisit whose original is not in the index.
        BroadsheetError: the WARC cannot be opened, or a large payload finds no room.
    """
    record = _read(index, capture)
    if record.record_type == "revisit":
        return _revisited(index, capture, record, spool)
    return _answer(capture, record, spool)


def revisited(index: CaptureIndex, capture: IndexedCapture) -> tuple[ResponseHead | None, IndexedCapture]:
    """The own head of the revisit *capture*, if it has one, and the capture that it refers to, which is not read.

    Raises:
        Unusable: the record is damaged or no revisit, or what it refers to is not in the index.
        BroadsheetError: the WARC cannot be opened.
    """
    record = _read(index, capture)
    original = next(_originals(index, capture, record), None) if record.record_type == "revisit" else None
    if original is None:
        raise Unusable(_NO_ORIGINAL)
    return record.response_head(), original


def _read(index: CaptureIndex, capture: IndexedCapture) -> WarcRecord:
    place = f"{capture.source.name}, offset {capture.line.offset}"
    try:
        record = next(
            read_records(capture.source, capture.line.offset, capture.line.offset + 1, max_block=_IN_MEMORY), None
        )
    except CorruptArchive as error:
        raise Unusable(f"its record is damaged ({error.cause}; {place})") from error
    if record is None or record.record_type not in ("response", "revisit", *DOCUMENT_TYPES):
        raise Unusable(f"the index points to where no answer lies ({place})")
    if not is_first_segment(record):
        return record
    whole = joined(record, capture.source, index.sources_behind(capture.source), _MOST_JOINED)
    if whole.get(TRUNCATED) is not None and record.get(TRUNCATED) is None:
        raise Unusable(f"it was stored in segments, and not all of them are in this archive ({place})")
    if whole.block_truncated:
        raise Unusable(f"it was stored in segments and is larger than can be joined ({whole.block_length:,} bytes)")
    return whole


def _answer(capture: IndexedCapture, record: WarcRecord, spool: Spool) -> CapturedResponse:
    head = record.response_head()
    if head is None and record.is_http:
        raise Unusable("what the server sent is not HTTP")
    if head is None:  # a document: the bytes alone
        kind = (("Content-Type", record.content_type or "application/octet-stream"),)
        head = ResponseHead("HTTP/1.1", 200, "OK", kind, head_length=0)
    return CapturedResponse(record.url or capture.line.url, record.date, head, _payload(capture, record, head, spool))


def _payload(capture: IndexedCapture, record: WarcRecord, head: ResponseHead, spool: Spool) -> Payload:
    if not record.block_truncated:
        return Payload.of(record.payload())
    key = (f"{capture.source.path}/{capture.source.name}", record.offset)
    kept = spool.get(key)
    return kept if kept is not None else spool.put(key, _large_payload(capture, record, head))


def _large_payload(capture: IndexedCapture, record: WarcRecord, head: ResponseHead) -> Iterator[bytes]:
    body = record.block[head.head_length :]
    decoder = ChunkDecoder() if is_chunked(head) and not is_called_chunked_only(body, read_chunks(body)) else None
    skip = head.head_length
    for piece in iterate_block(capture.source, record):
        body = piece[skip:]
        skip = max(0, skip - len(piece))
        yield body if decoder is None else decoder.feed(body)


def _revisited(index: CaptureIndex, capture: IndexedCapture, record: WarcRecord, spool: Spool) -> CapturedResponse:
    for original in _originals(index, capture, record):
        try:
            found = _read(index, original)
            if found.record_type in ("revisit", "conversion"):
                continue
            response = _answer(original, found, spool)
        except (Unusable, BroadsheetError):
            continue
        head = record.response_head()
        if head is None or head.status == 304 or _NOT_MODIFIED in (record.get("WARC-Profile") or ""):
            head = response.head
        return CapturedResponse(record.url or capture.line.url, record.date or response.date, head, response.payload)
    raise Unusable(_NO_ORIGINAL)


def _originals(index: CaptureIndex, capture: IndexedCapture, record: WarcRecord) -> Iterator[IndexedCapture]:
    """The captures that the revisit *record* may refer to, the likeliest first."""
    said = Reference.of(record)
    key = surt(said.url) if said.url else capture.line.urlkey
    candidates = [one for one in index.lookup(key) if one.line.mime != "warc/revisit"]
    if said.url and capture.line.urlkey.find("__wb_method=") >= 0:  # its original is indexed with its body, too
        candidates += [one for one in index.lookup(capture.line.urlkey) if one.line.mime != "warc/revisit"]
    labelled = said.payload_digest
    digests = frozenset(plain_digest(one) for one in spellings(labelled)) if labelled else frozenset()
    stamp = f"{said.date:%Y%m%d%H%M%S}" if said.date else None

    def distance(one: IndexedCapture) -> tuple[bool, bool]:
        return plain_digest(one.line.digest) not in digests, one.line.timestamp[:14] != stamp

    if said.names_nothing:  # the last answer before it
        before = [one for one in candidates if one.line.timestamp[:14] <= capture.line.timestamp[:14]]
        yield from sorted(before, key=lambda one: one.line.timestamp, reverse=True)
    else:
        fitting = (one for one in candidates if not all(distance(one)) and not contradict(labelled, one.line.digest))
        yield from sorted(fitting, key=distance)
        for name in (said.record_id, None if labelled is None else canonical(labelled)):
            found = None if name is None else index.named(name)
            if found is not None and not contradict(labelled, found.line.digest):
                yield found


def plain_digest(digest: str | None) -> str | None:
    """A digest without its label: some indexes leave it out."""
    return digest.rpartition(":")[2].lower() if digest else None
