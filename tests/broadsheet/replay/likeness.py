"""How like two pictures are: SSIM, the mean over 8 x 8 windows of the grey pictures (Wang et al. 2004), 1 for the same."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from broadsheet.replay.visit import FrameBox

_WINDOW = 8


def likeness(one: bytes, other: bytes, *, without: Sequence[FrameBox] = ()) -> float:
    """SSIM of two PNGs; pictures of unequal size are compared where both are, and lose the share that is not.

    What lies in the boxes *without* is made the same in both.
    """
    first, second = (np.asarray(Image.open(io.BytesIO(png)).convert("L"), np.float64) for png in (one, other))
    first, second = (_blank(picture, without) for picture in (first, second))
    height, width = min(first.shape[0], second.shape[0]), min(first.shape[1], second.shape[1])
    share = height * width / max(first.size, second.size)
    first, second = first[:height, :width], second[:height, :width]
    mean1, mean2 = _means(first), _means(second)
    variance1, variance2 = _means(first**2) - mean1**2, _means(second**2) - mean2**2
    covariance = _means(first * second) - mean1 * mean2
    steady1, steady2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean1 * mean2 + steady1) * (2 * covariance + steady2)
    below = (mean1**2 + mean2**2 + steady1) * (variance1 + variance2 + steady2)
    return float((above / below).mean() * share)


def _blank(picture: npt.NDArray[np.float64], boxes: Sequence[FrameBox]) -> npt.NDArray[np.float64]:
    picture = picture.copy()
    for box in boxes:
        rows = slice(max(0, math.floor(box.top)), max(0, math.ceil(box.top + box.height)))
        picture[rows, max(0, math.floor(box.left)) : max(0, math.ceil(box.left + box.width))] = 255
    return picture


def _means(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    table = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    sums: npt.NDArray[np.float64] = (
        table[_WINDOW:, _WINDOW:]
        - table[:-_WINDOW, _WINDOW:]
        - table[_WINDOW:, :-_WINDOW]
        + table[:-_WINDOW, :-_WINDOW]
    )
    return sums / _WINDOW**2
