"""What the types of items declare: dataclasses, attrs classes, pydantic models, Scrapy's Item."""

from __future__ import annotations

import dataclasses
from typing import Any, get_type_hints

from scrapy import Item


def declared_fields(item_type: type) -> dict[str, Any] | None:
    """The fields of *item_type* with their annotations, in their order; None when it declares no types.

    A field of an Item declares its type as ``Field(type=str)``.
    """
    if issubclass(item_type, Item):
        declared = {name: field.get("type") for name, field in item_type.fields.items()}
        return declared if declared and all(kind is not None for kind in declared.values()) else None
    if dataclasses.is_dataclass(item_type):
        names = [field.name for field in dataclasses.fields(item_type)]
    elif hasattr(item_type, "__attrs_attrs__"):
        names = [attribute.name for attribute in item_type.__attrs_attrs__]
    elif hasattr(item_type, "model_fields"):
        names = list(item_type.model_fields)
    else:
        return None
    hints = get_type_hints(item_type, include_extras=True)
    declared = {name: hints.get(name) for name in names}
    return declared if all(kind is not None for kind in declared.values()) else None
