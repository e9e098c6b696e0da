"""Sizes and durations as people write them: one type each, for every option of every command.

A size is a number of bytes: ``64MiB`` is 67,108,864 (IEC 80000-13), ``64MB`` and ``64M`` are 64,000,000 (SI), ``64`` is 64.
A duration is a number of seconds: ``1.5`` and ``1.5s``, ``500ms``, ``2m``, ``1h``, ``7d``.  Case does not matter.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

import click

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([KMGT])(i?)B?|B)?", re.IGNORECASE | re.ASCII)
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4}
_DURATION = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|m|min|h|d)?", re.IGNORECASE | re.ASCII)
_SECONDS = {"ms": 0.001, "": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}


def parse_size(text: str) -> int:
    """The number of bytes that *text* says.

    Raises:
        ValueError: it is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(
            f"{text!r} is not a size; write it like 64MiB (67,108,864 bytes), 64MB (64,000,000) or 64000000"
        )
    number, prefix, binary = match.groups(default="")
    size = Decimal(number) * (1024 if binary else 1000) ** _POWERS.get(prefix.upper(), 0)
    if size != int(size):
        raise ValueError(f"{text!r} is not a whole number of bytes")
    return int(size)


def size_text(size: int) -> str:
    """*size*, in bytes, as `parse_size` reads it: in the largest unit that says it exactly."""
    for base, suffix in ((1000, "B"), (1024, "iB")):
        for prefix, power in reversed(_POWERS.items()):
            if size and size % base**power == 0:
                return f"{size // base**power}{prefix}{suffix}"
    return str(size)


def parse_duration(text: str) -> float:
    """The number of seconds that *text* says.

    Raises:
        ValueError: it is no duration.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a duration; write it like 1.5 (seconds), 500ms, 2m or 1h")
    number, unit = match.groups(default="")
    return float(Decimal(number) * Decimal(str(_SECONDS[unit.lower()])))


class Size(click.ParamType[int]):
    """Bytes, as `parse_size` reads them; at least *least*."""

    name = "size"

    def __init__(self, least: int = 0) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        try:
            size = value if isinstance(value, int) else parse_size(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if size < self._least:
            self.fail(f"{value} is less than {self._least}", param, ctx)
        return size


class Duration(click.ParamType[float]):
    """Seconds, as `parse_duration` reads them; *positive*: more than none."""

    name = "duration"

    def __init__(self, *, positive: bool = False) -> None:
        self._positive = positive

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number of seconds."""
        try:
            seconds = float(value) if isinstance(value, int | float) else parse_duration(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not math.isfinite(seconds) or seconds < 0 or (self._positive and seconds == 0):
            self.fail(f"{value} is not {'more than' if self._positive else 'at least'} 0", param, ctx)
        return seconds
