"""An index of WARCs that have none: made by reading them once, kept in a temporary SQLite file, so memory stays flat.

Its entries have the fields of a CDXJ line.  A request record stands before or behind its response; only its method and
body matter, as they are part of the key.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from archive.http import NotHTTP, parse_request_head, remove_transfer_coding
from archive.replay.request_key import request_key
from archive.surt import surt
from archive.warc.reader import DamageHandler, read_records
from archive.warc.record import WarcRecord
from archive.warc.source import WarcSource

_MAX_BLOCK = 64 * 1024  # bytes of a block that are enough to see head and body of a request
_LAST = "\U0010ffff"  # sorts behind all that keys are made of
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class CdxjEntry:
    """One capture: its SURT key, its time in 14 digits (UTC), and where its record lies (bytes)."""

    urlkey: str
    timestamp: str
    url: str
    mime: str | None
    status: int | None
    digest: str | None
    length: int
    offset: int
    filename: str


class ScannedIndex:
    """Captures by key, in a file in *temporary*.  For one thread at a time, whichever."""

    def __init__(self, entries: Iterable[CdxjEntry], temporary: Path) -> None:
        path = temporary / f"scanned-{next(_numbers)}.sqlite"
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE capture (urlkey TEXT, timestamp TEXT, url TEXT, mime TEXT, status INTEGER, digest TEXT,"
            " length INTEGER, offset INTEGER, filename TEXT)",
            "BEGIN",
        ):
            self._database.execute(statement)
        self._database.executemany("INSERT INTO capture VALUES (?,?,?,?,?,?,?,?,?)", map(astuple, entries))
        self._database.execute("COMMIT")
        self._database.execute("CREATE INDEX by_key ON capture (urlkey, timestamp)")

    def lookup(self, urlkey: str) -> list[CdxjEntry]:
        """The captures under exactly this key, the oldest first."""
        query = "SELECT * FROM capture WHERE urlkey = ? ORDER BY timestamp"
        return [CdxjEntry(*row) for row in self._database.execute(query, (urlkey,))]

    def prefix(self, prefix: str, limit: int) -> list[CdxjEntry]:
        """The first *limit* captures whose keys begin with *prefix*, in the order of keys."""
        query = "SELECT * FROM capture WHERE urlkey >= ? AND urlkey < ? ORDER BY urlkey, timestamp LIMIT ?"
        return [CdxjEntry(*row) for row in self._database.execute(query, (prefix, prefix + _LAST, limit))]


def scan(source: WarcSource, on_damage: DamageHandler) -> Iterator[CdxjEntry]:
    """The captures in *source*; what cannot be read is told to *on_damage* and left out.

    Raises:
        BadInput: it is no WARC, or one that cannot be pointed into.
    """
    answer: CdxjEntry | None = None
    answer_id = ""
    request: WarcRecord | None = None
    for record in read_records(source, max_block=_MAX_BLOCK, on_damage=on_damage):
        if record.record_type == "request":
            if answer is not None and _belongs(record, answer.url, answer_id):
                yield _with_request(answer, record)
                answer = None
            else:
                request = record
        elif record.record_type in ("response", "revisit", "resource") and record.url is not None:
            if answer is not None:
                yield answer
            answer, answer_id = _entry(source, record, record.url), record.record_id
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


def _with_request(answer: CdxjEntry, request: WarcRecord) -> CdxjEntry:
    try:
        head = parse_request_head(request.block)
    except NotHTTP:
        return answer
    if head.method == "GET":
        return answer
    body = remove_transfer_coding(request.block[head.head_length :], head)
    return replace(answer, urlkey=request_key(head.method, answer.url, head.get("Content-Type") or "", body))


def _entry(source: WarcSource, record: WarcRecord, url: str) -> CdxjEntry:
    head = record.response_head()
    declared = head.get("Content-Type") if head is not None else record.content_type
    mime = "warc/revisit" if record.record_type == "revisit" else (declared or "").partition(";")[0].strip().lower()
    return CdxjEntry(
        urlkey=surt(url),
        timestamp=f"{record.date:%Y%m%d%H%M%S}" if record.date is not None else "0",
        url=url,
        mime=mime or None,
        status=200 if head is None and record.record_type == "resource" else head.status if head is not None else None,
        digest=record.get("WARC-Payload-Digest"),
        length=record.length,
        offset=record.offset,
        filename=source.name,
    )
