"""The capture log: one thread that makes exchanges durable.

Submitted entries are written in order, in groups: the WARC records of the whole group, one fsync, then one transaction
that says where they lie together with whatever each entry has to say itself (a frontier's "done", new URLs).  So the
journal never names a record that is not on disk, and what is on disk beyond the journal is the tail of one file, which
`recover` (pipelines/capture/recovery.py) picks up.

Compressing, digesting and syncing happen here, off the event loop, which only ever puts things into a queue.  When the
disk fails the thread stops at the last durable group, says so through ``on_failure``, and drops what follows: those
exchanges count as never made.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from archive.capture import Capture
from archive.catalogue import Catalogue
from archive.collection import Collection
from archive.errors import BroadsheetError, BrokenEnvironment, InternalFault, from_os_error
from archive.exchange import Exchange, Provenance
from archive.journal import connect
from archive.warc.writer import ExchangeCaptures, WarcInfo, WarcWriter

logger = logging.getLogger(__name__)

GROUP_SECONDS = 0.1  # how long a group may gather before it is committed
GROUP_BYTES = 8 * 1024 * 1024
NOWHERE = Provenance()  # of an entry that has no exchange, or one that came from no link


class JournalEntry(Protocol):
    """What an exchange means to somebody else's tables; applied in the transaction that journals its records."""

    def apply(self, db: sqlite3.Connection, capture: Capture | None) -> None:
        """Write it.  *capture* is where the exchange lies, None when the entry came without one."""
        ...


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing to make durable: an exchange with why it happened, or a journal entry alone."""

    entry: JournalEntry | None
    exchange: Exchange | None = None
    provenance: Provenance = NOWHERE

    @property
    def size(self) -> int:
        """Bytes of memory that it holds, roughly."""
        return 0 if self.exchange is None else len(self.exchange.response) + len(self.exchange.request)


@dataclass(frozen=True, slots=True)
class WarcOptions:
    """How the files of a capture log are named and written."""

    prefix: str
    info: WarcInfo
    max_size: int = 1_000_000_000
    level: int = 2


class CaptureLog:
    """Writes exchanges to WARC files and to the journal of a collection.

    ``on_commit`` and ``on_failure`` are called from the log's thread.
    """

    def __init__(
        self,
        collection: Collection,
        options: WarcOptions,
        *,
        on_commit: Callable[[Sequence[LogEntry]], None],
        on_failure: Callable[[BroadsheetError], None],
    ) -> None:
        self._collection = collection
        self._options = options
        self._on_commit = on_commit
        self._on_failure = on_failure
        self._queue: queue.SimpleQueue[LogEntry | threading.Event | None] = queue.SimpleQueue()
        self._backlog_lock = threading.Lock()
        self._backlog = 0
        self._failure: BroadsheetError | None = None
        self._warc_bytes = 0
        self._thread = threading.Thread(target=self._run, name="capture-log", daemon=True)

    @property
    def backlog(self) -> int:
        """Bytes of exchanges that are submitted and not yet durable."""
        return self._backlog

    @property
    def failure(self) -> BroadsheetError | None:
        """What stopped the log, if anything did."""
        return self._failure

    @property
    def warc_bytes(self) -> int:
        """Bytes of WARC written by this log."""
        return self._warc_bytes

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def submit(self, entry: LogEntry) -> None:
        """Queue *entry*; what was submitted first is durable first.  Never blocks."""
        with self._backlog_lock:
            self._backlog += entry.size
        self._queue.put(entry)

    def flush(self, timeout: float = 60.0) -> None:
        """Wait until all that was submitted so far is durable, or lost to a failure."""
        done = threading.Event()
        self._queue.put(done)
        if not done.wait(timeout):
            raise InternalFault("capture log", f"did not write its queue within {timeout:.0f} s")

    def close(self) -> None:
        """Write what is queued, close and rename the WARC, end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            with closing(connect(self._collection.journal)) as db:
                self._write_all(db)
        except sqlite3.Error as error:
            self._fail(from_sqlite_error(error, str(self._collection.journal)))
        except OSError as error:
            self._fail(from_os_error(error, str(self._collection.archive)))
        except BroadsheetError as error:
            self._fail(error)
        except Exception as error:
            logger.exception("the capture log stopped")
            self._fail(InternalFault("capture log", f"{type(error).__name__}: {error}", "Please report this."))

    def _write_all(self, db: sqlite3.Connection) -> None:
        opts = self._options
        with WarcWriter(
            self._collection.archive, prefix=opts.prefix, info=opts.info, max_size=opts.max_size, level=opts.level
        ) as writer:
            last = False
            while not last:
                entries, waiting, last = self._gather()
                if entries:
                    self._write_group(db, writer, entries)
                for event in waiting:
                    event.set()
        db.execute("UPDATE warcs SET closed = 1 WHERE source IS NULL")

    def _gather(self) -> tuple[list[LogEntry], list[threading.Event], bool]:
        """The next group, those who wait for it, and whether it is the last."""
        entries: list[LogEntry] = []
        waiting: list[threading.Event] = []
        size, item = 0, self._queue.get()
        deadline = time.monotonic() + GROUP_SECONDS
        while True:
            match item:
                case None:
                    return entries, waiting, True
                case threading.Event():
                    waiting.append(item)
                    deadline = 0.0  # somebody waits: take what is there and no more
                case LogEntry():
                    entries.append(item)
                    size += item.size
            if size >= GROUP_BYTES:
                return entries, waiting, False
            try:
                item = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return entries, waiting, False

    def _write_group(self, db: sqlite3.Connection, writer: WarcWriter, entries: list[LogEntry]) -> None:
        written = [
            None if entry.exchange is None else writer.write_exchange(entry.exchange, entry.provenance)
            for entry in entries
        ]
        writer.sync()
        db.execute("BEGIN IMMEDIATE")
        try:
            catalogue_group(db, [captures for captures in written if captures is not None], writer.filename)
            for entry, captures in zip(entries, written, strict=True):
                if entry.entry is not None:
                    entry.entry.apply(db, None if captures is None else captures.entry)
            db.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            raise
        self._warc_bytes += sum(c.length for captures in written if captures for c in captures.records)
        with self._backlog_lock:
            self._backlog -= sum(entry.size for entry in entries)
        self._on_commit(entries)

    def _fail(self, error: BroadsheetError) -> None:
        """Say it, then let everybody go who waits or will wait: nothing more becomes durable."""
        self._failure = error
        self._on_failure(error)
        while (item := self._queue.get()) is not None:
            if isinstance(item, threading.Event):
                item.set()


def catalogue_group(db: sqlite3.Connection, written: Sequence[ExchangeCaptures], current: str | None) -> None:
    """Journal where *written*, which stand in the order of their files, lie; all files but *current* are closed."""
    catalogue = Catalogue(db)
    for filename, of_file in groupby(written, key=lambda captures: captures.entry.warc_filename):
        exchanges = list(of_file)
        end = max(record.offset + record.length for record in exchanges[-1].records)
        warc = catalogue.add_warc(filename)
        catalogue.append(warc, [captures.entry for captures in exchanges], size=end, closed=filename != current)


def from_sqlite_error(error: sqlite3.Error, thing: str) -> BroadsheetError:
    """Say an error of the journal in the user's words; *thing* is its path."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return BrokenEnvironment(
            thing, f"the disk refuses to take it ({error})", "Make room, then run the same command again."
        )
    return InternalFault(thing, f"the journal failed ({error})")
