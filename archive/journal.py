"""The journal: the one transactional database of a collection (SQLite, WAL).

It holds the catalogue of captures (archive/catalogue.py) and, for crawls, their state (crawler/state/sqlite.py).  Both are in
one file because "this URL is done", "its records lie here" and "these URLs were found" must commit together or not at
all.  One thread writes; any number of connections read beside it.  ``synchronous=FULL`` with group commit: a commit
survives a power cut, and a few commits a second cost nothing that a crawl can feel.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from broadsheet.archive.durable import rename
from broadsheet.archive.errors import (
    BadInput,
    BroadsheetError,
    BrokenEnvironment,
    CorruptArchive,
    InternalFault,
    from_os_error,
)

APPLICATION_ID = 0x42524453  # "BRDS": tells a journal from any other SQLite file
SCHEMA_VERSION = 2  # 1 had no captures.is_page
# KiB for pages of a journal that is written: fingerprints of URLs hit its index at random, and what of it is not in memory is
# read again and again.  The index of a million URLs has 30 MB (benchmarks/crawl/enqueue.py).  Taken as it is needed.
_WRITER_CACHE = 32 * 1024

_LONGEST_PATH = 508  # bytes: SQLite's limit of 512, less what it puts behind the names of its own files

_CATALOGUE_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE warcs (
    id INTEGER PRIMARY KEY,
    filename TEXT NOT NULL UNIQUE,       -- relative to the archive folder, final name (without .open)
    source TEXT,                         -- NULL: this collection's own archive folder; else where the file lies
    size INTEGER NOT NULL DEFAULT 0,     -- bytes that are journalled
    entries INTEGER NOT NULL DEFAULT 0,  -- captures that are journalled
    closed INTEGER NOT NULL DEFAULT 0    -- 1: nothing will be added to it
);
CREATE TABLE captures (
    warc_id INTEGER NOT NULL REFERENCES warcs (id),
    ordinal INTEGER NOT NULL,            -- nth entry of its file
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    record_type TEXT NOT NULL,
    date INTEGER NOT NULL,               -- microseconds since 1970, UTC
    url TEXT,
    status INTEGER,
    mime TEXT,
    payload_digest TEXT,
    truncated TEXT,
    error TEXT,
    is_page INTEGER NOT NULL DEFAULT 0,  -- 1: a page (archive/http_answer.py) that was fetched for its own sake
    PRIMARY KEY (warc_id, ordinal)
) WITHOUT ROWID;
"""

# Which payloads are stored whole, for deduplication: a revisit is no original, and a cut answer is none.
_PAYLOAD_INDEX = """CREATE INDEX IF NOT EXISTS captures_payload ON captures (payload_digest)
    WHERE record_type = 'response' AND truncated IS NULL AND payload_digest IS NOT NULL"""


def create_journal(path: Path) -> None:
    """Make a new, empty journal at *path*; whole or not at all.

    Raises:
        BrokenEnvironment: the disk refuses to take it.
        OSError: the folder cannot be written.
    """
    temporary = path.with_name(path.name + ".new")
    for leftover in path.parent.glob(f"{temporary.name}*"):  # of a process that was killed here, SQLite's own files too
        leftover.unlink()
    with journal_errors(path), closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(_CATALOGUE_TABLES)
        connection.execute(_PAYLOAD_INDEX)
    rename(temporary, path)  # SQLite has synced the file


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the journal at *path*.

    The connection is in autocommit mode: transactions are written out with BEGIN and COMMIT where they matter.

    Raises:
        BadInput: the file is no journal, or one of a newer version.
        CorruptArchive: SQLite says that the file is damaged.
        BrokenEnvironment: it lies where it cannot be opened, or where one of an earlier version cannot be brought up to date.
    """
    if not path.is_file():
        raise BadInput(str(path), "no such journal", "Name a folder that broadsheet made.")
    try:
        connection, application, version = _opened(path, "mode=ro" if read_only else "mode=rw")
    except sqlite3.OperationalError as error:
        if not read_only or not (_is_too_long(path) or _cannot_be_written(path.parent)):
            raise _not_opened(path, error) from error
        connection, application, version = _opened_elsewhere(path)
    except sqlite3.DatabaseError as error:
        raise _not_opened(path, error) from error
    if application != APPLICATION_ID:
        connection.close()
        raise BadInput(str(path), "is not a journal of broadsheet", "Name a folder that broadsheet made.")
    if version > SCHEMA_VERSION:
        connection.close()
        raise BadInput(
            str(path), f"is of journal version {version}, this program knows {SCHEMA_VERSION}", "Install a newer one."
        )
    if version < SCHEMA_VERSION and read_only:
        connection = _upgraded_to_read(path, connection)
    elif version < SCHEMA_VERSION:
        _upgrade(path)
    connection.execute("PRAGMA foreign_keys=ON")
    if not read_only:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA journal_size_limit=16777216")
        connection.execute(f"PRAGMA cache_size=-{_WRITER_CACHE}")
        connection.execute(_PAYLOAD_INDEX)  # of a journal from before there were revisits
    return connection


def _opened(path: Path, options: str) -> tuple[sqlite3.Connection, int, int]:
    """A connection to the file *path*, and the ids of its application and version."""
    uri = f"{path.absolute().as_uri()}?{options}"  # it quotes what a path may hold and a SQLite URI may not ("?", "#", "%")
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=30.0)
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        return connection, application, connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error:
        connection.close()
        raise


def _opened_elsewhere(path: Path) -> tuple[sqlite3.Connection, int, int]:
    """The journal on a medium that can only be read, where SQLite cannot lay the files of its WAL mode: as a file that nobody
    changes.  Where commits still lie in such a file beside it, or its path is too long for SQLite: as a copy in SQLite's
    temporary store.

    Raises:
        BroadsheetError: it cannot be opened so, either.
    """
    log = path.with_name(f"{path.name}-wal")
    try:
        logged = log.is_file() and log.stat().st_size > 0
        if not logged and not _is_too_long(path):
            return _opened(path, "mode=ro&immutable=1")
        with tempfile.TemporaryDirectory() as folder:
            for file in (path, log) if logged else (path,):
                shutil.copyfile(file, Path(folder) / file.name)
            copied, application, version = _opened(Path(folder) / path.name, "mode=rw")
            copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            with closing(copied):
                copied.backup(copy)
            return copy, application, version
    except sqlite3.DatabaseError as error:
        raise _not_opened(path, error) from error
    except OSError as error:
        raise from_os_error(error, str(path)) from error


def _is_too_long(path: Path) -> bool:
    return len(os.fsencode(path.absolute())) > _LONGEST_PATH


def _cannot_be_written(folder: Path) -> bool:
    return not os.access(folder, os.W_OK) or bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _not_opened(path: Path, error: sqlite3.Error) -> BroadsheetError:
    """Why the journal cannot be opened: its place, the disk, or damage, which is the only one that a copy of it mends."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if _is_too_long(path):
        cause = f"its path is longer than the {_LONGEST_PATH} bytes that SQLite opens"
        return BadInput(str(path), cause, "Move the folder, or rename those above it.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _locked(str(path))
    if not os.access(path, os.R_OK):
        return from_os_error(PermissionError(errno.EACCES, os.strerror(errno.EACCES)), str(path))
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return BrokenEnvironment(str(path), f"the disk refuses ({error})", "Make room, or mend it; then try again.")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        cause = f"cannot be opened ({error})"
        if _cannot_be_written(path.parent):
            cause = "lies where nothing can be written"
        return BrokenEnvironment(
            str(path), cause, "Check who owns it, or copy the collection to where it can be written."
        )
    remedy = (
        "Put a copy of it in its place. Without one a crawl cannot go on; the WARCs can be read without it: "
        f"`broadsheet verify {path.parent / 'archive'}`, and `broadsheet extract {path.parent / 'archive'} -o NEW`."
    )
    return CorruptArchive(str(path), f"not a readable journal ({error})", remedy)


def _locked(thing: str) -> BroadsheetError:
    return BrokenEnvironment(thing, "another program has locked it", "Wait for it, or stop it; then try again.")


def _upgrade_in_place(path: Path, *, patience: float) -> None:
    """Bring the journal at *path*, of an earlier version, up to date; wait *patience* seconds for another writer."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=patience)) as db:
        db.execute("PRAGMA synchronous=FULL")
        _add_page_column(db, path)


def _add_page_column(db: sqlite3.Connection, path: Path) -> None:
    from broadsheet.archive.collection import Collection  # noqa: PLC0415 - it makes journals, so it imports this module
    from broadsheet.archive.page_migration import add_page_column  # noqa: PLC0415

    add_page_column(db, Collection(path.parent))


def _upgraded_to_read(path: Path, connection: sqlite3.Connection) -> sqlite3.Connection:
    """The journal at *path*, brought up to date: where it lies, or, where it may not be written, as a temporary copy."""
    try:
        _upgrade_in_place(path, patience=1.0)
    except sqlite3.OperationalError:  # a read-only disk, or an earlier version of this program that crawls
        copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)  # SQLite deletes it when it is closed
        with closing(connection):
            connection.backup(copy)
        _add_page_column(copy, path)
        return copy
    return connection


def _upgrade(path: Path) -> None:
    try:
        _upgrade_in_place(path, patience=30.0)
    except sqlite3.OperationalError as error:
        cause = f"is of an earlier version and cannot be brought up to date ({error})"
        raise BrokenEnvironment(
            str(path), cause, "Open it once where it may be written, when no crawl works on it"
        ) from error


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All that is written within over *db*, or nothing of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a full disk has rolled it back already
            db.execute("ROLLBACK")
        raise


@contextmanager
def journal_errors(path: Path) -> Iterator[None]:
    """Say what SQLite raises about the journal at *path* in the user's words.

    Raises:
        BrokenEnvironment: the disk refuses to take it.
        InternalFault: anything else that SQLite says.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise from_sqlite_error(error, str(path)) from error


def from_sqlite_error(error: sqlite3.Error, thing: str) -> BroadsheetError:
    """Say an error of SQLite in the user's words; *thing* is the database that it happened to."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _locked(thing)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return BrokenEnvironment(
            thing, f"the disk refuses to take it ({error})", "Make room, then run the same command again."
        )
    return InternalFault(thing, f"SQLite failed ({error})")
