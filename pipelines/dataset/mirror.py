"""A dataset in S3: the one of a working collection, published object by object, manifests last.

A manifest that is there and equal says that its files are there, too, so a run that was killed goes on where it stopped and
uploads nothing twice.  What was superseded goes last, files before the manifest that names them, as on a disk.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from archive.collection import Collection
from archive.errors import CorruptArchive
from archive.storage import delete_object, list_objects, put_object, read_object
from pipelines.dataset.manifest import Manifest, parse_manifest

_MANIFESTS = "_manifest"


def publish_dataset(collection: Collection, url: str) -> int:
    """Make the dataset below *url* equal to that of *collection*; the number of parts that were uploaded.

    Parts there that the collection does not know stay.

    Raises:
        BadInput: there is no such bucket.
        BrokenEnvironment: the store refuses, or does not answer.
        CorruptArchive: a manifest of the collection is none.
    """
    root = f"{url.rstrip('/')}/dataset"
    there = {one.url for one in list_objects(f"{root}/{_MANIFESTS}") if one.url.endswith(".json")}
    uploaded = 0
    mine: dict[str, Manifest] = {}
    for path in sorted((collection.dataset / _MANIFESTS).rglob("*.json")):
        text = path.read_bytes()
        manifest = parse_manifest(text, str(path))
        target = f"{root}/{path.relative_to(collection.dataset).as_posix()}"
        mine[target] = manifest
        if target in there and read_object(target) == text:
            continue
        for file in manifest.files:
            put_object(f"{root}/{file.path}", (collection.dataset / file.path).read_bytes())
        put_object(target, text)
        uploaded += 1
    _supersede(root, mine, sorted(there - set(mine)))
    for path in sorted(
        path for path in collection.dataset.iterdir() if path.is_file()
    ):  # the data card, when all is there
        put_object(f"{root}/{path.name}", path.read_bytes())
    return uploaded


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
            if file.path not in kept and other.extraction_id in PurePosixPath(file.path).parts:
                delete_object(f"{root}/{file.path}")
        delete_object(url)
