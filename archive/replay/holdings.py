"""What there is to replay: the WARCs that a user names, in files, folders, collections and WACZ, and their indexes.

Each path is a shelf of its own with its own index, since two collections may call different files by one name; a
question goes to all of them.  A collection whose index is up to date is not read; other WARCs are, once, at the start.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from broadsheet.archive.cdxj.build import fresh_index
from broadsheet.archive.cdxj.entry import CdxjEntry
from broadsheet.archive.cdxj.index import CdxjIndex
from broadsheet.archive.cdxj.scan import scan
from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.scanned import ScannedIndex
from broadsheet.archive.wacz import is_wacz, warc_sources
from broadsheet.archive.warc.record import Damage
from broadsheet.archive.warc.source import WARC_SUFFIXES, WarcSource

_SUFFIXES = (*WARC_SUFFIXES, ".warc.gz.open", ".wacz")


@dataclass(frozen=True, slots=True)
class Held:
    """One capture of the index, and the WARC it lies in."""

    entry: CdxjEntry
    source: WarcSource


class CaptureIndex(Protocol):
    """Captures by SURT key.  Used by one thread at a time."""

    def lookup(self, urlkey: str) -> Sequence[CdxjEntry]:
        """The captures under exactly this key, the oldest first."""

    def prefix(self, prefix: str, limit: int) -> Sequence[CdxjEntry]:
        """The first *limit* captures whose keys begin with *prefix*, in the order of keys."""

    def __iter__(self) -> Iterator[CdxjEntry]:
        """All captures, in the order of keys."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    index: CaptureIndex
    sources: dict[str, WarcSource]

    def hold(self, entries: Iterable[CdxjEntry]) -> Iterator[Held]:
        """Those of *entries* whose WARC is here; no logs and notes that tools keep under URLs of their own kind."""
        for entry in entries:
            if entry.filename in self.sources and entry.url.lower().startswith(("http://", "https://")):
                yield Held(entry, self.sources[entry.filename])


class Holdings:
    """All captures of some WARCs, by SURT key.  Make it with `open`.  For several threads."""

    def __init__(self, shelves: Sequence[_Shelf], damages: tuple[Damage, ...] = ()) -> None:
        self.damages = damages  # what could not be read and is left out
        self._shelves = shelves
        self._lock = threading.Lock()

    @classmethod
    def open(cls, paths: Sequence[Path], temporary: Path) -> Holdings:
        """The captures of what *paths* name; *temporary* must exist as long as they are used.

        Raises:
            BadInput: a path is not there, or holds no WARC.
            CorruptArchive: a WACZ is damaged.
        """
        shelves = []
        damages: list[Damage] = []
        for path in paths:
            sources = _by_name(_sources(path, temporary))
            made = fresh_index(path / "indexes", sources.values()) if path.is_dir() else None
            if made is not None:
                shelves.append(_Shelf(CdxjIndex(made), sources))
                continue
            entries = (entry for source in sources.values() for entry in scan(source, damages.append))
            shelves.append(_Shelf(ScannedIndex(entries, temporary), sources))
        return cls(shelves, tuple(damages))

    @classmethod
    def indexed(cls, index: Path, sources: Iterable[WarcSource]) -> Holdings:
        """The captures in *sources*, by the sorted CDXJ *index* that calls them by their names.

        Raises:
            BroadsheetError: the index cannot be opened.
        """
        return cls([_Shelf(CdxjIndex(index), {source.name: source for source in sources})])

    def lookup(self, urlkey: str) -> list[Held]:
        """The captures under exactly this key."""
        with self._lock:
            return [held for shelf in self._shelves for held in shelf.hold(shelf.index.lookup(urlkey))]

    def prefix(self, prefix: str, limit: int) -> list[Held]:
        """The first captures whose keys begin so, at most *limit* of each path named."""
        with self._lock:
            return [held for shelf in self._shelves for held in shelf.hold(shelf.index.prefix(prefix, limit))]

    def captures(self) -> Iterator[Held]:
        """All captures, one path after the other, each in the order of keys.  Not beside other threads."""
        return (held for shelf in self._shelves for held in shelf.hold(shelf.index))


def _by_name(sources: Sequence[WarcSource]) -> dict[str, WarcSource]:
    """The sources by names that differ: files of one name in several folders get that of the folder, too."""
    named: dict[str, WarcSource] = {}
    for source in sources:
        name = source.name if source.name not in named else f"{source.path}:{source.base}/{source.name}"
        named[name] = replace(source, name=name)
    return named


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
