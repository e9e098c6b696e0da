"""Columns of measures: an array a name, a value a block; and sums over stretches of blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]  # probabilities of blocks
Values = npt.NDArray[Any]  # bool, integer or float: a column before it is stacked
Columns = dict[str, Values]


def stacked(columns: Columns) -> Floats:
    """The columns side by side, shape (blocks, columns); each column is contiguous in memory."""
    count = len(next(iter(columns.values())))
    found = np.empty((len(columns), count), dtype=np.float32)
    for row, values in zip(found, columns.values(), strict=True):
        row[:] = values
    return found.T


def running_sums(values: Values) -> npt.NDArray[np.float64]:
    """Sums over the values before each place, from none to all."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


def window(values: Values, width: int) -> npt.NDArray[np.float64]:
    """Sums over *width* values around each."""
    sums = running_sums(values)
    order = np.arange(len(values))
    found: npt.NDArray[np.float64] = (
        sums[np.minimum(order + width // 2 + 1, len(values))] - sums[np.maximum(order - width // 2, 0)]
    )
    return found
