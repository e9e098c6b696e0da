"""Columns for items that others declare: Arrow types of Python annotations, and values that fit them.

Rows wait as JSON until there are enough for a file, so a value is told to JSON by the type of its column and back.
"""

from __future__ import annotations

import types
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from broadsheet.archive.errors import BadInput

RECORD_COLUMNS = pa.schema(
    [
        pa.field(
            "warc_filename", pa.string(), metadata={"doc": "path relative to the archive folder; null: no record"}
        ),
        pa.field("warc_record_offset", pa.int64(), metadata={"doc": "byte offset of the (compressed) record"}),
        pa.field("warc_record_length", pa.int64(), metadata={"doc": "compressed length in bytes"}),
        pa.field("warc_record_id", pa.string(), metadata={"doc": "<urn:uuid:...> of the record"}),
        pa.field("warc_date", pa.timestamp("us", tz="UTC"), metadata={"doc": "WARC-Date"}),
        pa.field("warc_target_uri", pa.string(), metadata={"doc": "WARC-Target-URI"}),
    ]
)
_PLAIN: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
    Decimal: pa.string(),
}
_NAMES = {kind.__name__: kind for kind in _PLAIN}
_LISTS = (list, tuple, set, frozenset)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REMEDY = "Name the columns of such items and their types in BROADSHEET_ITEM_FIELDS."


def declared_schema(kind: str, fields: Mapping[str, Any]) -> pa.Schema:
    """The columns of items called *kind* whose *fields* have these annotations (or names of types, as text).

    Raises:
        BadInput: a field's type has no column, or its name is one of ours.
    """
    columns = []
    for name, annotation in fields.items():
        _check_name(kind, name)
        if isinstance(annotation, str):
            annotation = _named(kind, name, annotation)
        columns.append(pa.field(name, _arrow_type(kind, name, annotation)))
    return pa.schema(columns)


def inferred_schema(kind: str, known: pa.Schema, row: Mapping[str, Any], *, fixed: bool) -> pa.Schema:
    """The columns of items that declare none: those that are *known*, and what *row* shows of them.  *fixed*: a file has them.

    Raises:
        BadInput: a value has another type than those before it, or a column comes too late.
    """
    for name in row:
        _check_name(kind, name)
    try:
        shown = pa.RecordBatch.from_pylist([dict(row)]).schema
        merged = pa.unify_schemas([known, shown], promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise BadInput(f"an item of {kind}", f"does not fit the items before it ({error})", _REMEDY) from error
    if fixed and merged != known:
        new = ", ".join(field.name for field in merged if field not in known)
        raise BadInput(f"an item of {kind}", f"has in {new} what the first items did not have", _REMEDY)
    return merged


def plain_row(kind: str, schema: pa.Schema, row: Mapping[str, Any]) -> dict[str, Any]:
    """*row* as JSON has it; columns that it does not have are null.

    Raises:
        BadInput: a value does not fit its column, or there is no column for it.
    """
    if strange := sorted(set(row) - set(schema.names)):
        raise BadInput(f"an item of {kind}", f"has {strange[0]}, which its declaration has not", _REMEDY)
    return {field.name: _plain(kind, field.name, row.get(field.name), field.type) for field in schema}


def table_of(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    """The table that rows of `plain_row` make; *schema* may have columns that some of them lack."""
    columns = [pa.array([_value(row.get(field.name), field.type) for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _check_name(kind: str, name: str) -> None:
    if name.startswith("warc_"):
        raise BadInput(f"{kind}.{name}", "has a name that is kept for where an item comes from", "Call it otherwise.")


def _named(kind: str, name: str, text: str) -> Any:
    inner = text.strip().removesuffix("| None").strip()
    if inner.startswith("list[") and inner.endswith("]"):
        return list[_named(kind, name, inner[5:-1])]  # type: ignore[misc]
    if inner not in _NAMES:
        raise BadInput(
            f"{kind}.{name}", f"{text!r} is no type", f"Take one of {', '.join(sorted(_NAMES))}, or list[...]."
        )
    return _NAMES[inner]


def _arrow_type(kind: str, name: str, annotation: Any) -> pa.DataType:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _arrow_type(kind, name, arguments[0])
    if origin in (Union, types.UnionType):
        inner = {_arrow_type(kind, name, one) for one in arguments if one is not type(None)}
        if len(inner) == 1:
            return inner.pop()
        if inner == {pa.int64(), pa.float64()}:
            return pa.float64()
    if origin is Literal and len({type(one) for one in arguments}) == 1:
        return _arrow_type(kind, name, type(arguments[0]))
    if origin in _LISTS and len({one for one in arguments if one is not Ellipsis}) == 1:
        return pa.list_(pa.field("element", _arrow_type(kind, name, arguments[0])))
    if origin is dict and arguments[0] is str:
        return pa.map_(pa.string(), _arrow_type(kind, name, arguments[1]))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _arrow_type(kind, name, type(next(iter(annotation)).value))
    if isinstance(annotation, type) and (fields := get_type_hints(annotation)):
        return pa.struct([pa.field(key, _arrow_type(kind, f"{name}.{key}", one)) for key, one in fields.items()])
    shown = getattr(annotation, "__name__", None) or str(annotation)
    raise BadInput(f"{kind}.{name}", f"is declared as {shown}, for which there is no type of column", _REMEDY)


def _plain(kind: str, name: str, value: Any, column: pa.DataType) -> Any:  # noqa: PLR0912 - a case for each type
    if isinstance(value, Enum):
        value = value.value
    match value:
        case None:
            return None
        case bool() if pa.types.is_boolean(column):
            return value
        case bool():
            pass
        case int() if pa.types.is_integer(column) and -(2**63) <= value < 2**63:
            return value
        case int() | float() if pa.types.is_floating(column):
            return float(value)
        case str() if pa.types.is_string(column):
            return value
        case Decimal() if pa.types.is_string(column):
            return str(value)
        case bytes() if pa.types.is_binary(column):
            return b64encode(value).decode("ascii")
        case datetime() if pa.types.is_timestamp(column):
            moment = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
            since = moment - _EPOCH
            return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        case date() if pa.types.is_date32(column) and not isinstance(value, datetime):
            return (value - _EPOCH.date()).days
        case list() | tuple() | set() | frozenset() if pa.types.is_list(column):
            ones = sorted(value) if isinstance(value, (set, frozenset)) else value
            return [_plain(kind, f"{name}[]", one, column.value_type) for one in ones]
        case Mapping() if pa.types.is_map(column):
            return [[str(key), _plain(kind, f"{name}[{key!r}]", one, column.item_type)] for key, one in value.items()]
        case Mapping() if pa.types.is_struct(column):
            return {
                field.name: _plain(kind, f"{name}.{field.name}", value.get(field.name), field.type) for field in column
            }
    raise BadInput(
        f"an item of {kind}", f"has {type(value).__name__} {str(value)[:40]!r} in {name}, which is {column}", _REMEDY
    )


def _value(plain: Any, column: pa.DataType) -> Any:
    """What `pyarrow.array` takes for what `_plain` told."""
    if plain is None:
        return None
    if pa.types.is_binary(column):
        return b64decode(plain)
    if pa.types.is_list(column):
        return [_value(one, column.value_type) for one in plain]
    if pa.types.is_map(column):
        return [(key, _value(one, column.item_type)) for key, one in plain]
    if pa.types.is_struct(column):
        return {field.name: _value(plain.get(field.name), field.type) for field in column}
    return plain
