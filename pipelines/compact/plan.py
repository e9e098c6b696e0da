"""What there is to compact: the current extraction, by table and month; a month without new rows stays as it is."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive, from_os_error
from broadsheet.pipelines.compact.order import conform
from broadsheet.pipelines.dataset.compacted import CompactionManifest, compaction_of, read_compaction
from broadsheet.pipelines.dataset.current import Selection, with_captures
from broadsheet.pipelines.dataset.defaults import TABLE_NAMES
from broadsheet.pipelines.dataset.manifest import Manifest, PublishedFile, month_folder, table_folder
from broadsheet.pipelines.dataset.publish import by_month
from broadsheet.pipelines.dataset.schema import TABLES

_LAYOUT = "1"  # raise it with every change that changes the bytes of compacted files
_MONTH = month_folder("")
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Month:
    """The rows of ``table`` that were fetched in ``month``: ``new`` files of parts, which may have rows of other months, too,
    and ``ordered`` files of the last compaction."""

    table: str
    extraction_id: str
    month: str
    new: tuple[PublishedFile, ...]
    ordered: tuple[PublishedFile, ...]

    @property
    def folder(self) -> Path:
        """Its folder in the dataset."""
        return table_folder(self.table, self.extraction_id) / month_folder(self.month)

    def fingerprint(self, target_bytes: int) -> str:
        """What tells whether its compaction was done before a kill, with the same result."""
        inputs = [[file.path, file.sha256] for file in (*self.new, *self.ordered)]
        stated = json.dumps([_LAYOUT, pa.__version__, target_bytes, self.folder.as_posix(), inputs])
        return hashlib.sha256(stated.encode()).hexdigest()

    def unsorted(self, collection: Collection) -> Iterator[pa.Table]:
        """The rows of the new files, a file at a time.

        Raises:
            CorruptArchive: a file is not what was published, or gone.
        """
        for file in self.new:
            table = read_published(collection, file)
            yield from (rows for month, rows in by_month(table) if month == self.month)


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table of an extraction: the ``parts`` that its compaction will name, and its months."""

    table: str
    extraction_id: str
    parts: frozenset[str]
    months: tuple[Month, ...]

    @property
    def new(self) -> tuple[PublishedFile, ...]:
        """The files that take the way into larger ones."""
        return tuple({file.path: file for month in self.months for file in month.new}.values())


def plan(collection: Collection, selection: Selection) -> tuple[TablePlan, ...]:
    """The tables of *selection* in which there is something new, or something was compacted before.

    Raises:
        BadInput: rows were made by a version whose tables cannot be sorted.
        CorruptArchive: a file or a compaction of the dataset cannot be read.
    """
    plans = []
    for table in TABLE_NAMES:
        if table == "captures":
            by_extraction = {"": with_captures(collection)}
        else:
            by_extraction = {one: [] for one in selection.extraction_ids}
            for manifest in selection.manifests:
                if table in manifest.tables:
                    by_extraction[manifest.extraction_id].append(manifest)
        for extraction_id, manifests in by_extraction.items():
            if manifests:
                plans.append(_table_plan(collection, table, extraction_id, manifests))
    return tuple(plans)


def _table_plan(collection: Collection, table: str, extraction_id: str, manifests: Iterable[Manifest]) -> TablePlan:
    compaction = read_compaction(collection, table, extraction_id) or CompactionManifest(
        table, extraction_id, frozenset(), ()
    )
    parts = set(compaction.parts)
    new: defaultdict[str, list[PublishedFile]] = defaultdict(list)
    for manifest in manifests:
        if compaction_of(collection, manifest, table) is not None:
            continue
        parts.add(manifest.part)
        for file in manifest.files:
            if file.table == table:
                for month in _months(collection, file):
                    new[month].append(file)
    ordered: defaultdict[str, list[PublishedFile]] = defaultdict(list)
    for file in compaction.files:
        ordered[_month_in(file) or ""].append(file)
    months = tuple(
        Month(
            table, extraction_id, month, tuple(sorted(new[month], key=_path)), tuple(sorted(ordered[month], key=_path))
        )
        for month in sorted({*new, *ordered})
    )
    return TablePlan(table, extraction_id, frozenset(parts), months)


def read_published(collection: Collection, file: PublishedFile) -> pa.Table:
    """The rows of *file*, held against what its manifest says, in the table's present schema.

    Raises:
        CorruptArchive: it is not what was published, or gone.
        BadInput: it was made by a version whose tables cannot be sorted.
    """
    path = collection.dataset / file.path
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise CorruptArchive(str(path), "is gone, its manifest names it", "Extract again: it is made anew.") from error
    except OSError as error:
        raise from_os_error(error, str(path)) from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise CorruptArchive(str(path), "is not what was published", "Delete it, and extract again.")
    with pq.ParquetFile(pa.BufferReader(data)) as parquet:
        table = parquet.read(use_threads=False)
    if {"url_surtkey", "fetch_time"} - set(table.schema.names):
        cause = "was made by a version whose rows do not say when their page was fetched"
        raise BadInput(str(path), cause, "Extract again with this version, then compact.")
    return conform(table, TABLES[file.table])


def checked(collection: Collection, file: PublishedFile) -> Path:
    """The path of the compacted *file*, which is what its compaction manifest says.

    Raises:
        CorruptArchive: it is not, or is gone.
    """
    path = collection.dataset / file.path
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
    except FileNotFoundError as error:
        raise CorruptArchive(
            str(path), "is gone, and its compaction manifest names it", "Extract again: it is made anew."
        ) from error
    if digest.hexdigest() != file.sha256:
        raise CorruptArchive(str(path), "is not what was published", "Delete it, and extract again.")
    return path


def _months(collection: Collection, file: PublishedFile) -> list[str]:
    month = _month_in(file)
    return [month] if month else [month for month, _ in by_month(read_published(collection, file))]


def _month_in(file: PublishedFile) -> str | None:
    """The month that the path of *file* names; None for a file that was moved, or is older than that."""
    folders = PurePosixPath(file.path).parts[:-1]
    return next((one.removeprefix(_MONTH) for one in folders if one.startswith(_MONTH)), None)


def _path(file: PublishedFile) -> str:
    return file.path
