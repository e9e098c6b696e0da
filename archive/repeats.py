"""Captures whose record id stands in the catalogue before them: an exchange that came in twice, or another one under its id.

A WARC and the WACZ that holds it, a copy by another name, a file joined to itself: the same records under other paths.  ISO
28500:2017, 5.2 wants record ids to be unique, so what has the id, type, URL, date, status and payload digest of an earlier
capture is that capture, and has no row of its own (a digest that one of them does not give says nothing).  Writers that give
one id to different exchanges exist, too; each of these has a row, whose id says which of them it is.

What is earlier goes by file, in the order in which files became known, then by place, so it never changes when files are added.
"""

from __future__ import annotations

import sqlite3

from broadsheet.archive.catalogue import Catalogue, WarcFile

SAME = 0  # the number of a capture that came in before; others are numbered from 2
_SETTLED = "repeats_of_captures"  # in the table meta: how many captures there were when repeats were looked for last
_TABLE = """CREATE TABLE IF NOT EXISTS repeats (
    warc_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (warc_id, ordinal)
) WITHOUT ROWID"""
_FIND = """
INSERT INTO repeats
WITH named AS (
    SELECT warc_id, ordinal, record_id, record_type, date, url, status, payload_digest FROM captures
    WHERE record_id IN (SELECT record_id FROM captures GROUP BY record_id HAVING count(*) > 1)
), told AS (
    SELECT *, coalesce(payload_digest, max(payload_digest) OVER (
        PARTITION BY record_id, record_type, date, url, status
    ), CASE WHEN record_id = '' THEN warc_id || '/' || ordinal END) AS digest FROM named
), grouped AS (
    SELECT warc_id, ordinal, record_id, warc_id * 4294967296 + ordinal AS place,
        min(warc_id * 4294967296 + ordinal) OVER (PARTITION BY record_id, record_type, date, url, status, digest) AS first
    FROM told
), ranked AS (
    SELECT warc_id, ordinal, place, first, dense_rank() OVER (PARTITION BY record_id ORDER BY first) AS rank FROM grouped
)
SELECT warc_id, ordinal, CASE WHEN place <> first THEN 0 ELSE rank END FROM ranked WHERE place <> first OR rank > 1
"""


def find_repeats(catalogue: Catalogue) -> None:
    """Look for repeats among all captures, if any were added since it was done last.  It sorts them by id: some seconds a
    million, in SQLite's temporary files."""
    db = catalogue.connection
    captures = str(db.execute("SELECT coalesce(sum(entries), 0) FROM warcs").fetchone()[0])
    settled = db.execute("SELECT value FROM meta WHERE key = ?", (_SETTLED,)).fetchone()
    if settled is not None and settled[0] == captures:
        return
    with catalogue.transaction():
        db.execute(_TABLE)
        db.execute("DELETE FROM repeats")
        db.execute(_FIND)
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_SETTLED, captures))


def repeats_of(catalogue: Catalogue, warc: WarcFile, first: int, stop: int) -> dict[int, int]:
    """The numbers of those captures *first* to *stop* (not included) of *warc* that are repeats, by offset."""
    try:
        rows = catalogue.connection.execute(
            "SELECT offset, number FROM repeats JOIN captures USING (warc_id, ordinal)"
            " WHERE warc_id = ? AND ordinal >= ? AND ordinal < ?",
            (warc.id, first, stop),
        )
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return {}  # nothing was ever added to it from elsewhere
    return dict(rows.fetchall())


def row_id(record_id: str, number: int | None) -> str:
    """The id of the row of a capture: that of its record, and of one that is not the first with this id its *number*."""
    return record_id if number is None else f"{record_id}~{number}"


def record_id_of(row_id: str) -> str:
    """The record's id in the id of a row."""
    record_id, mark, number = row_id.rpartition("~")
    return record_id if mark and number.isdecimal() else row_id
