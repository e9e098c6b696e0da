"""Worker processes, and those that have nothing to do: a second reading of a collection goes on with the workers of the first.

A worker takes half a second of CPU to start.  It makes its extractor when a task comes that is another's (`Assignment`), so one
process serves several derivations of a collection, and describes what they made.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from broadsheet.archive.child_process import ChildProcess, start_process
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import InternalFault
from broadsheet.pipelines.derive.messages import Assignment, Describe, Described, ExtractorSpec, Task
from broadsheet.pipelines.derive.page_limit import Stopwatch
from broadsheet.pipelines.derive.shared_offset import SharedOffset
from broadsheet.pipelines.derive.worker import worker_main


@dataclass(slots=True)
class Worker:
    """A process, and what it is doing; ``pages`` are all that it has read."""

    process: ChildProcess
    current: SharedOffset
    watch: Stopwatch
    task: Task | None = None
    pages: int = 0
    offset: int = -1
    timed_out: int | None = None

    def give(self, task: Task, spec: ExtractorSpec) -> None:
        """Hand it *task*, to be done by the extractor of *spec*.  One that died idle is found out when it is looked after."""
        self.task, self.offset = task, -1
        with suppress(OSError):
            self.process.connection.send(Assignment(task, spec))

    def end(self) -> None:
        """End it at once: what it published is whole, what it did not is done again."""
        self.process.kill()
        self.current.close()


class WorkerPool:
    """The workers of *collection* that are between two derivations; at the end of the block all are ended."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._idle: list[Worker] = []
        # A process ends with the thread that started it (`start_process`), and each derivation has a thread of its own.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter of workers")

    def take(self) -> Worker:
        """An idle worker, or a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.is_alive():
                return worker
            worker.end()
        current = SharedOffset.new()
        arguments = (current.file, str(self._collection.directory))
        process = self._starter.submit(start_process, worker_main, *arguments, shared_files=(current.file,)).result()
        return Worker(process, current, Stopwatch(process.pid))

    def keep(self, worker: Worker) -> None:
        """Take back *worker*, which has nothing to do."""
        self._idle.append(worker)

    def describe(self) -> None:
        """Have a worker describe what the collection's dataset holds (`broadsheet.pipelines.derive.describe`), and wait.

        Raises:
            CorruptArchive: a file of the dataset cannot be read.
            BrokenEnvironment: the disk refuses; the old card stays.
            InternalFault: the worker ended without a word.
        """
        worker = self.take()
        try:
            worker.process.connection.send(Describe())
            described: Described = worker.process.connection.recv()
        except (EOFError, OSError) as error:
            remedy = "Run `broadsheet extract` on the collection."
            raise InternalFault("the data card", "its process died", remedy) from error
        finally:
            worker.end()
        if described.problem is not None:
            raise described.problem

    def close(self) -> None:
        """End all that are idle; one that still works for a derivation is that derivation's to end."""
        while self._idle:
            self._idle.pop().end()
        self._starter.shutdown()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
