"""Finding the clusters among printed rows: sign, meet in buckets, be verified, be tied together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from broadsheet.pipelines.dedupe.candidates import Candidates, signatures_of
from broadsheet.pipelines.dedupe.clusters import PairJudge, without_versions
from broadsheet.pipelines.dedupe.prints import OnProgress, RowPrints
from broadsheet.pipelines.dedupe.shingles import U32, U64

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Labels:
    """``kept``: the kept row of each row's cluster; ``sizes``: rows in the cluster that each kept row stands for."""

    kept: NDArray[np.int64]
    sizes: NDArray[np.int64]
    threshold: float
    pairs_verified: int

    def relation_of(self, row: int, prints: RowPrints) -> tuple[str, float] | None:
        """How *row* is a duplicate of the kept row, and how much; None for a kept row."""
        kept = int(self.kept[row])
        if kept == row:
            return None
        if prints.originals[row] == kept:
            return "exact", 1.0
        relation = prints.relation(row, kept)
        if relation.is_near(self.threshold):
            return "near", relation.jaccard
        if relation.is_contained:
            return "contained", relation.containment
        return "linked", relation.jaccard


def find_clusters(prints: RowPrints, folder: Path, threshold: float, on_progress: OnProgress) -> Labels:
    """The clusters of all rows; the buckets lie in *folder* meanwhile."""
    total = len(prints.rows)
    candidates = Candidates(folder, total)
    batch: list[tuple[int, U32, U64]] = []
    done = 0
    for item in prints.guarded():
        batch.append(item)
        if len(batch) == _BATCH:
            _put(candidates, prints, batch)
            done += len(batch)
            on_progress("signing", done, total)
            batch = []
    _put(candidates, prints, batch)
    judge = PairJudge(total, threshold, prints.relation)
    for step, pairs in enumerate(candidates.pairs(threshold, prints.own.counts)):
        judge.judge(pairs)
        on_progress("comparing", step, 0)
    kept = without_versions(judge.clusters()[prints.originals], prints.rows.addresses, prints.rows.fetched)
    return Labels(kept, np.bincount(kept, minlength=total), threshold, judge.verified)


def _put(candidates: Candidates, prints: RowPrints, batch: list[tuple[int, U32, U64]]) -> None:
    if not batch:
        return
    signatures = signatures_of([shingles for _, shingles, _ in batch])
    for (row, _, _), signature in zip(batch, signatures, strict=True):
        prints.sign(row, signature)
    rows = np.array([row for row, _, _ in batch], np.uint32)
    candidates.put(rows, signatures, [passages for _, _, passages in batch])
