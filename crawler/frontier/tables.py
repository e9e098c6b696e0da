"""The frontier's tables in the journal, and the changes that an exchange makes to them.

Within a crawl states only move forward: (known ->) queued -> done | failed | refused.  A lease is not written: it lives
in the memory of the one process that holds the collection's lock, so that a kill voids all leases at once.  A change is a
`Completion` or a `Discovery`; the capture log applies it in the transaction that journals the exchange's records.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import to_microseconds
from broadsheet.archive.exchange import is_embedded
from broadsheet.crawler.frontier.crawls import create_crawls

_TABLES = """
CREATE TABLE IF NOT EXISTS frontier (
    id INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL UNIQUE,    -- 16 bytes of the URL's dedupe key
    host TEXT NOT NULL,                  -- host:port as in the URL, lower case
    state INTEGER NOT NULL,
    priority INTEGER NOT NULL,           -- higher goes first
    tries INTEGER NOT NULL DEFAULT 0,
    via INTEGER,                         -- id of the row whose answer named this URL; NULL for seeds
    hops TEXT NOT NULL,                  -- Heritrix's letters from the seed, e.g. "LLR"
    url TEXT NOT NULL,
    error TEXT,                          -- why it failed or was refused
    requisite INTEGER NOT NULL DEFAULT 0 -- 1: part of a page, not a page; 2: such a part, and HTML (a frame)
);
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY,             -- scheme://host:port
    fetched INTEGER NOT NULL,            -- microseconds since 1970, UTC
    status INTEGER,                      -- of the final answer; NULL when there was none
    error TEXT,
    warc_filename TEXT,
    offset INTEGER,
    length INTEGER
) WITHOUT ROWID;
"""


_QUEUE = "CREATE INDEX IF NOT EXISTS frontier_lanes ON frontier (host, requisite, priority DESC, id) WHERE state = 0"
# A journal from before there were requisites; frames were pages then.
_ADD_REQUISITES = """
ALTER TABLE frontier ADD COLUMN requisite INTEGER NOT NULL DEFAULT 0;
UPDATE frontier SET requisite = 1 WHERE rtrim(hops, 'R') LIKE '%E';
DROP INDEX IF EXISTS frontier_queue;
"""


class State(IntEnum):
    """Where a URL stands."""

    QUEUED = 0
    DONE = 1  # an answer is in the archive
    FAILED = 2  # tried as often as allowed, no good answer
    REFUSED = 3  # not asked: robots.txt forbids it, or a private address
    KNOWN = 4  # asked in an earlier crawl, not yet or not at all in this update (crawler/frontier/crawls.py)


@dataclass(frozen=True, slots=True)
class FrontierRow:
    """A URL in the frontier."""

    id: int
    fingerprint: bytes
    host: str
    priority: int
    hops: str
    url: str
    via: int | None = None

    @property
    def depth(self) -> int:
        """Links followed from the seed; redirects and embeds do not count."""
        return self.hops.count("L")

    @property
    def requisite(self) -> bool:
        """Whether it is a part of a page rather than a page."""
        return is_embedded(self.hops)


@dataclass(frozen=True, slots=True)
class Discovery:
    """New URLs."""

    rows: tuple[FrontierRow, ...]

    def apply(self, db: sqlite3.Connection, _capture: Capture | None) -> None:
        """Queue them."""
        insert_rows(db, self.rows)


@dataclass(frozen=True, slots=True)
class Completion:
    """What a try made of a URL, and the URLs that its answer named.  QUEUED means: try again."""

    row_id: int
    host: str
    state: State
    tries: int
    priority: int
    error: str | None = None
    found: tuple[FrontierRow, ...] = ()
    framed: bool = False  # it is a requisite, and HTML: not to be counted as a page
    changed_until: tuple[tuple[bytes, int], ...] = ()  # of known URLs, by fingerprint: microseconds since 1970

    def apply(self, db: sqlite3.Connection, _capture: Capture | None) -> None:
        """Write it: the page's "done" and its children, together."""
        db.execute(
            "UPDATE frontier SET state = ?, tries = ?, priority = ?, error = ? WHERE id = ?",
            (int(self.state), self.tries, self.priority, self.error, self.row_id),
        )
        if self.framed:
            db.execute("UPDATE frontier SET requisite = 2 WHERE id = ?", (self.row_id,))
        if self.changed_until:
            db.executemany("UPDATE frontier SET modified = ?2 WHERE fingerprint = ?1 AND state = 4", self.changed_until)
        insert_rows(db, self.found)


@dataclass(frozen=True, slots=True)
class Requeued:
    """A URL that is done is to be asked for once more."""

    row_id: int

    def apply(self, db: sqlite3.Connection, _capture: Capture | None) -> None:
        """Write it."""
        db.execute("UPDATE frontier SET state = 0 WHERE id = ?", (self.row_id,))


@dataclass(frozen=True, slots=True)
class RobotsFetched:
    """The robots.txt of an origin was asked for, with what outcome."""

    origin: str
    status: int | None
    error: str | None

    def apply(self, db: sqlite3.Connection, capture: Capture | None) -> None:
        """Remember where it lies, so that a continued crawl need not ask again."""
        assert capture is not None
        db.execute(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self.origin,
                to_microseconds(capture.date),
                self.status,
                self.error,
                capture.warc_filename,
                capture.offset,
                capture.length,
            ),
        )


def create_tables(db: sqlite3.Connection) -> None:
    """Add the frontier's tables to a journal that lacks them."""
    db.executescript(_TABLES)
    if not any(name == "requisite" for _, name, *_ in db.execute("PRAGMA table_info(frontier)")):
        db.executescript(_ADD_REQUISITES)
    db.execute(_QUEUE)
    create_crawls(db)


def insert_rows(db: sqlite3.Connection, rows: Iterable[FrontierRow]) -> None:
    """Queue rows that the frontier does not hold yet, or that rest."""
    db.executemany(
        "INSERT INTO frontier (id, fingerprint, host, state, priority, via, hops, url, requisite)"
        " VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = 0 WHERE state = 4",
        [(row.id, row.fingerprint, row.host, row.priority, row.via, row.hops, row.url, row.requisite) for row in rows],
    )
