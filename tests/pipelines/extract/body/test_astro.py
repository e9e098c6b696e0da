"""The props of Astro's islands."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.body.embedded.astro import restored_props


@pytest.mark.parametrize(
    ("props", "value"),
    [
        ({"title": [0, "Salt"]}, {"title": "Salt"}),
        ({"story": [0, {"tags": [1, [[0, "salt"], [0, 7]]]}]}, {"story": {"tags": ["salt", 7]}}),
        ({"pair": [0, [True, "is no kind"]]}, {"pair": [True, "is no kind"]}),
        ({"year": [0, [1998, "is no kind"]]}, {"year": [1998, "is no kind"]}),
    ],
)
def test_kinds_are_left_out(props: object, value: object) -> None:
    assert restored_props(props) == value
