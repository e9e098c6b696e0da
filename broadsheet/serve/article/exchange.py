"""The exchange behind an article: the records as they lie in the WARC, read and verified now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from starlette.requests import Request

from broadsheet.archive.digest import verify_digest
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.pipelines.dataset.record_store import MAX_BYTES
from broadsheet.pipelines.dataset.records import ArticleRow
from broadsheet.serve.article.frame import ArticleHead, article_view, head_of, rows_of
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View

_FOLLOWING = 6  # records after the answer that may be of the same exchange
_SHOWN = 64 * 1024  # characters of a head or a metadata block


@dataclass(frozen=True, slots=True)
class VerifiedDigest:
    """A digest that a record states, and whether it is that of the bytes; None: it cannot be checked here."""

    name: str
    value: str
    holds: bool | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record: its WARC header, the head of its HTTP message or its text, and where it lies (bytes)."""

    record_type: str
    record_id: str
    offset: int
    length: int
    headers: tuple[tuple[str, str], ...]
    http_head: str | None
    text: str | None
    body_bytes: int
    digests: tuple[VerifiedDigest, ...]


@dataclass(frozen=True, slots=True)
class ShownExchange:
    """The records of an exchange; ``fault`` says why they cannot be read."""

    head: ArticleHead
    warc_filename: str
    place: str | None
    offset: int
    length: int
    records: tuple[ShownRecord, ...]
    fault: str | None = None


def exchange_page(served: ServedCollection, request: Request) -> View:
    """Request and response, and what was noted with them."""
    article = rows_of(served, request).article
    place, fault = None, None
    records: tuple[ShownRecord, ...] = ()
    try:
        place = str(served.records.source(article.warc_filename).path)
        records = tuple(_shown(one) for one in _records(served, article))
    except BroadsheetError as error:
        fault = str(error)
    data = ShownExchange(
        head=head_of(served, article),
        warc_filename=article.warc_filename,
        place=place,
        offset=article.warc_record_offset,
        length=article.warc_record_length,
        records=records,
        fault=fault,
    )
    return article_view("exchange.html", data.head, "exchange", data)


def _records(served: ServedCollection, article: ArticleRow) -> Iterator[WarcRecord]:
    store = served.records
    yield store.record(
        article.warc_filename, article.warc_record_offset, article.warc_record_length, article.warc_record_id
    )
    after = article.warc_record_offset + article.warc_record_length
    faults: list[object] = []  # behind what was asked for: not this page's affair
    following = read_records(store.source(article.warc_filename), after, max_block=MAX_BYTES, on_damage=faults.append)
    for record in islice(following, _FOLLOWING):
        if article.warc_record_id in record.get_all("WARC-Concurrent-To"):
            yield record


def _shown(record: WarcRecord) -> ShownRecord:
    head = record.response_head() or record.request_head()
    length = 0 if head is None else head.head_length
    text = None if head is not None else record.block[:_SHOWN].decode("utf-8", "replace")
    return ShownRecord(
        record.record_type,
        record.record_id,
        record.offset,
        record.length,
        record.headers,
        None if head is None else record.block[: min(length, _SHOWN)].decode("latin-1").rstrip("\r\n"),
        text if record.record_type in ("metadata", "warcinfo") else None,
        len(record.block) - length,
        tuple(_digests(record)),
    )


def _digests(record: WarcRecord) -> Iterator[VerifiedDigest]:
    if value := record.get("WARC-Block-Digest"):
        yield VerifiedDigest("WARC-Block-Digest", value, verify_digest(value, [record.block]))
    if value := record.get("WARC-Payload-Digest"):
        if record.record_type == "revisit":
            yield VerifiedDigest("WARC-Payload-Digest", value, None, "of the payload that this revisit refers to")
        else:
            yield VerifiedDigest("WARC-Payload-Digest", value, verify_digest(value, [record.payload()]))
