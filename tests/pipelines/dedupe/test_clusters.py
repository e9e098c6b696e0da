"""From verified pairs to clusters: one tie, never through a digest, the same in any order."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from broadsheet.pipelines.dedupe.clusters import Families, PairJudge
from broadsheet.pipelines.dedupe.relation import Relation

THRESHOLD = 0.8


class Texts:
    """Texts as sets of shingles; counts how often two of them were compared."""

    def __init__(self, *texts: set[int]) -> None:
        self.texts = texts
        self.compared = 0

    def relation(self, first: int, second: int) -> Relation:
        self.compared += 1
        one, other = self.texts[first], self.texts[second]
        return Relation(len(one & other), len(one), len(other))

    def judge(self, pairs: list[tuple[int, int]] | None = None, batches: int = 1) -> PairJudge:
        judge = PairJudge(len(self.texts), THRESHOLD, self.relation)
        every = list(itertools.combinations(range(len(self.texts)), 2)) if pairs is None else pairs
        for start in range(batches):
            judge.judge(np.array(every[start::batches], np.int64).reshape(-1, 2))
        return judge

    def clusters(self, pairs: list[tuple[int, int]] | None = None, batches: int = 1) -> list[int]:
        return [int(row) for row in self.judge(pairs, batches).clusters()]


def words(start: int, count: int = 100) -> set[int]:
    return set(range(start, start + count))


def test_the_lowest_row_stands_for_its_family() -> None:
    families = Families(6)
    families.join(5, 3)
    families.join(3, 4)
    families.join(1, 0)
    assert [families.find(row) for row in range(6)] == [0, 0, 2, 3, 3, 3]
    families.join(5, 1)
    assert families.roots().tolist() == [0, 0, 2, 0, 0, 0]


def test_versions_drift_and_stay_one_family() -> None:
    drifting = Texts(words(0), words(10), words(20), words(500))
    assert drifting.relation(0, 2).jaccard < THRESHOLD <= drifting.relation(0, 1).jaccard
    assert drifting.clusters() == [0, 0, 0, 3]


def test_a_cut_text_is_tied_to_the_one_that_holds_most_of_it() -> None:
    cut = words(60, 60)  # 40 of it are in row 0, 50 in row 1
    texts = Texts(words(0), words(70, 200), cut)
    assert texts.clusters() == [0, 1, 1]
    assert texts.relation(0, 2).is_contained


def test_less_than_a_passage_in_common_ties_nothing() -> None:
    assert Texts(words(0), words(100 - 24, 40)).clusters() == [0, 0]
    assert Texts(words(0), words(100 - 23, 40)).clusters() == [0, 1]


def test_a_digest_holds_several_and_glues_none_together() -> None:
    first, second, third = words(0), words(1000), words(2000)
    digest = {*list(first)[:60], *list(second)[:60], *list(third)[:60]}
    shorter = [set(list(text)[:60]) for text in (first, second, third)]
    assert Texts(digest, *shorter).clusters() == [0, 1, 2, 3]
    one_quotation = {*first, *list(second)[:24]}
    assert Texts(one_quotation, set(list(first)[:60]), second).clusters() == [0, 0, 2]


def test_what_is_decided_is_not_looked_at_again() -> None:
    texts = Texts(words(0), words(0), words(0), words(700))
    judge = PairJudge(4, THRESHOLD, texts.relation)
    pairs = np.array([(0, 1), (1, 2), (0, 3)], np.int64)
    judge.judge(pairs)
    assert (judge.verified, texts.compared) == (3, 3)
    judge.judge(np.array([(0, 2), (0, 3)], np.int64))  # of one family; judged lately
    assert (judge.verified, texts.compared) == (3, 3)


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_pairs_and_batches_decides_nothing(seed: int) -> None:
    rng = random.Random(seed)
    base = [words(1000 * n, 120) for n in range(4)]
    made = [text for text in base for _ in range(2)]
    made += [set(rng.sample(sorted(text), 110)) for text in base]
    made += [set(sorted(rng.choice(base))[: rng.randint(30, 70)]) | words(9000 + 100 * n, 15) for n in range(6)]
    made.append({*sorted(base[0])[:50], *sorted(base[1])[:50], *sorted(base[2])[:50]})
    texts = Texts(*made)
    pairs = list(itertools.combinations(range(len(made)), 2))
    expected = texts.clusters(pairs)
    for batches in (1, 3, 7):
        rng.shuffle(pairs)
        assert texts.clusters(pairs, batches) == expected
    assert all(row <= number and expected[row] == row for number, row in enumerate(expected))
