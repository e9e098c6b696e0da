"""The prints of all rows, on disk; and who is the original of texts that are equal to the letter.

Equal texts are settled by their digest alone.  Only the first row of each different text, its *original*, goes on to be
compared with others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from broadsheet.pipelines.array_spool import ArraySpool
from broadsheet.pipelines.dataset.article_scan import ArticleScan
from broadsheet.pipelines.dedupe.boilerplate import common_shingles, without
from broadsheet.pipelines.dedupe.relation import MIN_SHINGLES, Relation, relate
from broadsheet.pipelines.dedupe.rows import Rows, read_texts
from broadsheet.pipelines.dedupe.shingles import U32, U64, print_of

OnProgress = Callable[[str, int, int], None]  # what is done, how much of it, of how much
_SAY_EVERY = 500


class RowPrints:
    """The prints of *rows*, kept in files under *folder*.

    ``originals``: the original of each row, by number.  ``own``: the spool of the shingles that are compared, without the
    boilerplate of the host; filled by `guarded`.
    """

    def __init__(self, rows: Rows, folder: Path) -> None:
        self.rows = rows
        self.originals: NDArray[np.int64] = np.arange(len(rows))
        self.own = ArraySpool(folder / "own", len(rows), np.uint32)
        self._all = ArraySpool(folder / "all", len(rows), np.uint32)
        self._passages = ArraySpool(folder / "passages", len(rows), np.uint64)
        self._signatures = ArraySpool(folder / "signatures", len(rows), np.uint32)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for spool in (self.own, self._all, self._passages, self._signatures):
            spool.close()

    def read(self, scan: ArticleScan, on_progress: OnProgress) -> None:
        """Print every text of *scan*, and find the originals."""
        digests = np.zeros((len(self.rows), 2), np.uint64)
        for done, (row, text) in enumerate(read_texts(scan, self.rows)):
            one = print_of(text)
            self._all.put(row, one.shingles)
            self._passages.put(row, one.passages.ravel())
            digests[row] = np.frombuffer(one.digest, np.uint64)
            if done % _SAY_EVERY == 0:
                on_progress("reading", done, len(self.rows))
        self._find_originals(digests)

    def _find_originals(self, digests: U64) -> None:
        enough = np.flatnonzero(self._all.counts >= MIN_SHINGLES)
        order = enough[np.lexsort((enough, digests[enough, 0], digests[enough, 1]))]
        if not len(order):
            return
        begins = np.concatenate([[True], (digests[order[1:]] != digests[order[:-1]]).any(axis=1)])
        self.originals[order] = order[begins][np.cumsum(begins) - 1]

    def guarded(self) -> Iterator[tuple[int, U32, U64]]:
        """Each original with enough text of its own, its own shingles and its passages; host by host."""
        rows = self.rows
        originals = np.flatnonzero((self.originals == np.arange(len(rows))) & (self._all.counts >= MIN_SHINGLES))
        by_host = originals[np.lexsort((originals, rows.hosts[originals]))]
        for members in np.split(by_host, np.flatnonzero(np.diff(rows.hosts[by_host])) + 1):
            common = common_shingles(members, rows.urls[members], self._all.get)
            for row in members.tolist():
                shingles = self._all.get(row)
                shingles = shingles[without(shingles, common)]
                self.own.put(row, shingles)
                if len(shingles) >= MIN_SHINGLES:
                    yield row, shingles, self._guard_passages(row, common)
        self._all.close()
        self._passages.close()

    def _guard_passages(self, row: int, common: U32) -> U64:
        passages = self._passages.get(row).reshape(-1, 2)
        begins, ends = (passages[:, 1] >> np.uint64(32)).astype(np.uint32), passages[:, 1].astype(np.uint32)
        return np.asarray(passages[without(begins, common) & without(ends, common), 0], np.uint64)

    def sign(self, row: int, signature: U32) -> None:
        """Keep the MinHash of *row*."""
        self._signatures.put(row, signature)

    def signature(self, row: int) -> bytes | None:
        """The MinHash of *row*, that is of its original; None when there was too little text."""
        return self._signatures.get(int(self.originals[row])).tobytes() or None

    def shingle_count(self, row: int) -> int:
        """How many shingles of *row* are compared."""
        return int(self.own.counts[self.originals[row]])

    def relation(self, first: int, second: int) -> Relation:
        """What two rows are to each other."""
        return relate(self.own.get(int(self.originals[first])), self.own.get(int(self.originals[second])))
