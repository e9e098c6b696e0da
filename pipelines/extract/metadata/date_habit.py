"""How a site writes dates of digits, learnt from its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable

from broadsheet.pipelines.extract.metadata.metadata import DateHabit

_HABIT = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})(?!\d)")


def learn_date_habit(raw_dates: Iterable[str]) -> DateHabit:
    """The order of day and month in a site's dates of digits: what those say that have one reading only.

    Nine in ten of at least two must agree; else the habit is not known.
    """
    day_first = month_first = 0
    for raw in raw_dates:
        for found in _HABIT.finditer(raw[:200]):
            a, b = int(found[1]), int(found[2])
            day_first += 12 < a <= 31 and 1 <= b <= 12
            month_first += 12 < b <= 31 and 1 <= a <= 12
    total = day_first + month_first
    if total < 2 or 0.1 * total < min(day_first, month_first):
        return DateHabit()
    return DateHabit(day_first > month_first)
