"""Candidates: few pairs from large buckets, signatures that estimate Jaccard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from made_articles import MOMENT, Made

from broadsheet.pipelines.dedupe.buckets import ENTRY
from broadsheet.pipelines.dedupe.candidates import PERMUTATIONS, _bucket_pairs, signatures_of
from broadsheet.pipelines.dedupe.relation import relate


def row(name: str, paragraphs: Sequence[str], day: int = 0, host: str = "a.example") -> Made:
    when = MOMENT + timedelta(days=day)
    return Made(f"<urn:{name}>", 0, "original", host, f"/{name}", when, when, tuple(paragraphs))


def test_a_bucket_of_thousands_gives_a_few_pairs_a_row() -> None:
    rows = np.arange(5000)
    lengths = np.random.default_rng(1).integers(20, 500, 5000).astype(np.uint32)
    entries = np.zeros(5000, ENTRY)
    entries["row"] = rows
    pairs = np.concatenate(list(_bucket_pairs(entries, lengths)))
    assert len(pairs) < 15 * 5000
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert set(pairs.ravel().tolist()) == set(rows.tolist())
    small = np.concatenate(list(_bucket_pairs(entries[:10], lengths)))
    assert len({(one, other) for one, other in small.tolist()}) == 45


def test_signatures_estimate_jaccard() -> None:
    rng = np.random.default_rng(2)
    for shared in (100, 300, 450):
        both = np.unique(rng.integers(0, 2**32, shared, np.uint32))
        texts = [np.union1d(both, rng.integers(0, 2**32, 500 - shared, np.uint32)) for _ in range(2)]
        first, second = signatures_of(texts)
        true = relate(*texts).jaccard
        assert abs((first == second).mean() - true) < 4 * (true * (1 - true) / PERMUTATIONS) ** 0.5
