"""The journal: made whole or not at all, told from other files, and its errors in the user's words."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.errors import BadInput, BrokenEnvironment, CorruptArchive, InternalFault
from broadsheet.archive.journal import SCHEMA_VERSION, _not_opened, connect, create_journal, journal_errors, transaction


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "collection.sqlite"
    create_journal(path)
    return path


def said(path: Path, statement: str) -> object:
    with closing(connect(path)) as db:
        return db.execute(statement).fetchone()[0]


def test_a_new_journal_is_whole_and_alone(journal: Path) -> None:
    assert [path.name for path in journal.parent.iterdir()] == [journal.name]
    assert said(journal, "PRAGMA journal_mode") == "wal"
    assert said(journal, "PRAGMA foreign_keys") == 1
    assert said(journal, "SELECT count(*) FROM captures") == 0


def test_what_a_kill_left_of_one_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "collection.sqlite"
    (tmp_path / "collection.sqlite.new").write_bytes(b"half")
    (tmp_path / "collection.sqlite.new-wal").write_bytes(b"a journal")
    create_journal(path)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert said(path, "SELECT count(*) FROM warcs") == 0


def test_a_disk_too_full_for_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made = sqlite3.Connection(*arguments, **options)
        made.execute("PRAGMA max_page_count = 2")
        return made

    monkeypatch.setattr("broadsheet.archive.journal.sqlite3.connect", full)
    with pytest.raises(BrokenEnvironment, match="Make room"):
        create_journal(tmp_path / "collection.sqlite")
    assert not (tmp_path / "collection.sqlite").exists()


def test_what_is_no_journal_of_ours(journal: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such journal"):
        connect(tmp_path / "none")
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
        other.execute("CREATE TABLE captures (x)")
    with pytest.raises(BadInput, match="not a journal of broadsheet"):
        connect(tmp_path / "other.sqlite")
    (tmp_path / "text.sqlite").write_text("no database at all " * 100)
    with pytest.raises(CorruptArchive, match="not a readable journal"):
        connect(tmp_path / "text.sqlite")
    with closing(sqlite3.connect(journal)) as db:
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    with pytest.raises(BadInput, match=f"version {SCHEMA_VERSION + 1}, this program knows {SCHEMA_VERSION}"):
        connect(journal)


def test_a_path_with_signs_that_mean_something_in_a_uri(tmp_path: Path) -> None:
    folder = tmp_path / "100% of it? #1"
    folder.mkdir()
    create_journal(folder / "collection.sqlite")
    assert said(folder / "collection.sqlite", "SELECT count(*) FROM warcs") == 0


def test_who_only_reads_cannot_write(journal: Path) -> None:
    with closing(connect(journal, read_only=True)) as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("INSERT INTO meta VALUES ('a', 'b')")


def write_and_fail(db: sqlite3.Connection) -> None:
    with transaction(db):
        db.execute("INSERT INTO meta VALUES ('b', '2')")
        raise ZeroDivisionError


def test_all_of_a_transaction_is_written_or_nothing(journal: Path) -> None:
    with closing(connect(journal)) as db:
        with transaction(db):
            db.execute("INSERT INTO meta VALUES ('a', '1')")
        with pytest.raises(ZeroDivisionError):
            write_and_fail(db)
        assert db.execute("SELECT key FROM meta").fetchall() == [("a",)]
        with transaction(db):  # the one before is over
            db.execute("INSERT INTO meta VALUES ('c', '3')")
        assert db.execute("SELECT count(*) FROM meta").fetchone() == (2,)


def test_what_sqlite_says_is_said_with_cause_and_remedy(journal: Path) -> None:
    with closing(connect(journal)) as db:
        db.execute("PRAGMA max_page_count=1")  # it has more, and gets none any more: as on a full disk
        with pytest.raises(BrokenEnvironment, match="the disk refuses") as told, journal_errors(journal):
            db.execute("INSERT INTO meta VALUES ('a', ?)", ("x" * 10**6,))
        assert str(journal) in str(told.value)
        with pytest.raises(InternalFault, match="no such table"), journal_errors(journal):
            db.execute("SELECT * FROM elsewhere")


def test_who_only_reads_an_earlier_version_needs_not_write_it(journal: Path) -> None:
    with closing(sqlite3.connect(journal, isolation_level=None)) as writer:
        writer.execute("ALTER TABLE captures DROP COLUMN is_page")
        writer.execute("PRAGMA user_version = 1")
        writer.execute("INSERT INTO meta VALUES ('a', 'b')")
        writer.execute("BEGIN IMMEDIATE")  # by a crawl of that version; a read-only disk refuses likewise
        with closing(connect(journal, read_only=True)) as db:
            assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
            assert db.execute("SELECT value FROM meta").fetchall() == [("b",)]
            assert db.execute("SELECT sum(is_page) FROM captures").fetchone() == (None,)
        writer.execute("ROLLBACK")
        assert writer.execute("PRAGMA user_version").fetchone() == (1,)
    with closing(connect(journal, read_only=True)):
        assert said(journal, "PRAGMA user_version") == SCHEMA_VERSION


def test_a_medium_that_can_only_be_read(journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite opens no WAL where it cannot lay files; what was committed and not yet moved into the journal counts, too."""
    real = sqlite3.connect

    def refusing(database: str, *arguments: Any, **options: Any) -> sqlite3.Connection:
        if str(tmp_path) in str(database) and "immutable" not in str(database) and "mode=ro" in str(database):
            raise_as_sqlite_does()
        connection: sqlite3.Connection = real(database, *arguments, **options)
        return connection

    def raise_as_sqlite_does() -> None:
        real((tmp_path / "no" / "such" / "folder").as_uri(), uri=True).execute("SELECT 1")

    monkeypatch.setattr("broadsheet.archive.journal._cannot_be_written", lambda _folder: True)
    with closing(connect(journal)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("INSERT INTO meta VALUES ('a', 'in the log')")
        monkeypatch.setattr(sqlite3, "connect", refusing)
        before = sorted(tmp_path.iterdir())
        with closing(connect(journal, read_only=True)) as db:
            assert db.execute("SELECT value FROM meta").fetchall() == [("in the log",)]
        assert sorted(tmp_path.iterdir()) == before
    with closing(connect(journal, read_only=True)) as db:
        assert db.execute("SELECT value FROM meta").fetchall() == [("in the log",)]
    monkeypatch.setattr(sqlite3, "connect", real)


def test_causes_are_told_apart(journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path
    for _ in range(3):
        deep /= "d" * 180
    deep.mkdir(parents=True)
    shutil.copy(journal, deep / journal.name)
    with pytest.raises(BadInput, match="longer than the 508 bytes"):
        connect(deep / journal.name)
    with closing(connect(deep / journal.name, read_only=True)) as db:  # from a copy
        assert db.execute("SELECT count(*) FROM captures").fetchone() == (0,)
    monkeypatch.setattr("broadsheet.archive.journal._cannot_be_written", lambda _folder: True)
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"SQLite format 3\0" + bytes(range(200)) * 50)
    with pytest.raises(CorruptArchive, match="Put a copy of it in its place"):
        connect(damaged)
    error = sqlite3.OperationalError("unable to open database file")
    error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    told = _not_opened(journal, error)
    assert isinstance(told, BrokenEnvironment)
    assert "nothing can be written" in str(told)
    assert "copy of it in its place" not in str(told)
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert "another program has locked it. Wait for it" in str(_not_opened(journal, error))
    with pytest.raises(BrokenEnvironment, match="another program has locked it"), journal_errors(journal):
        raise error
