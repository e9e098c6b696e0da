"""One extraction takes the place of another: the same extractor, with what it has learnt of the sites since.

Files go before the manifest that names them: whoever is killed in between finds a manifest of files that are gone, and the
next run takes it away.  Captures belong to no extraction and stay.  An extraction by another extractor stays beside this one.
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.collection import Collection
from archive.errors import CorruptArchive
from pipelines.dataset.manifest import Manifest, manifest_path, read_manifest


def siblings(collection: Collection, part: str, base_id: str) -> Iterator[Manifest]:
    """The manifests of *part* by extractions of the same base."""
    root = collection.dataset / "_manifest"
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        path = manifest_path(collection, folder.name, part)
        try:
            manifest = read_manifest(path)
        except (FileNotFoundError, NotADirectoryError, CorruptArchive):
            continue
        if manifest.base_id == base_id:
            yield manifest


def supersede(collection: Collection, manifest: Manifest) -> None:
    """Take away what other extractions of the same base made of the part of *manifest*."""
    kept = {file.path for file in manifest.files}
    for other in siblings(collection, manifest.part, manifest.base_id):
        if other.extraction_id == manifest.extraction_id:
            continue
        for file in other.files:
            if file.path not in kept and other.extraction_id in file.path.split("/"):
                (collection.dataset / file.path).unlink(missing_ok=True)
        manifest_path(collection, other.extraction_id, other.part).unlink(missing_ok=True)
