"""A capture -> the HTTP answer it holds, revisits resolved (ISO 28500:2017, 6.7).

A revisit of the profile identical-payload-digest gives its own head and the payload of the record it refers to; one of
the profile server-not-modified (the server said 304) gives head and payload of that record.  The record is found by
WARC-Refers-To-Target-URI and -Date, else as the capture of the same address with the same payload digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from broadsheet.archive.errors import BroadsheetError, CorruptArchive
from broadsheet.archive.http import ResponseHead, is_chunked
from broadsheet.archive.replay.holdings import Held, Holdings
from broadsheet.archive.replay.payload import ChunkDecoder, Payload, Spool
from broadsheet.archive.surt import surt
from broadsheet.archive.warc.header import parse_warc_date
from broadsheet.archive.warc.reader import iterate_block, read_records
from broadsheet.archive.warc.record import WarcRecord

_IN_MEMORY = 16 * 1024 * 1024  # bytes of a block; a larger one is spooled
_MOST = 256 * 1024 * 1024  # bytes of a block of a .warc.zst, which cannot be read piecemeal
_NOT_MODIFIED = "server-not-modified"
_NOTHING_HERE = "it says that nothing had changed, and the capture it refers to is not in this archive"


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as captured: *head* as it came, *payload* without transfer coding.  *date* is the capture's (UTC)."""

    url: str
    date: datetime
    head: ResponseHead
    payload: Payload


class Unusable(Exception):
    """The capture cannot answer; ``args[0]`` says why, in words for the reader of a web page."""


def read_stored(holdings: Holdings, held: Held, spool: Spool) -> Stored:
    """The answer that *held* points to.

    Raises:
        Unusable: the record is damaged or missing, or a revisit of nothing we hold.
        BroadsheetError: the WARC cannot be opened, or a large payload finds no room.
    """
    record = _read(held)
    if record.record_type == "revisit":
        return _revisited(holdings, held, record, spool)
    return _answer(held, record, spool)


def revisited(holdings: Holdings, held: Held) -> tuple[ResponseHead | None, Held]:
    """Of the revisit *held*: its own head, if it has one, and the capture that it refers to, which is not read.

    Raises:
        Unusable: the record is damaged or no revisit, or refers to nothing we hold.
        BroadsheetError: the WARC cannot be opened.
    """
    record = _read(held)
    original = next(_originals(holdings, held, record), None) if record.record_type == "revisit" else None
    if original is None:
        raise Unusable(_NOTHING_HERE)
    return record.response_head(), original


def _read(held: Held) -> WarcRecord:
    place = f"{held.source.name}, offset {held.entry.offset}"
    most = _MOST if held.source.name.endswith(".zst") else _IN_MEMORY
    try:
        record = next(read_records(held.source, held.entry.offset, held.entry.offset + 1, max_block=most), None)
    except CorruptArchive as error:
        raise Unusable(f"its record is damaged ({error.cause}; {place})") from error
    if record is None or record.record_type not in ("response", "resource", "revisit"):
        raise Unusable(f"the index points to where no answer lies ({place})")
    return record


def _answer(held: Held, record: WarcRecord, spool: Spool) -> Stored:
    date = record.date or datetime.min.replace(tzinfo=UTC)
    head = record.response_head()
    if head is None and record.is_http:
        raise Unusable("what the server sent is not HTTP")
    if head is None:  # a resource record: the bytes alone
        kind = (("Content-Type", record.content_type or "application/octet-stream"),)
        head = ResponseHead("HTTP/1.1", 200, "OK", kind, head_length=0)
    return Stored(record.url or held.entry.url, date, head, _payload(held, record, head, spool))


def _payload(held: Held, record: WarcRecord, head: ResponseHead, spool: Spool) -> Payload:
    if not record.block_truncated:
        return Payload.of(record.payload())
    if held.source.name.endswith(".zst"):
        raise Unusable(f"it is larger than can be read from a .warc.zst ({record.block_length:,} bytes)")
    key = (f"{held.source.path}/{held.source.name}", record.offset)
    kept = spool.get(key)
    return kept if kept is not None else spool.put(key, _large_payload(held, record, head))


def _large_payload(held: Held, record: WarcRecord, head: ResponseHead) -> Iterator[bytes]:
    decoder = ChunkDecoder() if is_chunked(head) else None
    skip = head.head_length
    for piece in iterate_block(held.source, record):
        body = piece[skip:]
        skip = max(0, skip - len(piece))
        yield body if decoder is None else decoder.feed(body)


def _revisited(holdings: Holdings, held: Held, record: WarcRecord, spool: Spool) -> Stored:
    for original in _originals(holdings, held, record):
        try:
            found = _read(original)
            if found.record_type == "revisit":
                continue
            stored = _answer(original, found, spool)
        except (Unusable, BroadsheetError):
            continue
        head = record.response_head()
        if head is None or head.status == 304 or _NOT_MODIFIED in (record.get("WARC-Profile") or ""):
            head = stored.head
        return Stored(record.url or held.entry.url, record.date or stored.date, head, stored.payload)
    raise Unusable(_NOTHING_HERE)


def _originals(holdings: Holdings, held: Held, record: WarcRecord) -> Iterator[Held]:
    """The captures a revisit may mean, the surest first."""
    target = record.get("WARC-Refers-To-Target-URI")
    date = parse_warc_date(record.get("WARC-Refers-To-Date") or "")
    key = surt(target.strip("<>")) if target else held.entry.urlkey
    candidates = [one for one in holdings.lookup(key) if one.entry.mime != "warc/revisit"]
    if target and held.entry.urlkey.find("__wb_method=") >= 0:  # its original is indexed with its body, too
        candidates += [one for one in holdings.lookup(held.entry.urlkey) if one.entry.mime != "warc/revisit"]
    digest = plain_digest(record.get("WARC-Payload-Digest"))
    stamp = f"{date:%Y%m%d%H%M%S}" if date else None

    def distance(one: Held) -> tuple[bool, bool]:
        return plain_digest(one.entry.digest) != digest, one.entry.timestamp[:14] != stamp

    if date is None and digest is None:  # a 304 noted without saying of what: the last answer before it
        before = [one for one in candidates if one.entry.timestamp[:14] <= held.entry.timestamp[:14]]
        yield from sorted(before, key=lambda one: one.entry.timestamp, reverse=True)
    else:
        yield from sorted((one for one in candidates if not all(distance(one))), key=distance)


def plain_digest(digest: str | None) -> str | None:
    """A digest without its label: some indexes leave it out."""
    return digest.rpartition(":")[2].lower() if digest else None
