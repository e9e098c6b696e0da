"""The rows to compare, numbered by what makes one the original: the earliest publication, then the earliest capture.

The number of a row is its place in that order (date_published, unknown last; then fetch_time; then id), so it does not
depend on which file a row lies in, and "the kept one of these" is always the lowest number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.pipelines.dataset.article_scan import ArticleScan
from broadsheet.pipelines.dataset.newest import fetch_microseconds
from broadsheet.pipelines.dedupe.shingles import U64

_UNKNOWN = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Rows:
    """What is known of the rows before their texts are read; arrays by row number.

    ``numbers``: the row number of the nth row of the scan.  ``ids``: UTF-8, padded with NUL.  ``hosts``: index into
    ``host_names``.  ``urls``: a 64-bit hash of each row's SURT key, ``addresses`` of its URL as it is, which all
    versions of a page have.  ``fetched``: in microseconds since 1970.
    """

    numbers: NDArray[np.int64]
    ids: NDArray[np.bytes_]
    hosts: NDArray[np.int32]
    urls: U64
    addresses: U64
    fetched: NDArray[np.int64]
    host_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def id_of(self, row: int) -> str:
        """The id of *row*."""
        return bytes(self.ids[row]).decode()


def read_rows(scan: ArticleScan) -> Rows:
    """The rows of *scan*: some 280 bytes each while they are sorted, 100 afterwards."""
    parts: list[tuple[NDArray[np.bytes_], NDArray[np.int64], NDArray[np.int64], NDArray[np.int32], U64, U64]] = []
    names: dict[str, int] = {}
    for batch in scan.batches(["id", "date_published", "fetch_time", "url_host_name", "url_surtkey", "url"]):
        ids, published, fetched, hosts, urls, addresses = batch.columns
        parts.append(
            (
                np.array([one.encode() for one in ids.to_pylist()], np.bytes_),
                published.cast("int64").fill_null(_UNKNOWN).to_numpy(zero_copy_only=False),
                fetch_microseconds(fetched),  # undated: no newer version of any other
                np.array([names.setdefault(one, len(names)) for one in hosts.to_pylist()], np.int32),
                np.array([_url_hash(one) for one in urls.to_pylist()], np.uint64),
                np.array([_url_hash(one) for one in addresses.to_pylist()], np.uint64),
            )
        )
    if not parts:
        none = np.empty(0, np.int64)
        empty = none.astype(np.uint64)
        return Rows(none, np.empty(0, "S1"), none.astype(np.int32), empty, empty, none, ())
    ids, published, fetched, hosts, urls, addresses = (np.concatenate(column) for column in zip(*parts, strict=True))
    parts.clear()
    order = np.lexsort((ids, fetched, published))
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.arange(len(order))
    return Rows(numbers, ids[order], hosts[order], urls[order], addresses[order], fetched[order], tuple(names))


def read_texts(scan: ArticleScan, rows: Rows) -> Iterator[tuple[int, str]]:
    """Row number and text of each row that has a text."""
    position = 0
    for batch in scan.batches(["text"]):
        for text in batch.column(0):
            if (value := text.as_py()) is not None:
                yield int(rows.numbers[position]), value
            position += 1


def _url_hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
