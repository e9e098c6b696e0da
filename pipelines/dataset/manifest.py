"""Manifests: which parts of the dataset are complete, and what each of them holds.

Kept apart from the writing of Parquet so that a crawl can ask without loading Arrow (50 MB of memory).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import make_folders, whole_file
from broadsheet.archive.errors import CorruptArchive
from broadsheet.pipelines.dataset.defaults import DEFAULT_TABLES

_PER_EXTRACTION = frozenset({"articles", "segments", "images", "links", "signatures"})
_EXTRACTION = "extraction="
NO_MONTH = "__HIVE_DEFAULT_PARTITION__"  # of rows that do not say when: Hive, Spark, Athena and pyarrow read it as null
REPEATED = "the same record came in before"  # the reason of a capture that has no row in any table


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A Parquet file of a part.  ``path`` is relative to the dataset folder."""

    table: str
    path: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a part holds.  ``reasons`` counts entries that have no row in ``articles``, by why:
    ``entries == rows of articles + sum(reasons)``.  ``tables`` are those that were asked for, with rows or without;
    ``damage`` lists the stretches of the part that could not be read; ``base_id`` is the extraction_id without site
    profiles; ``wanted`` the filters in words, ``options`` the options that are not as usual, "" for none."""

    part: str
    warc_filename: str
    first: int
    stop: int
    extraction_id: str
    entries: int
    articles: int
    failures: int
    reasons: Mapping[str, int]
    files: tuple[PublishedFile, ...]
    tables: tuple[str, ...] = DEFAULT_TABLES
    damage: tuple[str, ...] = ()
    base_id: str = ""
    wanted: str = ""
    options: str = ""


def manifest_path(collection: Collection, extraction_id: str, part: str) -> Path:
    """Where the manifest of *part* lies; names with ``_`` are no data to any reader."""
    return collection.dataset / "_manifest" / extraction_id / f"{part}.json"


def table_folder(table: str, extraction_id: str) -> Path:
    """Where the files of *table* lie in the dataset, below it by month.  Captures do not depend on the extraction.

    Folders are named as Hive names partitions.  The key is ``extraction``: files have a column ``extraction_id``, and BigQuery,
    pyarrow and pandas refuse a partition that has the name of a column (docs/decisions/0031-partition-folders.md).
    """
    return Path(table, f"{_EXTRACTION}{extraction_id}") if table in _PER_EXTRACTION else Path(table)


def lies_in_extraction(path: str, extraction_id: str) -> bool:
    """Whether the *path* of a file in the dataset is in a folder of that extraction, by its present name or its
    earlier one, the bare id."""
    return bool({f"{_EXTRACTION}{extraction_id}", extraction_id} & set(path.split("/")))


def month_folder(month: str) -> str:
    """The folder of the rows that were fetched in *month*, ``2026-11`` or `NO_MONTH`, as Hive names it."""
    return f"fetch_month={month}"


def signatures_path(collection: Collection, extraction_id: str) -> Path:
    """Where the signatures of an extraction are published."""
    return collection.dataset / table_folder("signatures", extraction_id) / "signatures.parquet"


def published_signatures(collection: Collection, extraction_id: str) -> Path | None:
    """Where the signatures of an extraction lie: in the folder's present name or its earlier one; None when there are none."""
    paths = (signatures_path(collection, extraction_id), earlier_signatures_path(collection, extraction_id))
    return next((path for path in paths if path.is_file()), None)


def earlier_signatures_path(collection: Collection, extraction_id: str) -> Path:
    """Where signatures were published before folders were partitions."""
    return collection.dataset / "signatures" / extraction_id / "signatures.parquet"


def publish_manifest(collection: Collection, manifest: Manifest) -> None:
    """Say that a part is complete."""
    path = manifest_path(collection, manifest.extraction_id, manifest.part)
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n"
    with publishing(collection, path) as file:
        file.write(text.encode())


def read_manifest(path: Path) -> Manifest:
    """The manifest in *path*.

    Raises:
        CorruptArchive: it is none.
    """
    return parse_manifest(path.read_bytes(), str(path))


def parse_manifest(text: bytes, name: str) -> Manifest:
    """The manifest in *text*, called *name* in messages.

    Raises:
        CorruptArchive: it is none.
    """
    try:
        values = json.loads(text)
        values["files"] = tuple(PublishedFile(**file) for file in values["files"])
        for key in ("tables", "damage"):
            if key in values:
                values[key] = tuple(values[key])
        return Manifest(**values)
    except (ValueError, TypeError, KeyError) as error:
        cause = f"is no manifest ({type(error).__name__}: {error})"
        raise CorruptArchive(name, cause, "Extract again: the part is made anew.") from error


@contextmanager
def publishing(collection: Collection, path: Path) -> Iterator[IO[bytes]]:
    """A file of *collection* to write, which is *path* when the block ends, whole and durable.  It is made in the folder
    ``tmp``, where no reader looks, and which a run empties before it begins.

    Raises:
        OSError: the disk refuses; what was there stays.
    """
    make_folders(path.parent)
    make_folders(collection.temporary)
    with whole_file(path, made_in=collection.temporary) as file:
        yield file
