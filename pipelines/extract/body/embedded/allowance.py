"""Allowance: how large a payload may grow once its references are put in.

A few bytes of references to references would otherwise make a tree of millions of values, or of gigabytes of text."""

from __future__ import annotations

MAX_DEPTH = 60  # values in one another
_MAX_VALUES = 300_000
_MAX_CHARS = 4_000_000


class Allowance:
    """What may still be put into one page's payload.  What goes beyond it raises ValueError."""

    def __init__(self) -> None:
        self._values, self._chars = _MAX_VALUES, _MAX_CHARS

    def take(self, value: object, depth: int = 0) -> None:
        """Count *value*, which stands *depth* values deep."""
        self._values -= 1
        if isinstance(value, str):
            self._chars -= len(value)
        if self._values < 0 or self._chars < 0 or depth > MAX_DEPTH:
            raise ValueError("the payload is too large, or refers to itself")
