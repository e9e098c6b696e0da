"""The crawls of a collection: the first one, and each update of it, a row each in the journal.

An update asks again.  It begins, in one transaction, by putting every URL that was asked to rest (state KNOWN) but for
the sources: seeds, sitemaps and feeds, which say what is new.  When they and what is new are done, the known pages are
opened, but for those whose sitemap says that they were not changed since they were captured.  A requisite is asked again
when a page that was stored anew shows it (`Expansion`).  All of that is state of rows: an update that was killed goes on.

What a row needs for it is written down when the update begins: where its latest whole capture lies, whose validators make
the request conditional, and when the URL was last found in order, to hold against lastmod.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from broadsheet.archive.capture import Capture
from broadsheet.crawler.options import UpdateCounts

LISTING = 3  # a page that so many others were found on lists what is new: it is asked whatever a sitemap says
_RETRY_PENALTY = 10_000
_TABLE = """
CREATE TABLE IF NOT EXISTS crawls (
    id INTEGER PRIMARY KEY,
    is_update INTEGER NOT NULL,
    first_warc INTEGER NOT NULL,         -- its captures lie in the files from this id on
    first_row INTEGER NOT NULL,          -- URLs that it found have rows from this id on
    opened INTEGER NOT NULL,             -- 1: known pages are queued
    spared INTEGER NOT NULL DEFAULT 0,   -- known pages that sitemaps called unchanged
    finished INTEGER NOT NULL DEFAULT 0  -- 1: complete, extraction included
)
"""
_COLUMNS = {"warc_id": "INTEGER", "ordinal": "INTEGER", "checked": "INTEGER", "modified": "INTEGER"}
# The latest whole answer of each URL, and when it was last found in order (of a max, SQLite gives the row it stands in).
_NEWEST = """
CREATE TEMP TABLE newest AS SELECT url, max(date) AS date, warc_id, ordinal FROM captures JOIN warcs ON warcs.id = warc_id
    WHERE source IS NULL AND status = 200 AND (record_type = 'revisit' OR record_type = 'response' AND truncated IS NULL)
    GROUP BY url;
CREATE TEMP TABLE checked AS SELECT url, max(date) AS date FROM captures JOIN warcs ON warcs.id = warc_id
    WHERE source IS NULL AND status IN (200, 304) GROUP BY url;
CREATE INDEX temp.newest_url ON newest (url);
CREATE INDEX temp.checked_url ON checked (url);
"""
_REST = f"""
UPDATE frontier SET priority = priority + {_RETRY_PENALTY} * max(tries - 1, 0), tries = 0, error = NULL, modified = NULL,
    state = CASE WHEN state <> 0 THEN 4 ELSE 0 END,
    (warc_id, ordinal) = (SELECT warc_id, ordinal FROM newest WHERE newest.url = frontier.url),
    checked = (SELECT date FROM checked WHERE checked.url = frontier.url)
"""  # noqa: S608 - a number
_SOURCES = "UPDATE frontier SET state = 0 WHERE state = 4 AND (rtrim(hops, 'R') = '' OR rtrim(hops, 'R') LIKE '%I')"
_SPARED = f"""state = 4 AND requisite = 0 AND modified < checked
    AND id NOT IN (SELECT via FROM frontier WHERE requisite = 0 AND via IS NOT NULL GROUP BY via HAVING count(*) >= {LISTING})
"""  # noqa: S608 - a number


@dataclass(frozen=True, slots=True)
class Crawl:
    """A crawl; see the table."""

    id: int
    is_update: bool
    first_warc: int
    opened: bool
    finished: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """The sources of an update are done: the known pages are to be asked, all of them or but for the spared ones."""

    crawl: int
    ask_all: bool

    def apply(self, db: sqlite3.Connection, _capture: Capture | None) -> None:
        """Queue them."""
        spared = 0
        if not self.ask_all:
            db.execute("CREATE TEMP TABLE IF NOT EXISTS spared (id INTEGER PRIMARY KEY)")
            db.execute("DELETE FROM spared")
            spared = db.execute(f"INSERT INTO spared SELECT id FROM frontier WHERE {_SPARED}").rowcount  # noqa: S608
        but = "" if self.ask_all else "AND id NOT IN (SELECT id FROM spared)"
        db.execute(f"UPDATE frontier SET state = 0 WHERE state = 4 AND requisite = 0 {but}")  # noqa: S608
        db.execute("UPDATE crawls SET opened = 1, spared = ? WHERE id = ?", (spared, self.crawl))


def create_crawls(db: sqlite3.Connection) -> None:
    """Add what updates need to a journal with a frontier; a crawl from before there were any is the first."""
    db.execute(_TABLE)
    db.execute("INSERT INTO crawls SELECT 1, 0, 1, 1, 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM crawls)")
    there = {name for _, name, *_ in db.execute("PRAGMA table_info(frontier)")}
    for name, kind in _COLUMNS.items():
        if name not in there:
            db.execute(f"ALTER TABLE frontier ADD COLUMN {name} {kind}")


def latest_crawl(db: sqlite3.Connection) -> Crawl:
    """The crawl that is under way, or was the last."""
    row = db.execute(
        "SELECT id, is_update, first_warc, opened, finished FROM crawls ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return Crawl(row[0], bool(row[1]), row[2], bool(row[3]), bool(row[4]))


def begin_update(db: sqlite3.Connection) -> None:
    """Begin an update of what was crawled so far; within a transaction of the caller."""
    db.execute("DROP TABLE IF EXISTS temp.newest")
    db.execute("DROP TABLE IF EXISTS temp.checked")
    for statement in _NEWEST.split(";"):
        db.execute(statement)
    db.execute(_REST)
    db.execute(_SOURCES)
    db.execute(
        "INSERT INTO crawls (is_update, first_warc, first_row, opened) VALUES (1,"
        " (SELECT coalesce(max(id), 0) + 1 FROM warcs), (SELECT coalesce(max(id), 0) + 1 FROM frontier), 0)"
    )
    db.execute("DROP TABLE temp.newest")
    db.execute("DROP TABLE temp.checked")


def finish_crawl(db: sqlite3.Connection, crawl: int) -> None:
    """Say that the crawl of that id is complete."""
    db.execute("UPDATE crawls SET finished = 1 WHERE id = ?", (crawl,))


def update_counts(db: sqlite3.Connection, crawl: int) -> UpdateCounts:
    """What the update of that id did so far."""
    first_warc, first_row, spared = db.execute(
        "SELECT first_warc, first_row, spared FROM crawls WHERE id = ?", (crawl,)
    ).fetchone()
    asked, stored, unchanged = db.execute(
        "SELECT count(*), coalesce(sum(record_type = 'response' AND status = 200), 0),"
        " coalesce(sum(record_type = 'revisit' AND status IN (200, 304)), 0) FROM captures"
        " WHERE warc_id >= ? AND warc_id IN (SELECT id FROM warcs WHERE source IS NULL) AND record_type <> 'resource'",
        (first_warc,),
    ).fetchone()
    (found,) = db.execute("SELECT count(*) FROM frontier WHERE id >= ?", (first_row,)).fetchone()
    return UpdateCounts(asked, stored, unchanged, spared, found)
