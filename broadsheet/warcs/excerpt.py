"""An excerpt of an archive: the records of some pages and of what these need to be shown, in one WARC of their own.

Records are taken as they are, with their requests and metadata, and the originals of revisits with them; so digests and ids are
those of the archive, and whoever has both can tell that they are the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from typing import IO
from urllib.parse import urljoin

from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.replay.capture_index import CaptureIndex, IndexedCapture
from broadsheet.archive.replay.captured_response import Unusable, revisited
from broadsheet.archive.replay.lookup import find
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.serialise import WARC_FIELDS, gzip_member, record_bytes, warc_date, warc_fields
from broadsheet.check.documents import DocumentReader
from broadsheet.check.page_requisites import all_requisites

_LEVEL = 2
_REDIRECTS = 5
_MOST_REQUISITES = 400  # of a page
_FOLLOWING = 6  # records after an answer that may be of its exchange
_MOST_BLOCK = 2**31  # bytes


@dataclass(frozen=True, slots=True)
class WantedPage:
    """A page to take: its *url*, and when it was captured."""

    url: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What was written; ``missing``: pages whose records are not there."""

    pages: int
    records: int
    missing: int


def write_excerpt(
    index: CaptureIndex, spool: Spool, pages: Iterable[WantedPage], file: IO[bytes], name: str
) -> Excerpt:
    """Write the records of *pages*, and of what they need, to *file*, which is called *name*.

    Raises:
        BroadsheetError: a WARC cannot be read.
    """
    file.writelines(gzip_member(_warcinfo(name), _LEVEL))
    taken: set[tuple[str, int]] = set()
    count = records = missing = 0
    for page in pages:
        captures = list(_captures(index, page.url, page.moment))
        if not captures:
            missing += 1
            continue
        count += 1
        documents = DocumentReader(Replay(index, spool, page.moment))
        for requisite in islice(
            all_requisites(documents.read(page.url), documents, _MOST_REQUISITES), _MOST_REQUISITES
        ):
            captures += _captures(index, requisite.url, page.moment)
        for record in _new_records(index, captures, taken):
            file.writelines(gzip_member([record.raw_header, record.block, record.tail], _LEVEL))
            records += 1
    return Excerpt(count, records, missing)


def _captures(index: CaptureIndex, url: str, moment: datetime) -> Iterator[IndexedCapture]:
    """The capture that answers *url* at *moment*, and those that its redirects lead to."""
    for _ in range(_REDIRECTS):
        match = next(find(index, ReplayRequest("GET", url), moment), None)
        if match is None:
            return
        yield match.capture
        location = _location(match.capture)
        if location is None:
            return
        try:
            url = urljoin(url, location).partition("#")[0]
        except ValueError:
            return


def _location(capture: IndexedCapture) -> str | None:
    if capture.line.status is None or not 300 <= capture.line.status < 400 or capture.line.status == 304:
        return None
    record = next(read_records(capture.source, capture.line.offset, capture.line.offset + 1), None)
    head = None if record is None else record.response_head()
    return None if head is None else head.reference("Location")


def _new_records(
    index: CaptureIndex, captures: Iterable[IndexedCapture], taken: set[tuple[str, int]]
) -> Iterator[WarcRecord]:
    for capture in captures:
        if capture.line.mime == "warc/revisit":
            with suppress(Unusable, BroadsheetError):  # the original is not here: the revisit says so itself
                yield from _exchange(revisited(index, capture)[1], taken)
        yield from _exchange(capture, taken)


def _exchange(capture: IndexedCapture, taken: set[tuple[str, int]]) -> Iterator[WarcRecord]:
    """The answer of *capture* and the records that are concurrent to it, if they were not taken yet."""
    if (capture.source.name, capture.line.offset) in taken:
        return
    taken.add((capture.source.name, capture.line.offset))
    following = read_records(capture.source, capture.line.offset, max_block=_MOST_BLOCK, on_damage=lambda _damage: None)
    answer = None
    for record in islice(following, _FOLLOWING):
        if answer is None:
            answer = record
            yield record
        elif answer.record_id in record.get_all("WARC-Concurrent-To"):
            yield record
        else:
            return


def _warcinfo(name: str) -> list[bytes]:
    block = warc_fields([
        ("software", f"broadsheet/{version('broadsheet')}"), ("format", "WARC File Format 1.1"),
        ("description", "an excerpt: records of some pages and of what they need, as they are in the archive"),
    ])  # fmt: skip
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>"),
        ("WARC-Date", warc_date(datetime.now(UTC))),
        ("WARC-Filename", name),
        ("Content-Type", WARC_FIELDS),
    ]
    return record_bytes(fields, block)
