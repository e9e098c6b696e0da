"""Which files are the dataset now: one extraction of every part, each part once.

A folder may hold rows of several extractions: of an older version, or of a part that was read again with what was learnt
of its site.  Extractions with the same ``base_id`` are a *family*: they differ in site profiles only and supersede one
another part by part.  Current is the family that covers most captures (so a re-extraction under way takes nothing away), of
equals the one published last; within it, of each part, what was published last.  Files are those that manifests name; a
folder without manifests (somebody else's layout) is read by the column ``extraction_id`` of its files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.dataset.article_scan import extractions
from broadsheet.pipelines.dataset.compacted import is_outdated, locate, parts_by_extraction, read_compactions
from broadsheet.pipelines.dataset.defaults import TABLE_NAMES
from broadsheet.pipelines.dataset.manifest import Manifest, published_signatures, read_manifest

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of one extraction.  ``base_id`` names it without site profiles, ``extraction_ids`` are those that its rows
    carry; ``missing``: tables that were not made of all parts; ``manifests`` are in the order of their parts; ``digests`` are
    the SHA-256 of files as they were published, by path in the dataset."""

    base_id: str
    extraction_ids: tuple[str, ...]
    files: Mapping[str, tuple[Path, ...]]
    missing: frozenset[str]
    manifests: tuple[Manifest, ...]
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Published:
    """A manifest, and when it was published (ns since 1970)."""

    manifest: Manifest
    at: int

    @property
    def family(self) -> str:
        return self.manifest.base_id or self.manifest.extraction_id


def select(collection: Collection, extraction: str | None = None) -> Selection:
    """The files of the current extraction of *collection*, or of the one with the id *extraction*.

    Raises:
        BadInput: there is no dataset, or none by that id; the message lists those there are.
        CorruptArchive: a manifest cannot be read.
    """
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):  # a folder that was compacted while it was listed
            return _select(collection, extraction)
    return _select(collection, extraction)


def _select(collection: Collection, extraction: str | None) -> Selection:
    published = [one for one in _published(collection) if one.manifest.tables]
    if not published:
        return _without_manifests(collection, extraction)
    if extraction is None:
        chosen = _current(published)
    else:
        chosen = [one for one in published if one.manifest.extraction_id == extraction]
        if not chosen:
            raise _no_such(collection, extraction, {one.manifest.extraction_id for one in published})
    manifests = tuple(one.manifest for one in _each_part_once(collection, chosen))
    ids = tuple(sorted({manifest.extraction_id for manifest in manifests}))
    located = {table: tuple(locate(collection, manifests, table)) for table in TABLE_NAMES if table != "captures"}
    located["captures"] = tuple(locate(collection, _with_captures(published), "captures"))
    files = {name: tuple(collection.dataset / file.path for file in located[name]) for name in TABLE_NAMES}
    files["signatures"] = _signatures(collection, ids)
    digests = {file.path: file.sha256 for some in located.values() for file in some}
    with_captures = {one.manifest.part for one in published if "captures" in one.manifest.tables}
    missing = {table for table in TABLE_NAMES if any(table not in manifest.tables for manifest in manifests)}
    if with_captures >= {manifest.part for manifest in manifests}:  # they are the same in all extractions
        missing.discard("captures")
    return Selection(chosen[0].family, ids, files, frozenset(missing), manifests, digests)


def _published(collection: Collection) -> list[_Published]:
    paths = sorted((collection.dataset / "_manifest").rglob("*.json"))
    return [_Published(read_manifest(path), path.stat().st_mtime_ns) for path in paths]


def _current(published: Iterable[_Published]) -> list[_Published]:
    families: defaultdict[str, list[_Published]] = defaultdict(list)
    for one in published:
        families[one.family].append(one)

    def rank(family: str) -> tuple[int, int, str]:
        parts = {one.manifest.part: one.manifest.entries for one in families[family]}
        return sum(parts.values()), max(one.at for one in families[family]), family

    return families[max(families, key=rank)]


def _each_part_once(collection: Collection, chosen: Iterable[_Published]) -> list[_Published]:
    """Of each part what was published last; but what was compacted goes together, until all of it was made anew."""
    ordered = sorted(chosen, key=lambda one: (one.at, one.manifest.extraction_id))
    at: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for one in ordered:
        at[one.manifest.extraction_id][one.manifest.part] = one.at
    newest = {one.manifest.part: one for one in ordered}
    for extraction_id, parts in parts_by_extraction(read_compactions(collection)).items():
        others: dict[str, int] = {}
        for other in at.keys() - {extraction_id}:
            for part, when in at[other].items():
                others[part] = max(when, others.get(part, -1))
        if extraction_id in at and not is_outdated(parts, at[extraction_id], others):
            held = [
                one for one in ordered if one.manifest.extraction_id == extraction_id and one.manifest.part in parts
            ]
            newest.update((one.manifest.part, one) for one in held)
    return [newest[part] for part in sorted(newest)]


def with_captures(collection: Collection) -> list[Manifest]:
    """Of each part the manifest that says where its captures are."""
    return _with_captures(_published(collection))


def _with_captures(published: Iterable[_Published]) -> list[Manifest]:
    """Of each part the last manifest that has its captures: they are the same in all extractions."""
    ordered = sorted(published, key=lambda one: (one.at, one.manifest.extraction_id))
    newest = {one.manifest.part: one.manifest for one in ordered if "captures" in one.manifest.tables}
    return [newest[part] for part in sorted(newest)]


def _signatures(collection: Collection, ids: Iterable[str]) -> tuple[Path, ...]:
    paths = (published_signatures(collection, one) for one in ids)
    return tuple(path for path in paths if path is not None)


def _without_manifests(collection: Collection, extraction: str | None) -> Selection:
    found = [entry.extraction_id for entry in extractions(collection)]
    if not found:
        raise BadInput(str(collection.directory), "has no dataset", "Run `broadsheet extract` on it first.")
    chosen = found[-1] if extraction is None else extraction
    if chosen not in found:
        raise _no_such(collection, chosen, set(found))
    files: dict[str, tuple[Path, ...]] = {}
    for table in TABLE_NAMES:
        folder = collection.dataset / table
        paths = sorted(folder.rglob("*.parquet"))
        files[table] = tuple(p for p in paths if not p.relative_to(folder).as_posix().startswith(("_", ".")))
    files["signatures"] = _signatures(collection, [chosen])
    missing = frozenset(table for table in TABLE_NAMES if not files[table])
    return Selection(chosen, (chosen,), files, missing, (), {})


def _no_such(collection: Collection, extraction: str, present: set[str]) -> BadInput:
    have = f"It has those of: {', '.join(sorted(present))}."
    return BadInput(f"extraction {extraction}", f"{collection.directory} has no rows of it", have)
