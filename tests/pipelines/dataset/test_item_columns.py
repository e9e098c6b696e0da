"""Columns of items that others declare: each annotation has its type, each value comes back, what does not fit is named."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.dataset.item_columns import declared_schema, inferred_schema, plain_row, table_of


class Section(enum.Enum):
    SPORT = "sport"


@dataclass
class Place:
    name: str
    height: float | None


TIME = pa.timestamp("us", tz="UTC")
ELEMENTS = pa.list_(pa.field("element", pa.int64()))
TYPES: list[tuple[Any, pa.DataType]] = [
    (str, pa.string()),
    ("str | None", pa.string()),
    ("list[datetime]", pa.list_(pa.field("element", TIME))),
    (Optional[int], pa.int64()),  # noqa: UP045 - both spellings are met
    (int | float, pa.float64()),
    (Annotated[bool, "a note"], pa.bool_()),
    (Literal["a", "b"], pa.string()),
    (set[int], ELEMENTS),
    (tuple[int, ...], ELEMENTS),
    (dict[str, float], pa.map_(pa.string(), pa.float64())),
    (Section, pa.string()),
    (Decimal, pa.string()),
    (Place, pa.struct([("name", pa.string()), ("height", pa.float64())])),
]


@pytest.mark.parametrize(("annotation", "column"), TYPES, ids=[str(one) for one, _ in TYPES])
def test_an_annotation_has_its_type(annotation: Any, column: pa.DataType) -> None:
    assert declared_schema("Item", {"x": annotation}) == pa.schema([("x", column)])


@pytest.mark.parametrize(
    ("annotation", "named"),
    [
        ("strr", "'strr' is no type"),
        (object, "object"),
        (int | str, "int | str"),
        (Literal["a", 1], "Literal"),
        (set, "set"),
    ],
)
def test_an_annotation_without_a_type_is_named(annotation: Any, named: str) -> None:
    with pytest.raises(BadInput, match=r"Item\.x.*") as refused:
        declared_schema("Item", {"x": annotation})
    assert named in str(refused.value)


def test_names_of_ours_are_kept() -> None:
    with pytest.raises(BadInput, match="warc_date"):
        declared_schema("Item", {"warc_date": str})
    with pytest.raises(BadInput, match="warc_x"):
        inferred_schema("Item", pa.schema([]), {"warc_x": 1}, fixed=False)


ROWS: list[tuple[Any, Any, Any]] = [
    (bool, True, True),
    (int, -(2**63), -(2**63)),
    (float, 3, 3.0),
    (bytes, b"\x00\xff", b"\x00\xff"),
    (Decimal, Decimal("1.10"), "1.10"),
    (Section, Section.SPORT, "sport"),
    (date, date(1969, 12, 31), date(1969, 12, 31)),
    (datetime, datetime(1969, 12, 31, 23, 59, 59, 999_999), datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)),
    (datetime, datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), datetime(2025, 12, 31, 23, tzinfo=UTC)),
    (set[int], {3, 1, 2}, [1, 2, 3]),
    (dict[str, list[bytes]], {"a": [b"x"], "b": []}, [("a", [b"x"]), ("b", [])]),
    (Place, {"name": "Brocken"}, {"name": "Brocken", "height": None}),
]


@pytest.mark.parametrize(("annotation", "value", "back"), ROWS, ids=[str(one) for one, _, _ in ROWS])
def test_a_value_comes_back_by_way_of_json(annotation: Any, value: Any, back: Any) -> None:
    schema = declared_schema("Item", {"x": annotation, "absent": str})
    row = json.loads(json.dumps(plain_row("Item", schema, {"x": value})))
    assert table_of(schema, [row, {}]).to_pylist() == [{"x": back, "absent": None}, {"x": None, "absent": None}]


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (int, True),
        (bool, 1),
        (int, 2**63),
        (int, 1.0),
        (str, 1),
        (date, datetime(2026, 1, 1)),
        (datetime, date(2026, 1, 1)),
        (bytes, "x"),
        (list[int], "12"),
        (list[int], [1, "2"]),
        (Place, [("name", "x")]),
    ],
)
def test_a_value_that_does_not_fit_is_named(annotation: Any, value: Any) -> None:
    schema = declared_schema("Item", {"x": annotation})
    with pytest.raises(BadInput, match="BROADSHEET_ITEM_FIELDS"):
        plain_row("Item", schema, {"x": value})
    with pytest.raises(BadInput, match="has y, which its declaration has not"):
        plain_row("Item", schema, {"x": None, "y": 1})


def test_columns_are_inferred_until_a_file_has_them() -> None:
    first = inferred_schema("Item", pa.schema([]), {"a": 1, "b": None}, fixed=False)
    assert first == pa.schema([("a", pa.int64()), ("b", pa.null())])
    second = inferred_schema("Item", first, {"a": 2.5, "b": "x"}, fixed=False)
    assert second == pa.schema([("a", pa.float64()), ("b", pa.string())])
    assert inferred_schema("Item", second, {"a": 1}, fixed=True) == second
    with pytest.raises(BadInput, match="has in c what the first items did not have"):
        inferred_schema("Item", second, {"c": 1}, fixed=True)
    with pytest.raises(BadInput, match="does not fit the items before it"):
        inferred_schema("Item", second, {"a": "text"}, fixed=False)


@given(st.lists(st.dictionaries(st.sampled_from("ab"), st.none() | st.integers(-(2**63), 2**63 - 1)), max_size=5))
def test_any_rows_come_back(rows: list[dict[str, int | None]]) -> None:
    schema = declared_schema("Item", {"a": int, "b": int})
    back = table_of(schema, [plain_row("Item", schema, row) for row in rows]).to_pylist()
    assert back == [{"a": row.get("a"), "b": row.get("b")} for row in rows]
