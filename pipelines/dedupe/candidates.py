"""Which pairs of rows to look at: those that meet in a bucket.

Two ways into a bucket.  *Bands*: 64 bands of two MinHash values; a pair with Jaccard .3 meets in one with probability
.998, one with .03 with .06.  *Passages* (shingles.py): what a short piece and its long original have in common, where
Jaccard is too small for MinHash.

A bucket of m rows has m(m-1)/2 pairs; that of a story on 5,000 sites would take for ever.  In a large bucket each row is
looked at beside a few: the most canonical rows, the longest (a cut copy is in the whole one, not in another cut one) and
its neighbours in length.  Rows that were found to belong together already are not looked at again, so that the same
family in its other 63 buckets costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rensa
from numpy.typing import NDArray

from broadsheet.pipelines.dedupe.buckets import Buckets
from broadsheet.pipelines.dedupe.shingles import U32, U64, mix

PERMUTATIONS = 128
BANDS = 64
SEED = 1
ALGORITHM = f"rensa RMinHash v{rensa.RMinHash.ALGORITHM_VERSION}"
_PASSAGE_SLOTS = 64
_ALL_PAIRS = 24  # rows in a bucket up to which every pair is looked at
_PILLARS = 4
_NEIGHBOURS = 3
_CHUNK = 1 << 17  # pairs that are in memory at a time
_ESTIMATE_SLACK = 0.17  # four standard deviations of the estimate, of 128 values at Jaccard .3

Pairs = NDArray[np.int64]  # shape (n, 2)


def signatures_of(shingles: list[U32]) -> U32:
    """The MinHash of each of *shingles*, one a row."""
    if not shingles:
        return np.empty((0, PERMUTATIONS), np.uint32)
    flat = np.concatenate(shingles).astype(np.uint64)
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in shingles])]).astype(np.uint64)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, PERMUTATIONS, SEED)
    return np.array(matrix.to_rows(), np.uint32)


class Candidates:
    """The buckets of all rows, and the pairs that come out of them.

    128 bytes a row stay in memory: the low byte of each MinHash value, by which most chance meetings are sent away
    before their shingles are read.
    """

    def __init__(self, folder: Path, rows: int) -> None:
        self._bands = Buckets(folder, "band", BANDS)
        self._passages = Buckets(folder, "passage", _PASSAGE_SLOTS)
        self._sketches = np.zeros((rows, PERMUTATIONS), np.uint8)

    def put(self, rows: U32, signatures: U32, passages: list[U64]) -> None:
        """Put *rows* into their buckets."""
        self._sketches[rows] = (signatures & np.uint32(0xFF)).astype(np.uint8)
        wide = signatures.astype(np.uint64)
        for band in range(BANDS):
            self._bands.put(band, mix(wide[:, 2 * band] << np.uint64(32) | wide[:, 2 * band + 1]), rows)
        keys = np.concatenate(passages) if passages else np.empty(0, np.uint64)
        owners = np.repeat(rows, [len(one) for one in passages])
        slots = (keys >> np.uint64(58)).astype(np.int64)
        for slot in np.unique(slots):
            here = slots == slot
            self._passages.put(int(slot), keys[here], owners[here])

    def pairs(self, threshold: float, lengths: U32) -> Iterator[Pairs]:
        """The pairs, in blocks, each a pair of rows, the lower first; a pair may come several times.

        *lengths*: shingles of each row.
        """
        block: list[Pairs] = []
        size = 0
        for pairs in self._meetings(threshold, lengths):
            block.append(pairs)
            size += len(pairs)
            if size >= _CHUNK:
                yield np.concatenate(block)
                block, size = [], 0
        if block:
            yield np.concatenate(block)

    def _meetings(self, threshold: float, lengths: U32) -> Iterator[Pairs]:
        for band in range(BANDS):
            for pairs in _bucket_pairs(self._bands.take(band), lengths):
                yield pairs[self._estimate(pairs) >= threshold - _ESTIMATE_SLACK]
        for slot in range(_PASSAGE_SLOTS):
            yield from _bucket_pairs(self._passages.take(slot), lengths)

    def _estimate(self, pairs: Pairs) -> NDArray[np.float64]:
        """The Jaccard that the sketches speak for."""
        equal = np.empty(len(pairs))
        for start in range(0, len(pairs), 8192):
            block = pairs[start : start + 8192]
            equal[start : start + 8192] = (self._sketches[block[:, 0]] == self._sketches[block[:, 1]]).mean(axis=1)
        return (equal - 1 / 256) / (1 - 1 / 256)


def _bucket_pairs(entries: NDArray[np.void], lengths: U32) -> Iterator[Pairs]:
    """The pairs of rows that share a key; *entries* are sorted by key and row."""
    keys, rows = entries["key"], entries["row"].astype(np.int64)
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.empty(0, np.int64)
    sizes = np.diff(np.concatenate([starts, [len(keys)]]))
    for size in np.unique(sizes[sizes > 1]):
        buckets = starts[sizes == size]
        if size <= _ALL_PAIRS:
            left, right = np.triu_indices(int(size), 1)
            step = max(1, _CHUNK // len(left))
            for begin in range(0, len(buckets), step):
                members = rows[buckets[begin : begin + step, None] + np.arange(size)]
                yield np.stack([members[:, left].ravel(), members[:, right].ravel()], axis=1)
        else:
            for bucket in buckets:
                yield from _large_bucket_pairs(rows[bucket : bucket + size], lengths)


def _large_bucket_pairs(rows: NDArray[np.int64], lengths: U32) -> Iterator[Pairs]:
    by_length = rows[np.lexsort((rows, lengths[rows]))]
    others = [np.full(len(rows), pillar) for pillar in (*rows[:_PILLARS], *by_length[-_PILLARS:])]
    firsts = [by_length] * len(others)
    for step in range(1, _NEIGHBOURS + 1):
        firsts.append(by_length[:-step])
        others.append(by_length[step:])
    for first, other in zip(firsts, others, strict=True):
        pairs = np.sort(np.stack([first, other], axis=1), axis=1)
        yield from np.array_split(pairs[pairs[:, 0] != pairs[:, 1]], 1 + len(pairs) // _CHUNK)
