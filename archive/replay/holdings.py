"""What there is to replay: the WARCs that a user names, in files, folders, collections and WACZ, and their indexes.

Each path is a shelf of its own with its own index, since two collections may call different files by one name; a
question goes to all of them.  A WARC without an index is read once, at the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import BadInput
from archive.replay.scan import CdxjEntry, ScannedIndex, scan
from archive.wacz import is_wacz, warc_sources
from archive.warc.source import WarcSource

_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.gz.open", ".wacz")


@dataclass(frozen=True, slots=True)
class Held:
    """One capture of the index, and the WARC it lies in."""

    entry: CdxjEntry
    source: WarcSource


@dataclass(frozen=True, slots=True)
class _Shelf:
    index: ScannedIndex
    sources: dict[str, WarcSource]


class Holdings:
    """All captures of some WARCs, by SURT key.  Make it with `open`."""

    def __init__(self, shelves: Sequence[_Shelf]) -> None:
        self._shelves = shelves

    @classmethod
    def open(cls, paths: Sequence[Path], temporary: Path) -> Holdings:
        """The captures of what *paths* name; *temporary* must exist as long as they are used.

        Raises:
            BadInput: a path is not there, or holds no WARC.
            CorruptArchive: a WACZ is damaged.
        """
        shelves = []
        for path in paths:
            sources = {source.name: source for source in _sources(path, temporary)}
            entries = (entry for source in sources.values() for entry in scan(source))
            shelves.append(_Shelf(ScannedIndex(entries), sources))
        return cls(shelves)

    def lookup(self, urlkey: str) -> list[Held]:
        """The captures under exactly this key."""
        return [
            Held(entry, source)
            for shelf in self._shelves
            for entry in shelf.index.lookup(urlkey)
            if (source := shelf.sources.get(entry.filename)) is not None
        ]

    def prefix(self, prefix: str, limit: int) -> list[Held]:
        """The first captures whose keys begin so, at most *limit* of each path named."""
        return [
            Held(entry, source)
            for shelf in self._shelves
            for entry in shelf.index.prefix(prefix, limit)
            if (source := shelf.sources.get(entry.filename)) is not None
        ]


def _sources(path: Path, temporary: Path) -> list[WarcSource]:
    if path.is_dir():
        folder = path / "archive" if (path / "archive").is_dir() else path
        files = [file for file in sorted(folder.rglob("*")) if file.name.endswith(_SUFFIXES)]
        if not files:
            raise BadInput(str(path), "holds no WARC", "Name a collection, or WARC or WACZ files.")
        return [source for file in files for source in _sources(file, temporary)]
    if not path.exists():
        raise BadInput(str(path), "no such file", "Check the path.")
    return warc_sources(path, temporary) if is_wacz(path) else [WarcSource.of(path)]
