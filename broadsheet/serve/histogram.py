"""The histogram over months as SVG: a link for each bar, and a stretch to choose by dragging, where scripts are on.

Over more than ten years a bar is a year.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from broadsheet.pipelines.search.searcher import MonthCount, month_number

if TYPE_CHECKING:
    from broadsheet.serve.search_page import Addresses

WIDTH, HEIGHT = 960, 96
_AXIS = 18
_MOST_BARS = 121


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """A bar: *since* to *until* are months; places and sizes in the units of the drawing."""

    since: str
    until: str
    count: int
    x: float
    y: float
    width: float
    height: float
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    """The bars, the labels of the axis (x, text), and the highest count."""

    bars: tuple[HistogramBar, ...]
    labels: tuple[tuple[float, str], ...]
    highest: int
    width: int = WIDTH
    height: int = HEIGHT


def histogram(
    months: Sequence[MonthCount], since: str | None, until: str | None, address: Addresses
) -> Histogram | None:
    """The histogram of *months*, which are one after the other; *since* to *until* are chosen;
    None for less than two."""
    if len(months) < 2:
        return None
    spans = _spans(months)
    highest = max(count for *_, count in spans) or 1
    step = min(WIDTH / len(spans), 48.0)
    bars, labels, room = [], [], HEIGHT - _AXIS
    inside = _inside(since, until)
    for number, (first, last, count) in enumerate(spans):
        height = max(room * count / highest, 2.0) if count else 0.0
        x = number * step
        bars.append(
            HistogramBar(
                first, last, count, round(x, 2), round(room - height, 2), round(step * 0.86, 2), round(height, 2),
                address.months(first, last), inside(first, last),
            )
        )  # fmt: skip
        if first.endswith("-01") or number == 0:
            labels.append((x, first[:4]))
    every = max(1, -(-len(labels) * 44 // round(step * len(spans) + 1)))
    return Histogram(tuple(bars), tuple(labels[::every]), highest)


def _spans(months: Sequence[MonthCount]) -> list[tuple[str, str, int]]:
    if len(months) <= _MOST_BARS:
        return [(one.month, one.month, one.count) for one in months]
    years = groupby(months, lambda one: one.month[:4])
    return [(f"{year}-01", f"{year}-12", sum(one.count for one in some)) for year, some in years]


def _inside(since: str | None, until: str | None) -> Callable[[str, str], bool]:
    if not since and not until:
        return lambda _first, _last: True
    low = month_number(since) or 0
    high = month_number(until)
    high = 10**6 if high is None else high + (0 if "-" in (until or "") else 11)
    return lambda first, last: low <= (month_number(first) or 0) and (month_number(last) or 0) <= high
