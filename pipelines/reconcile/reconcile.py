"""Checks that the journal, the WARC files, the manifests and the Parquet files of a collection agree.

Nothing may be in one and not in the next: an entry in the journal is a record in the WARC, each entry of a complete part
is a row or a counted reason, the offset of a row leads to the record with that id and URL, no entry has two rows.  Rows are
identified by their offset, because some WARCs have a record id twice.  Compacted rows are read once, at the start, and
looked up by their part (`broadsheet.pipelines.reconcile.compacted_rows`).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from broadsheet.archive.catalogue import Catalogue, WarcFile
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, CorruptArchive
from broadsheet.archive.journal import connect
from broadsheet.archive.locate import source_of
from broadsheet.archive.repeats import record_id_of
from broadsheet.archive.verify.finding import Finding
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import is_entry
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.item_files import ITEMS
from broadsheet.pipelines.dataset.manifest import REPEATED, Manifest, PublishedFile, read_manifest
from broadsheet.pipelines.derive.parts import settled_parts
from broadsheet.pipelines.reconcile.compacted_rows import CompactedTables
from broadsheet.pipelines.reconcile.rules import (
    JOURNAL_ENTRY,
    JOURNAL_FILE,
    KEY,
    KEYED,
    MANIFEST_COUNT,
    MANIFEST_FILE,
    PART_MISSING,
    PART_UNKNOWN,
    ROW_DANGLING,
    ROW_DOUBLED,
    ROW_MISSING,
    Entry,
    finding,
)

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _NamedManifest:
    """A manifest and its path in the dataset."""

    name: str
    manifest: Manifest


def reconcile(collection: Collection) -> Iterator[Finding]:
    """Everything that does not fit in *collection*; memory: the entries of one WARC, the rows of one part."""
    manifests: list[_NamedManifest] = []
    for path in sorted((collection.dataset / "_manifest").rglob("*.json")):
        name = path.relative_to(collection.dataset).as_posix()
        try:
            manifests.append(_NamedManifest(name, read_manifest(path)))
        except CorruptArchive as error:
            yield finding(MANIFEST_FILE, name, f"{error.cause}: extract again")
    digests: defaultdict[str, set[str]] = defaultdict(set)  # captures are shared by all extractions
    for named in manifests:
        for file in named.manifest.files:
            digests[file.path].add(file.sha256)
    if not manifests and (collection.was_extracted() or not collection.dataset.is_dir()):
        yield finding(MANIFEST_FILE, "dataset", "is gone, and it was made: extract again")
    compacted = CompactedTables()
    yield from compacted.read(collection)
    with closing(connect(collection.journal, read_only=True)) as db:
        catalogue = Catalogue(db)
        warcs = catalogue.warcs()
        for warc in warcs:
            entries = [Entry(c.offset, c.length, c.record_id, c.url or "") for c in catalogue.captures(warc)]
            yield from _journal_against_warc(collection, warc, entries)
            own = [named for named in manifests if named.manifest.warc_filename == warc.filename]
            yield from _bounds(own, warc)
            for named in own:
                repeated = max(
                    one.manifest.reasons.get(REPEATED, 0) for one in own if one.manifest.part == named.manifest.part
                )
                yield from _part_against_entries(collection, named, entries, digests, compacted, repeated)
            if manifests:  # a collection that was never extracted is not behind
                yield from _missing_parts(collection, catalogue, warc, own)
    yield from compacted.left_over()
    yield from _ids_twice(collection)
    yield from _unknown_files(collection, warcs, manifests, compacted.paths)


def journal_is_gone(collection: Collection) -> Finding:
    """What there is to say of a *collection* that has no journal any more: nothing was held against anything."""
    cause = f"is gone: put a copy of it in its place, or make a new one with `broadsheet extract {collection.archive} -o NEW`"
    return finding(JOURNAL_FILE, collection.journal.name, cause)


# ---- journal and WARC


def _journal_against_warc(collection: Collection, warc: WarcFile, journalled: Sequence[Entry]) -> Iterator[Finding]:
    source = source_of(collection, warc)
    if not source.is_there():
        cause = f"is gone: it is not at {source.path.absolute()}; put it back there, or extract from where it is now"
        yield finding(JOURNAL_FILE, warc.filename, cause)
        return
    try:
        end = None if warc.source is not None else warc.size
        found = [
            Entry(record.offset, record.length, record.record_id, record.url or "")
            for record in read_records(source, 0, end, on_damage=lambda _: None)
            if is_entry(record, conversions=source.conversions)
        ]
        with source.open() as file:
            size = file.seek(0, 2)
    except (BroadsheetError, OSError) as error:
        yield finding(JOURNAL_FILE, warc.filename, f"cannot be read: {error}")
        return
    if size < warc.size or (warc.closed and size > warc.size):  # an open file may be ahead of its journal
        yield finding(JOURNAL_FILE, warc.filename, f"has {size} bytes, the journal says {warc.size}")
    for entry, count in _difference(journalled, found):
        what = f"is journalled but not in the file: {entry.url}" if count > 0 else f"is not journalled: {entry.url}"
        yield finding(JOURNAL_ENTRY, warc.filename, what, entry)


def _difference(journalled: Sequence[Entry], found: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """How much more often an entry is journalled than found, where that is not equal; by offset."""
    counts = Counter(journalled)
    counts.subtract(found)
    return sorted(((entry, n) for entry, n in counts.items() if n), key=lambda item: item[0].offset)


# ---- parts


def _bounds(manifests: Sequence[_NamedManifest], warc: WarcFile) -> Iterator[Finding]:
    """Whether each entry of *warc* is in one part of an extraction at most."""
    reached: dict[str, int] = {}
    for named in sorted(manifests, key=lambda named: named.manifest.first):
        manifest = named.manifest
        if manifest.first < reached.get(manifest.extraction_id, 0):
            yield finding(ROW_DOUBLED, named.name, f"entries from {manifest.first} on are in another part, too")
        reached[manifest.extraction_id] = max(reached.get(manifest.extraction_id, 0), manifest.stop)
        if manifest.stop > warc.entries:
            yield finding(MANIFEST_COUNT, named.name, f"ends at entry {manifest.stop} of {warc.entries}")


def _missing_parts(
    collection: Collection, catalogue: Catalogue, warc: WarcFile, manifests: Sequence[_NamedManifest]
) -> Iterator[Finding]:
    made = {(named.manifest.first, named.manifest.stop) for named in manifests}
    for part in settled_parts(collection, catalogue, warc):
        if (part.first, part.stop) not in made:
            message = f"entries {part.first} to {part.stop} are not in the dataset yet: extract to go on"
            yield finding(PART_MISSING, warc.filename, message)


def _part_against_entries(
    collection: Collection,
    named: _NamedManifest,
    entries: Sequence[Entry],
    digests: Mapping[str, set[str]],
    compacted: CompactedTables,
    repeated: int,
) -> Iterator[Finding]:
    """*repeated* captures of the part have no row, by its last manifest: captures are the same for all extractions."""
    manifest = named.manifest
    reasons = sum(manifest.reasons.values())
    if manifest.entries != manifest.articles + reasons or manifest.entries != manifest.stop - manifest.first:
        counts = f"{manifest.entries} entries, {manifest.articles} articles, {reasons} reasons"
        yield finding(MANIFEST_COUNT, named.name, f"the counts do not add up: {counts}")
    rows: Counter[str] = Counter()
    for file in manifest.files:  # one for each month
        rows[file.table] += file.rows
    without_row = manifest.reasons.get("damaged", 0) + repeated
    expected = {"articles": manifest.articles, "captures": manifest.entries - without_row}
    for table, count in expected.items():
        if table in manifest.tables and rows[table] != count:
            yield finding(ROW_MISSING, named.name, f"{rows[table]} rows of {table}, there should be {count}")
    part = entries[manifest.first : manifest.stop]
    pages: dict[str, set[int]] = {}  # offsets of the entries that are pages, as each table says
    elsewhere = {name for name in manifest.tables if compacted.has(manifest, name)}
    for name in sorted(elsewhere):
        yield from compacted.check_part(manifest, name, part, rows[name], pages)
    for file in manifest.files:
        if file.table in elsewhere:
            continue
        yield from _file_against_entries(collection, file, part, digests[file.path], pages)
    # captures say what is a page to an extraction without filters, made since what came in twice has one row
    if pages.keys() == KEYED and not manifest.wanted and manifest.reasons.get(REPEATED, 0) == repeated:
        for offset in sorted(pages["captures"] ^ pages["articles"]):
            yield finding(ROW_MISSING, named.name, f"only one of captures and articles has the page at offset {offset}")


def _file_against_entries(
    collection: Collection,
    file: PublishedFile,
    part: Sequence[Entry],
    digests: set[str],
    pages: dict[str, set[int]],
) -> Iterator[Finding]:
    path = collection.dataset / file.path
    if not path.is_file():
        yield finding(MANIFEST_FILE, file.path, "is gone, the manifest names it: extract again")
        return
    columns = {"articles": KEY, "captures": [*KEY, "is_page"]}.get(file.table, ["id"])
    try:
        if _sha256(path) not in digests:
            yield finding(MANIFEST_FILE, file.path, "is not what was published: delete it, then extract again")
        rows = pq.read_table(path, columns=columns).to_pylist()
    except (OSError, ValueError) as error:
        yield finding(MANIFEST_FILE, file.path, f"cannot be read: {error}")
        return
    if len(rows) != file.rows:
        yield finding(MANIFEST_COUNT, file.path, f"{len(rows)} rows, the manifest says {file.rows}")
    if file.table in KEYED:
        pages.setdefault(file.table, set()).update(
            row["warc_record_offset"] for row in rows if row.get("is_page", True)
        )
        found = [Entry(*(row[name] for name in KEY)) for row in rows]
        yield from _rows_against_entries(file.path, found, set(part))
    else:
        ids = {entry.record_id for entry in part}
        for record_id in sorted({record_id_of(row["id"]) for row in rows} - ids):
            yield finding(ROW_DANGLING, file.path, f"the part has no record {record_id}")


def _rows_against_entries(path: str, rows: Sequence[Entry], part: set[Entry]) -> Iterator[Finding]:
    for row, count in Counter(rows).items():
        if row not in part:
            yield finding(ROW_DANGLING, path, f"no such record in this part of the archive: {row.url}", row)
        if count > 1:
            yield finding(ROW_DOUBLED, path, f"stands {count} times: {row.url}", row)


def _ids_twice(collection: Collection) -> Iterator[Finding]:
    """Whether an id stands for two rows of the current extraction; memory: 8 bytes a row."""
    hashes = [np.empty(0, np.int64)]
    with suppress(BroadsheetError):  # there is none, or a manifest is damaged, which was told
        for path in select(collection).files["articles"]:
            with suppress(OSError, ValueError):  # told of the file itself
                ids = pq.ParquetFile(path).read(columns=["id"]).column("id")
                hashes.append(np.array([hash(one) for one in ids.to_pylist()], np.int64))
    rows = np.concatenate(hashes)
    if doubled := len(rows) - len(np.unique(rows)):
        cause = f"{doubled} rows have the id of another, as earlier versions made them: extract again"
        yield finding(ROW_DOUBLED, "articles", cause)


# ---- what nothing names


def _unknown_files(
    collection: Collection, warcs: Sequence[WarcFile], manifests: Sequence[_NamedManifest], compacted: set[str]
) -> Iterator[Finding]:
    names = {warc.filename for warc in warcs}
    for named in manifests:
        if named.manifest.warc_filename not in names:
            yield finding(PART_UNKNOWN, named.name, f"the journal knows no {named.manifest.warc_filename}")
    known = compacted | {file.path for named in manifests for file in named.manifest.files}
    for path in sorted(collection.dataset.rglob("*.parquet")):
        relative = path.relative_to(collection.dataset).as_posix()
        if relative.startswith(f"{ITEMS}/"):
            continue
        if relative not in known and not relative.startswith("signatures/"):  # one file, published as a whole
            yield finding(PART_UNKNOWN, relative, "no manifest names it: extract again, or delete it")
    for path in sorted(collection.archive.glob("*.warc.gz")):  # one that is open may be ahead of its journal
        if path.name not in names:
            yield finding(JOURNAL_FILE, path.name, "lies in the archive, the journal does not know it")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
