"""Holding a collection's books against each other: journal, WARC files, manifests, Parquet.

Nothing may be in one and not in the next: an entry in the journal is a record in the file, the entries of a complete
part are rows or counted reasons, a row's offset leads to the record with that id and URL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq

from archive.catalogue import Catalogue, WarcFile
from archive.collection import Collection
from archive.errors import BroadsheetError
from archive.journal import connect
from archive.verify.finding import Finding, Rule, Severity
from archive.warc.reader import read_records
from archive.warc.record import is_entry
from pipelines.dataset.manifest import Manifest, read_manifest
from pipelines.derive.parts import source_of

JOURNAL_FILE = Rule("journal-file", Severity.ERROR, "collection")
JOURNAL_ENTRY = Rule("journal-entry", Severity.ERROR, "collection")
MANIFEST_FILE = Rule("manifest-file", Severity.ERROR, "collection")
MANIFEST_COUNT = Rule("manifest-count", Severity.ERROR, "collection")
ROW_DANGLING = Rule("row-dangling", Severity.ERROR, "collection")
ROW_DOUBLED = Rule("row-doubled", Severity.ERROR, "collection")
PART_UNKNOWN = Rule("part-unknown", Severity.ERROR, "collection")
_KEY = ["warc_filename", "warc_record_offset", "warc_record_length", "warc_record_id", "url"]
Entry = tuple[int, int, str, str]  # offset, length, record id, URL


def reconcile(collection: Collection) -> Iterator[Finding]:
    """Everything that does not fit in *collection*; memory: the entries of one WARC, the rows of one part."""
    with closing(connect(collection.journal, read_only=True)) as db:
        catalogue = Catalogue(db)
        manifests = list(_manifests(collection))
        for warc in catalogue.warcs():
            entries: dict[str, Entry] = {}
            yield from _journal_against_warc(collection, catalogue, warc, entries)
            for path, manifest in manifests:
                if manifest.warc_filename == warc.filename:
                    yield from _part_against_entries(collection, path, manifest, entries)
    yield from _unknown_files(collection, [manifest for _, manifest in manifests])


def _manifests(collection: Collection) -> Iterator[tuple[Path, Manifest]]:
    for path in sorted((collection.dataset / "_manifest").rglob("*.json")):
        yield path, read_manifest(path)


def _journal_against_warc(
    collection: Collection, catalogue: Catalogue, warc: WarcFile, entries: dict[str, Entry]
) -> Iterator[Finding]:
    source = source_of(collection, warc)
    journalled = [(c.offset, c.length, c.record_id, c.url or "") for c in catalogue.captures(warc)]
    entries.update((entry[2], entry) for entry in journalled)
    try:
        end = None if warc.source is not None else warc.size
        found = [
            (record.offset, record.length, record.record_id, record.url or "")
            for record in read_records(source, 0, end, on_damage=lambda _: None)
            if is_entry(record)
        ]
    except (BroadsheetError, OSError) as error:
        yield _finding(JOURNAL_FILE, warc.filename, 0, None, f"cannot be read: {error}")
        return
    with source.open() as file:
        size = file.seek(0, 2)
    if size < warc.size or (warc.closed and size > warc.size):  # an open file may be ahead of its journal
        yield _finding(JOURNAL_FILE, warc.filename, 0, None, f"has {size} bytes, the journal says {warc.size}")
    missing, extra = Counter(journalled) - Counter(found), Counter(found) - Counter(journalled)
    for offset, _, record_id, url in sorted(missing):
        yield _finding(JOURNAL_ENTRY, warc.filename, offset, record_id, f"is journalled but not in the file: {url}")
    for offset, _, record_id, url in sorted(extra):
        yield _finding(JOURNAL_ENTRY, warc.filename, offset, record_id, f"is in the file but not journalled: {url}")


def _part_against_entries(
    collection: Collection, path: Path, manifest: Manifest, entries: dict[str, Entry]
) -> Iterator[Finding]:
    name = path.relative_to(collection.dataset).as_posix()
    reasons = sum(manifest.reasons.values())
    if manifest.entries != manifest.articles + reasons or manifest.entries != manifest.stop - manifest.first:
        counts = f"{manifest.entries} entries, {manifest.articles} articles, {reasons} reasons"
        yield _finding(MANIFEST_COUNT, name, 0, None, f"the counts do not add up: {counts}")
    rows = {file.table: file.rows for file in manifest.files}
    if "articles" in rows and rows["articles"] != manifest.articles:
        yield _finding(MANIFEST_COUNT, name, 0, None, f"{rows['articles']} rows, {manifest.articles} articles")
    for file in manifest.files:
        parquet = collection.dataset / file.path
        if not parquet.is_file():
            yield _finding(MANIFEST_FILE, file.path, 0, None, "is gone, the manifest names it")
            continue
        try:
            table = pq.read_table(parquet, columns=_KEY if file.table in {"articles", "captures"} else ["id"])
        except (OSError, ValueError) as error:
            yield _finding(MANIFEST_FILE, file.path, 0, None, f"cannot be read: {error}")
            continue
        if table.num_rows != file.rows:
            yield _finding(MANIFEST_COUNT, file.path, 0, None, f"{table.num_rows} rows, the manifest says {file.rows}")
        if file.table in {"articles", "captures"}:
            yield from _rows_against_entries(file.path, table.to_pylist(), entries)


def _rows_against_entries(path: str, rows: list[dict[str, object]], entries: dict[str, Entry]) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in rows:
        record_id = str(row["warc_record_id"])
        key = (row["warc_record_offset"], row["warc_record_length"], record_id, row["url"])
        offset = int(str(row["warc_record_offset"]))
        if entries.get(record_id) != key:
            yield _finding(ROW_DANGLING, path, offset, record_id, f"no such record in the archive: {row['url']}")
        if record_id in seen:
            yield _finding(ROW_DOUBLED, path, offset, record_id, f"stands twice: {row['url']}")
        seen.add(record_id)


def _unknown_files(collection: Collection, manifests: list[Manifest]) -> Iterator[Finding]:
    known = {file.path for manifest in manifests for file in manifest.files}
    for path in sorted(collection.dataset.rglob("*.parquet")):
        relative = path.relative_to(collection.dataset).as_posix()
        if relative not in known and not relative.startswith("signatures/"):  # one file, published as a whole
            yield _finding(PART_UNKNOWN, relative, 0, None, "no manifest names it: extract again, or delete it")


def _finding(rule: Rule, source: str, offset: int, record_id: str | None, message: str) -> Finding:
    return Finding(rule.id, rule.severity, source, offset, record_id, message, rule.clause)
