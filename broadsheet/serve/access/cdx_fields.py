"""The fields of a capture by the names that pywb and the Wayback Machine call them."""

from __future__ import annotations

from collections.abc import Callable

from broadsheet.archive.cdxj.line import CdxjLine

NONE = "-"  # what stands for a field that a capture does not have
_FIELDS: dict[str, Callable[[CdxjLine], object]] = {
    "urlkey": lambda line: line.urlkey,
    "timestamp": lambda line: line.timestamp,
    "url": lambda line: line.url,
    "mime": lambda line: line.mime,
    "status": lambda line: line.status,
    "digest": lambda line: line.digest,
    "length": lambda line: line.length,
    "offset": lambda line: line.offset,
    "filename": lambda line: line.filename,
}
_ALSO = {"original": "url", "mimetype": "mime", "statuscode": "status"}  # as the Wayback Machine calls them
FIELD_NAMES = tuple(_FIELDS)


def is_field(name: str) -> bool:
    """Whether *name* is one, by either name."""
    return _ALSO.get(name, name) in _FIELDS


def value_of(line: CdxjLine, name: str) -> str:
    """The field *name* of *line* as text; ``-`` for none."""
    value = _FIELDS[_ALSO.get(name, name)](line)
    return NONE if value is None or value == "" else str(value)
