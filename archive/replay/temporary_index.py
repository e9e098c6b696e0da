"""An index of WARCs that have none: made by reading them once, kept in a temporary SQLite file, so memory stays flat."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path

from broadsheet.archive.cdxj.line import CdxjLine

_LAST = "\U0010ffff"  # sorts behind all that keys are made of
_numbers = itertools.count()


class TemporaryIndex:
    """Captures by key, in a file in *temporary*.  For one thread at a time, whichever."""

    def __init__(self, lines: Iterable[CdxjLine], temporary: Path) -> None:
        path = temporary / f"scanned-{next(_numbers)}.sqlite"
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE capture (urlkey TEXT, timestamp TEXT, url TEXT, mime TEXT, status INTEGER, digest TEXT,"
            " length INTEGER, offset INTEGER, filename TEXT, request_body TEXT, method TEXT, body_digest TEXT)",
        ):
            self._database.execute(statement)
        self.extend(lines)
        self._database.execute("CREATE INDEX by_key ON capture (urlkey, timestamp)")

    def extend(self, lines: Iterable[CdxjLine]) -> None:
        """Add *lines*."""
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO capture VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", (astuple(line) for line in lines)
        )
        self._database.execute("COMMIT")

    def lookup(self, urlkey: str) -> list[CdxjLine]:
        """The captures under exactly this key, the oldest first."""
        query = "SELECT * FROM capture WHERE urlkey = ? ORDER BY timestamp"
        return [CdxjLine(*row) for row in self._database.execute(query, (urlkey,))]

    def prefix(self, prefix: str, limit: int) -> list[CdxjLine]:
        """The first *limit* captures whose keys begin with *prefix*, in the order of keys."""
        query = "SELECT * FROM capture WHERE urlkey >= ? AND urlkey < ? ORDER BY urlkey, timestamp LIMIT ?"
        return [CdxjLine(*row) for row in self._database.execute(query, (prefix, prefix + _LAST, limit))]

    def under(self, prefix: str) -> Iterator[CdxjLine]:
        """All captures whose keys begin with *prefix*, in the order of keys; other things may be looked up meanwhile."""
        query = "SELECT * FROM capture WHERE urlkey >= ? AND urlkey < ? ORDER BY urlkey, timestamp"
        return (CdxjLine(*row) for row in self._database.execute(query, (prefix, prefix + _LAST)))

    def __iter__(self) -> Iterator[CdxjLine]:
        """All captures, in the order of keys."""
        return (CdxjLine(*row) for row in self._database.execute("SELECT * FROM capture ORDER BY urlkey, timestamp"))
