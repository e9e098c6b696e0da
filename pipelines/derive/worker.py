"""A worker process: takes parts, derives them, says what became of them.  It lives and dies for its supervisor."""

from __future__ import annotations

import gc
import os
import traceback
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, from_os_error
from broadsheet.pipelines.derive.describe import describe
from broadsheet.pipelines.derive.memory import calm_collector, resident_bytes, trim
from broadsheet.pipelines.derive.messages import (
    Assignment,
    Describe,
    Described,
    Done,
    ExtractorSpec,
    Failed,
    TaskResult,
)
from broadsheet.pipelines.derive.shared_offset import SharedOffset
from broadsheet.pipelines.derive.without_pandas import without_pandas

if TYPE_CHECKING:
    from broadsheet.pipelines.extract.extraction import Extractor

NICE = 5  # the crawl, and the person at the keyboard, come first
_TRIM_EVERY = 50  # pages, which take a second; it takes some milliseconds


def worker_main(
    connection: Connection,
    current_file: int,
    directory: str,
) -> None:
    """Serve the supervisor at the other end of *connection* until it hangs up.

    It is told what to do (`Assignment`; an extractor is made when one names another than the one before), or that all is to be
    described (`Describe`).
    *current_file* is that of a `SharedOffset`: the offset of the record that is being extracted, -1 between two of them.
    """
    without_pandas()
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # its own pool keeps what `trim` could return
    os.nice(NICE)
    collection = Collection(Path(directory))
    made: tuple[ExtractorSpec, Extractor] | None = None
    current = SharedOffset(current_file)
    read = count()

    def announce(offset: int) -> None:
        current.value = offset
        if offset < 0 and next(read) % _TRIM_EVERY == _TRIM_EVERY - 1:
            trim()

    while True:
        try:
            message: Assignment | Describe = connection.recv()
        except EOFError:
            return
        if isinstance(message, Describe):
            connection.send(Described(_problem_of(collection)))
            continue
        from broadsheet.pipelines.derive.task import derive_part  # noqa: PLC0415 - what only describes reads no pages

        task = message.task
        if made is None or made[0] != message.spec:
            made = message.spec, message.spec.make()
            calm_collector()
        outcome: Done | Failed
        try:
            outcome = derive_part(collection, task, made[1], announce)
        except OSError as error:
            outcome = Failed(str(from_os_error(error, str(collection.dataset))), environment=True)
        except BroadsheetError as error:
            outcome = Failed(str(error), environment=False)
        except Exception:
            outcome = Failed(f"{task.part.name}: {traceback.format_exc()}", environment=False)
        current.value = -1
        gc.collect()
        trim()
        connection.send(TaskResult(outcome, resident_bytes()))


def _problem_of(collection: Collection) -> BroadsheetError | None:
    """Why *collection* cannot be described; None when it was."""
    try:
        describe(collection)
    except BroadsheetError as error:
        return error
    return None
