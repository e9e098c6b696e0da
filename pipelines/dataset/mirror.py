"""A dataset in S3: the one of a working collection, published object by object, manifests last.

A manifest that is there and equal says that its files are there, too, so a run that was killed goes on where it stopped and
uploads nothing twice.  What was superseded goes last, files before the manifest that names them, as on a disk.

After a compaction: the compacted files, then their compaction manifest (from then on readers of manifests read them), and
last the removal of the files that they replace.  An object store cannot do the last two in one step, so whoever reads the
folder without manifests meets rows twice in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import CorruptArchive
from broadsheet.archive.storage import delete_object, list_objects, put_object, read_object
from broadsheet.pipelines.dataset.compacted import (
    COMPACTION_MANIFESTS,
    CompactionManifest,
    compaction_of,
    compaction_path,
    parse_compaction,
    read_compactions,
)
from broadsheet.pipelines.dataset.manifest import Manifest, lies_in_extraction, parse_manifest

_MANIFESTS = "_manifest"
_COMPACTED = re.compile(r"/fetch_month=[^/]+/[0-9]{5}-[0-9a-f]{16}\.parquet$")


def publish_dataset(collection: Collection, url: str) -> int:
    """Make the dataset below *url* equal to that of *collection*; the number of parts that were uploaded.

    Parts there that the collection does not know stay.

    Raises:
        BadInput: there is no such bucket.
        BrokenEnvironment: the store refuses, or does not answer.
        CorruptArchive: a manifest of the collection is none.
    """
    root = f"{url.rstrip('/')}/dataset"
    objects = {one.url for one in list_objects(root)}
    there = {one for one in objects if one.startswith(f"{root}/{_MANIFESTS}/") and one.endswith(".json")}
    compactions = read_compactions(collection)
    for compaction in compactions:
        _publish_compaction(collection, compaction, root, objects)
    uploaded = 0
    moved: set[str] = set()
    mine: dict[str, Manifest] = {}
    for path in sorted((collection.dataset / _MANIFESTS).rglob("*.json")):
        text = path.read_bytes()
        manifest = parse_manifest(text, str(path))
        target = f"{root}/{path.relative_to(collection.dataset).as_posix()}"
        mine[target] = manifest
        before = read_object(target) if target in there else b""
        if before == text:
            continue
        moved |= _captures_of(before, target)
        for file in manifest.files:
            if compaction_of(collection, manifest, file.table) is None:
                put_object(f"{root}/{file.path}", (collection.dataset / file.path).read_bytes())
        put_object(target, text)
        uploaded += 1
    for name in moved - {file.path for manifest in mine.values() for file in manifest.files}:
        delete_object(f"{root}/{name}")
    _supersede(root, mine, sorted(there - set(mine)))
    _remove_compacted(collection, root, objects, list(mine.values()), compactions)
    for path in sorted(
        path for path in collection.dataset.iterdir() if path.is_file() and not path.name.startswith("_")
    ):  # the data card, when all is there
        put_object(f"{root}/{path.name}", path.read_bytes())
    return uploaded


def _captures_of(text: bytes, url: str) -> set[str]:
    """Where the captures lie by the manifest *text*, which is there and another than ours; nowhere if it is none."""
    try:
        return {file.path for file in parse_manifest(text, url).files if file.table == "captures"}
    except CorruptArchive:
        return set()


def _supersede(root: str, mine: dict[str, Manifest], others: list[str]) -> None:
    kept = {file.path for manifest in mine.values() for file in manifest.files}
    known = {(manifest.part, manifest.base_id) for manifest in mine.values()}
    for url in others:
        try:
            other = parse_manifest(read_object(url), url)
        except CorruptArchive:
            continue  # not ours: it stays
        if (other.part, other.base_id) not in known:
            continue
        for file in other.files:
            if file.path not in kept and lies_in_extraction(file.path, other.extraction_id):
                delete_object(f"{root}/{file.path}")
        delete_object(url)


def _publish_compaction(collection: Collection, compaction: CompactionManifest, root: str, objects: set[str]) -> None:
    path = compaction_path(collection, compaction.table, compaction.extraction_id)
    text, target = path.read_bytes(), f"{root}/{path.relative_to(collection.dataset).as_posix()}"
    if target in objects and read_object(target) == text:
        return
    for file in compaction.files:
        if f"{root}/{file.path}" not in objects:  # its name holds its digest
            put_object(f"{root}/{file.path}", (collection.dataset / file.path).read_bytes())
    put_object(target, text)


def _remove_compacted(
    collection: Collection,
    root: str,
    objects: set[str],
    mine: Sequence[Manifest],
    compactions: Sequence[CompactionManifest],
) -> None:
    """Delete the files of parts that lie in compacted ones now, and compacted ones that no compaction names any more."""
    replaced = {
        f"{root}/{file.path}"
        for manifest in mine
        for file in manifest.files
        if compaction_of(collection, manifest, file.table) is not None
    }
    named = {f"{root}/{file.path}" for compaction in compactions for file in compaction.files}
    earlier = {one for one in objects if _COMPACTED.search(one) and any(_is_of(one, root, of) for of in compactions)}
    for url in sorted(objects & (replaced | earlier) - named):
        delete_object(url)
    parts = {manifest.part for manifest in mine}
    kept = {
        f"{root}/{compaction_path(collection, compaction.table, compaction.extraction_id).relative_to(collection.dataset)}"
        for compaction in compactions
    }
    for url in sorted(one for one in objects - kept if one.startswith(f"{root}/{COMPACTION_MANIFESTS}/")):
        compaction = parse_compaction(read_object(url), url)
        if compaction.parts <= parts:  # all its parts were made anew
            for file in compaction.files:
                delete_object(f"{root}/{file.path}")
            delete_object(url)


def _is_of(url: str, root: str, compaction: CompactionManifest) -> bool:
    """Whether the object *url* below *root* lies where files of *compaction* do."""
    of_table = url.startswith(f"{root}/{compaction.table}/")
    return of_table and (not compaction.extraction_id or lies_in_extraction(url, compaction.extraction_id))
