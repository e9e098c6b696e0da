"""The tables of a Scrapy project in the journal of its collection: the only SQL of its Requests, cookies and items."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.errors import InternalFault
from broadsheet.archive.warc.salvage import SalvagedExchange
from broadsheet.crawler.scrapy_project.changes import (
    CookiesKept,
    ItemKept,
    ItemSchemaKept,
    ItemsPublished,
    RequestEnded,
    RequestFetched,
    RequestQueued,
    RunFinished,
)
from broadsheet.pipelines.capture.submission import Change

_TABLES = (
    """CREATE TABLE IF NOT EXISTS project_requests (
    place INTEGER PRIMARY KEY,           -- the order in which they were queued
    spider TEXT NOT NULL,
    request_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,           -- Scrapy's, hexadecimal; "" of one that is not filtered
    priority INTEGER NOT NULL,
    value TEXT NOT NULL,                 -- the Request as JSON; "" when it is done
    start_place TEXT NOT NULL,           -- host:port of a start Request, where it is private
    done INTEGER NOT NULL DEFAULT 0,
    warc_filename TEXT,                  -- where its answer lies, when it has been fetched
    offset INTEGER,
    length INTEGER,
    UNIQUE (spider, request_id)
)""",
    "CREATE TABLE IF NOT EXISTS project_runs (spider TEXT PRIMARY KEY, finished INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS project_cookies (
    spider TEXT NOT NULL,
    jar TEXT NOT NULL,                   -- meta["cookiejar"] as JSON
    value TEXT NOT NULL,
    PRIMARY KEY (spider, jar)
) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS project_items (
    place INTEGER PRIMARY KEY,           -- the order in which they were kept
    kind TEXT NOT NULL,                  -- name of their type
    item_id TEXT NOT NULL UNIQUE,        -- with spaces: of a run that may be gone on with, and give it again
    value TEXT,                          -- by its columns, as JSON; NULL when a file has it
    part INTEGER                         -- number of that file
)""",
    "CREATE INDEX IF NOT EXISTS project_items_waiting ON project_items (kind, place) WHERE part IS NULL",
    "CREATE TABLE IF NOT EXISTS project_item_schemas (kind TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # the file that is being written, which a kill must not give another number
    "CREATE TABLE IF NOT EXISTS project_item_parts (kind TEXT PRIMARY KEY, part INTEGER NOT NULL) WITHOUT ROWID",
)
_QUEUE = """
INSERT INTO project_requests (spider, request_id, fingerprint, priority, value, start_place) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (spider, request_id) DO NOTHING
"""
_AGAIN = """
UPDATE project_requests SET priority = ?, value = ?, warc_filename = NULL, offset = NULL, length = NULL
WHERE spider = ? AND request_id = ? AND NOT done
"""
_FETCHED = """
UPDATE project_requests SET warc_filename = ?, offset = ?, length = ? WHERE spider = ? AND request_id = ? AND NOT done
"""
_ENDED = "UPDATE project_requests SET done = 1, value = '' WHERE spider = ? AND request_id = ?"


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """A Request of an earlier run.  ``answer`` is where the answer to it lies (file, offset, length), if it was fetched."""

    request_id: str
    fingerprint: str
    priority: int
    value: str
    done: bool
    answer: tuple[str, int, int] | None


class ProjectJournal:
    """The state of a project's spiders, over the connection of *catalogue*."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._db = catalogue.connection

    def prepare(self) -> None:
        """Make the tables that are not there yet."""
        with self.transaction():
            for statement in _TABLES:
                self._db.execute(statement)

    def transaction(self) -> AbstractContextManager[None]:
        """All that is applied within, and what the catalogue is told within, or nothing of it."""
        return self._catalogue.transaction()

    def apply(self, change: Change, capture: Capture | None) -> None:
        """Make *change*; *capture* is where its exchange lies."""
        match change:
            case RequestQueued(again=True):
                self._db.execute(_AGAIN, (change.priority, change.value, change.spider, change.request_id))
            case RequestQueued():
                named = (change.spider, change.request_id, change.fingerprint)
                self._db.execute(_QUEUE, (*named, change.priority, change.value, change.start_place))
            case RequestFetched():
                if capture is not None:
                    place = (capture.warc_filename, capture.offset, capture.length)
                    self._db.execute(_FETCHED, (*place, change.spider, change.request_id))
            case RequestEnded():
                self._db.execute(_ENDED, (change.spider, change.request_id))
            case CookiesKept():
                jar = (change.spider, change.jar, change.value)
                self._db.execute("INSERT OR REPLACE INTO project_cookies VALUES (?, ?, ?)", jar)
            case RunFinished():
                self._finish(change.spider)
            case ItemKept():
                row = (change.kind, change.item_id, change.value)
                self._db.execute("INSERT OR IGNORE INTO project_items (kind, item_id, value) VALUES (?, ?, ?)", row)
            case ItemSchemaKept():
                self._db.execute(
                    "INSERT OR REPLACE INTO project_item_schemas VALUES (?, ?)", (change.kind, change.value)
                )
            case ItemsPublished():
                self._db.execute(
                    "UPDATE project_items SET value = NULL, part = ? WHERE kind = ? AND place <= ? AND part IS NULL",
                    (change.number, change.kind, change.last),
                )
                self._db.execute("DELETE FROM project_items WHERE part IS NOT NULL AND instr(item_id, ' ') = 0")
                self._db.execute(
                    "INSERT OR REPLACE INTO project_item_parts VALUES (?, ?)", (change.kind, change.number)
                )
            case _:
                raise InternalFault("journal", f"a project's journal takes no {type(change).__name__}")

    def _finish(self, spider: str) -> None:
        ids = f"{spider} {self.run(spider)} "
        self._db.execute("DELETE FROM project_requests WHERE spider = ?", (spider,))
        self._db.execute("DELETE FROM project_cookies WHERE spider = ?", (spider,))
        self._db.execute(
            "DELETE FROM project_items WHERE part IS NOT NULL AND substr(item_id, 1, ?) = ?", (len(ids), ids)
        )
        self._db.execute(
            "INSERT INTO project_runs VALUES (?, 1) ON CONFLICT (spider) DO UPDATE SET finished = finished + 1",
            (spider,),
        )

    def run(self, spider: str) -> int:
        """The number of *spider*'s run that is under way."""
        [(finished,)] = self._db.execute(
            "SELECT coalesce(max(finished), 0) FROM project_runs WHERE spider = ?", (spider,)
        )
        return int(finished) + 1

    def salvaged(self, exchange: SalvagedExchange) -> None:
        """A killed run has left *exchange* in the WARC: its Request need not be sent again."""
        request = exchange.provenance.asked_by
        if request is not None and request.request_id and exchange.captures.response is not None:
            self.apply(RequestFetched(request.spider, request.request_id), exchange.captures.main)

    def requests(self, spider: str) -> Iterator[KeptRequest]:
        """The Requests of *spider*'s unfinished run, in the order in which they were queued."""
        rows = self._db.execute(
            "SELECT request_id, fingerprint, priority, value, done, warc_filename, offset, length"
            " FROM project_requests WHERE spider = ? ORDER BY place",
            (spider,),
        )
        for request_id, fingerprint, priority, value, done, filename, offset, length in rows:
            answer = None if filename is None else (filename, offset, length)
            yield KeptRequest(request_id, fingerprint, priority, value, bool(done), answer)

    def start_places(self, spider: str) -> set[str]:
        """The private places that start Requests of *spider*'s unfinished run name."""
        rows = self._db.execute("SELECT DISTINCT start_place FROM project_requests WHERE spider = ?", (spider,))
        return {host for (host,) in rows if host}

    def cookies(self, spider: str) -> list[tuple[str, str]]:
        """Jars of *spider*'s unfinished run, and what is in them."""
        return list(self._db.execute("SELECT jar, value FROM project_cookies WHERE spider = ?", (spider,)))

    def item_schemas(self) -> dict[str, str]:
        """The columns of items, by the name of their type."""
        return dict(self._db.execute("SELECT kind, value FROM project_item_schemas"))

    def items_waiting(self) -> dict[str, int]:
        """How many items are in no file yet, by the name of their type."""
        return dict(self._db.execute("SELECT kind, count(*) FROM project_items WHERE part IS NULL GROUP BY kind"))

    def next_items(self, kind: str, most: int) -> tuple[int, list[str], int]:
        """The number of the next file of *kind*, its rows, and the place of the last of them."""
        [(number,)] = self._db.execute(
            "SELECT coalesce(max(part), 0) + 1 FROM project_item_parts WHERE kind = ?", (kind,)
        )
        rows = self._db.execute(
            "SELECT place, value FROM project_items WHERE kind = ? AND part IS NULL ORDER BY place LIMIT ?",
            (kind, most),
        ).fetchall()
        return number, [value for _, value in rows], rows[-1][0] if rows else 0
