"""``captures.is_page`` for a journal of version 1, which had no such column: asked of the records themselves, once.

The records behind the rows that may be pages are read: those that are HTML by their Content-Type, or have none that says
anything.  It takes some tenths of a millisecond a page.  Where a WARC cannot be read, its Content-Type counts alone.
"""

from __future__ import annotations

import sqlite3

from broadsheet.archive.catalogue import Catalogue, WarcFile
from broadsheet.archive.collection import Collection
from broadsheet.archive.http_answer import may_be_html
from broadsheet.archive.locate import source_of
from broadsheet.archive.warc.page_fact import is_page_at


def add_page_column(db: sqlite3.Connection, collection: Collection) -> None:
    """Bring the journal *db* of *collection* from version 1 to 2; whole or not at all."""
    catalogue = Catalogue(db)
    with catalogue.transaction():
        if db.execute("PRAGMA user_version").fetchone()[0] >= 2:  # another process was quicker
            return
        db.execute("ALTER TABLE captures ADD COLUMN is_page INTEGER NOT NULL DEFAULT 0")
        for warc in catalogue.warcs():
            _judge_file(db, collection, warc)
        db.execute("PRAGMA user_version = 2")


def _judge_file(db: sqlite3.Connection, collection: Collection, warc: WarcFile) -> None:
    catalogue = Catalogue(db)
    source = source_of(collection, warc)
    pages, unclear = [], []
    for ordinal, capture in enumerate(catalogue.captures(warc)):
        if capture.record_type not in ("response", "revisit") or capture.status not in (200, 304, None):
            continue
        if capture.status == 200 and not may_be_html(capture.mime or ""):
            continue
        fact = is_page_at(source, capture.offset, declared=capture.mime or "")
        if fact:
            pages.append((warc.id, ordinal))
        elif fact is None:
            unclear.append((ordinal, capture.payload_digest))
    db.executemany("UPDATE captures SET is_page = 1 WHERE warc_id = ? AND ordinal = ?", pages)
    catalogue.settle_pages(warc.id, unclear)
