"""The block model: how likely each block is part of the article's body, by what `features` measures.

Symmetric decision trees (CatBoost; trained by benchmarks/extraction/train.py on pages with known articles, kept as arrays
in block_model.npz).  Evaluation is a dozen array operations, so that no library of trees is needed at run time; sums are in
float64 in a fixed order: the same on every machine.

A first forest scores each block by itself and its surroundings. A second forest scores it by these and by the first one's
scores of the whole page. Another second forest is for pages for which trafilatura was asked, with its verdict as evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.body.features import (
    Floats,
    Measured,
    Numbers,
    Scores,
    feature_names,
    opinion_names,
    verdict_names,
)
from broadsheet.pipelines.extract.body.features.columns import Values

FIRST, ALONE, ASKED = "first", "alone", "asked"
FORESTS = (FIRST, ALONE, ASKED)
_SLICE = 2_048  # blocks that are scored at once, which bounds the memory for the questions of all trees
SURELY_NOT = 0.02  # probability below which the first forest's score stands (most blocks of a page)


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """The questions of a forest, each once (many trees ask the same): ``feature`` > ``border``; ``asked`` are their numbers,
    those at the first level of each tree first."""

    feature: Numbers
    border: Floats
    asked: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Symmetric trees: ``feature`` and ``border`` are (trees, depth), ``leaf`` is (trees, 2 ** depth), depth 8 at most."""

    feature: npt.NDArray[np.int32]
    border: Floats
    leaf: Scores
    bias: float
    questions: Questions

    def predict(self, features: Floats) -> Scores:
        """The probability for each row."""
        found = np.empty(len(features))
        for start in range(0, len(features), _SLICE):
            found[start : start + _SLICE] = self._sums(features[start : start + _SLICE].T)
        return np.asarray(1 / (1 + np.exp(-self.bias - found)))

    def _sums(self, columns: Floats) -> Scores:
        trees, depth = self.feature.shape
        questions = self.questions
        above = (columns.take(questions.feature, axis=0) > questions.border).view(np.uint8)
        levels = above.take(questions.asked, axis=0).reshape(depth, trees, -1)
        leaves = levels[-1]  # their numbers, bit by bit
        for level in levels[-2::-1]:
            np.left_shift(leaves, 1, out=leaves)
            np.bitwise_or(leaves, level, out=leaves)
        first = np.arange(0, self.leaf.size, self.leaf.shape[1])[:, None]
        found: Scores = self.leaf.ravel().take(leaves + first).sum(axis=0)
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
    data = files("broadsheet.pipelines.extract.body").joinpath("block_model.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as file:
        return {
            name: forest_of(
                file[f"{name}.feature"], file[f"{name}.border"], file[f"{name}.leaf"], float(file[f"{name}.bias"])
            )
            for name in FORESTS
        }


def forest_of(feature: Values, border: Values, leaf: Values, bias: float) -> Forest:
    """The forest of these arrays, with its questions."""
    feature, border = feature.astype(np.int32), border.astype(np.float32)
    pairs = np.stack((feature.T.ravel().astype(np.float64), border.T.ravel()))
    (features, borders), asked = np.unique(pairs, axis=1, return_inverse=True)
    questions = Questions(features.astype(np.int64), borders.astype(np.float32)[:, None], asked.ravel())
    return Forest(feature, border, leaf.astype(np.float64), bias, questions)


@dataclass(slots=True, eq=False)
class Evidence:
    """What the second forests see of a page: its measures, the scores of the ``first``, the blocks ``rows`` that need a second
    score, and the measures that follow from the first scores (``opinion``), with trafilatura's verdict if it was ``asked``."""

    forests: Mapping[str, Forest]
    measured: Measured
    first: Scores
    rows: Numbers
    opinion: Floats
    asked: bool = False

    def alone(self) -> Scores:
        """The probability that each block is body, by the page alone."""
        return self._second(ALONE)

    def with_verdict(self, shares: Scores) -> Scores:
        """The probabilities when *shares* of the blocks are in trafilatura's text."""
        verdict = self.measured.verdict(self.first, shares)
        self.opinion = np.concatenate((self.opinion.T, verdict.T)).T
        self.asked = True
        return self._second(ASKED)

    def _second(self, name: str) -> Scores:
        scores = self.first.copy()
        for start in range(0, len(self.rows), _SLICE):
            rows = self.rows[start : start + _SLICE]
            scores[rows] = self.forests[name].predict(self.features(rows))
        return scores

    def features(self, rows: Numbers) -> Floats:
        """The features of the blocks *rows* for a second forest."""
        return np.concatenate((self.measured.features.T[:, rows], self.opinion.T[:, rows])).T

    def reasons(self, number: int) -> list[tuple[str, float, float]]:
        """The measures that moved the score of block *number* most: their names, values, and how far."""
        if number in self.rows:
            names = (*feature_names(), *opinion_names(), *verdict_names())
            forest, row = self.forests[ASKED if self.asked else ALONE], self.features(np.array([number]))[0]
        else:
            names, forest, row = feature_names(), self.forests[FIRST], self.measured.features[number]
        return [(names[one], float(row[one]), moved) for one, moved in forest.reasons(row)]


def weigh(measured: Measured) -> Evidence:
    """The evidence on a page, with the scores of the first forest."""
    all_forests = forests()
    return evidence_of(measured, all_forests[FIRST].predict(measured.features), all_forests)


def evidence_of(measured: Measured, first: Scores, all_forests: Mapping[str, Forest]) -> Evidence:
    """The evidence on a page after the *first* scores, for the second ones of *all_forests*."""
    rows = np.nonzero(first >= SURELY_NOT)[0]
    return Evidence(all_forests, measured, first, rows, measured.opinion(first))
