"""The capture log: where exchanges become durable, off the event loop.

Two threads.  The *writer* puts the records of each exchange into the WARC as it comes: from then on a kill cannot lose
it, because recovery finds whole exchanges in the file.  The *committer*, some times a second, syncs the file and says,
in one transaction, where the records lie, together with whatever each entry has to say itself (a frontier's "done",
new URLs): from then on a power cut cannot lose it either.  So the journal never names a record that is not on disk, and
the slow sync never keeps an exchange waiting in memory.

When the disk fails both stop at the last durable group, say so through ``on_failure``, and drop what follows: those
exchanges count as never made.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, BrokenEnvironment, InternalFault, from_os_error
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.journal import connect
from broadsheet.archive.warc.revisit import Original
from broadsheet.archive.warc.writer import ExchangeCaptures, WarcInfo, WarcWriter
from broadsheet.pipelines.capture.originals import Originals

logger = logging.getLogger(__name__)

GROUP_SECONDS = 0.1  # how long a group may gather before it is committed
NOWHERE = Provenance()  # of an entry that has no exchange, or one that came from no link


class JournalEntry(Protocol):
    """What an exchange means to somebody else's tables; applied in the transaction that journals its records."""

    def apply(self, db: sqlite3.Connection, capture: Capture | None) -> None:
        """Write it.  *capture* is where the exchange lies, None when the entry came without one."""
        ...


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing to make durable: an exchange with why it happened, or a journal entry alone.

    ``unmodified`` is the capture that the request asked about with a condition.  ``dedupe``: the payload need not be
    stored again if the collection has it.
    """

    entry: JournalEntry | None
    exchange: Exchange | None = None
    provenance: Provenance = NOWHERE
    on_written: Callable[[], object] | None = None  # called in the writer's thread, also when it is lost to a failure
    unmodified: Original | None = None
    dedupe: bool = True

    @property
    def size(self) -> int:
        """Bytes of memory that it holds, roughly."""
        return 0 if self.exchange is None else len(self.exchange.response) + len(self.exchange.request)


@dataclass(frozen=True, slots=True)
class _Written:
    """An entry, and where its records lie if it has an exchange."""

    entry: LogEntry
    captures: ExchangeCaptures | None


@dataclass(frozen=True, slots=True)
class WarcOptions:
    """How the files of a capture log are named and written.

    ``dedupe_from`` is the size in bytes from which a payload that is stored already is not stored again; None: never.
    """

    prefix: str
    info: WarcInfo
    max_size: int = 1_000_000_000
    level: int = 2
    dedupe_from: int | None = None


class CaptureLog:
    """Writes exchanges to WARC files and to the journal of a collection.

    ``on_commit`` and ``on_failure`` are called from the log's threads.
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
        self._queue: queue.SimpleQueue[LogEntry | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # guards what both threads and the submitters share
        self._written: list[_Written] = []
        self._work = threading.Event()
        self._settled = threading.Condition(self._lock)
        self._submitted = self._durable = 0
        self._rollover = threading.Lock()
        self._writing = True
        self._backlog = 0
        self._failure: BroadsheetError | None = None
        self._warc_bytes = 0
        self._writer = WarcWriter(
            collection.archive, prefix=options.prefix, info=options.info, max_size=options.max_size, level=options.level
        )
        minimum = options.dedupe_from
        self._originals = None if minimum is None else Originals(collection.journal, minimum)
        self._threads = [
            threading.Thread(target=self._write_all, name="capture-writer", daemon=True),
            threading.Thread(target=self._commit_all, name="capture-committer", daemon=True),
        ]

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
        for thread in self._threads:
            thread.start()

    def submit(self, entry: LogEntry) -> None:
        """Queue *entry*; what was submitted first is durable first.  Never blocks."""
        with self._lock:
            self._backlog += entry.size
            self._submitted += 1
        self._queue.put(entry)

    def flush(self, timeout: float = 60.0) -> None:
        """Wait until all that was submitted so far is durable, or lost to a failure."""
        with self._settled:
            wanted = self._submitted
            if not self._settled.wait_for(lambda: self._durable >= wanted or self._failure is not None, timeout):
                raise InternalFault("capture log", f"did not write its queue within {timeout:.0f} s")

    def close(self) -> None:
        """Write what is queued, close and rename the WARC, end the threads."""
        self._queue.put(None)
        for thread in self._threads:
            thread.join()

    @contextmanager
    def _failing_together(self) -> Iterator[None]:
        """What goes wrong within stops the whole log, and is said once."""
        try:
            yield
        except sqlite3.Error as error:
            self._fail(from_sqlite_error(error, str(self._collection.journal)))
        except OSError as error:
            self._fail(from_os_error(error, str(self._collection.archive)))
        except BroadsheetError as error:
            self._fail(error)
        except Exception as error:
            logger.exception("the capture log stopped")
            self._fail(InternalFault("capture log", f"{type(error).__name__}: {error}", "Please report this."))

    def _fail(self, error: BroadsheetError) -> None:
        with self._settled:
            first = self._failure is None
            self._failure = self._failure or error
            self._settled.notify_all()
        self._work.set()
        if first:
            self._on_failure(error)

    def _write_all(self) -> None:
        """The writer's thread.  After a failure it goes on to take entries, so that nobody waits for ever."""
        if self._originals is not None:
            with self._failing_together():
                self._originals.open()
        while (entry := self._queue.get()) is not None:
            if self._failure is None:
                with self._failing_together():
                    captures = None if entry.exchange is None else self._write(entry, entry.exchange)
                    with self._lock:
                        self._written.append(_Written(entry, captures))
                    self._work.set()
            if entry.on_written is not None:
                entry.on_written()
        if self._originals is not None:
            self._originals.close()
        self._writing = False
        self._work.set()

    def _write(self, entry: LogEntry, exchange: Exchange) -> ExchangeCaptures:
        full = self._writer.offset >= self._options.max_size
        originals = self._originals if entry.dedupe else None
        with self._rollover if full else nullcontext():  # the committer must not sync a file that is being closed
            captures = self._writer.write_exchange(
                exchange,
                entry.provenance,
                unmodified=entry.unmodified,
                find_original=None if originals is None else originals.find,
            )
        if originals is not None and captures.response is not None:
            originals.add(captures.response)
        return captures

    def _commit_all(self) -> None:
        """The committer's thread."""
        with self._failing_together(), closing(connect(self._collection.journal)) as db:
            writing = True
            while writing and self._failure is None:
                self._work.wait()
                if self._writing:
                    time.sleep(GROUP_SECONDS)
                self._work.clear()
                writing = self._writing  # asked before the group is taken: what comes later is in the next one
                with self._lock:
                    group, self._written = self._written, []
                if group:
                    self._commit(db, group)
            if self._failure is None:
                self._writer.close()
                db.execute("UPDATE warcs SET closed = 1 WHERE source IS NULL")

    def _commit(self, db: sqlite3.Connection, group: list[_Written]) -> None:
        """Sync, then one transaction: where the group's records lie, and what each entry has to say."""
        with self._rollover:
            self._writer.sync()
            current = self._writer.filename
        with Catalogue(db).transaction():
            catalogue_group(db, [one.captures for one in group if one.captures is not None], current)
            for one in group:
                if one.entry.entry is not None:
                    one.entry.entry.apply(db, None if one.captures is None else one.captures.entry)
        if self._originals is not None:
            self._originals.journalled(one.captures.response for one in group if one.captures is not None)
        with self._settled:
            self._warc_bytes += sum(record.length for one in group if one.captures for record in one.captures.records)
            self._backlog -= sum(one.entry.size for one in group)
            self._durable += len(group)
            self._settled.notify_all()
        self._on_commit([one.entry for one in group])


def catalogue_group(db: sqlite3.Connection, written: Sequence[ExchangeCaptures], current: str | None) -> None:
    """Journal where *written*, which stand in the order of their files, lie; all files but *current* are closed."""
    catalogue = Catalogue(db)
    for filename, of_file in groupby(written, key=lambda captures: captures.entry.warc_filename):
        exchanges = list(of_file)
        end = max(record.offset + record.length for record in exchanges[-1].records)
        warc = catalogue.add_warc(filename)
        catalogue.append(
            warc, [entry for captures in exchanges for entry in captures.entries], size=end, closed=filename != current
        )


def from_sqlite_error(error: sqlite3.Error, thing: str) -> BroadsheetError:
    """Say an error of the journal in the user's words; *thing* is its path."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return BrokenEnvironment(
            thing, f"the disk refuses to take it ({error})", "Make room, then run the same command again."
        )
    return InternalFault(thing, f"the journal failed ({error})")
