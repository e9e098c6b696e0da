"""One extraction into the tables of a lakehouse, in the place of what was published of it before.

Each table is replaced in one commit, so its readers meet all rows of an extraction or none.  The tables follow one another:
after a kill the first of them may have the new rows and the last not yet, and the same command makes them equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.lakehouse.delta import DeltaTables
from broadsheet.pipelines.lakehouse.iceberg import IcebergTables
from broadsheet.pipelines.lakehouse.rows import LakehouseRows, lakehouse_rows

OnProgress = Callable[[str], None]
FORMATS = ("iceberg", "delta")


class LakehouseTables(Protocol):
    """The tables of a lakehouse, of one format."""

    def replace(self, rows: LakehouseRows) -> int:
        """Let the rows with the key of *rows* be these, in one commit; how many there are."""
        ...


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table of the lakehouse: its name, and how many rows of the extraction it has."""

    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class PublishSummary:
    """What was published where; ``collection`` is the name that its rows carry."""

    target: str
    format: str
    collection: str
    extraction_ids: tuple[str, ...]
    tables: tuple[PublishedTable, ...]


def publish_extraction(
    directory: Path,
    format_: str,
    target: str,
    *,
    name: str | None = None,
    extraction: str | None = None,
    on_progress: OnProgress = lambda _table: None,
) -> PublishSummary:
    """Publish the current extraction of the collection *directory*, or the one with the id *extraction*, in the tables of
    *target*, which are of *format_*, ``iceberg`` or ``delta``.  Their rows call the collection *name*, by default its folder.

    Raises:
        BadInput: no such collection or extraction; *target* is no place for tables.
        BrokenEnvironment: a package is not installed, or a table cannot be changed: the same command goes on.
        CorruptArchive: a file of the dataset is damaged.
    """
    collection = Collection.open_dataset(directory)
    selection = select(collection, extraction)
    if not selection.files["articles"]:
        raise BadInput(str(directory), "has no articles to publish", f"Run `broadsheet extract {directory}`.")
    if Path(target).is_file():
        raise BadInput(
            target, "is a file, and the tables need a folder", "Name a folder, a new one or that of the tables."
        )
    named = name or directory.resolve().name
    tables: LakehouseTables = IcebergTables(target) if format_ == "iceberg" else DeltaTables(target)
    published = []
    for rows in lakehouse_rows(collection, selection, named):
        on_progress(rows.name)
        published.append(PublishedTable(rows.name, tables.replace(rows)))
    return PublishSummary(target, format_, named, selection.extraction_ids, tuple(published))
