"""The tables of a crawl's state in a collection's journal, and how those of earlier versions become them."""

from __future__ import annotations

import sqlite3

from broadsheet.archive.journal import transaction
from broadsheet.crawler.bounds.priority import OTHER, REDIRECT, SEED, SOURCE
from broadsheet.crawler.state.url import RETRY_PENALTY, Lane, State

_TABLES = (
    """CREATE TABLE IF NOT EXISTS frontier (
    id INTEGER PRIMARY KEY,              -- the order of discovery; SQLite gives it when the row is written
    fingerprint BLOB NOT NULL UNIQUE,    -- 16 bytes of the URL's dedupe key: what names a URL
    host TEXT NOT NULL,                  -- host:port as in the URL, lower case
    state INTEGER NOT NULL,              -- State
    priority INTEGER NOT NULL,           -- higher goes first
    tries INTEGER NOT NULL DEFAULT 0,
    via INTEGER,                         -- id of the row whose answer named this URL; NULL for seeds
    hops TEXT NOT NULL,                  -- Heritrix's letters from the seed, e.g. "LLR"
    url TEXT NOT NULL,
    error TEXT,                          -- why it failed or was refused
    requisite INTEGER NOT NULL DEFAULT 0 -- Lane; of an earlier version also 2: a requisite that was HTML
)""",
    """CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY,             -- scheme://host:port
    fetched INTEGER NOT NULL,            -- microseconds since 1970, UTC
    status INTEGER,                      -- of the final answer; NULL when there was none
    error TEXT,
    warc_filename TEXT,
    offset INTEGER,
    length INTEGER
) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS cookies (
    domain TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    host_only INTEGER NOT NULL,
    secure INTEGER NOT NULL,
    expires REAL,                        -- seconds since 1970; NULL: as long as the crawl
    PRIMARY KEY (domain, path, name)
) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS callbacks (
    fingerprint BLOB PRIMARY KEY,
    request TEXT NOT NULL                -- a spider's own Request as JSON (crawler/spider_requests.py)
) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS crawls (
    id INTEGER PRIMARY KEY,
    is_update INTEGER NOT NULL,
    first_warc INTEGER NOT NULL,         -- its captures lie in the files from this id on
    first_row INTEGER NOT NULL,          -- URLs that it found have rows from this id on
    opened INTEGER NOT NULL,             -- 1: known pages are queued
    spared INTEGER NOT NULL DEFAULT 0,   -- known pages that sitemaps called unchanged
    finished INTEGER NOT NULL DEFAULT 0  -- 1: complete, extraction included
)""",
)
# Since there are updates: the latest whole capture, when the URL was last found in order, until when a sitemap says that
# it was changed (both microseconds since 1970).
_LEARNT_TABLES = (
    """CREATE TABLE IF NOT EXISTS families (
    key INTEGER PRIMARY KEY,             -- of a family of spellings: crawler/bounds/family.py
    page INTEGER NOT NULL,               -- id of the row of the page that stands for it
    warc_id INTEGER,                     -- where its answer lies
    offset INTEGER,
    length INTEGER
)""",
    """CREATE TABLE IF NOT EXISTS spelling_rules (
    site TEXT NOT NULL,
    rule TEXT NOT NULL,
    agreed INTEGER NOT NULL,
    differed INTEGER NOT NULL,
    example TEXT NOT NULL,
    PRIMARY KEY (site, rule)
) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS shapes (
    site TEXT NOT NULL,
    shape TEXT NOT NULL,                 -- of URLs: crawler/bounds/form.py
    asked INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    fruitful INTEGER NOT NULL,
    since INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    PRIMARY KEY (site, shape)
) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS left_out (
    rule TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    samples TEXT NOT NULL                -- URLs, a line each
) WITHOUT ROWID""",
)
_VARIANT_COLUMN = "ALTER TABLE frontier ADD COLUMN variant_of INTEGER"  # id of a row
# Priorities were breadth first, with 10,000 off for a try that failed.
_NEW_PRIORITIES = (
    f"UPDATE frontier SET priority = CASE WHEN requisite > 0 THEN length(hops) - length(replace(hops, 'E', ''))"
    f" WHEN hops = '' THEN {SEED} WHEN hops LIKE '%R' THEN {REDIRECT} WHEN hops LIKE '%I' THEN {SOURCE}"
    f" ELSE {OTHER} - (length(hops) - length(replace(hops, 'L', ''))) END"
    f" - {RETRY_PENALTY} * CASE WHEN state = {State.QUEUED} THEN tries ELSE max(tries - 1, 0) END"
)
_UPDATE_COLUMNS = {"warc_id": "INTEGER", "ordinal": "INTEGER", "checked": "INTEGER", "modified": "INTEGER"}
_QUEUE = (
    "CREATE INDEX IF NOT EXISTS frontier_lanes ON frontier (host, requisite, priority DESC, id)"
    f" WHERE state = {State.QUEUED}"
)
# A journal from before there were requisites; frames were pages then.
_ADD_LANES = (
    "ALTER TABLE frontier ADD COLUMN requisite INTEGER NOT NULL DEFAULT 0",
    f"UPDATE frontier SET requisite = {Lane.REQUISITE} WHERE rtrim(hops, 'R') LIKE '%E'",
    "DROP INDEX IF EXISTS frontier_queue",
)
# An earlier version's update queued what it had marked with 2, and did not find it again after a kill.
_REQUEUE_FRAMES = (
    f"UPDATE frontier SET requisite = {Lane.REQUISITE} WHERE state = {State.QUEUED} AND requisite > {Lane.REQUISITE}"
)
# An earlier version refused the URLs of a host whose robots.txt could not be had, as if it had forbidden them.
_REQUEUE_BARRED = (
    f"UPDATE frontier SET state = {State.QUEUED}, error = NULL WHERE state = {State.REFUSED} AND error = 'robots' AND EXISTS"
    " (SELECT 1 FROM robots WHERE substr(url, 1, length(origin) + 1) = origin || '/'"
    " AND (status IS NULL OR status >= 500 OR status = 429))"
)
_FIRST_CRAWL = "INSERT INTO crawls SELECT 1, 0, 1, 1, 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM crawls)"


def prepare_tables(db: sqlite3.Connection) -> None:
    """Give a journal the tables of this version, whole or not at all; what earlier versions wrote in them is kept."""
    with transaction(db):
        for statement in _TABLES:
            db.execute(statement)
        columns = columns_of(db, "frontier")
        if "requisite" not in columns:
            for statement in _ADD_LANES:
                db.execute(statement)
        for name, kind in _UPDATE_COLUMNS.items():
            if name not in columns:
                db.execute(f"ALTER TABLE frontier ADD COLUMN {name} {kind}")
        if "variant_of" not in columns:
            db.execute(_VARIANT_COLUMN)
            db.execute(_NEW_PRIORITIES)
        for statement in _LEARNT_TABLES:
            db.execute(statement)
        db.execute(_QUEUE)
        db.execute(_REQUEUE_FRAMES)
        db.execute(_REQUEUE_BARRED)
        db.execute(_FIRST_CRAWL)


def columns_of(db: sqlite3.Connection, table: str) -> frozenset[str]:
    """The columns of *table*; none when there is no such table."""
    return frozenset(name for _, name, *_ in db.execute(f"PRAGMA table_info({table})"))
