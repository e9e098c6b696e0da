"""Nuxt 3's payload (``__NUXT_DATA__``), as devalue writes it: a list in which objects and lists name their values by their
place in it, so that each value stands there once.

    [{"post": 1}, {"title": 2, "body": 3}, "A title", "<p>A body ..."]

A list that begins with a string is a value of a type: ``["ShallowReactive", 1]`` is value 1, ``["Date", "2024-08-12T..."]``
a date.  Negative places are undefined, holes and numbers that JSON has not (devalue, "stringify")."""

from __future__ import annotations

from broadsheet.pipelines.extract.body.embedded.allowance import Allowance

_LITERAL = frozenset({"Date", "RegExp", "BigInt", "URL", "URLSearchParams"})  # what follows is no place
_PAIRS = frozenset({"Map", "null"})  # what follows is keys and values, of an object without prototype keys as they are


def is_devalue(value: object) -> bool:
    """Whether the JSON *value* is such a list."""
    if not isinstance(value, list) or len(value) < 3:
        return False
    first = value[0]
    if isinstance(first, list):
        return len(first) == 2 and isinstance(first[0], str) and _is_place(first[1])
    return isinstance(first, dict) and bool(first) and all(map(_is_place, first.values()))


def restored(values: list[object]) -> object:
    """The value that the list *values* stands for, dates as strings.  ValueError when it grows too large."""
    return _value(values, 0, Allowance(), 0)


def _is_place(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _value(values: list[object], place: object, allowance: Allowance, depth: int) -> object:
    if not isinstance(place, int) or not 0 <= place < len(values):
        return None
    value = values[place]
    allowance.take(value, depth)
    if isinstance(value, dict):
        return {key: _value(values, one, allowance, depth + 1) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if not value or not isinstance(value[0], str):
        return [_value(values, one, allowance, depth + 1) for one in value]
    kind, rest = value[0], value[1:]
    if kind in _LITERAL:
        return rest[0] if rest else None
    if kind in _PAIRS:
        keys = rest[::2] if kind == "null" else [_value(values, one, allowance, depth + 1) for one in rest[::2]]
        return {str(key): _value(values, one, allowance, depth + 1) for key, one in zip(keys, rest[1::2], strict=False)}
    parts = [_value(values, one, allowance, depth + 1) for one in rest]
    return parts if kind == "Set" else parts[0] if parts else None
