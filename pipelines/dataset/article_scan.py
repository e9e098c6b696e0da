"""Reading the articles table as a stream, whatever the layout of its files: one extraction, chosen columns, few rows at a time.

Which extraction a row belongs to is read from its column, not from the path: parts that were compacted or moved are read
all the same.  Files are taken in the order of their names, so two scans of one `ArticleScan` meet the rows in one order;
nobody may rely on more than that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.archive.generations import opened
from broadsheet.pipelines.dataset.unreadable import unreadable

BATCH_ROWS = 500  # an article is some 5 kB, at worst some MB


@dataclass(frozen=True, slots=True)
class PublishedExtraction:
    """An extraction that has rows: its ``rows``, and when the newest of its files was published (ns since 1970)."""

    extraction_id: str
    rows: int
    published: int


@dataclass(frozen=True, slots=True)
class ArticleScan:
    """The rows of one extraction in the articles table of the dataset folder ``dataset``."""

    dataset: Path
    extraction_id: str
    files: tuple[Path, ...]

    def batches(self, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The rows, *columns* in that order, at most BATCH_ROWS at a time.

        Raises:
            CorruptArchive: a file is no Parquet, or lacks a column.
            BrokenEnvironment, BadInput: a file cannot be read.
        """
        import pyarrow.compute as pc  # noqa: PLC0415 - half a second

        wanted = [*columns, *(["extraction_id"] if "extraction_id" not in columns else [])]
        for path in self.files:
            with _opened(self.dataset, path) as file:
                if missing := sorted(set(wanted) - set(file.schema_arrow.names)):
                    raise CorruptArchive(str(path), f"has no column {missing[0]}", "Extract again.")
                for batch in file.iter_batches(BATCH_ROWS, columns=wanted, use_threads=False):
                    mine = batch.filter(pc.equal(batch.column("extraction_id"), self.extraction_id))
                    if mine.num_rows:
                        yield mine.select(list(columns))

    def fingerprint(self) -> list[list[Any]]:
        """What tells whether the files are those of an earlier scan: name, size in bytes, time of writing."""
        stats = [(path, path.stat()) for path in self.files]
        return [[path.relative_to(self.dataset).as_posix(), stat.st_size, stat.st_mtime_ns] for path, stat in stats]


def scan_articles(collection: Collection, extraction_id: str) -> ArticleScan:
    """The articles of *extraction_id*.

    Raises:
        BadInput: the collection has none of that id; the message lists those it has.
    """
    found = _files_by_extraction(collection)
    if extraction_id not in found:
        present = ", ".join(sorted(found)) or "none"
        raise BadInput(
            f"extraction {extraction_id}", f"{collection.directory} has no rows of it", f"It has those of: {present}."
        )
    return ArticleScan(collection.dataset, extraction_id, tuple(found[extraction_id]))


def extractions(collection: Collection) -> list[PublishedExtraction]:
    """The extractions that have rows in the articles table, the newest last (by publication, then by id)."""
    entries = [
        PublishedExtraction(extraction_id, sum(files.values()), max(path.stat().st_mtime_ns for path in files))
        for extraction_id, files in _files_by_extraction(collection).items()
    ]
    return sorted(entries, key=lambda entry: (entry.published, entry.extraction_id))


def _files_by_extraction(collection: Collection) -> dict[str, dict[Path, int]]:
    """The files that hold rows of each extraction, in the order of their names, and how many rows."""
    import pyarrow.compute as pc  # noqa: PLC0415 - half a second

    found: dict[str, dict[Path, int]] = {}
    folder = collection.dataset / "articles"
    for path in sorted(folder.rglob("*.parquet")):
        if any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts):
            continue
        with _opened(collection.dataset, path) as file:
            if "extraction_id" not in file.schema_arrow.names:
                raise CorruptArchive(str(path), "has no column extraction_id", "Extract again.")
            counts = pc.value_counts(file.read(columns=["extraction_id"]).column(0).combine_chunks())
        for entry in counts.to_pylist():
            found.setdefault(entry["values"], {})[path] = entry["counts"]
    return found


@contextmanager
def _opened(dataset: Path, path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with opened(dataset, path, pq.ParquetFile) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error, "Delete it, and extract again.") from error
