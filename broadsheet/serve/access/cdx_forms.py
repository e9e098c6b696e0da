"""Lines of an index as the answer of a CDX server: as pywb gives them, and as the Wayback Machine does.

pywb's text is CDXJ, the index's own lines, or the fields asked for with spaces between; its JSON is an object a line.  The
Wayback Machine's text has seven fields, its JSON is a list of lists whose first one names the fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from broadsheet.archive.cdxj.line import CdxjLine
from broadsheet.serve.access.cdx_fields import FIELD_NAMES, value_of
from broadsheet.serve.access.cdx_query import CdxQuery
from broadsheet.serve.access.parameters import Output

WAYBACK_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_SPACE = re.compile(r"\s")


def pywb_lines(lines: Iterable[CdxjLine], query: CdxQuery) -> Iterator[bytes]:
    """The answer, a line at a time."""
    if query.output is Output.JSON:
        names = query.fields or FIELD_NAMES
        return (json.dumps({name: value_of(line, name) for name in names}).encode() + b"\n" for line in lines)
    if query.output is Output.CDXJ or not query.fields:
        return (line.to_bytes() for line in lines)
    return (_spaced(value_of(line, name) for name in query.fields) for line in lines)


def wayback_lines(lines: Iterable[CdxjLine], query: CdxQuery, resume_key: str = "") -> Iterator[bytes]:
    """The answer in pieces, the *resume_key* at its end."""
    names = query.fields or WAYBACK_FIELDS
    if query.output is not Output.JSON:
        for line in lines:
            yield _spaced(_wayback_value(line, name) for name in names)
        if resume_key:
            yield f"\n{resume_key}\n".encode()
        return
    rows = ([_wayback_value(line, name) for name in names] for line in lines)
    first = next(rows, None)
    if first is None:
        yield b"[]\n"
        return
    yield f"[{json.dumps(names)},\n{json.dumps(first)}".encode()
    for row in rows:
        yield f",\n{json.dumps(row)}".encode()
    yield f",\n[],\n{json.dumps([resume_key])}]\n".encode() if resume_key else b"]\n"


def _wayback_value(line: CdxjLine, name: str) -> str:
    value = value_of(line, name)
    return value.rpartition(":")[2] if name == "digest" else value


def _spaced(values: Iterable[str]) -> bytes:
    """A line of text; no value has a space of its own."""
    return (" ".join(_SPACE.sub("%20", value) for value in values) + "\n").encode("utf-8", "replace")
