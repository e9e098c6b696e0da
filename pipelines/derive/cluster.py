"""Derivation on a Dask cluster.  The scheduler spreads the parts; publication, names and bytes are those of one machine.

A Dask worker is killed by its page's time limit (a signal, which no parser written in C can hold up; its nanny starts
another).  A part that workers died of goes to the supervised pool of this machine, which alone can tell the page that did
it and write the row that says so.  One part at a time a worker process: the timer is the process's, and so is the GIL.

A run that was killed may have left parts running in the cluster.  They end at their next page, since the fence, a file that
the next run takes away, is gone.  Dropped: dask.bag and dataframes, which materialise rows in the scheduler's graph.
This is distributed's one home.
"""

from __future__ import annotations

import threading
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment, from_os_error
from broadsheet.pipelines.derive.memory import resident_bytes
from broadsheet.pipelines.derive.messages import ExtractorSpec, Failed, Task, TaskResult
from broadsheet.pipelines.derive.page_limit import set_alarms
from broadsheet.pipelines.derive.parts import Part
from broadsheet.pipelines.derive.supervisor import DeriveSupervisor
from broadsheet.pipelines.extract.extraction import Extractor

try:
    import dask
    import distributed
except ImportError as error:
    raise BadInput(
        "--engine dask", f"the package {error.name} is not installed", 'Run: pip install "broadsheet[dask]"'
    ) from error

IN_FLIGHT = 3  # parts submitted for each thread of the cluster: none waits for work, and the scheduler holds little
CONNECT_SECONDS = 15.0
_POLL_SECONDS = 0.2
_AGAIN = "Run the same command again: it goes on where it stopped."
_one_at_a_time = threading.Lock()


class Fenced(BroadsheetError):
    """The run that wanted this part is over."""


def derive_on_worker(directory: str, spec: ExtractorSpec, task: Task, page_seconds: float, fence: str) -> TaskResult:
    """Derive the part of *task* in a Dask worker, which dies when a page takes longer than *page_seconds*."""
    from broadsheet.pipelines.derive.task import derive_part  # noqa: PLC0415 - the driver must not load Arrow

    collection = Collection(Path(directory))

    def announce(offset: int) -> None:
        set_alarms(page_seconds if offset >= 0 else 0.0)
        if not (collection.temporary / fence).exists():
            set_alarms(0.0)
            raise Fenced(task.part.name, "the run that wanted it is over, or its folder is not seen here")

    with _one_at_a_time:
        try:
            announce(-1)
            return TaskResult(derive_part(collection, task, _extractor(spec), announce), resident_bytes())
        except OSError as error:
            return TaskResult(
                Failed(str(from_os_error(error, str(collection.dataset))), environment=True), resident_bytes()
            )
        except Fenced as error:
            return TaskResult(Failed(str(error), environment=True), resident_bytes())
        except BroadsheetError as error:
            return TaskResult(Failed(str(error), environment=False), resident_bytes())
        except Exception:
            message = f"{task.part.name}: {traceback.format_exc()}"
            return TaskResult(Failed(message, environment=False), resident_bytes())
        finally:
            set_alarms(0.0)


@lru_cache(maxsize=1)
def _extractor(spec: ExtractorSpec) -> Extractor:
    return spec.make()


class ClusterDerivation(DeriveSupervisor):
    """Derives the parts of a collection over *client*; what its workers die of, the pool of this machine derives."""

    def __init__(self, collection: Collection, *, client: Any, **options: Any) -> None:
        super().__init__(collection, **options)
        self._client = client
        self._fence = f"run-{uuid.uuid4().hex}"
        self._submitted: dict[Any, Part] = {}

    @property
    def backlog(self) -> int:
        """Entries that are settled and not yet derived."""
        return super().backlog + sum(part.stop - part.first for part in list(self._submitted.values()))

    def _supervise(self, catalogue: Catalogue) -> None:
        self._scan(catalogue)
        lost: list[Part] = []
        fence = self._collection.temporary / self._fence
        fence.touch()
        try:
            while (self._queue or self._submitted) and not self._stopping.is_set() and self._failure is None:
                try:
                    self._submit()
                    self._collect(lost)
                except OSError as error:  # distributed's own for a connection that is cut
                    raise _gone(self._client) from error
        finally:
            fence.unlink(missing_ok=True)
            self._submitted.clear()  # Dask forgets what nobody waits for
        self._queue.extend(lost)
        super()._supervise(catalogue)

    def _submit(self) -> None:
        threads = sum(self._client.nthreads().values()) if self._queue else 0
        while self._queue and len(self._submitted) < IN_FLIGHT * max(1, threads):
            part = self._queue.popleft()
            future = self._client.submit(
                derive_on_worker,
                str(self._collection.directory.absolute()),
                self._spec,
                self._task_of(part),
                self._page_seconds,
                self._fence,
                key=f"{part.name}-{self._spec.extraction_id}-{self._fence}",
                pure=False,
            )
            self._submitted[future] = part

    def _collect(self, lost: list[Part]) -> None:
        self._stopping.wait(_POLL_SECONDS if not any(future.done() for future in self._submitted) else 0)
        for future in [future for future in self._submitted if future.done()]:
            part = self._submitted.pop(future)
            if future.status == "finished":
                self._take(future.result())
            elif future.status == "error" and isinstance(future.exception(), distributed.KilledWorker):
                lost.append(part)
            elif future.status == "error":
                self.counts.problems.append(f"{part.name}: {future.exception()}")
            else:  # cancelled, lost: by a scheduler that is gone
                raise _gone(self._client)
        if self._client.status not in {"running", "newly-created"}:
            raise _gone(self._client)

    def _take(self, report: TaskResult) -> None:
        match report.outcome:
            case Failed(message, environment=True):
                self._failure = BrokenEnvironment(message)
            case Failed(message):
                self.counts.problems.append(message)
            case done:
                self._done(done)


def _gone(client: Any) -> BrokenEnvironment:
    address = client.scheduler.address if client.scheduler is not None else "the Dask scheduler"
    return BrokenEnvironment(str(address), "the Dask scheduler is gone", f"Start it. {_AGAIN}")


@contextmanager
def open_cluster(address: str | None, *, workers: int) -> Iterator[Any]:
    """An engine over the scheduler at *address* (``HOST:PORT``), or over *workers* processes of this machine.

    Raises:
        BrokenEnvironment: no scheduler answers there.
    """
    settings = {"distributed.scheduler.allowed-failures": 1, "distributed.logging.distributed": "critical"}
    with dask.config.set(settings):
        if address is None:
            with (
                distributed.LocalCluster(
                    n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
                ) as cluster,
                distributed.Client(cluster, set_as_default=False) as client,
            ):
                yield _engine(client)
            return
        try:
            client = distributed.Client(f"tcp://{address}", timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError) as error:
            cause = f"no Dask scheduler answers ({type(error).__name__})"
            raise BrokenEnvironment(f"dask://{address}", cause, "Start one: dask scheduler.") from error
        try:
            yield _engine(client)
        finally:
            client.close(timeout=2)


def _engine(client: Any) -> Any:
    def engine(collection: Collection, **options: Any) -> ClusterDerivation:
        return ClusterDerivation(collection, client=client, **options)

    return engine
