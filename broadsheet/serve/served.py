"""A collection that is served: its folder under a short name, and what pages read of it, opened when first asked for.

Reading only: a crawl or an extraction may work on the collection meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.growing_index import GrowingIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.search.index import SearchIndex
from broadsheet.pipelines.search.searcher import Searcher
from broadsheet.serve.index_keeper import IndexKeeper
from broadsheet.serve.tables import TableQueries

_RESERVED = frozenset({"static", "openapi", "search"})  # first parts of paths that are no collection


@dataclass(slots=True)
class ServedCollection:
    """The *collection*, called *name* in addresses; *temporary* is a folder for what is made of it while it is served."""

    name: str
    collection: Collection
    temporary: Path
    records: RecordStore = field(init=False)
    searcher: Searcher = field(init=False)
    keeper: IndexKeeper = field(init=False)
    tables: TableQueries = field(init=False)
    _growing: GrowingIndex = field(init=False, repr=False)
    spool: Spool = field(init=False, repr=False)  # large payloads taken out of their WARCs

    def __post_init__(self) -> None:
        self.records = RecordStore(self.collection)
        self.tables = TableQueries(self.collection)
        index = SearchIndex.of(self.collection, self.temporary)
        self.searcher = Searcher(index)
        self.keeper = IndexKeeper(self.collection, index)
        self._growing = GrowingIndex(self.collection, self.temporary)
        self.spool = Spool(self.temporary)

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return f"/{self.name}/"

    def captures(self) -> CaptureIndex:
        """All captures that it has now, by SURT key.

        Raises:
            BroadsheetError: the journal cannot be read.
        """
        return self._growing.captures()

    def wait_for_index(self, seconds: float) -> None:
        """Wait until the index has been looked at, but no longer than *seconds*, and not where it holds something already.

        Raises:
            BrokenEnvironment: the index cannot be read.
        """
        if self.searcher.is_empty():
            self.keeper.wait(seconds)

    def replay(self) -> Replay:
        """What answers requests from its captures.

        Raises:
            BroadsheetError: as `captures`.
        """
        return Replay(self.captures(), self.spool)


@dataclass(frozen=True, slots=True)
class ServedCollections:
    """All that one server serves, by name, in the order in which they were named.  A context manager: within, their search
    indexes are kept up to date."""

    by_name: dict[str, ServedCollection]
    _open: list[ExitStack] = field(default_factory=list, repr=False)

    @classmethod
    def open(cls, directories: Sequence[Path], temporary: Path) -> ServedCollections:
        """The collections in *directories*; of two folders of one name the second is ``NAME-2``.

        Raises:
            BadInput: a folder is no collection, or is named twice.
        """
        served: dict[str, ServedCollection] = {}
        known: set[Path] = set()
        for directory in directories:
            collection = Collection.open(directory)
            if (place := directory.resolve()) in known:
                raise BadInput(str(directory), "is named twice", "Name each collection once.")
            known.add(place)
            name = _free_name(place.name, served)
            folder = temporary / name
            folder.mkdir()
            served[name] = ServedCollection(name, collection, folder)
        return cls(served)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for one in self.by_name.values():
                stack.enter_context(one.keeper)
            self._open.append(stack.pop_all())
        return self

    def __exit__(self, *_: object) -> None:
        for stack in self._open:
            stack.close()

    def get(self, name: str) -> ServedCollection:
        """The collection *name*.

        Raises:
            BadInput: there is none.
        """
        found = self.by_name.get(name)
        if found is None:
            raise BadInput(name, "no collection of that name is served here", f"There are: {', '.join(self.by_name)}.")
        return found


def _free_name(folder: str, taken: dict[str, ServedCollection]) -> str:
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", folder).strip("-") or "collection"
    name, number = plain, 1
    while name in taken or name in _RESERVED:
        number += 1
        name = f"{plain}-{number}"
    return name
