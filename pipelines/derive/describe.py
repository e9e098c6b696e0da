"""What is done when all rows of a crawl are there, by a process of its own: it takes Arrow, 60 MB that a crawl does without.

Rows of one article under several URLs are labelled, and the data card is written.
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from broadsheet.archive.child_process import start_process
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, InternalFault
from broadsheet.pipelines.derive.without_pandas import without_pandas


def describe_apart(collection: Collection) -> None:
    """Label the variants in *collection* (`broadsheet.pipelines.dataset.variants`), write its data card (`card`), and wait.

    Raises:
        CorruptArchive: a file of the dataset cannot be read.
        BrokenEnvironment: the disk refuses; the old card stays.
        InternalFault: the process ended without a word.
    """
    process = start_process(_describe, str(collection.directory))
    problem: BroadsheetError | None
    try:
        problem = process.connection.recv()
    except EOFError:
        problem = InternalFault("the data card", "its process died", "Run `broadsheet extract` on the collection.")
    finally:
        process.join()
    if problem is not None:
        raise problem


def _describe(connection: Connection, directory: str) -> None:
    without_pandas()
    from broadsheet.pipelines.dataset.card import write_card  # noqa: PLC0415 - the parent must not load Arrow
    from broadsheet.pipelines.dataset.variants import label_current  # noqa: PLC0415

    try:
        label_current(Collection(Path(directory)))
        write_card(Collection(Path(directory)))
    except BroadsheetError as error:
        connection.send(error)
    else:
        connection.send(None)
