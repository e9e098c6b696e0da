"""``broadsheet index``: finds the WARCs that a user names and indexes them; a collection's index goes to its own place."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from broadsheet.archive.cdxj.build import Indexed, index_collection, write_index
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.archive.wacz import is_wacz, unpacked_sources
from broadsheet.archive.warc.record import Damage
from broadsheet.archive.warc.source import ARCHIVE_SUFFIXES, WarcSource

_SUFFIXES = (*ARCHIVE_SUFFIXES, ".wacz")


def index_inputs(
    inputs: Sequence[Path], output: Path | None, *, not_modified: bool = True
) -> tuple[Indexed, list[Damage]]:
    """Index *inputs* into *output*, or a collection into its own folder; *not_modified* as in `write_index`.

    Raises:
        BadInput: an input is not there or holds no WARC, or there is no place for the index.
        BrokenEnvironment: the disk refuses.
    """
    damages: list[Damage] = []
    if output is None:
        if len(inputs) != 1 or not (inputs[0] / "collection.sqlite").is_file():
            raise BadInput("index", "has nowhere to go", "Say with -o FILE, or name one collection.")
        if not not_modified:
            raise BadInput(
                "--no-304", "is not for a collection's own index, which has all", "Name a file with -o FILE."
            )
        done = index_collection(Collection.open(inputs[0]), damages.append)
        if done is None:
            raise BadInput(str(inputs[0]), "holds no closed WARC", "Index it when a crawl has ended.")
        return done, damages
    with tempfile.TemporaryDirectory() as temporary:
        sources = [source for path in inputs for source in named_sources(path, Path(temporary))]
        return write_index(sources, output, damages.append, not_modified=not_modified), damages


def named_sources(path: Path, temporary: Path) -> list[WarcSource]:
    """The WARCs that *path* names: itself, those in a folder or a collection, or in a WACZ.

    Raises:
        BadInput: there is none.
    """
    if path.is_dir():
        folder = path / "archive" if (path / "archive").is_dir() else path
        files = sorted(file for file in folder.rglob("*") if file.name.endswith(_SUFFIXES) and file.is_file())
        if not files:
            raise BadInput(str(path), "holds no WARC", "Name a collection, or WARC or WACZ files.")
        return [source for file in files for source in named_sources(file, temporary)]
    if not path.exists():
        raise BadInput(str(path), "no such file", "Check the path.")
    return unpacked_sources(path, temporary) if is_wacz(path) else [WarcSource.of(path)]
