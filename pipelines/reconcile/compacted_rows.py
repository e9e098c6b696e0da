"""Checks compacted files against the parts that they were made of, and through these against journal and WARCs.

A compacted file has the rows of many WARCs in the order of their URLs, but WARCs are checked one at a time.  So the rows of
`articles` and `captures` are read once, 21 bytes of each are kept, in the order of WARC and offset, and each part finds its
own.  Of the other tables the number of rows is checked, and that their ids are those of entries.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import CorruptArchive
from broadsheet.archive.repeats import record_id_of
from broadsheet.archive.verify.finding import Finding
from broadsheet.pipelines.dataset.compacted import COMPACTION_MANIFESTS, CompactionManifest, parse_compaction
from broadsheet.pipelines.dataset.manifest import Manifest, PublishedFile
from broadsheet.pipelines.reconcile.rules import (
    KEY,
    KEYED,
    MANIFEST_COUNT,
    MANIFEST_FILE,
    ROW_DANGLING,
    ROW_DOUBLED,
    ROW_MISSING,
    Entry,
    finding,
)

_CHUNK = 1024 * 1024
_ROW = np.dtype([("warc", "<i4"), ("offset", "<i8"), ("print", "<i8"), ("page", "?")])


@dataclass(slots=True)
class _Table:
    """A compacted table.  ``rows`` of keyed tables by WARC and offset, ``ids`` of the others, hashed; ``expected`` rows by the
    manifests of its parts met so far, ``entries`` the ids of their entries."""

    compaction: CompactionManifest
    count: int
    warcs: dict[str, int]
    rows: NDArray[np.void]
    ids: NDArray[np.int64]
    expected: int
    met: set[str]
    entries: list[NDArray[np.int64]]

    def of_warc(self, filename: str) -> NDArray[np.void]:
        number = self.warcs.get(filename, -1)
        first, stop = np.searchsorted(self.rows["warc"], [number, number + 1])
        return self.rows[first:stop]


class CompactedTables:
    """All compacted tables of a collection."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self._tables: dict[tuple[str, str], _Table] = {}

    def read(self, collection: Collection) -> Iterator[Finding]:
        """Read the compactions and what they name; what is wrong with the files themselves."""
        for path in sorted((collection.dataset / COMPACTION_MANIFESTS).rglob("*.json")):
            name = path.relative_to(collection.dataset).as_posix()
            try:
                compaction = parse_compaction(path.read_bytes(), name)
            except CorruptArchive as error:
                yield finding(MANIFEST_FILE, name, f"{error.cause}: {error.remedy}")
                continue
            table = _Table(compaction, 0, {}, np.empty(0, _ROW), np.empty(0, np.int64), 0, set(), [])
            pieces: list[NDArray[np.void]] = []
            for file in compaction.files:
                self.paths.add(file.path)
                yield from _read(collection, file, table, pieces)
            if pieces:
                whole = np.concatenate(pieces)
                table.rows = whole[np.lexsort((whole["offset"], whole["warc"]))]
            self._tables[compaction.table, compaction.extraction_id] = table

    def has(self, manifest: Manifest, name: str) -> bool:
        """Whether the rows of *manifest*'s part in the table *name* were compacted."""
        table = self._table(manifest, name)
        return table is not None and manifest.part in table.compaction.parts

    def check_part(
        self, manifest: Manifest, name: str, part: Sequence[Entry], expected: int, pages: dict[str, set[int]]
    ) -> Iterator[Finding]:
        """Hold the rows of a part against its entries, *part*; *expected* is their number, *pages* gets the pages' offsets."""
        table = self._table(manifest, name)
        assert table is not None
        if manifest.part not in table.met:  # captures are named by the manifests of all extractions
            table.met.add(manifest.part)
            table.expected += expected
            table.entries.append(np.array([hash(entry.record_id) for entry in part], np.int64))
        if name not in KEYED:
            return
        prints = {entry.offset: hash((entry.offset, entry.length, entry.record_id, entry.url)) for entry in part}
        rows = table.of_warc(manifest.warc_filename)
        low, high = (part[0].offset, part[-1].offset) if part else (0, -1)
        own = rows[(rows["offset"] >= low) & (rows["offset"] <= high)]
        source = f"{name} of {manifest.part}"
        if len(own) != expected:
            yield finding(ROW_MISSING, source, f"{len(own)} compacted rows, there should be {expected}")
        for offset, seen in Counter(own["offset"].tolist()).items():
            if seen > 1:
                yield finding(
                    ROW_DOUBLED, source, f"the entry at offset {offset} stands {seen} times in compacted files"
                )
        for row in own:
            if prints.get(int(row["offset"])) != int(row["print"]):
                cause = f"no such record in this part of the archive: the row at offset {int(row['offset'])}"
                yield finding(ROW_DANGLING, source, cause)
        pages.setdefault(name, set()).update(own["offset"][own["page"]].tolist())

    def left_over(self) -> Iterator[Finding]:
        """What does not fit a table as a whole, when all parts were checked."""
        for table in self._tables.values():
            compaction = table.compaction
            source = f"{compaction.table} {compaction.extraction_id}".strip()
            if table.met == compaction.parts and table.count != table.expected:
                cause = f"{table.count} compacted rows, the manifests of their parts have {table.expected}"
                yield finding(ROW_MISSING if table.count < table.expected else ROW_DOUBLED, source, cause)
            if unmet := len(compaction.parts - table.met):
                yield finding(MANIFEST_FILE, source, f"{unmet} compacted parts have no manifest: extract again")
            elif len(table.ids):
                known = np.unique(np.concatenate(table.entries)) if table.entries else np.empty(0, np.int64)
                if dangling := int((~np.isin(table.ids, known)).sum()):
                    yield finding(ROW_DANGLING, source, f"rows of {dangling} ids that no entry of their parts has")

    def _table(self, manifest: Manifest, name: str) -> _Table | None:
        return self._tables.get((name, "" if name == "captures" else manifest.extraction_id))


def _read(
    collection: Collection, file: PublishedFile, table: _Table, pieces: list[NDArray[np.void]]
) -> Iterator[Finding]:
    path = collection.dataset / file.path
    if not path.is_file():
        yield finding(MANIFEST_FILE, file.path, "is gone, and its compaction manifest names it: extract again")
        return
    rows = 0
    ids: list[NDArray[np.int64]] = [table.ids]
    columns = ["warc_filename", *KEY, *(["is_page"] if file.table == "captures" else [])]
    try:
        if _sha256(path) != file.sha256:
            yield finding(MANIFEST_FILE, file.path, "is not what was published: delete it, then extract again")
        with pq.ParquetFile(path) as parquet:
            for batch in parquet.iter_batches(10_000, columns=columns if file.table in KEYED else ["id"]):
                rows += batch.num_rows
                if file.table in KEYED:
                    pieces.append(_rows(batch, table.warcs))
                else:
                    record_ids = {record_id_of(one) for one in batch.column(0).unique().to_pylist()}
                    ids.append(np.array([hash(one) for one in record_ids], np.int64))
    except (OSError, ValueError, pa.ArrowException) as error:
        yield finding(MANIFEST_FILE, file.path, f"cannot be read: {error}")
    if rows != file.rows:
        yield finding(MANIFEST_COUNT, file.path, f"{rows} rows, its compaction manifest says {file.rows}")
    table.count += rows
    table.ids = np.unique(np.concatenate(ids))


def _rows(batch: pa.RecordBatch, warcs: dict[str, int]) -> NDArray[np.void]:
    found = np.empty(batch.num_rows, _ROW)
    found["warc"] = [warcs.setdefault(one, len(warcs)) for one in batch.column("warc_filename").to_pylist()]
    found["offset"] = batch.column("warc_record_offset").to_numpy()
    found["print"] = [hash(values) for values in zip(*(batch.column(name).to_pylist() for name in KEY), strict=True)]
    found["page"] = batch.column("is_page").to_numpy(zero_copy_only=False) if "is_page" in batch.schema.names else True
    return found


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
