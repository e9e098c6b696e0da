"""What two texts are to each other, from their real shingles: the verdict that candidates are put before.

*near*: Jaccard (shared / all different shingles) at or above the threshold.  *contained*: of the shorter at least half,
and no less than a good sentence or two, is in the longer: a copy that was cut, under another headline, with an
introduction and a footer of its own.  The absolute minimum is what tells a cut copy from two stories that quote the same
sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from broadsheet.pipelines.dedupe.shingles import U32

CONTAINED_SHARE = 0.5
CONTAINED_SHINGLES = 24  # some 26 words in a row, or three passages of ten
MIN_SHINGLES = 10  # of its own: shorter texts are not judged ("Subscribe to read on" is nobody's copy)


@dataclass(frozen=True, slots=True)
class Relation:
    """``shared`` shingles of ``first`` and ``second`` that the two texts have."""

    shared: int
    first: int
    second: int

    @property
    def jaccard(self) -> float:
        """Shared shingles / all different shingles."""
        return self.shared / max(1, self.first + self.second - self.shared)

    @property
    def containment(self) -> float:
        """The share of the shorter text that is in the other."""
        return self.shared / max(1, min(self.first, self.second))

    def is_near(self, threshold: float) -> bool:
        """Whether they are two versions of a text."""
        return self.jaccard >= threshold and min(self.first, self.second) >= MIN_SHINGLES

    @property
    def overlaps(self) -> bool:
        """Whether they have so much in common that it needs an explanation."""
        return self.shared >= CONTAINED_SHINGLES

    @property
    def is_contained(self) -> bool:
        """Whether one is a part of the other."""
        return self.containment >= CONTAINED_SHARE and self.overlaps


def relate(first: U32, second: U32) -> Relation:
    """The relation of two texts, of which the sorted shingles are given."""
    short, long = (first, second) if len(first) <= len(second) else (second, first)
    if not len(short):
        return Relation(0, len(first), len(second))
    shared = int(np.count_nonzero(long[np.searchsorted(long, short).clip(max=len(long) - 1)] == short))
    return Relation(shared, len(first), len(second))
