"""The catalogue: every capture of a collection, in the order of its WARC files.

An *entry* is what a dataset row can be made of: a response, revisit or resource record, or the metadata record of an
exchange that got no answer.  Requests and other metadata belong to the entry before them and are not listed.
"The WARC is the queue": extraction asks the catalogue which ranges of which files are settled, nothing more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet.archive.capture import Capture

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = "offset, length, record_id, record_type, date, url, status, mime, payload_digest, truncated, error, is_page"


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A WARC file of the collection.  ``size`` and ``entries`` count what is journalled."""

    id: int
    filename: str
    source: str | None
    size: int
    entries: int
    closed: bool


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970 of an aware *moment*, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(value: int) -> datetime:
    """The UTC moment of `to_microseconds`."""
    return _EPOCH + timedelta(microseconds=value)


class Catalogue:
    """Reads and writes the tables ``warcs`` and ``captures`` over one connection; transactions are the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within, or nothing of it."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk has rolled it back already
                self._db.execute("ROLLBACK")
            raise

    def add_warc(self, filename: str, source: str | None = None) -> WarcFile:
        """Make a file known; a file already known is returned as it is."""
        self._db.execute(
            "INSERT INTO warcs (filename, source) VALUES (?, ?) ON CONFLICT (filename) DO NOTHING", (filename, source)
        )
        found = self.warc(filename)
        assert found is not None
        return found

    def warc(self, filename: str) -> WarcFile | None:
        """The file of that name."""
        row = self._db.execute(
            "SELECT id, filename, source, size, entries, closed FROM warcs WHERE filename = ?", (filename,)
        ).fetchone()
        return None if row is None else _warc_file(row)

    def warcs(self) -> list[WarcFile]:
        """All files, in the order in which they became known."""
        rows = self._db.execute("SELECT id, filename, source, size, entries, closed FROM warcs ORDER BY id")
        return [_warc_file(row) for row in rows]

    def append(self, warc: WarcFile, entries: Iterable[Capture], *, size: int, closed: bool = False) -> WarcFile:
        """Add *entries* behind those of *warc* and say how many bytes of it are journalled now."""
        ordinal = warc.entries
        rows, unclear = [], []
        for entry in entries:
            rows.append(_row(warc.id, ordinal, entry))
            if entry.is_page is None:
                unclear.append((ordinal, entry.payload_digest))
            ordinal += 1
        self._db.executemany("INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.settle_pages(warc.id, unclear)
        self._db.execute(
            "UPDATE warcs SET size = ?, entries = ?, closed = ? WHERE id = ?", (size, ordinal, closed, warc.id)
        )
        return WarcFile(warc.id, warc.filename, warc.source, size, ordinal, closed)

    def settle_pages(self, warc_id: int, unclear: Iterable[tuple[int, str | None]]) -> None:
        """Say of revisits, by ordinal and payload digest, that they are pages if their originals are."""
        self._db.executemany(
            "UPDATE captures SET is_page = 1 WHERE warc_id = ?1 AND ordinal = ?2 AND EXISTS (SELECT 1 FROM captures AS o"
            " WHERE o.payload_digest = ?3 AND o.record_type = 'response' AND o.truncated IS NULL AND o.is_page)",
            [(warc_id, ordinal, digest) for ordinal, digest in unclear if digest is not None],
        )

    def offset_of(self, warc: WarcFile, ordinal: int) -> int | None:
        """Where the entry *ordinal* begins, None when there is no such entry."""
        row = self._db.execute(
            "SELECT offset FROM captures WHERE warc_id = ? AND ordinal = ?", (warc.id, ordinal)
        ).fetchone()
        return None if row is None else int(row[0])

    def captures(self, warc: WarcFile, first: int = 0, stop: int | None = None) -> Iterator[Capture]:
        """The entries *first* to *stop* (not included) of a file, in order."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM captures WHERE warc_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal",  # noqa: S608
            (warc.id, first, warc.entries if stop is None else stop),
        )
        for row in rows:
            yield _capture(warc.filename, row)

    def payload(self, digest: str, *, own: bool = False, most: int = 100) -> list[Capture]:
        """The responses with that payload digest which are not cut, the first one first; only those in the collection's
        own files if *own*.  At most *most*: of a writer that stores everything again there may be thousands."""
        rows = self._db.execute(
            f"SELECT filename, {', '.join(f'captures.{name}' for name in _COLUMNS.split(', '))}"  # noqa: S608
            " FROM captures JOIN warcs ON warcs.id = warc_id WHERE payload_digest = ?"
            " AND record_type = 'response' AND truncated IS NULL AND payload_digest IS NOT NULL"
            f" {'AND source IS NULL' if own else ''} ORDER BY warc_id, ordinal LIMIT {most}",
            (digest,),
        ).fetchall()  # a statement that is not read to its end keeps the journal from being checkpointed
        return [_capture(row[0], row[1:]) for row in rows]

    def payloads(self) -> Iterator[str]:
        """The payload digests of the responses that are not cut."""
        rows = self._db.execute(
            "SELECT payload_digest FROM captures WHERE record_type = 'response' AND truncated IS NULL"
            " AND payload_digest IS NOT NULL"
        )
        for row in rows:
            yield row[0]

    def urls(self, containing: str) -> Iterator[str]:
        """The different URLs captured that have the text *containing* in them; all captures are looked at."""
        rows = self._db.execute(
            "SELECT DISTINCT url FROM captures WHERE url IS NOT NULL AND instr(lower(url), ?) > 0 ORDER BY url",
            (containing.lower(),),
        )
        for row in rows:
            yield row[0]

    def pages(self, containing: str) -> Iterator[str]:
        """Those of `urls` that are pages."""
        rows = self._db.execute(
            "SELECT DISTINCT url FROM captures WHERE instr(lower(url), ?) > 0 AND is_page ORDER BY url",
            (containing.lower(),),
        )
        for row in rows:
            yield row[0]

    def captures_of(self, urls: Iterable[str]) -> list[Capture]:
        """The captures of these very *urls*, by file and offset; all captures are looked at."""
        wanted = list(urls)
        rows = self._db.execute(
            f"SELECT filename, {', '.join(f'captures.{name}' for name in _COLUMNS.split(', '))}"  # noqa: S608
            f" FROM captures JOIN warcs ON warcs.id = warc_id WHERE url IN ({','.join('?' * len(wanted))})"
            " ORDER BY filename, ordinal",
            wanted,
        )
        return [_capture(row[0], row[1:]) for row in rows]

    def answers_at(self, path: str) -> list[Capture]:
        """The answers with status 200, revisits too, whose URL ends with *path* (which has no ``%`` or ``_`` of its own),
        by file and offset.  All captures are looked at, in one pass."""
        rows = self._db.execute(
            f"SELECT filename, {', '.join(f'captures.{name}' for name in _COLUMNS.split(', '))}"  # noqa: S608
            " FROM captures JOIN warcs ON warcs.id = warc_id"
            " WHERE url LIKE ? AND status = 200 AND record_type IN ('response', 'revisit') ORDER BY filename, ordinal",
            (f"%{path}",),
        )
        return [_capture(row[0], row[1:]) for row in rows]


def _row(warc_id: int, ordinal: int, entry: Capture) -> tuple[object, ...]:
    return (
        warc_id,
        ordinal,
        entry.offset,
        entry.length,
        entry.record_id,
        entry.record_type,
        to_microseconds(entry.date),
        entry.url,
        entry.status,
        entry.mime,
        entry.payload_digest,
        entry.truncated,
        entry.error,
        bool(entry.is_page),
    )


def _warc_file(row: tuple[Any, ...]) -> WarcFile:
    return WarcFile(row[0], row[1], row[2], row[3], row[4], bool(row[5]))


def _capture(filename: str, row: tuple[Any, ...]) -> Capture:
    offset, length, record_id, record_type, date, url, status, mime, digest, truncated, error, page = row
    return Capture(
        warc_filename=filename,
        offset=offset,
        length=length,
        record_id=record_id,
        record_type=record_type,
        date=from_microseconds(date),
        url=url,
        status=status,
        mime=mime,
        payload_digest=digest,
        truncated=truncated,
        error=error,
        is_page=bool(page),
    )
