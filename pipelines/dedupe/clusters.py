"""From verified pairs to clusters, the same whatever the order in which pairs came.

Texts that are near each other are one *version family* (connected components: a live blog drifts away from its first
version, and is the same all the same).  A family whose text is contained in another's is then tied to it, with care:

- only to one other: the one that holds most of it.  Else a paragraph that stands in two stories would make them one.
- never through a *digest*: a text that holds several others which have nothing to do with each other ("the day in
  brief") is the copy of none of them, and must not glue them together.

The kept member of a cluster is its most canonical row; rows are numbered in that order, so it is the lowest.  Versions of one
URL are no duplicates of each other (`without_versions`).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from broadsheet.pipelines.dedupe.candidates import Pairs
from broadsheet.pipelines.dedupe.relation import Relation

_SEEN = 1 << 20
_LOW = 0xFFFFFFFF
_SOURCES = 40  # overlapping texts that are looked at to tell a digest
_FOREIGN_SHARE = 0.25
_UNRELATED = 0.2  # containment: two cuts of one story share the shorter's part of it, whatever stands around it


class Families:
    """Disjoint sets of rows; the lowest row stands for its set."""

    def __init__(self, rows: int) -> None:
        self._parent = np.arange(rows, dtype=np.int64)

    def find(self, row: int) -> int:
        """The row that stands for the family of *row*."""
        parent = self._parent
        root = row
        while parent[root] != root:
            root = int(parent[root])
        while parent[row] != root:
            parent[row], row = root, int(parent[row])
        return root

    def join(self, first: int, second: int) -> None:
        """Make one family of two."""
        low, high = sorted((self.find(first), self.find(second)))
        self._parent[high] = low

    def roots(self) -> NDArray[np.int64]:
        """The row that stands for each row's family."""
        while True:
            above = self._parent[self._parent]
            if np.array_equal(above, self._parent):
                return above
            self._parent = above


class PairJudge:
    """Verifies candidates: families of near texts, and what texts of different families have in common.

    ``containments`` has (shorter, longer) -> relation; ``verified`` counts the pairs that were looked at.
    """

    def __init__(self, rows: int, threshold: float, relation_of: Callable[[int, int], Relation]) -> None:
        self.families = Families(rows)
        self.containments: dict[tuple[int, int], Relation] = {}
        self.verified = 0
        self._overlaps = array("q")  # packed pairs that share a passage or more, and are not near
        self._threshold = threshold
        self._relation_of = relation_of
        self._seen = np.full(_SEEN, -1, np.int64)  # pairs judged lately, each in its place by hash: bounded, forgetful

    def judge(self, pairs: Pairs) -> None:
        """Look at *pairs*, those left out that are decided already."""
        roots = self.families.roots()
        pairs = pairs[roots[pairs[:, 0]] != roots[pairs[:, 1]]]
        packed = np.unique(pairs[:, 0] << 32 | pairs[:, 1])
        places = (packed * 0x9E3779B1 >> 7) & (_SEEN - 1)
        packed, places = packed[fresh := self._seen[places] != packed], places[fresh]
        self._seen[places] = packed
        for pair in packed.tolist():
            first, second = pair >> 32, pair & _LOW
            if self._apart(first, second):
                self._judge_one(first, second)

    def _judge_one(self, first: int, second: int) -> None:
        self.verified += 1
        relation = self._relation_of(first, second)
        if relation.is_near(self._threshold):
            self.families.join(first, second)
        elif relation.overlaps:
            self._overlaps.append(first << 32 | second)
            if relation.is_contained:
                longer_first = (relation.first, -first) > (relation.second, -second)
                self.containments[(second, first) if longer_first else (first, second)] = relation

    def clusters(self) -> NDArray[np.int64]:
        """The kept row of each row's cluster.  To be asked for once, when all pairs are judged."""
        edges = sorted((edge for edge in self.containments if self._apart(*edge)), key=self._preference)
        longer_rows = {longer for _, longer in edges}
        digests = {row for row, others in self._strangers(longer_rows).items() if self._is_digest(row, others)}
        ties: dict[int, tuple[int, int]] = {}
        for shorter, longer in edges:
            if longer not in digests:
                ties.setdefault(self.families.find(shorter), (shorter, longer))
        for shorter, longer in ties.values():
            self.families.join(shorter, longer)
        return self.families.roots()

    def _apart(self, first: int, second: int) -> bool:
        return self.families.find(first) != self.families.find(second)

    def _preference(self, edge: tuple[int, int]) -> tuple[float, float, int, int]:
        relation = self.containments[edge]
        return (-relation.containment, -relation.jaccard, edge[1], edge[0])

    def _strangers(self, rows: set[int]) -> dict[int, list[int]]:
        """For each of *rows* the texts of other families that it overlaps with."""
        roots = self.families.roots()
        wanted = np.zeros(len(roots), np.bool_)
        wanted[list(rows)] = True
        packed = np.unique(np.asarray(self._overlaps))
        first, second = packed >> 32, packed & _LOW
        packed = packed[(wanted[first] | wanted[second]) & (roots[first] != roots[second])]
        found: dict[int, list[int]] = {row: [] for row in rows}
        for pair in packed.tolist():
            one, other = pair >> 32, pair & _LOW
            if wanted[one]:
                found[one].append(other)
            if wanted[other]:
                found[other].append(one)
        return found

    def _is_digest(self, row: int, others: list[int]) -> bool:
        """Whether *row* is put together of texts that have nothing to do with each other.

        Seen by two such texts that are all in it, or by texts unrelated to the one that it has most of: if they make up
        a quarter of it, they are no quotations.
        """
        relations = {other: self._relation_of(row, other) for other in others}
        by_share = sorted(others, key=lambda other: (-relations[other].shared, other))[:_SOURCES]
        sources: list[int] = []
        for other in by_share:
            if all(self._unrelated(other, source) for source in sources):
                sources.append(other)
        contained = sum(
            relations[one].is_contained and relations[one].second <= relations[one].first for one in sources
        )
        foreign = sum(relations[source].shared for source in sources[1:])
        return contained > 1 or foreign >= _FOREIGN_SHARE * max(1, relations[by_share[0]].first)

    def _unrelated(self, first: int, second: int) -> bool:
        return self._apart(first, second) and self._relation_of(first, second).containment < _UNRELATED


def without_versions(
    kept: NDArray[np.int64], addresses: NDArray[np.uint64], fetched: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The *kept* row of each row's cluster, versions taken out of it: a version of the kept row's URL is no duplicate, and the
    newest version of a URL is one only if all its versions are, so that none is left with an outdated text.

    *addresses* are the rows' URLs, hashed; *fetched* when they were fetched.
    """
    rows = np.arange(len(kept))
    found = np.where(addresses[kept] == addresses, rows, kept)
    order = np.lexsort((rows, fetched, addresses))
    last = np.ones(len(order), np.bool_)
    last[:-1] = addresses[order[1:]] != addresses[order[:-1]]
    newest = order[last]
    partly_kept = newest[np.isin(addresses[newest], addresses[found == rows])]
    found[partly_kept] = partly_kept
    return found
