"""The HTTP response of a record, complete: of a response record its own, of a revisit one with its original's payload.

The original of a revisit is looked up in the journal, over all files of the collection: a response with the same payload
digest, in any spelling, the one that the revisit names before others; else the record that it names by id, or by URI and
date (ISO 28500:2017, 6.7); of a 304 that names nothing, the last response of its URL before it.  Replay resolves revisits
by URL and date over a CDXJ index instead (`archive/replay/captured_response.py`), because it also serves WARCs that no
journal knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.digest import contradict, spellings
from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.http import ResponseHead
from broadsheet.archive.http_answer import content_beginning, declared_type, is_page, media_type
from broadsheet.archive.locate import source_of
from broadsheet.archive.resource import DOCUMENT_TYPES, is_page_resource
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.revisit import Reference
from broadsheet.archive.warc.segments import is_first_segment, joined

MAX_BLOCK = 128 * 1024 * 1024  # bytes of an original that are read


@dataclass(frozen=True, slots=True)
class ResolvedResponse:
    """The HTTP response of *record*.  ``payload_record`` has the payload: *record* itself, or a revisit's original.

    ``head`` is the capture's own; of a 304, which has nothing to say about a page, the original's.
    """

    record: WarcRecord
    head: ResponseHead
    payload_record: WarcRecord

    @property
    def original_id(self) -> str | None:
        """The id of the record that a revisit took the payload from; None of a response."""
        return None if self.payload_record is self.record else self.payload_record.record_id

    @property
    def media_type(self) -> str:
        """The media type, in lower case, without parameters; "" when nothing tells."""
        framing = self.payload_record.response_head() or self.head
        identified = self.payload_record.get("WARC-Identified-Payload-Type")
        return media_type(
            declared_type(self.head),
            identified,
            lambda: content_beginning(self.payload_record.block, framing, self.head),
        )

    @property
    def is_page(self) -> bool:
        """Whether it is a page (archive/http_answer.py); of a 304: whether what it refers to is one."""
        return is_page(self.head.status, self.media_type)

    def payload(self) -> bytes:
        """The payload: without transfer coding, with content coding."""
        return self.payload_record.payload()


class ResponseResolver:
    """Resolves the records of *collection*; a context manager, because it may open the journal."""

    def __init__(self, collection: Collection, *, max_block: int = MAX_BLOCK) -> None:
        self._collection = collection
        self._max_block = max_block
        self._catalogue: Catalogue | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._catalogue is not None:
            self._catalogue.close()
            self._catalogue = None

    def resolve(self, record: WarcRecord) -> ResolvedResponse | None:
        """The response of *record*; None when it is not HTTP, or when the original of a revisit is not here.

        A page in a resource or conversion record is taken for an answer that had nothing to say but its Content-Type.
        """
        record = self._whole(record)
        head = record.response_head()
        if record.record_type == "response":
            return None if head is None else ResolvedResponse(record, head, record)
        if record.record_type in DOCUMENT_TYPES and is_page_resource(record.url, record.content_type):
            return ResolvedResponse(record, _head_of_resource(record), record)
        if record.record_type != "revisit":
            return None
        original = self._original(record)
        original_head = None if original is None else original.response_head()
        if original is None or original_head is None:
            return None
        return ResolvedResponse(record, original_head if head is None or head.status == 304 else head, original)

    def _whole(self, record: WarcRecord) -> WarcRecord:
        """*record* with its other segments, if it has any."""
        if not is_first_segment(record):
            return record
        catalogue = self._opened()
        warc = catalogue.warc(record.source)
        if warc is None:
            return record
        later = [source_of(self._collection, one) for one in catalogue.warcs() if one.id > warc.id]
        return joined(record, source_of(self._collection, warc), later, self._max_block)

    def _opened(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = Catalogue.open(self._collection.journal, read_only=True)
        return self._catalogue

    def _original(self, revisit: WarcRecord) -> WarcRecord | None:
        catalogue = self._opened()
        for capture in _candidates(revisit, catalogue):
            warc = catalogue.warc(capture.warc_filename)
            if warc is None:
                continue
            source = source_of(self._collection, warc)
            try:
                return self._whole(read_record_at(source, capture.offset, capture.length, max_block=self._max_block))
            except (BroadsheetError, OSError):  # damaged, or gone: another may have the same
                continue
        return None


def _head_of_resource(record: WarcRecord) -> ResponseHead:
    return ResponseHead("HTTP/1.1", 200, "OK", (("Content-Type", record.content_type or ""),), head_length=0)


def _candidates(revisit: WarcRecord, catalogue: Catalogue) -> Iterator[Capture]:
    """The captures that may be the original of *revisit*, the likeliest first."""
    said = Reference.of(revisit)
    digest, url = said.payload_digest, said.url or revisit.url
    for spelling in () if digest is None else spellings(digest):
        yield from _likeliest(said, url, catalogue.payload(spelling))
    if said.record_id is not None:
        yield from _fitting(catalogue.answers_named(record_id=said.record_id), digest)
    if url and said.date is not None:
        of_that_date = [one for one in catalogue.answers_named(url=url) if _second(one.date) == _second(said.date)]
        yield from _fitting(of_that_date, digest)
    head = revisit.response_head()
    if url and said.names_nothing and head is not None and head.status == 304:
        before = [one for one in catalogue.answers_named(url=url) if revisit.date is None or one.date <= revisit.date]
        yield from sorted(before, key=lambda one: one.date, reverse=True)


def _fitting(captures: list[Capture], digest: str | None) -> Iterator[Capture]:
    """The *captures* whose payload digest does not contradict *digest*."""
    return (one for one in captures if not contradict(digest, one.payload_digest))


def _second(moment: datetime) -> datetime:
    """WARC/1.0 and indexes give whole seconds."""
    return moment.replace(microsecond=0)


def _likeliest(said: Reference, url: str | None, candidates: list[Capture]) -> Iterator[Capture]:
    """The *candidates* for the original of a revisit that says so of it, of *url*: the one that it names first."""

    def strangeness(capture: Capture) -> tuple[bool, bool, bool]:
        return capture.record_id != said.record_id, capture.url != url, capture.date != said.date

    yield from sorted(candidates, key=strangeness)
