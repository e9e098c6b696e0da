"""The props of an Astro island (``<astro-island props=...>``), as Astro serialises them: each value is a pair of its kind and
itself.

    {"story": [0, {"title": [0, "A title"], "tags": [1, [[0, "salt"]]]}]}

Kind 0 is a value of JSON, 1 a list, 3 a date, 7 a URL (Astro, "serializeProps")."""

from __future__ import annotations

from broadsheet.pipelines.extract.body.embedded.allowance import MAX_DEPTH

ISLAND = "astro-island"
_KINDS = range(12)


def restored_props(value: object, depth: int = 0) -> object:
    """*value* without the kinds; None for what stands too deep in it."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {key: restored_props(one, depth + 1) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) == 2 and isinstance(value[0], int) and not isinstance(value[0], bool) and value[0] in _KINDS:
        return restored_props(value[1], depth + 1)
    return [restored_props(one, depth + 1) for one in value]
