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

_PER_EXTRACTION = frozenset({"articles", "segments", "images", "links"})


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
    profiles; ``wanted`` the filters in words, "" for none."""

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


def manifest_path(collection: Collection, extraction_id: str, part: str) -> Path:
    """Where the manifest of *part* lies; names with ``_`` are no data to any reader."""
    return collection.dataset / "_manifest" / extraction_id / f"{part}.json"


def table_folder(table: str, extraction_id: str) -> Path:
    """Where the files of *table* lie in the dataset, below it by month.  Captures do not depend on the extraction."""
    return Path(table, extraction_id) if table in _PER_EXTRACTION else Path(table)


def month_folder(month: str) -> str:
    """The folder of the rows that were fetched in *month*, ``2026-11``, as Hive names it."""
    return f"fetch_month={month}"


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
