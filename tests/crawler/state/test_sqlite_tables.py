"""A journal of an earlier version goes on, and a kill while it is brought up to date leaves it as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from made_changes import done, found, print_of, urls

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.crawler.state.changes import Discovery
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.sqlite_tables import prepare_tables
from broadsheet.crawler.state.url import Lane, State

# As earlier versions made them, written down: what this version would make must not be what it is tested with.
BEFORE_REQUISITES = """
CREATE TABLE frontier (
    id INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL UNIQUE, host TEXT NOT NULL, state INTEGER NOT NULL,
    priority INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, via INTEGER, hops TEXT NOT NULL, url TEXT NOT NULL, error TEXT
);
CREATE TABLE robots (
    origin TEXT PRIMARY KEY, fetched INTEGER NOT NULL, status INTEGER, error TEXT, warc_filename TEXT, offset INTEGER,
    length INTEGER
) WITHOUT ROWID;
CREATE INDEX frontier_queue ON frontier (host, priority DESC, id) WHERE state = 0;
"""
VERSION_BEFORE = """
CREATE TABLE frontier (
    id INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL UNIQUE, host TEXT NOT NULL, state INTEGER NOT NULL,
    priority INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0, via INTEGER, hops TEXT NOT NULL, url TEXT NOT NULL, error TEXT,
    requisite INTEGER NOT NULL DEFAULT 0, warc_id INTEGER, ordinal INTEGER, checked INTEGER, modified INTEGER
);
CREATE TABLE robots (
    origin TEXT PRIMARY KEY, fetched INTEGER NOT NULL, status INTEGER, error TEXT, warc_filename TEXT, offset INTEGER,
    length INTEGER
) WITHOUT ROWID;
CREATE TABLE crawls (
    id INTEGER PRIMARY KEY, is_update INTEGER NOT NULL, first_warc INTEGER NOT NULL, first_row INTEGER NOT NULL,
    opened INTEGER NOT NULL, spared INTEGER NOT NULL DEFAULT 0, finished INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE cookies (
    domain TEXT NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, host_only INTEGER NOT NULL,
    secure INTEGER NOT NULL, expires REAL, PRIMARY KEY (domain, path, name)
) WITHOUT ROWID;
CREATE INDEX frontier_lanes ON frontier (host, requisite, priority DESC, id) WHERE state = 0;
INSERT INTO crawls VALUES (1, 0, 1, 1, 1, 0, 1), (2, 1, 2, 6, 1, 3, 0);
INSERT INTO cookies VALUES ('a', '/', 'n', '1', 1, 0, NULL);
INSERT INTO robots VALUES ('http://a', 1000000, 200, NULL, 'a.warc.gz', 7, 70);
"""
# id, URL, state, priority, tries, via, hops, error; and what its requisite column has in the version before
ROWS = [
    (1, "http://a/", 1, 1000, 1, None, "", None, 0),
    (2, "http://a/moved", 1, 900, 1, 1, "R", None, 0),
    (4, "http://a/late", 0, 499, 0, 2, "RL", None, 0),
    (5, "http://a/i", 1, 1, 1, 2, "RE", None, 1),
    (6, "http://a/frame", 0, 1, 0, 2, "RER", None, 2),
    (7, "http://a/soon", 0, 800, 0, 2, "RI", None, 0),
    (9, "http://a/bad", 2, -9501, 2, 2, "RL", "timeout", 0),
]


def old_journal(folder: Path, schema: str) -> Path:
    """The journal of a collection that an earlier version has crawled."""
    path = Collection.create(folder).journal
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(schema)
        for number, url, state, priority, tries, via, hops, error, requisite in ROWS:
            row = (number, print_of(url), "a", state, priority, tries, via, hops, url, error)
            row += (requisite, *[None] * 4) if schema is VERSION_BEFORE else ()  # type: ignore[assignment]
            db.execute(f"INSERT INTO frontier VALUES ({','.join('?' * len(row))})", row)
    return path


@pytest.mark.parametrize("schema", [BEFORE_REQUISITES, VERSION_BEFORE], ids=["before requisites", "version before"])
def test_a_journal_of_an_earlier_version_goes_on(tmp_path: Path, schema: str) -> None:
    path = old_journal(tmp_path / "c", schema)
    with Catalogue.open(path) as catalogue:
        store = SqliteStore.prepared(catalogue)
        SqliteStore.prepared(catalogue)
        assert urls(store, "a") == ["http://a/soon", "http://a/late"]
        assert urls(store, "a", Lane.REQUISITE) == ["http://a/frame"]
        assert store.seed_redirects() == ["http://a/moved"]
        bad = store.why("http://a/bad")
        assert bad is not None
        assert (bad.state, bad.tries, bad.error, bad.via, bad.order) == (
            State.FAILED,
            2,
            "timeout",
            "http://a/moved",
            9,
        )
        with store.transaction():
            store.apply(done("http://a/late", found("http://a/new"), found("http://a/i", "E")), None)
            store.apply(Discovery((found("http://a/newer"),)), None)
        new = store.why("http://a/new")
        assert new is not None
        assert (new.order, new.via, new.state) == (10, "http://a/late", State.QUEUED)
        assert store.next_order() == 12
        crawl = store.latest_crawl()
        if schema is VERSION_BEFORE:
            assert (crawl.id, crawl.is_update, crawl.first_order, crawl.spared, crawl.finished) == (
                2,
                True,
                6,
                3,
                False,
            )
            assert [cookie.value for cookie in store.cookies()] == ["1"]
            robots = store.robots("http://a")
            assert robots is not None
            assert (robots.status, robots.offset) == (200, 7)
        else:
            assert (crawl.id, crawl.is_update) == (1, False)


@pytest.mark.parametrize("schema", [BEFORE_REQUISITES, VERSION_BEFORE], ids=["before requisites", "version before"])
def test_a_journal_of_an_earlier_version_is_read_as_it_is(tmp_path: Path, schema: str) -> None:
    path = old_journal(tmp_path / "c", schema)
    with Catalogue.open(path, read_only=True) as catalogue:
        store = SqliteStore.existing(catalogue)
        assert store is not None
        image, frame = store.why("http://a/i"), store.why("http://a/frame")
        assert image is not None
        assert frame is not None
        assert image.lane is frame.lane is Lane.REQUISITE
        assert sum(one.count for one in store.counts()) == len(ROWS)
        assert store.failed("timeout", 3) == ["http://a/bad"]


def test_a_collection_that_was_never_crawled_into_has_no_state(tmp_path: Path) -> None:
    with Catalogue.open(Collection.create(tmp_path / "c").journal, read_only=True) as catalogue:
        assert SqliteStore.existing(catalogue) is None


class Killed(Exception):
    """What stands for a kill: the connection is closed without a commit."""


class Mortal(sqlite3.Connection):
    """A connection that takes so many statements and no more."""

    left = 0

    def execute(self, *arguments: object) -> sqlite3.Cursor:
        if self.left == 0:
            raise Killed
        self.left -= 1
        return super().execute(*arguments)  # type: ignore[arg-type]


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


@pytest.mark.parametrize("schema", [BEFORE_REQUISITES, VERSION_BEFORE], ids=["before requisites", "version before"])
def test_a_kill_while_it_is_brought_up_to_date_leaves_it_as_it_was(tmp_path: Path, schema: str) -> None:
    path = old_journal(tmp_path / "c", schema)
    before = content(path)
    for statements in range(100):
        with closing(sqlite3.connect(path, isolation_level=None, factory=Mortal)) as db, suppress(Killed):
            db.left = statements
            prepare_tables(db)
            break
        assert content(path) == before, f"killed after {statements} statements"
    assert statements > 8
    undisturbed = old_journal(tmp_path / "undisturbed", schema)
    with closing(sqlite3.connect(undisturbed, isolation_level=None)) as db:
        prepare_tables(db)
    assert content(path) == content(undisturbed) != before
