"""The data card of a crawl, written by a process of its own: counting takes Arrow, some 60 MB that a crawl does without."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, InternalFault
from broadsheet.pipelines.derive.worker import die_with_parent, without_pandas


def describe_apart(collection: Collection) -> None:
    """Write the data card of *collection* (`broadsheet.pipelines.dataset.card`), and wait for it.

    Raises:
        CorruptArchive: a file of the dataset cannot be read.
        BrokenEnvironment: the disk refuses; the old card stays.
        InternalFault: the process ended without a word.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_describe, args=(there, str(collection.directory), os.getpid()), name="describe")
    process.start()
    there.close()
    problem: BroadsheetError | None
    try:
        problem = here.recv()
    except EOFError:
        problem = InternalFault("the data card", "its process died", "Run `broadsheet extract` on the collection.")
    finally:
        here.close()
        process.join()
    if problem is not None:
        raise problem


def _describe(connection: Connection, directory: str, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; it takes a moment only
    without_pandas()
    from broadsheet.pipelines.dataset.card import write_card  # noqa: PLC0415 - the parent must not load Arrow

    if not die_with_parent(parent):
        return
    try:
        write_card(Collection(Path(directory)))
    except BroadsheetError as error:
        connection.send(error)
    else:
        connection.send(None)
