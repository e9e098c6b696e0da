"""The newest version of each URL among the rows of a table that are asked for.

A table is read in two passes, for which its rows come in one order: the first keeps some 30 bytes of each row and says which
rows are wanted, the second reads those.  The view ``articles_latest`` of `broadsheet.pipelines.dataset.query` says the same in
SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_BEFORE_ALL = np.iinfo(np.int64).min  # a row that does not say when is older than every other
VERSION_COLUMNS = ("url", "fetch_time", "warc_filename", "warc_record_offset")


@dataclass(frozen=True, slots=True)
class Versions:
    """What rows are versions of and how old they are, by place in the table: ``urls`` hashed, ``fetched`` in microseconds since
    1970, ``files`` numbered in the order of their names, ``offsets`` in bytes."""

    urls: NDArray[np.int64]
    fetched: NDArray[np.int64]
    files: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def read(cls, batches: Iterable[pa.RecordBatch]) -> Versions:
        """Of the rows of *batches*, which have `VERSION_COLUMNS`."""
        pieces: list[tuple[NDArray[np.int64], ...]] = []
        names: dict[str, int] = {}
        for batch in batches:
            of_row = [names.setdefault(name, len(names)) for name in batch.column("warc_filename").to_pylist()]
            pieces.append(
                (
                    hashed(batch.column("url")),
                    fetch_microseconds(batch.column("fetch_time")),
                    np.array(of_row, np.int64),
                    batch.column("warc_record_offset").to_numpy(),
                )
            )
        if not pieces:
            none = np.empty(0, np.int64)
            return cls(none, none, none, none)
        urls, fetched, files, offsets = (np.concatenate(column) for column in zip(*pieces, strict=True))
        ranks = np.empty(len(names), np.int64)
        ranks[[names[name] for name in sorted(names)]] = np.arange(len(names))
        return cls(urls, fetched, ranks[files], offsets)

    def newest(self, among: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
        """Whether each row is the one of its URL that was fetched last, of equals the one in the last file, of these the last
        in it; with *among* only rows that it marks count."""
        rows = np.arange(len(self.urls)) if among is None else np.flatnonzero(among)
        order = rows[np.lexsort((self.offsets[rows], self.files[rows], self.fetched[rows], self.urls[rows]))]
        last = np.empty(len(order), np.bool_)
        last[-1:] = True
        last[:-1] = self.urls[order[1:]] != self.urls[order[:-1]]
        found = np.zeros(len(self.urls), np.bool_)
        found[order[last]] = True
        return found


def fetch_microseconds(column: pa.Array) -> NDArray[np.int64]:
    """The moments of a ``fetch_time`` *column* in microseconds since 1970; of a row without one, before all others."""
    moments: NDArray[np.int64] = column.cast("int64").fill_null(_BEFORE_ALL).to_numpy(zero_copy_only=False)
    return moments


def hashed(texts: pa.Array) -> NDArray[np.int64]:
    """A hash of each of *texts*, the same within this process."""
    return np.array([hash(text) for text in texts.to_pylist()], np.int64)


def marked(batches: Iterable[pa.RecordBatch], wanted: NDArray[np.bool_]) -> Iterable[pa.RecordBatch]:
    """The rows of *batches* that *wanted* marks, by their place; batches without any are left out."""
    start = 0
    for batch in batches:
        mask = wanted[start : start + batch.num_rows]
        start += batch.num_rows
        if mask.all():
            yield batch
        elif mask.any():
            yield batch.filter(pa.array(mask))
