"""Metadata as bytes: what one reading of a page leaves for the next, so that a page's head is not read twice."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata.metadata import Metadata

_MOMENTS = ("date_published", "date_modified")
_LISTS = ("title_alternatives", "breadcrumbs", "tags")
_NAMES = tuple(one.name for one in fields(Metadata))


def metadata_to_bytes(metadata: Metadata) -> bytes:
    """*metadata* as JSON in UTF-8; lone surrogates, which a page may hold, are escaped."""
    values: dict[str, Any] = {name: value for name in _NAMES if (value := getattr(metadata, name)) not in (None, ())}
    values["authors"] = [(person.name, person.url) for person in metadata.authors]
    for name in (*_MOMENTS, "day_published"):
        if name in values:
            values[name] = values[name].isoformat()
    return json.dumps(values, separators=(",", ":")).encode("ascii")


def metadata_from_bytes(data: bytes) -> Metadata | None:
    """What `metadata_to_bytes` wrote; None for anything else."""
    try:
        values = json.loads(data)
        values["authors"] = tuple(Person(name, url) for name, url in values["authors"])
        for name in _MOMENTS:
            if name in values:
                values[name] = datetime.fromisoformat(values[name])
        if "day_published" in values:
            values["day_published"] = date.fromisoformat(values["day_published"])
        for name in _LISTS:
            if name in values:
                values[name] = tuple(values[name])
        return Metadata(**values)
    except (ValueError, KeyError, TypeError):
        return None
