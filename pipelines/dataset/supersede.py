"""One extraction takes the place of another: the same extractor, with what it has learnt of the sites since.

Files go before the manifest that names them: whoever is killed in between finds a manifest of files that are gone, and the
next run takes it away.  Captures belong to no extraction: they stay, in one place.  An extraction by another extractor stays
beside this one.

What was compacted lies in files of many parts, and is superseded as a whole: it stays until all its parts were made anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import remove
from broadsheet.archive.errors import CorruptArchive
from broadsheet.pipelines.dataset.compacted import (
    is_compacted,
    is_outdated,
    parts_by_extraction,
    read_compactions,
    read_complete,
    remove_compaction,
)
from broadsheet.pipelines.dataset.manifest import (
    Manifest,
    PublishedFile,
    lies_in_extraction,
    manifest_path,
    publish_manifest,
    read_manifest,
)


def siblings(collection: Collection, part: str, base_id: str) -> Iterator[Manifest]:
    """The manifests of *part* by extractions of the same base."""
    root = collection.dataset / "_manifest"
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        path = manifest_path(collection, folder.name, part)
        try:
            manifest = read_manifest(path)
        except (FileNotFoundError, NotADirectoryError, CorruptArchive):
            continue
        if base_id and manifest.base_id == base_id:
            yield manifest


def supersede(collection: Collection, manifest: Manifest) -> None:
    """Take away what other extractions of the same base made of the part of *manifest*."""
    kept = {file.path for file in manifest.files}
    for other in siblings(collection, manifest.part, manifest.base_id):
        if other.extraction_id == manifest.extraction_id or is_compacted(collection, other):
            continue
        _take_away(collection, other, kept)


def supersede_captures(collection: Collection, part: str, files: Sequence[PublishedFile]) -> None:
    """Let the captures of *part* be in *files*, which are in place, for every extraction, and take away where they were.

    They are the same in all extractions, and lie where the schema of the last one puts them: since 1.1 in a folder of their
    month.  A glob would meet those of an earlier place once more.  Manifests change first: whoever is killed has the part to
    do again.
    """
    now = [file for file in files if file.table == "captures"]
    if not all((collection.dataset / file.path).is_file() for file in now):
        return  # they are in compacted files
    kept, before = {file.path for file in now}, set()
    root = collection.dataset / "_manifest"
    for folder in sorted(root.iterdir()) if now and root.is_dir() else ():
        path = manifest_path(collection, folder.name, part)
        try:
            other, at = read_manifest(path), path.stat().st_mtime_ns
        except (FileNotFoundError, NotADirectoryError, CorruptArchive):
            continue
        old = {file for file in other.files if file.table == "captures"}
        if old and old != set(now):
            before |= {file.path for file in old} - kept
            rest = [file for file in other.files if file.table != "captures"]
            publish_manifest(collection, replace(other, files=tuple(sorted((*rest, *now), key=lambda one: one.path))))
            os.utime(path, ns=(at, at))  # which extraction is current goes by when it was made
    remove(collection.dataset / name for name in sorted(before))


def supersede_compacted(collection: Collection) -> None:
    """Take away the compacted extractions all of whose parts were made anew, with what belongs to them.

    Raises:
        CorruptArchive: a compaction of compacted files cannot be read.
    """
    compactions = read_compactions(collection)
    for extraction_id, parts in parts_by_extraction(compactions).items():
        own = {part: _published_at(manifest_path(collection, extraction_id, part)) for part in parts}
        others = {part: _newest_sibling(collection, extraction_id, part) for part in parts}
        if not is_outdated(parts, own, others):
            continue
        for compaction in compactions:
            if compaction.extraction_id == extraction_id:
                remove_compaction(collection, compaction)
        for part in sorted(parts):
            with suppress(FileNotFoundError, CorruptArchive):
                _take_away(collection, read_manifest(manifest_path(collection, extraction_id, part)), set())


def _take_away(collection: Collection, other: Manifest, kept: set[str]) -> None:
    remove(
        collection.dataset / file.path
        for file in other.files
        if file.path not in kept and lies_in_extraction(file.path, other.extraction_id)
    )
    remove([manifest_path(collection, other.extraction_id, other.part)])


def _newest_sibling(collection: Collection, extraction_id: str, part: str) -> int:
    """When another extraction of the same base last published *part*, -1 for never."""
    try:
        base_id = read_manifest(manifest_path(collection, extraction_id, part)).base_id
    except (FileNotFoundError, CorruptArchive):
        return 0  # nobody misses it
    made = (
        _published_at(manifest_path(collection, other.extraction_id, part))
        for other in siblings(collection, part, base_id)
        if other.extraction_id != extraction_id and read_complete(collection, other.extraction_id, part) is not None
    )
    return max(made, default=-1)


def _published_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return -1
