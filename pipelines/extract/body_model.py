"""The block model: how likely each block is part of the article's body, by what `features` measures.

Symmetric decision trees (CatBoost; trained by benchmarks/extraction/train.py on pages with known articles, kept as arrays
in body_model.npz).  Evaluation is three array operations, so that no library of trees is needed at run time; sums are in
float64 in a fixed order: the same on every machine.  A second forest judges pages of which trafilatura's verdict is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from pipelines.extract.features import Floats

Scores = npt.NDArray[np.float64]
_EARLY = 40  # trees, after which a block may be
_SURELY_NOT = -3.0  # surely none: below this no tree that follows brings it back (most blocks of a page)
ALONE, ASKED = "alone", "asked"  # the forests: of the page alone, and of the page and trafilatura's verdict


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Symmetric trees: ``feature`` and ``border`` are (trees, depth), ``leaf`` is (trees, 2 ** depth)."""

    feature: npt.NDArray[np.int32]
    border: Floats
    leaf: Scores
    bias: float

    def predict(self, features: Floats) -> Scores:
        """The probability for each row."""
        early = self._sums(features, slice(None, _EARLY)) + self.bias
        undecided = np.nonzero(early > _SURELY_NOT)[0]
        early[undecided] += self._sums(features[undecided], slice(_EARLY, None))
        return np.asarray(1 / (1 + np.exp(-early)))

    def _sums(self, features: Floats, part: slice) -> Scores:
        feature, border, leaf = self.feature[part], self.border[part], self.leaf[part]
        trees, depth = feature.shape
        above = features[:, feature.ravel()] > border.ravel()
        leaves = np.packbits(above.reshape(-1, trees, depth), axis=2, bitorder="little")[:, :, 0]
        found: Scores = leaf[np.arange(trees), leaves].sum(axis=1)
        return found

    def reasons(self, row: Floats, count: int = 3) -> list[tuple[int, float]]:
        """The features that moved the score of one *row* most, and how far: each tree's part is shared by its questions."""
        trees, depth = self.feature.shape
        above = row[self.feature] > self.border
        leaves = np.packbits(above, axis=1, bitorder="little")[:, 0]
        moved = (self.leaf[np.arange(trees), leaves] - self.leaf.mean(axis=1)) / depth
        parts = np.bincount(self.feature.ravel(), np.repeat(moved, depth), minlength=len(row))
        return [(int(number), float(parts[number])) for number in np.argsort(-np.abs(parts), kind="stable")[:count]]


@lru_cache(maxsize=1)
def forests() -> dict[str, Forest]:
    """The forests of the package, by name."""
    data = files("pipelines.extract").joinpath("body_model.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as file:
        return {
            name: Forest(
                file[f"{name}.feature"].astype(np.int32),
                file[f"{name}.border"].astype(np.float32),
                file[f"{name}.leaf"].astype(np.float64),
                float(file[f"{name}.bias"]),
            )
            for name in (ALONE, ASKED)
        }


def judge(features: Floats, *, asked: bool = False) -> Scores:
    """The probability that each block is body; *asked* says that the last columns of *features* are trafilatura's."""
    return forests()[ASKED if asked else ALONE].predict(features) if len(features) else np.zeros(0)
