"""The index: one SQLite file, ``indexes/search.sqlite`` in the collection, or elsewhere where that cannot be written.

    words        FTS5 without content: title, standfirst, body, captions, authors; its row numbers are those of ``hits``
    hits         what a list of hits shows of an article
    texts        its text, compressed, for snippets
    blocks       columns of one Parquet file's articles as arrays: facets, dates, keys of duplicates
    files        the Parquet files that it was made from; one that is gone is marked, and its articles are masked
    clusters     labels of near-duplicates, by `broadsheet dedupe`
    faults       files that could not be read, and why

FTS5 cannot delete from such a table before SQLite 3.43, so articles of files that are gone stay in it, masked; when they are
more than half, the file is made anew.  Nothing here is the only copy of anything: of another version, or damaged, it is
deleted.  One process writes, under a lock; any number reads beside it (WAL).
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BrokenEnvironment, from_os_error

INDEX_FILE = "search.sqlite"
_APPLICATION_ID = 0x42525345  # "BRSE"
_VERSION = 1  # of the tables, and of how texts are cut into words
_SECONDS = 8.0  # that a query may take
_CACHE = 8_000  # kB of pages, each connection
_CONNECTIONS = 4  # kept open

_TABLES = """
CREATE TABLE state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files (number INTEGER PRIMARY KEY, path TEXT NOT NULL, digest TEXT NOT NULL,
    first INTEGER NOT NULL, rows INTEGER NOT NULL, live INTEGER NOT NULL DEFAULT 1);
CREATE TABLE blocks (file INTEGER NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (file, name)) WITHOUT ROWID;
CREATE TABLE facet_values (facet TEXT NOT NULL, code INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (facet, value)) WITHOUT ROWID;
CREATE TABLE hits (number INTEGER PRIMARY KEY, id TEXT NOT NULL, url TEXT NOT NULL, title TEXT, summary TEXT, authors TEXT,
    image TEXT, kind TEXT, status TEXT, word_count INTEGER NOT NULL);
CREATE INDEX hits_id ON hits (id);
CREATE TABLE texts (number INTEGER PRIMARY KEY, text BLOB NOT NULL);
CREATE TABLE clusters (number INTEGER PRIMARY KEY, cluster INTEGER NOT NULL);
CREATE TABLE faults (path TEXT PRIMARY KEY, message TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (title, standfirst, body, captions, authors, content='', tokenize='ascii');
"""


class SearchIndex:
    """The index in the file *path*, which is made when it is not there.  For several threads.

    Raises:
        BroadsheetError: it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        if not _is_usable(path):
            self.remake()

    @classmethod
    def of(cls, collection: Collection, otherwise: Path) -> SearchIndex:
        """That of *collection*: in its folder, or in the folder *otherwise* where that cannot be written."""
        folder = collection.directory / "indexes"
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
            if os.access(folder, os.W_OK):
                return cls(folder / INDEX_FILE)
        return cls(otherwise / INDEX_FILE)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that reads.

        Raises:
            BadInput: a query takes too long.
            BrokenEnvironment: the file cannot be read.
        """
        with self._lock:
            connection = self._free.pop() if self._free else None
        connection = connection or _connected(self.path, read_only=True)
        deadline = time.monotonic() + _SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > deadline, 20_000)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise BadInput("The query", "takes too long", "Write more letters before *, or fewer words.") from error
            raise BrokenEnvironment(
                str(self.path), f"cannot be read ({error})", "Delete it: it is made anew."
            ) from error
        except sqlite3.DatabaseError as error:
            raise BrokenEnvironment(
                str(self.path), f"cannot be read ({error})", "Delete it: it is made anew."
            ) from error
        finally:
            with self._lock:
                if len(self._free) < _CONNECTIONS:
                    self._free.append(connection)
                else:
                    connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection | None]:
        """A connection that writes; None when another process has it.

        Raises:
            BroadsheetError: the file cannot be written.
        """
        try:
            descriptor = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise from_os_error(error, str(self.path)) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
                return
            connection = _connected(self.path, read_only=False)
            try:
                yield connection
            except sqlite3.Error as error:
                raise BrokenEnvironment(str(self.path), f"cannot be written ({error})", "Make room for it.") from error
            finally:
                connection.close()
        finally:
            os.close(descriptor)

    def remake(self) -> None:
        """Begin with an empty file.

        Raises:
            BrokenEnvironment: the disk refuses.
        """
        self.close()
        try:
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            connection = sqlite3.connect(self.path, isolation_level=None)
            try:
                connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version={_VERSION}; COMMIT;")
            finally:
                connection.close()
        except OSError as error:
            raise from_os_error(error, str(self.path)) from error
        except sqlite3.Error as error:
            raise BrokenEnvironment(str(self.path), f"cannot be made ({error})", "Make room for it.") from error

    def close(self) -> None:
        """Close the connections that are open."""
        with self._lock:
            for connection in self._free:
                connection.close()
            self._free.clear()


def _is_usable(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute("SELECT count(*) FROM files").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return bool(application == _APPLICATION_ID and version == _VERSION)


def _connected(path: Path, *, read_only: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30.0)
    connection.execute(f"PRAGMA cache_size=-{_CACHE if read_only else 4 * _CACHE}")
    connection.execute("PRAGMA query_only=ON" if read_only else "PRAGMA synchronous=NORMAL")
    return connection
