"""The capture log: where exchanges become durable, off the event loop.

Two threads.  The *writer* puts the records of each exchange into the WARC as it comes: from then on a kill cannot lose
it, because recovery finds whole exchanges in the file.  The *committer*, some times a second, syncs the file and says,
in one transaction, where the records lie, together with the change that each submission brings (a frontier's "done",
new URLs): from then on a power cut cannot lose it either.  So the journal never names a record that is not on disk, and
the slow sync never keeps an exchange waiting in memory.

When the disk fails both stop at the last durable group, say so through ``on_failure``, and drop what follows: those
exchanges count as never made.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import groupby

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, InternalFault, from_os_error
from broadsheet.archive.exchange import Exchange
from broadsheet.archive.journal import journal_errors
from broadsheet.archive.warc.writer import ExchangeCaptures, WarcInfo, WarcWriter
from broadsheet.pipelines.capture.originals import Originals
from broadsheet.pipelines.capture.submission import Journal, Submission

logger = logging.getLogger(__name__)

# How long a group gathers before it is committed: ten times as long as the last commit took, so that a slow disk is not asked
# all the time; and within these seconds.
_LEAST_GATHERING, _MOST_GATHERING = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class _Written:
    """A submission, and where its records lie if it has an exchange."""

    submission: Submission
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

    *journal* makes, over the committer's connection, what takes the changes of submissions; a log without one takes
    exchanges alone.  *on_commit* and *on_failure* are called from the log's threads.
    """

    def __init__(
        self,
        collection: Collection,
        options: WarcOptions,
        *,
        journal: Callable[[Catalogue], Journal] | None = None,
        on_commit: Callable[[Sequence[Submission]], None],
        on_failure: Callable[[BroadsheetError], None],
    ) -> None:
        self._collection = collection
        self._options = options
        self._journal = journal
        self._journal_path = collection.journal
        self._on_commit = on_commit
        self._on_failure = on_failure
        self._queue: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # guards what both threads share
        self._written: list[_Written] = []
        self._work = threading.Event()
        self._settled = threading.Condition(self._lock)
        self._submitting = threading.Lock()  # of its own: who submits must not wait for either thread
        self._submitted = self._durable = 0
        self._rollover = threading.Lock()
        self._writing = True
        self._submitted_bytes = self._durable_bytes = 0
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
        return self._submitted_bytes - self._durable_bytes

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

    def submit(self, submission: Submission) -> None:
        """Queue *submission*; what was submitted first is durable first.  Never blocks."""
        with self._submitting:
            self._submitted_bytes += submission.size
            self._submitted += 1
        self._queue.put(submission)

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
            with journal_errors(self._journal_path):
                yield
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
        """The writer's thread.  After a failure it goes on to take submissions, so that nobody waits for ever."""
        if self._originals is not None:
            with self._failing_together():
                self._originals.open()
        while (submission := self._queue.get()) is not None:
            captures = None
            if self._failure is None:
                with self._failing_together():
                    captures = None if submission.exchange is None else self._write(submission, submission.exchange)
                    with self._lock:
                        self._written.append(_Written(submission, captures))
                    self._work.set()
            if submission.on_written is not None:
                submission.on_written(None if captures is None else captures.main)
        if self._originals is not None:
            self._originals.close()
        self._writing = False
        self._work.set()

    def _write(self, submission: Submission, exchange: Exchange) -> ExchangeCaptures:
        full = self._writer.offset >= self._options.max_size
        originals = self._originals if submission.dedupe else None
        with self._rollover if full else nullcontext():  # the committer must not sync a file that is being closed
            captures = self._writer.write_exchange(
                exchange,
                submission.provenance,
                unmodified=submission.unmodified,
                find_original=None if originals is None else originals.find,
            )
        if originals is not None and captures.response is not None:
            originals.add(captures.response)
        return captures

    def _commit_all(self) -> None:
        """The committer's thread."""
        with self._failing_together(), Catalogue.open(self._collection.journal) as catalogue:
            journal = None if self._journal is None else self._journal(catalogue)
            writing, gathering = True, _LEAST_GATHERING
            while writing and self._failure is None:
                self._work.wait()
                if self._writing:
                    time.sleep(gathering)
                self._work.clear()
                writing = self._writing  # asked before the group is taken: what comes later is in the next one
                with self._lock:
                    group, self._written = self._written, []
                if group:
                    begun = time.monotonic()
                    self._commit(catalogue, journal, group)
                    gathering = min(max(10 * (time.monotonic() - begun), _LEAST_GATHERING), _MOST_GATHERING)
            if self._failure is None:
                self._writer.close()
                catalogue.close_own_warcs()

    def _commit(self, catalogue: Catalogue, journal: Journal | None, group: list[_Written]) -> None:
        """Sync, then one transaction: where the group's records lie, and what each submission changes."""
        with self._rollover:
            self._writer.sync()
            current = self._writer.filename
        transaction = catalogue.transaction if journal is None else journal.transaction
        with transaction():
            catalogue_group(catalogue, [one.captures for one in group if one.captures is not None], current)
            for one in group:
                if one.submission.change is not None:
                    assert journal is not None, "a log without a journal takes no changes"
                    journal.apply(one.submission.change, None if one.captures is None else one.captures.main)
        if self._originals is not None:
            self._originals.journalled(one.captures.response for one in group if one.captures is not None)
        with self._settled:
            self._warc_bytes += sum(record.length for one in group if one.captures for record in one.captures.records)
            self._durable_bytes += sum(one.submission.size for one in group)
            self._durable += len(group)
            self._settled.notify_all()
        self._on_commit([one.submission for one in group])


def catalogue_group(catalogue: Catalogue, written: Sequence[ExchangeCaptures], current: str | None) -> None:
    """Journal where *written*, which stand in the order of their files, lie; all files but *current* are closed."""
    for filename, of_file in groupby(written, key=lambda captures: captures.main.warc_filename):
        exchanges = list(of_file)
        end = max(record.offset + record.length for record in exchanges[-1].records)
        warc = catalogue.add_warc(filename)
        listed = [capture for captures in exchanges for capture in captures.listed]
        catalogue.append(warc, listed, size=end, closed=filename != current)
