"""Questions to the tables of a served collection in SQL; what was asked before is remembered until the dataset changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.current import select

_REMEMBERED = 64  # answers; the longest has some hundred rows
_MEMORY = 150_000_000  # bytes that a question may take


class TableQueries:
    """Asks the tables of *collection*.  For several threads."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._answers: OrderedDict[tuple[str, int], list[dict[str, Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows that *sql*, which reads, gives.

        Raises:
            BadInput: there is no dataset, or a table was not made.
            CorruptArchive: a file of the dataset is damaged.
        """
        from broadsheet.pipelines.dataset.query import querying  # noqa: PLC0415 - DuckDB takes a third of a second

        selection = select(self._collection)
        key = sql, hash((selection.extraction_ids, tuple(sorted(selection.files.items()))))
        with self._lock:
            if (known := self._answers.get(key)) is not None:
                self._answers.move_to_end(key)
                return known
        with querying(self._collection, sql, memory=_MEMORY) as result:
            rows: list[dict[str, Any]] = [row for batch in result.batches for row in batch.to_pylist()]
        with self._lock:
            self._answers[key] = rows
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return rows


def quoted(text: str) -> str:
    """*text* as a literal of SQL."""
    return "'" + text.replace("\0", "").replace("'", "''") + "'"


def listed(texts: Sequence[str]) -> str:
    """*texts* as a list of literals, for IN."""
    return ", ".join(map(quoted, texts)) or "NULL"
