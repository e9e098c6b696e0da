"""The payload of React Router (``__reactRouterContext.streamController.enqueue``), as turbo-stream writes it: a list in which
objects name their keys and values by their places, so that each value stands there once.

    [{"_1": 2}, "title", "A title"]

A list that begins with a string is a value of a type: ``["D", 1741420800000]`` is a date, ``["P", 3]`` a promise for value 3.
Negative places are undefined and numbers that JSON has not (turbo-stream, "flatten")."""

from __future__ import annotations

from broadsheet.pipelines.extract.body.embedded.allowance import Allowance

_REFERRING = frozenset({"P", "Z"})  # a promise, and one that was kept before: what follows is a place
_SET, _MAP, _OBJECT = "S", "M", "N"  # places; places of keys and values in turn; an object without a prototype
_PLACE = 8  # digits of a place


def is_turbo_stream(value: list[object]) -> bool:
    """Whether the JSON *value* is such a list."""
    first = value[0] if value else None
    return isinstance(first, dict) and bool(first) and all(key[:1] == "_" and key[1:].isdecimal() for key in first)


def restored_stream(values: list[object]) -> object:
    """The value that the list *values* stands for.  ValueError when it grows too large."""
    return _value(values, 0, Allowance(), 0)


def _value(values: list[object], place: object, allowance: Allowance, depth: int) -> object:
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(values):
        return None
    value = values[place]
    allowance.take(value, depth)
    if isinstance(value, dict):
        return _object(values, value, allowance, depth)
    if not isinstance(value, list):
        return value
    if not value or not isinstance(value[0], str):
        return [_value(values, one, allowance, depth + 1) for one in value]
    kind, rest = value[0], value[1:]
    if kind == _SET:
        return [_value(values, one, allowance, depth + 1) for one in rest]
    if kind == _MAP:
        parts = [_value(values, one, allowance, depth + 1) for one in rest]
        return {str(key): one for key, one in zip(parts[::2], parts[1::2], strict=False)}
    if not rest:
        return None
    if kind in _REFERRING:
        return _value(values, rest[0], allowance, depth + 1)
    if kind == _OBJECT and isinstance(rest[0], dict):
        return _object(values, rest[0], allowance, depth)
    return rest[0] if isinstance(rest[0], str | int | float) else None


def _object(values: list[object], value: dict[str, object], allowance: Allowance, depth: int) -> dict[str, object]:
    return {
        str(values[int(key[1:])]): _value(values, one, allowance, depth + 1)
        for key, one in value.items()
        if key[1:].isdecimal() and len(key) <= _PLACE and int(key[1:]) < len(values)
    }
