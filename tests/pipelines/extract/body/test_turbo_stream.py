"""React Router's payload: what a list of places stands for."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.body.embedded.turbo_stream import is_turbo_stream, restored_stream


@pytest.mark.parametrize(
    ("values", "value"),
    [
        ([{"_1": 2}, "title", "Salt"], {"title": "Salt"}),
        ([{"_1": 2, "_3": -5}, "tags", [4, 4], "none", "salt"], {"tags": ["salt", "salt"], "none": None}),
        ([{"_1": 2}, "at", ["D", 1741420800000]], {"at": 1741420800000}),
        ([{"_1": 2}, "later", ["P", 3], {"_4": 5}, "title", "Salt"], {"later": {"title": "Salt"}}),
        ([{"_1": 2}, "set", ["S", 1, 3], "b"], {"set": ["set", "b"]}),
        ([{"_1": 2}, "map", ["M", 1, 3], "b"], {"map": {"map": "b"}}),
        ([{"_1": 2}, "bare", ["N", {"_1": 3}], "b"], {"bare": {"bare": "b"}}),
        ([{"_1": 2, "_9": 1}, "out of the list", ["P"]], {"out of the list": None}),
    ],
)
def test_value_is_restored(values: list[object], value: object) -> None:
    assert is_turbo_stream(values)
    assert restored_stream(values) == value


def test_payload_that_holds_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="refers to itself"):
        restored_stream([{"_1": 0}, "again"])


@pytest.mark.parametrize("values", [[], [{}], [1, 2], [{"title": 1}, "Salt"]])
def test_other_lists_are_none(values: list[object]) -> None:
    assert not is_turbo_stream(values)
