"""The catalogue: every capture of a collection, in the order of its WARC files.

A capture is listed when a dataset row can be made of it: a response, revisit or resource record, or the metadata record of
an exchange that got no answer.  Requests and other metadata belong to the one before them and are not listed.
"The WARC is the queue": extraction asks the catalogue which ranges of which files are settled, nothing more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from broadsheet.archive.capture import Capture
from broadsheet.archive.journal import connect, transaction

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = "offset, length, record_id, record_type, date, url, status, mime, payload_digest, truncated, error, is_page"
_OF_WARC = "id, filename, source, size, entries, closed, EXISTS (SELECT 1 FROM meta WHERE key = 'conversions')"
_JOINED = ", ".join(f"captures.{name}" for name in _COLUMNS.split(", "))


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A WARC file of the collection.  ``size`` counts bytes and ``entries`` captures that are journalled; ``conversions``:
    pages in conversion records are captures (`Catalogue.conversions`)."""

    id: int
    filename: str
    source: str | None
    size: int
    entries: int
    closed: bool
    conversions: bool = False


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970 of an aware *moment*, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(value: int) -> datetime:
    """The UTC moment of `to_microseconds`."""
    return _EPOCH + timedelta(microseconds=value)


@dataclass(frozen=True, slots=True)
class LatestAnswer:
    """When *url* was last found in order, by an answer with status 200 or 304, and where its latest whole answer lies: the
    file's id and the capture's number in it, or None."""

    url: str
    checked: datetime
    location: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class ExchangeCounts:
    """``exchanges``; the ``pages`` among them with status 200; those ``stored`` with status 200; those ``unchanged``,
    revisits."""

    exchanges: int
    pages: int
    stored: int
    unchanged: int


class Catalogue:
    """Reads and writes the tables ``warcs`` and ``captures`` over one connection; transactions are the caller's.

    One that was opened by `open` is a context manager.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._named_entries: int | None = None  # entries of the catalogue when `_name_answers` read it last

    @classmethod
    def open(cls, journal: Path, *, read_only: bool = False) -> Self:
        """The catalogue in the journal at that path, over a connection of its own.

        Raises:
            BadInput, CorruptArchive: see `broadsheet.archive.journal.connect`.
        """
        return cls(connect(journal, read_only=read_only))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, for tables that commit together with the catalogue."""
        return self._db

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written within, or nothing of it."""
        return transaction(self._db)

    @property
    def conversions(self) -> bool:
        """Whether pages in conversion records are captures in this collection (`broadsheet.archive.resource`)."""
        return self._db.execute("SELECT 1 FROM meta WHERE key = 'conversions'").fetchone() is not None

    def take_conversions(self) -> None:
        """From now on they are: of files that are journalled already nothing is read again."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('conversions', '')")

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
            f"SELECT {_OF_WARC} FROM warcs WHERE filename = ?",  # noqa: S608
            (filename,),
        ).fetchone()
        return None if row is None else _warc_file(row)

    def warcs(self) -> list[WarcFile]:
        """All files, in the order in which they became known."""
        rows = self._db.execute(f"SELECT {_OF_WARC} FROM warcs ORDER BY id")  # noqa: S608
        return [_warc_file(row) for row in rows]

    def append(self, warc: WarcFile, captures: Iterable[Capture], *, size: int, closed: bool = False) -> WarcFile:
        """Add *captures* behind those of *warc* and say how many bytes of it are journalled now."""
        ordinal = warc.entries
        rows, unclear = [], []
        for capture in captures:
            rows.append(_row(warc.id, ordinal, capture))
            if capture.is_page is None:
                unclear.append((ordinal, capture.payload_digest))
            ordinal += 1
        self._db.executemany("INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.settle_pages(warc.id, unclear)
        self._db.execute(
            "UPDATE warcs SET size = ?, entries = ?, closed = ? WHERE id = ?", (size, ordinal, closed, warc.id)
        )
        return replace(warc, size=size, entries=ordinal, closed=closed)

    def settle_pages(self, warc_id: int, unclear: Iterable[tuple[int, str | None]]) -> None:
        """Say of revisits, by ordinal and payload digest, that they are pages if their originals are."""
        self._db.executemany(
            "UPDATE captures SET is_page = 1 WHERE warc_id = ?1 AND ordinal = ?2 AND EXISTS (SELECT 1 FROM captures AS o"
            " WHERE o.payload_digest = ?3 AND o.record_type = 'response' AND o.truncated IS NULL AND o.is_page)",
            [(warc_id, ordinal, digest) for ordinal, digest in unclear if digest is not None],
        )

    def close_own_warcs(self, filename: str | None = None) -> None:
        """Say that nothing will be added to the collection's own file of that name; None: to any of its own."""
        self._db.execute(
            "UPDATE warcs SET closed = 1 WHERE source IS NULL AND filename = coalesce(?, filename)", (filename,)
        )

    def next_warc_id(self) -> int:
        """The least id that the next file may get: captures of the crawl that begins now lie in files from it on."""
        return 1 + int(self._db.execute("SELECT coalesce(max(id), 0) FROM warcs").fetchone()[0])

    def latest_answers(self) -> Iterator[LatestAnswer]:
        """For each URL of the collection's own files that was found in order: when last, and its latest whole answer."""
        whole = "status = 200 AND (record_type = 'revisit' OR record_type = 'response' AND truncated IS NULL)"
        own = "FROM captures JOIN warcs ON warcs.id = warc_id WHERE source IS NULL"
        rows = self._db.execute(  # of a max, SQLite gives the row that it stands in
            f"SELECT url, checked, warc_id, ordinal FROM (SELECT url, max(date) AS checked {own}"  # noqa: S608
            " AND status IN (200, 304) GROUP BY url) LEFT JOIN"
            f" (SELECT url, max(date), warc_id, ordinal {own} AND {whole} GROUP BY url) USING (url)"
        )
        for url, checked, warc_id, ordinal in rows:
            location = None if warc_id is None else (warc_id, ordinal)
            yield LatestAnswer(url, from_microseconds(checked), location)

    def capture_at(self, warc_id: int, ordinal: int) -> Capture | None:
        """The capture number *ordinal* of the file with that id; None when there is no such capture."""
        row = self._db.execute(
            f"SELECT filename, {_JOINED} FROM captures JOIN warcs ON warcs.id = warc_id"  # noqa: S608
            " WHERE warc_id = ? AND ordinal = ?",
            (warc_id, ordinal),
        ).fetchone()
        return None if row is None else _capture(row[0], row[1:])

    def own_exchanges(self, first_warc: int) -> ExchangeCounts:
        """What the exchanges brought that lie in the collection's own files from the id *first_warc* on; what a name
        resolved to is no exchange of a URL."""
        row = self._db.execute(
            "SELECT count(*), coalesce(sum(is_page AND status = 200), 0),"
            " coalesce(sum(record_type = 'response' AND status = 200), 0),"
            " coalesce(sum(record_type = 'revisit' AND status IN (200, 304)), 0) FROM captures"
            " WHERE warc_id >= ? AND warc_id IN (SELECT id FROM warcs WHERE source IS NULL)"
            " AND record_type <> 'resource'",
            (first_warc,),
        ).fetchone()
        return ExchangeCounts(*row)

    def offset_of(self, warc: WarcFile, ordinal: int) -> int | None:
        """Where the capture *ordinal* begins, None when there is no such capture."""
        row = self._db.execute(
            "SELECT offset FROM captures WHERE warc_id = ? AND ordinal = ?", (warc.id, ordinal)
        ).fetchone()
        return None if row is None else int(row[0])

    def captures(self, warc: WarcFile, first: int = 0, stop: int | None = None) -> Iterator[Capture]:
        """The captures *first* to *stop* (not included) of a file, in order."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM captures WHERE warc_id = ? AND ordinal >= ? AND ordinal < ? ORDER BY ordinal",  # noqa: S608
            (warc.id, first, warc.entries if stop is None else stop),
        )
        for row in rows:
            yield _capture(warc.filename, row)

    def latest(self, most: int) -> list[Capture]:
        """The last *most* captures in the collection's own files, the latest first; what a name resolved to is none."""
        found: list[Capture] = []
        for (warc_id,) in self._db.execute("SELECT id FROM warcs WHERE source IS NULL ORDER BY id DESC").fetchall():
            rows = self._db.execute(
                f"SELECT filename, {_JOINED} FROM captures JOIN warcs ON warcs.id = warc_id"  # noqa: S608
                " WHERE warc_id = ? AND coalesce(url, '') NOT LIKE 'dns:%' ORDER BY ordinal DESC LIMIT ?",
                (warc_id, most - len(found)),
            )
            found += [_capture(row[0], row[1:]) for row in rows.fetchall()]
            if len(found) >= most:
                break
        return sorted(found, key=lambda capture: capture.date, reverse=True)

    def payload(self, digest: str, *, own: bool = False, most: int = 100) -> list[Capture]:
        """The responses with that payload digest which are not cut, the first one first; only those in the collection's
        own files if *own*.  At most *most*: of a writer that stores everything again there may be thousands."""
        rows = self._db.execute(
            f"SELECT filename, {_JOINED}"  # noqa: S608
            " FROM captures JOIN warcs ON warcs.id = warc_id WHERE payload_digest = ?"
            " AND record_type = 'response' AND truncated IS NULL AND payload_digest IS NOT NULL"
            f" {'AND source IS NULL' if own else ''} ORDER BY warc_id, ordinal LIMIT {most}",
            (digest,),
        ).fetchall()  # a statement that is not read to its end keeps the journal from being checkpointed
        return [_capture(row[0], row[1:]) for row in rows]

    def answers_named(self, *, record_id: str | None = None, url: str | None = None, most: int = 100) -> list[Capture]:
        """The responses with that id, or of that URL, which are not cut; the first one first, at most *most*.

        For revisits that give no digest.  Few archives have them, so the journal has no index for it: the first question
        makes one in SQLite's temporary store, and others use it until captures are added.
        """
        self._name_answers()
        rows = self._db.execute(
            f"SELECT filename, {_JOINED} FROM temp.named_answers AS named"  # noqa: S608
            " JOIN captures USING (warc_id, ordinal) JOIN warcs ON warcs.id = warc_id"
            f" WHERE named.{'url' if record_id is None else 'record_id'} = ? ORDER BY warc_id, ordinal LIMIT {most}",
            (url if record_id is None else record_id,),
        ).fetchall()
        return [_capture(row[0], row[1:]) for row in rows]

    def _name_answers(self) -> None:
        entries = self._db.execute("SELECT coalesce(sum(entries), 0) FROM warcs").fetchone()[0]
        if entries == self._named_entries:
            return
        self._db.executescript(
            "DROP TABLE IF EXISTS temp.named_answers;"
            "CREATE TEMP TABLE named_answers AS SELECT record_id, url, warc_id, ordinal FROM main.captures"
            " WHERE record_type = 'response' AND truncated IS NULL;"
            "CREATE INDEX temp.named_answers_id ON named_answers (record_id);"
            "CREATE INDEX temp.named_answers_url ON named_answers (url);"
        )
        self._named_entries = entries

    def record_ids(self, prefix: str) -> Iterator[str]:
        """The ids of the captures in the collection's own files whose names begin with *prefix* (no ``%`` or ``_`` in it)."""
        rows = self._db.execute(
            "SELECT record_id FROM captures WHERE warc_id IN (SELECT id FROM warcs WHERE source IS NULL AND filename LIKE ?)",
            (f"{prefix}%",),
        )
        for row in rows:
            yield row[0]

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
            f"SELECT filename, {_JOINED}"  # noqa: S608
            f" FROM captures JOIN warcs ON warcs.id = warc_id WHERE url IN ({','.join('?' * len(wanted))})"
            " ORDER BY filename, ordinal",
            wanted,
        )
        return [_capture(row[0], row[1:]) for row in rows]

    def answers_at(self, path: str) -> list[Capture]:
        """The answers with status 200, revisits too, whose URL ends with *path* (which has no ``%`` or ``_`` of its own),
        by file and offset.  All captures are looked at, in one pass."""
        rows = self._db.execute(
            f"SELECT filename, {_JOINED}"  # noqa: S608
            " FROM captures JOIN warcs ON warcs.id = warc_id"
            " WHERE url LIKE ? AND status = 200 AND record_type IN ('response', 'revisit') ORDER BY filename, ordinal",
            (f"%{path}",),
        )
        return [_capture(row[0], row[1:]) for row in rows]


def _row(warc_id: int, ordinal: int, capture: Capture) -> tuple[object, ...]:
    return (
        warc_id,
        ordinal,
        capture.offset,
        capture.length,
        capture.record_id,
        capture.record_type,
        to_microseconds(capture.date),
        capture.url,
        capture.status,
        capture.mime,
        capture.payload_digest,
        capture.truncated,
        capture.error,
        bool(capture.is_page),
    )


def _warc_file(row: tuple[Any, ...]) -> WarcFile:
    return WarcFile(row[0], row[1], row[2], row[3], row[4], bool(row[5]), bool(row[6]))


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
