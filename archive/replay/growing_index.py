"""The captures of a collection by SURT key, also while a crawl adds to them.

They come from the journal, which has every field of a CDXJ line (`broadsheet.archive.cdxj.build`), so no WARC is read and
WARCs of others, wherever they lie, are there, too.  A finished crawl's own index is used as it is.  Each refresh adds what is
new since the last.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.build import fresh_index, journal_lines
from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.archive.collection import Collection
from broadsheet.archive.journal import connect
from broadsheet.archive.locate import source_of
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.temporary_index import TemporaryIndex
from broadsheet.archive.warc.source import WarcSource


class GrowingIndex:
    """Indexes the captures of *collection* in the folder *temporary*.  For several threads."""

    def __init__(self, collection: Collection, temporary: Path) -> None:
        self._collection, self._temporary = collection, temporary
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}  # entries of each WARC that are indexed
        self._sources: dict[str, WarcSource] = {}
        self._lines: TemporaryIndex | None = None
        self._captures: CaptureIndex | None = None

    def captures(self) -> CaptureIndex:
        """All captures that the journal has now.

        Raises:
            BroadsheetError: the journal cannot be read.
        """
        with self._lock, closing(connect(self._collection.journal, read_only=True)) as db:
            catalogue = Catalogue(db)
            warcs = catalogue.warcs()
            if self._captures is not None and self._known == {one.filename: one.entries for one in warcs}:
                return self._captures
            sources = {warc.filename: source_of(self._collection, warc) for warc in warcs}
            made = (
                fresh_index(self._collection.directory / "indexes", sources.values()) if self._lines is None else None
            )
            if made is not None:
                self._captures = CaptureIndex.indexed(made, sources.values())
            else:
                self._captures = self._extended(catalogue, sources)
            self._known = {warc.filename: warc.entries for warc in warcs}
            return self._captures

    def _extended(self, catalogue: Catalogue, sources: dict[str, WarcSource]) -> CaptureIndex:
        if self._lines is None:
            self._known.clear()  # what a finished index had is not in this one
            self._lines = TemporaryIndex((), self._temporary)
        self._sources.update(sources)
        self._lines.extend(self._new_lines(catalogue))
        return CaptureIndex.over(self._lines, self._sources)

    def _new_lines(self, catalogue: Catalogue) -> Iterator[CdxjLine]:
        for warc in catalogue.warcs():
            first = self._known.get(warc.filename, 0)
            if warc.entries > first:
                yield from journal_lines(catalogue.captures(warc, first))
