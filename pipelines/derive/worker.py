"""A worker process: takes parts, derives them, says what became of them.  It lives and dies for its supervisor.

Spawned, never forked: a fork of a process with threads and an event loop inherits locks that nobody will release.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import traceback
from importlib.abc import MetaPathFinder
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path
from typing import Any

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, from_os_error
from broadsheet.pipelines.derive.memory import calm_collector, resident_bytes, trim
from broadsheet.pipelines.derive.messages import Done, ExtractorSpec, Failed, Task, TaskResult

NICE = 5  # the crawl, and the person at the keyboard, come first
_PR_SET_PDEATHSIG = 1
_TRIM_EVERY = 50  # pages, which take a second; it takes some milliseconds


def worker_main(
    connection: Connection,
    current: SynchronizedArray[int],
    directory: str,
    spec: ExtractorSpec,
    parent: int,
) -> None:
    """Serve the supervisor, in process *parent*, at the other end of *connection* until it hangs up.

    ``current[0]`` holds the offset of the record that is being extracted, -1 between two of them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the supervisor decides
    if not die_with_parent(parent):
        return
    without_pandas()
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # its own pool keeps what `trim` could return
    from broadsheet.pipelines.derive.task import derive_part  # noqa: PLC0415 - the supervisor's process must not load Arrow

    os.nice(NICE)
    collection = Collection(Path(directory))
    extractor = spec.make()
    calm_collector()

    read = count()

    def announce(offset: int) -> None:
        current[0] = offset
        if offset < 0 and next(read) % _TRIM_EVERY == _TRIM_EVERY - 1:
            trim()

    while True:
        try:
            task: Task = connection.recv()
        except EOFError:
            return
        outcome: Done | Failed
        try:
            outcome = derive_part(collection, task, extractor, announce)
        except OSError as error:
            outcome = Failed(str(from_os_error(error, str(collection.dataset))), environment=True)
        except BroadsheetError as error:
            outcome = Failed(str(error), environment=False)
        except Exception:
            outcome = Failed(f"{task.part.name}: {traceback.format_exc()}", environment=False)
        current[0] = -1
        gc.collect()
        trim()
        connection.send(TaskResult(outcome, resident_bytes()))


def without_pandas() -> None:
    """Let no import of this process find pandas: where it is installed, Arrow loads it to ask whether values are of it, which
    takes 1.4 s and 62 MB (measured)."""
    sys.meta_path.insert(0, _WithoutPandas())


class _WithoutPandas(MetaPathFinder):
    """Finds no pandas."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:  # noqa: ARG002 - the interface
        """Refuse pandas, leave everything else to others."""
        if fullname == "pandas":
            raise ModuleNotFoundError("a worker does without pandas", name=fullname)


def die_with_parent(parent: int) -> bool:
    """Be killed when the thread that spawned this process ends, however it ends; False when it has ended already.

    Linux; elsewhere the end of the pipe does it, after the part that is under way.
    """
    prctl: Any = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    return os.getppid() == parent
