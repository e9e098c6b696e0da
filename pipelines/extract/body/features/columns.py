"""Columns of measures: an array a name, a value a block; and sums over stretches of blocks.

Columns that are made alike are a family: a tuple of names, and an array with a row for each.  A page has some hundred blocks,
so an operation costs its call and hardly what it does: one for a family costs no more than one for a column.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]  # probabilities of blocks
Values = npt.NDArray[Any]  # bool, integer or float: a column before it is stacked
Columns = dict[str | tuple[str, ...], Any]  # Values; or a number, which all blocks have


def stacked(columns: Columns, count: int) -> Floats:
    """The columns of *count* blocks side by side, shape (blocks, columns); each column is contiguous in memory."""
    found = np.empty((len(names_of(columns)), count), dtype=np.float32)
    fill(found, 0, columns)
    return found.T


def fill(found: Floats, at: int, columns: Columns) -> int:
    """Write *columns* into *found*, from its row *at* on; the row behind them."""
    for names, values in columns.items():
        if isinstance(names, str):
            found[at] = values
            at += 1
        else:
            found[at : at + len(names)] = values
            at += len(names)
    return at


def names_of(columns: Columns) -> list[str]:
    """The names of all columns, in their order."""
    return list(_names(columns))


def _names(columns: Columns) -> Iterator[str]:
    for names in columns:
        if isinstance(names, str):
            yield names
        else:
            yield from names


def running_sums(values: Values) -> npt.NDArray[np.float64]:
    """Sums over the values before each place, from none to all; *values* may be rows of such."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.add.accumulate(values, axis=-1, out=sums[..., 1:])
    return sums


def window(sums: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
    """Sums over *width* values around each, from their `running_sums`."""
    count = sums.shape[-1] - 1
    places = np.arange(count)
    found: npt.NDArray[np.float64] = sums.take(np.minimum(places + (width // 2 + 1), count), axis=-1)
    found -= sums.take(np.maximum(places - width // 2, 0), axis=-1)
    return found
