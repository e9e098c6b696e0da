"""What is done when all rows are there: those of one article under several URLs are labelled, and the data card is written.

A worker does it (`WorkerPool.describe`): it has loaded Arrow for the rows; the process of a command or a crawl never does.
"""

from __future__ import annotations

from broadsheet.archive.collection import Collection


def describe(collection: Collection) -> None:
    """Label the variants in *collection* (`broadsheet.pipelines.dataset.variants`), and write its data card (`card`).

    Raises:
        CorruptArchive: a file of the dataset cannot be read.
        BrokenEnvironment: the disk refuses; the old card stays.
    """
    from broadsheet.pipelines.dataset.card import write_card  # noqa: PLC0415 - loads Arrow: not before there is something to count
    from broadsheet.pipelines.dataset.variants import label_current  # noqa: PLC0415

    label_current(collection)
    write_card(collection)
