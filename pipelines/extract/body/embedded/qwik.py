"""Qwik's state (``<script type="qwik/json">``): ``objs`` is a list of values; a string in an object or a list of it is
the place of another value there, in base 36.

    {"refs": {}, "ctx": {}, "objs": [{"title": "1", "body": "2"}, "A title", "<p>A body ..."], "subs": []}

As Qwik 1 writes it (qwik/core/container/pause)."""

from __future__ import annotations

from broadsheet.pipelines.extract.body.embedded.allowance import Allowance

_MAX_PLACE = 8  # characters of a place


def is_qwik(value: object) -> bool:
    """Whether the JSON *value* is such a state."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("objs"), list)
        and {"refs", "ctx", "subs"} & value.keys() != set()
    )


def restored_qwik(value: dict[str, object]) -> list[object]:
    """The objects of the state, each with what it refers to.  ValueError when they grow too large."""
    values = value["objs"]
    assert isinstance(values, list)
    allowance = Allowance()
    return [_value(values, one, allowance, 0) for one in values if isinstance(one, dict)]


def _value(values: list[object], value: object, allowance: Allowance, depth: int) -> object:
    allowance.take(value, depth)
    if isinstance(value, dict):
        return {key: _referred(values, one, allowance, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [_referred(values, one, allowance, depth + 1) for one in value]
    return value


def _referred(values: list[object], place: object, allowance: Allowance, depth: int) -> object:
    if not isinstance(place, str) or not 0 < len(place) <= _MAX_PLACE or not place.isalnum() or not place.isascii():
        return None
    number = int(place, 36)
    return _value(values, values[number], allowance, depth) if number < len(values) else None
