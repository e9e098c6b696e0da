"""The supervisor: keeps worker processes busy with settled parts, and nothing that happens to one of them matters.

multiprocessing.Pool hangs for ever when a worker is killed, ProcessPoolExecutor gives up on all that is left (both
measured); so: own processes, one pipe each, one thread that waits on all of them.  A worker that dies, or that takes too
long over one page, is replaced and its part is done again.  A page at which workers died twice, or that ran into the
time limit once, becomes a row that says so.  Workers are recycled: parsers leak.

The thread sleeps in ``wait`` nearly always; the event loop of a crawl beside it notices nothing.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import empty_folder
from broadsheet.archive.errors import BroadsheetError, BrokenEnvironment, InternalFault, from_os_error
from broadsheet.archive.journal import connect
from broadsheet.pipelines.dataset.compacted import read_complete
from broadsheet.pipelines.dataset.defaults import DEFAULT_TABLES, TABLE_NAMES
from broadsheet.pipelines.dataset.manifest import Manifest
from broadsheet.pipelines.dataset.supersede import siblings, supersede
from broadsheet.pipelines.derive.capture_filter import EVERYTHING, CaptureFilter
from broadsheet.pipelines.derive.messages import Done, ExtractorSpec, Failed, Task, TaskResult
from broadsheet.pipelines.derive.page_limit import PAGE_SECONDS
from broadsheet.pipelines.derive.parts import Part, settled_parts
from broadsheet.pipelines.derive.worker_pool import Worker, WorkerPool
from broadsheet.pipelines.extract.options import USUAL, ExtractionOptions
from broadsheet.pipelines.identity import extraction_identity

if TYPE_CHECKING:
    from broadsheet.pipelines.derive.learnable import Learnable

SCAN_SECONDS = 1.0
TICK_SECONDS = 0.2
RECYCLE_PAGES = 2000
RECYCLE_BYTES = 230 * 1000 * 1000  # of what is left after a part; the next one takes some 50 MB more
_CRASHES = 2  # at one record, before it is given up
_FRUITLESS = 8
_ARTICLE_EXTRACTOR = "broadsheet.pipelines.extract.article:ArticleExtractor"


def spec_without_profiles(wanted: CaptureFilter = EVERYTHING, options: ExtractionOptions = USUAL) -> ExtractorSpec:
    """Each page of those *wanted* is read alone, with these *options*."""
    identity = extraction_identity("", str(wanted), str(options))
    return ExtractorSpec(_ARTICLE_EXTRACTOR, identity.extraction_id, identity.base_id, wanted=wanted, options=options)


@dataclass(slots=True)
class DeriveCounts:
    """What was derived, by this run and those before it.  ``failures`` are rows whose status is neither ok nor empty."""

    parts: int = 0
    articles: int = 0
    failures: int = 0
    entries: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    damage: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class DeriveSupervisor:
    """Derives the parts of *collection* as they settle, with *workers* processes; 0 workers derive nothing.

    With *learnable* no rows are made, but sketches of that, where there are none yet; with *sketches* those of all pages are
    made with the rows: what is read while a crawl goes on is learnt from at its end.  Workers are taken from *pool*, and
    go back to it; without one they are this derivation's own."""

    def __init__(
        self,
        collection: Collection,
        *,
        workers: int,
        tables: tuple[str, ...] = DEFAULT_TABLES,
        spec: ExtractorSpec | None = None,
        learnable: Learnable | None = None,
        sketches: bool = False,
        page_seconds: float = PAGE_SECONDS,
        recycle_pages: int = RECYCLE_PAGES,
        pool: WorkerPool | None = None,
    ) -> None:
        self.counts = DeriveCounts()
        self.derived = 0  # parts by this run
        self._collection = collection
        self._tables = tables
        if spec is None:
            spec = spec_without_profiles()
        self._spec = spec
        self._learnable = learnable
        self._sketches = sketches
        self._size = workers
        self._page_seconds = page_seconds
        self._recycle_pages = recycle_pages
        self._workers: list[Worker] = []
        self._pool = WorkerPool(collection) if pool is None else pool
        self._is_pool_own = pool is None
        self._queue: deque[Part] = deque()
        self._met: dict[int, int] = {}  # WARC id -> entries whose parts are queued or done
        self._skip: dict[str, dict[int, str]] = {}
        self._made: dict[str, tuple[str, ...]] = {}  # tables that a queued part has already: it keeps them
        self._asked: dict[str, frozenset[int]] = {}  # what of a queued part is to be sketched
        self._crashes: Counter[tuple[str, int]] = Counter()
        self._fruitless = 0  # workers in a row that died before they extracted anything
        self._failure: BroadsheetError | None = None
        self._draining = threading.Event()
        self._stopping = threading.Event()
        self._drained = threading.Event()
        self._thread = threading.Thread(target=self._run, name="derive-supervisor", daemon=True)

    @property
    def backlog(self) -> int:
        """Entries that are settled and not yet derived."""
        waiting = [*self._queue, *(worker.task.part for worker in self._workers if worker.task)]
        return sum(part.stop - part.first for part in waiting)

    def start(self) -> None:
        """Begin to derive what is settled."""
        if self._size:
            self._collection.temporary.mkdir(exist_ok=True)
            empty_folder(self._collection.temporary)
            self._thread.start()

    def finish(self, on_progress: Callable[[DeriveCounts, int], None] | None = None) -> None:
        """Wait until all that is settled is derived; *on_progress* gets the counts and the backlog.

        Raises:
            BrokenEnvironment: the disk refuses.
            InternalFault: workers cannot even be started.
            BroadsheetError: whatever else ended the supervision; nothing ends it in silence.
        """
        if not self._size:
            return
        self._draining.set()
        while not self._drained.wait(TICK_SECONDS):
            if on_progress is not None:
                on_progress(self.counts, self.backlog)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """End all workers; a part that is under way is done again another time."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            with closing(connect(self._collection.journal, read_only=True)) as db:
                self._supervise(Catalogue(db))
        except BroadsheetError as error:
            self._failure = error
        except OSError as error:
            self._failure = BrokenEnvironment(str(from_os_error(error, str(self._collection.directory))))
        except Exception as error:
            self._failure = InternalFault("extraction", f"ended by {type(error).__name__}: {error}")
        finally:
            self._dismiss()
            self._drained.set()

    def _dismiss(self) -> None:
        """Give back the workers that have nothing to do, and end the others."""
        for worker in self._workers:
            if worker.task is None:
                self._pool.keep(worker)
            else:
                worker.end()
        self._workers.clear()
        if self._is_pool_own:
            self._pool.close()

    def _supervise(self, catalogue: Catalogue) -> None:
        next_scan = 0.0
        while not self._stopping.is_set() and self._failure is None:
            draining = self._draining.is_set()
            if time.monotonic() >= next_scan:
                self._scan(catalogue)
                next_scan = time.monotonic() + SCAN_SECONDS
            self._assign()
            busy = [worker for worker in self._workers if worker.task is not None]
            if draining and not busy and not self._queue:
                self._scan(catalogue)  # what was journalled since the last look counts, too
                if not self._queue:
                    return
                continue
            wait([worker.process.connection for worker in busy], timeout=TICK_SECONDS) if busy else self._stopping.wait(
                TICK_SECONDS
            )
            for worker in busy:
                self._look_after(worker)

    def _scan(self, catalogue: Catalogue) -> None:
        """Queue the parts that have settled since the last look."""
        for warc in catalogue.warcs():
            met = self._met.get(warc.id, 0)
            if met >= warc.entries:
                continue
            for part in settled_parts(self._collection, catalogue, warc):
                if part.first < met:
                    continue
                self._met[warc.id] = part.stop
                if self._learnable is not None:
                    self._ask(part, self._learnable.offsets(catalogue, part))
                    continue
                manifest = self._made_before(part)
                if manifest is not None and set(self._tables) <= set(manifest.tables):
                    self._count(manifest)
                    continue
                self._made[part.name] = manifest.tables if manifest is not None else ()
                self._queue.append(part)

    def _ask(self, part: Part, offsets: frozenset[int]) -> None:
        """Queue *part* for the sketches of the records at *offsets*, unless they are all there."""
        if not offsets:
            return
        from broadsheet.pipelines.derive.sketches import asked_before  # noqa: PLC0415 - heavy: it can learn from them, too

        if offsets - asked_before(self._collection, self._spec.base_id, part.name):
            self._asked[part.name] = offsets
            self._queue.append(part)

    def _made_before(self, part: Part) -> Manifest | None:
        """What was made of *part* before: by this extraction or, when it is a first reading, by one with profiles, too."""
        spec = self._spec
        own = read_complete(self._collection, spec.extraction_id, part.name)
        if not spec.base_id:
            return own
        if spec.extraction_id != spec.base_id:
            if own is not None:
                supersede(self._collection, own)  # one that was killed may have had no time to
            return own
        return own or next(
            (
                manifest
                for manifest in siblings(self._collection, part.name, spec.base_id)
                if read_complete(self._collection, manifest.extraction_id, part.name) is not None
            ),
            None,
        )

    def _assign(self) -> None:
        idle = [worker for worker in self._workers if worker.task is None]
        while self._queue and (idle or len(self._workers) < self._size):
            if not idle:
                idle.append(self._pool.take())
                self._workers.append(idle[-1])
            idle.pop().give(self._task_of(self._queue.popleft()), self._spec)

    def _task_of(self, part: Part) -> Task:
        wanted = {*self._tables, *self._made.get(part.name, ())}
        tables = tuple(name for name in TABLE_NAMES if name in wanted)
        return Task(
            part,
            tables,
            self._skip.get(part.name, {}),
            self._spec.wanted,
            self._spec.options,
            self._asked.get(part.name),
            self._sketches,
        )

    def _look_after(self, worker: Worker) -> None:
        try:
            if worker.process.connection.poll():
                self._reported(worker, worker.process.connection.recv())
                return
        except (EOFError, OSError):
            self._died(worker)
            return
        if not worker.process.is_alive():
            self._died(worker)
            return
        offset = worker.current.value
        if offset != worker.offset:
            worker.offset = offset
            worker.watch.begin()
        elif offset >= 0 and worker.watch.is_over(self._page_seconds):
            worker.timed_out = offset  # SIGALRM cannot interrupt a parser written in C
            self._died(worker)

    def _reported(self, worker: Worker, report: TaskResult) -> None:
        worker.task = None
        self._fruitless = 0
        match report.outcome:
            case Failed(message, environment=True):
                self._failure = BrokenEnvironment(message)
            case Failed(message):
                self.counts.problems.append(message)
            case done:
                self._done(done)
                worker.pages += done.pages
        if worker.pages >= self._recycle_pages or report.rss > RECYCLE_BYTES:
            self._workers.remove(worker)
            worker.end()

    def _done(self, done: Done) -> None:
        self.derived += 1
        self.counts.problems.extend(done.problems)
        if done.manifest is not None:
            self._count(done.manifest)
        else:
            self.counts.articles += done.pages

    def _died(self, worker: Worker) -> None:
        """Put the part of *worker*, which is dead or dies now, back; remember the page that it died of."""
        self._workers.remove(worker)
        worker.process.kill()
        offset = worker.timed_out if worker.timed_out is not None else worker.current.value
        worker.current.close()
        if worker.task is None:
            return
        part = worker.task.part
        if offset < 0:
            self._fruitless += 1
            if self._fruitless >= _FRUITLESS:
                cause = f"{self._fruitless} in a row died before they extracted anything"
                self._failure = InternalFault("extraction workers", cause, "Their errors are on standard error.")
        else:
            self._fruitless = 0
            self._crashes[part.name, offset] += 1
            if worker.timed_out is not None:
                self._skip.setdefault(part.name, {})[offset] = "timeout"
            elif self._crashes[part.name, offset] >= _CRASHES:
                self._skip.setdefault(part.name, {})[offset] = "error"
        self._queue.appendleft(part)

    def _count(self, manifest: Manifest) -> None:
        self.counts.parts += 1
        self.counts.articles += manifest.articles
        self.counts.failures += manifest.failures
        self.counts.entries += manifest.entries
        self.counts.reasons += Counter(manifest.reasons)
        self.counts.damage.extend(manifest.damage)
