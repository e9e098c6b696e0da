"""One index over all WARCs that a user names for replay: files, folders, collections, WACZ.

Each path keeps an index of its own, since two collections may call different files by one name; a lookup asks all of
them.  The WARCs of a collection whose CDXJ index is up to date are not read; other WARCs are read once, at the start.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Protocol

from broadsheet.archive.cdxj.build import fresh_index
from broadsheet.archive.cdxj.index import CdxjIndex
from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.archive.cdxj.warc_lines import line_of, warc_lines
from broadsheet.archive.digest import canonical
from broadsheet.archive.named_warcs import named_warcs
from broadsheet.archive.replay.temporary_index import TemporaryIndex
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.recompress import pointable
from broadsheet.archive.warc.record import Damage, WarcRecord
from broadsheet.archive.warc.source import WarcSource

_BATCH = 1000  # captures read before other threads have their turn


@dataclass(frozen=True, slots=True)
class IndexedCapture:
    """The CDXJ line of a capture, and the WARC that has its record."""

    line: CdxjLine
    source: WarcSource


class CdxjLookup(Protocol):
    """CDXJ lines by SURT key.  Used by one thread at a time."""

    def lookup(self, urlkey: str) -> Sequence[CdxjLine]:
        """The captures under exactly this key, the oldest first."""

    def prefix(self, prefix: str, limit: int) -> Sequence[CdxjLine]:
        """The first *limit* captures whose keys begin with *prefix*, in the order of keys."""

    def under(self, prefix: str) -> Iterator[CdxjLine]:
        """All captures whose keys begin with *prefix*, in the order of keys; other things may be looked up meanwhile."""

    def __iter__(self) -> Iterator[CdxjLine]:
        """All captures, in the order of keys."""


@dataclass(frozen=True, slots=True)
class _IndexedPath:
    """What one path names: the WARCs by their names, and the index over them."""

    index: CdxjLookup
    sources: dict[str, WarcSource]

    def captures(self, lines: Iterable[CdxjLine]) -> Iterator[IndexedCapture]:
        """The captures of *lines* whose WARC is here, without records under other schemes (logs, notes of tools)."""
        for line in lines:
            if line.filename in self.sources and line.url.lower().startswith(("http://", "https://")):
                yield IndexedCapture(line, self.sources[line.filename])


class CaptureIndex:
    """All captures of some WARCs, by SURT key.  Make it with `open`.  For several threads."""

    def __init__(self, paths: Sequence[_IndexedPath], damages: tuple[Damage, ...] = ()) -> None:
        self.damages = damages  # what could not be read and is left out
        self._paths = paths
        self._lock = threading.Lock()
        self._by_name: dict[int, tuple[WarcSource, int]] | None = None  # by hashes

    @classmethod
    def open(cls, paths: Sequence[Path], temporary: Path, *, conversions: bool = False) -> CaptureIndex:
        """The captures of what *paths* name; *temporary* must exist as long as they are used.
        *conversions* as in `named_warcs`.

        Raises:
            BadInput: a path is not there, or holds no WARC.
            MissingWarc: a collection has none of its WARCs any more.
            CorruptArchive: a WACZ, or a journal, is damaged.
        """
        opened = []
        damages: list[Damage] = []
        for path in paths:
            named = named_warcs(path, temporary, growing=True, conversions=conversions)
            damages += named.missing
            sources = _by_name(named.sources)
            made = fresh_index(path / "indexes", sources.values()) if path.is_dir() else None
            if made is not None:
                opened.append(_IndexedPath(CdxjIndex(made), sources))
                continue
            sources = {name: pointable(source, temporary, damages.append) for name, source in sources.items()}
            lines = (line for source in sources.values() for line in warc_lines(source, damages.append))
            opened.append(_IndexedPath(TemporaryIndex(lines, temporary), sources))
        return cls(opened, tuple(damages))

    @classmethod
    def indexed(cls, index: Path, sources: Iterable[WarcSource]) -> CaptureIndex:
        """The captures in *sources*, by the sorted CDXJ *index* that calls them by their names.

        Raises:
            BroadsheetError: the index cannot be opened.
        """
        return cls([_IndexedPath(CdxjIndex(index), {source.name: source for source in sources})])

    @classmethod
    def over(cls, index: CdxjLookup, sources: dict[str, WarcSource]) -> CaptureIndex:
        """The captures in *index*, whose WARCs are *sources* by name; both may grow."""
        return cls([_IndexedPath(index, sources)])

    def lookup(self, urlkey: str) -> list[IndexedCapture]:
        """The captures under exactly this key."""
        with self._lock:
            return [capture for path in self._paths for capture in path.captures(path.index.lookup(urlkey))]

    def prefix(self, prefix: str, limit: int) -> list[IndexedCapture]:
        """The first captures whose keys begin so, at most *limit* of each path named."""
        with self._lock:
            return [capture for path in self._paths for capture in path.captures(path.index.prefix(prefix, limit))]

    def sources_behind(self, source: WarcSource) -> list[WarcSource]:
        """The WARCs that follow *source*, by name, among those that were named with it."""
        for path in self._paths:
            if source in path.sources.values():
                return sorted(
                    (one for one in path.sources.values() if one.name > source.name), key=lambda one: one.name
                )
        return []

    def named(self, name: str) -> IndexedCapture | None:
        """The response whose WARC-Record-ID, or WARC-Payload-Digest in our spelling, is *name*.

        No index is ordered by them: the first question reads the headers of all records.
        """
        with self._lock:
            if self._by_name is None:
                self._by_name = {}
                for path in self._paths:
                    for source in path.sources.values():
                        for one in read_records(source, max_block=0, on_damage=lambda _: None):
                            if one.record_type == "response":
                                for known in _names_of(one):
                                    self._by_name.setdefault(hash(known), (source, one.offset))
            place = self._by_name.get(hash(name))
        if place is None:
            return None
        warc, offset = place
        record = next(read_records(warc, offset, offset + 1, on_damage=lambda _: None), None)
        if record is None or record.url is None or name not in _names_of(record):
            return None
        return IndexedCapture(line_of(warc, record, record.url), warc)

    def under(self, prefix: str) -> Iterator[IndexedCapture]:
        """All captures whose keys begin with *prefix*, in the order of keys and times.  Beside other threads."""
        parts = [self._in_batches(path, prefix) for path in self._paths]
        return merge(*parts, key=lambda one: (one.line.urlkey, one.line.timestamp))

    def _in_batches(self, path: _IndexedPath, prefix: str) -> Iterator[IndexedCapture]:
        captures = path.captures(path.index.under(prefix))
        while True:
            with self._lock:
                batch = list(islice(captures, _BATCH))
            if not batch:
                return
            yield from batch

    def captures(self) -> Iterator[IndexedCapture]:
        """All captures, one path after the other, each in the order of keys.  Not beside other threads."""
        return (capture for path in self._paths for capture in path.captures(path.index))


def _names_of(record: WarcRecord) -> tuple[str, ...]:
    """What a revisit may call *record* by."""
    digest = record.get("WARC-Payload-Digest")
    return (record.record_id,) if digest is None else (record.record_id, canonical(digest))


def _by_name(sources: Sequence[WarcSource]) -> dict[str, WarcSource]:
    """The sources by names that differ: files of one name in several folders get that of the folder, too."""
    named: dict[str, WarcSource] = {}
    for source in sources:
        name = source.name if source.name not in named else f"{source.path}:{source.base}/{source.name}"
        named[name] = replace(source, name=name)
    return named
