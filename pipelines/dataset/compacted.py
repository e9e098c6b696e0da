"""Compaction manifests: which parts' rows of a table lie in which compacted files.

The manifest of a part records for good what the part holds, and where its rows were published.  ``broadsheet compact`` puts
the rows of many parts into few sorted files; the *compaction manifest* of a table (of an extraction) then lists these files
and the parts whose rows they have.  The rows of a part are in those files if the compaction manifest names the part, else in
the file that the part's own manifest names.  Compaction manifests change with the whole dataset
(`broadsheet.archive.generations`), or go with their extraction.

A compaction manifest that names a missing file is void: it is removed, and all its parts are derived again.
Works without Arrow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import remove, whole_file
from broadsheet.archive.errors import CorruptArchive
from broadsheet.pipelines.dataset.manifest import Manifest, PublishedFile, manifest_path, read_manifest

COMPACTION_MANIFESTS = "_compacted"


@dataclass(frozen=True, slots=True)
class CompactionManifest:
    """The compacted files of ``table``, in their order, and the ``parts`` whose rows they hold, all of them and no others.
    ``extraction_id`` is empty for captures."""

    table: str
    extraction_id: str
    parts: frozenset[str]
    files: tuple[PublishedFile, ...]

    def is_whole(self, collection: Collection) -> bool:
        """Whether all its files are there."""
        return all((collection.dataset / file.path).is_file() for file in self.files)


_read: dict[
    Path, tuple[tuple[int, int, int], CompactionManifest]
] = {}  # asked for with every part: read when it was changed


def compaction_path(collection: Collection, table: str, extraction_id: str) -> Path:
    """Where the compaction of *table* lies."""
    name = f"{table}/{extraction_id}" if extraction_id else table
    return collection.dataset / COMPACTION_MANIFESTS / f"{name}.json"


def read_compaction(collection: Collection, table: str, extraction_id: str) -> CompactionManifest | None:
    """The compaction manifest of *table* in an extraction; None when it was not compacted.

    Raises:
        CorruptArchive: it is none.
    """
    return _compaction_in(compaction_path(collection, table, extraction_id))


def read_compactions(collection: Collection) -> list[CompactionManifest]:
    """All compactions there are.

    Raises:
        CorruptArchive: one is none.
    """
    found = (_compaction_in(path) for path in sorted((collection.dataset / COMPACTION_MANIFESTS).rglob("*.json")))
    return [compaction for compaction in found if compaction is not None]


def _compaction_in(path: Path) -> CompactionManifest | None:
    try:
        stat = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        _read.pop(path, None)
        return None
    stamp = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
    known = _read.get(path)
    if known is None or known[0] != stamp:
        known = _read[path] = (stamp, parse_compaction(path.read_bytes(), str(path)))
    return known[1]


def parse_compaction(text: bytes, name: str) -> CompactionManifest:
    """The compaction manifest in *text*, called *name* in messages.

    Raises:
        CorruptArchive: it is none.
    """
    try:
        values = json.loads(text)
        files = tuple(PublishedFile(**file) for file in values["files"])
        return CompactionManifest(values["table"], values["extraction_id"], frozenset(values["parts"]), files)
    except (ValueError, TypeError, KeyError) as error:
        cause = f"is no list of compacted files ({type(error).__name__}: {error})"
        raise CorruptArchive(name, cause, "Delete the folder dataset, and extract again.") from error


def write_compaction(collection: Collection, compaction: CompactionManifest) -> None:
    """Put *compaction* in its place."""
    path = compaction_path(collection, compaction.table, compaction.extraction_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {
        "table": compaction.table,
        "extraction_id": compaction.extraction_id,
        "files": [{name: getattr(file, name) for name in PublishedFile.__slots__} for file in compaction.files],
        "parts": sorted(compaction.parts),
    }
    with whole_file(path) as file:
        file.write(json.dumps(values, indent=0, sort_keys=True).encode())


def compaction_of(collection: Collection, manifest: Manifest, table: str) -> CompactionManifest | None:
    """The compaction manifest that has the rows of *manifest*'s part in *table*; None when they lie where the manifest says."""
    compaction = read_compaction(collection, table, "" if table == "captures" else manifest.extraction_id)
    return compaction if compaction is not None and manifest.part in compaction.parts else None


def is_compacted(collection: Collection, manifest: Manifest) -> bool:
    """Whether rows of this part of this extraction lie in compacted files; captures are of no extraction."""
    return any(compaction_of(collection, manifest, table) for table in manifest.tables if table != "captures")


def read_complete(collection: Collection, extraction_id: str, part: str) -> Manifest | None:
    """The manifest of *part*, None when the part is to be made: not published, or something of it is gone since."""
    path = manifest_path(collection, extraction_id, part)
    try:
        manifest = read_manifest(path)
    except (FileNotFoundError, CorruptArchive):
        return None
    for table in {file.table for file in manifest.files}:
        compaction = compaction_of(collection, manifest, table)
        files: Iterable[PublishedFile] = (file for file in manifest.files if file.table == table)
        if not (
            compaction.is_whole(collection)
            if compaction is not None
            else all((collection.dataset / file.path).is_file() for file in files)
        ):
            return None
    return manifest


def has_rows(collection: Collection, table: str, extraction_id: str, part: str) -> bool:
    """Whether the rows of *part* are in compacted files already.  A void compaction is removed, files first: after a kill
    in between it is still void."""
    compaction = read_compaction(collection, table, "" if table == "captures" else extraction_id)
    if compaction is None or part not in compaction.parts:
        return False
    if compaction.is_whole(collection):
        return True
    remove_compaction(collection, compaction)
    return False


def remove_compaction(collection: Collection, compaction: CompactionManifest) -> None:
    """Take away the files of *compaction*, and then itself."""
    remove(collection.dataset / file.path for file in compaction.files)
    remove([compaction_path(collection, compaction.table, compaction.extraction_id)])


def parts_by_extraction(compactions: Iterable[CompactionManifest]) -> dict[str, set[str]]:
    """By extraction, the parts that are in compacted files and so can only be superseded together."""
    parts: dict[str, set[str]] = {}
    for compaction in compactions:
        if compaction.extraction_id:
            parts.setdefault(compaction.extraction_id, set()).update(compaction.parts)
    return parts


def is_outdated(parts: Iterable[str], own: Mapping[str, int], others: Mapping[str, int]) -> bool:
    """Whether of all *parts* something newer was published by others; *own* and *others* say when, by part."""
    return all(others.get(part, -1) > own.get(part, -1) for part in parts)


def locate(collection: Collection, manifests: Iterable[Manifest], table: str) -> Iterator[PublishedFile]:
    """The files that have the rows of *manifests* in *table*, each once."""
    compactions: dict[str, CompactionManifest | None] = {}  # each looked at once: it may change while this goes on
    found: dict[str, PublishedFile] = {}
    for manifest in manifests:
        extraction_id = "" if table == "captures" else manifest.extraction_id
        if extraction_id not in compactions:
            compactions[extraction_id] = read_compaction(collection, table, extraction_id)
        compaction = compactions[extraction_id]
        if compaction is not None and manifest.part in compaction.parts:
            found.update((file.path, file) for file in compaction.files)
        else:
            found.update((file.path, file) for file in manifest.files if file.table == table)
    yield from (found[path] for path in sorted(found))
