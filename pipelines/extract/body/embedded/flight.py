"""The payload of React server components, which Next.js writes in pieces: ``self.__next_f.push([1,"..."])``.

The pieces are one stream of rows, ``ID:VALUE``: JSON; ``ID:TLENGTH,`` and as many bytes of text; and rows that are no values.
An element is ``["$", type, key, properties]``; a string that begins with ``$`` refers to another row (React, "Flight").
Elements of HTML become markup, in which the article stands below its headline; those of other types are given as the objects
of their properties, in which it may stand as data."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from broadsheet.pipelines.extract.body.embedded.allowance import Allowance

_PUSH = re.compile(r"\.push\(\s*(?=\[)")
_ROW = re.compile(rb"\s*([0-9a-f]{1,8}):")
_BYTES = re.compile(rb"([TAOoUSsLlGgMmVb])([0-9a-f]{1,7}),")
_REFERENCE = re.compile(r"\$[L@]?([0-9a-f]{1,8})((?::[^:]{1,200}){0,20})")
_REFERRED = re.compile(rb'"\$[L@]?([0-9a-f]{1,8})[":]')
_HOST = re.compile(r"[a-z][a-z0-9-]{0,30}")
_MAX_ROWS = 20_000
_TEXT, _BASE64 = 1, 3  # kinds of pieces
_decoder = json.JSONDecoder(strict=False)

MARK = "__next_f"


@dataclass(frozen=True, slots=True)
class _Element:
    tag: str  # empty for one that is none of HTML
    properties: dict[str, object]


def read_flight(scripts: Iterable[str]) -> tuple[str, list[object]]:
    """The markup that the payload in *scripts* draws, and the data that it hands to components."""
    stream = b"".join(_pieces(scripts))
    rows = _rows(stream)
    referred = {one.decode() for one in _REFERRED.findall(stream)}
    reader = _Reader(rows)
    trees = []
    for name, value in rows.items():
        if name not in referred and isinstance(value, list | dict):
            try:
                trees.append(reader.resolved(value, 0))
            except ValueError:  # it grows too large
                break
    drawn = (_markup(list(one.values()) if isinstance(one, dict) else one) for one in trees)  # Next.js wraps its root
    markup = max(drawn, key=len, default="")
    return markup, [one for tree in trees for one in _data(tree, within=False)]


def _pieces(scripts: Iterable[str]) -> Iterator[bytes]:
    for script in scripts:
        for begin in _PUSH.finditer(script):
            try:
                value, _ = _decoder.raw_decode(script, begin.end())
            except (ValueError, RecursionError):
                continue
            if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], str):
                continue
            if value[0] == _TEXT:
                yield value[1].encode("utf-8", "replace")
            elif value[0] == _BASE64:
                try:
                    yield base64.b64decode(value[1])
                except (binascii.Error, ValueError):
                    continue


def _rows(stream: bytes) -> dict[str, object]:
    """The values of the rows by their ids."""
    rows: dict[str, object] = {}
    at = 0
    while len(rows) < _MAX_ROWS and (row := _ROW.match(stream, at)) is not None:
        name = row[1].decode()
        sized = _BYTES.match(stream, row.end())
        if sized is not None:
            at = sized.end() + int(sized[2], 16)
            if sized[1] == b"T":
                rows[name] = stream[sized.end() : at].decode("utf-8", "replace")
            continue
        end = stream.find(b"\n", row.end())
        end = len(stream) if end < 0 else end
        if stream[row.end() : row.end() + 1] in (b"[", b"{", b'"'):
            with contextlib.suppress(ValueError, RecursionError):  # a row cut short says nothing
                rows[name] = json.loads(stream[row.end() : end])
        at = end + 1
    return rows


class _Reader:
    def __init__(self, rows: dict[str, object]) -> None:
        self._rows, self._allowance = rows, Allowance()

    def resolved(self, value: object, depth: int) -> object:
        """*value* with the rows that it refers to, and with its elements."""
        self._allowance.take(value, depth)
        if isinstance(value, str):
            return self._string(value, depth) if value.startswith("$") else value
        if isinstance(value, dict):
            return {key: self.resolved(one, depth + 1) for key, one in value.items()}
        if not isinstance(value, list):
            return value
        if len(value) >= 4 and value[0] == "$" and isinstance(value[1], str) and isinstance(value[3], dict):
            properties = {key: self.resolved(one, depth + 1) for key, one in value[3].items()}
            return _Element(value[1] if _HOST.fullmatch(value[1]) else "", properties)
        return [self.resolved(one, depth + 1) for one in value]

    def _string(self, value: str, depth: int) -> object:
        if value.startswith("$$"):
            return value[1:]
        if value.startswith("$D"):  # a date
            return value[2:]
        reference = _REFERENCE.fullmatch(value)
        if reference is None:
            return None
        found = self._rows.get(reference[1])
        for step in reference[2].split(":")[1:]:
            found = _part(found, step)
        return self.resolved(found, depth + 1)


def _part(value: object, step: str) -> object:
    if isinstance(value, dict):
        return value.get(step)
    if not isinstance(value, list):
        return None
    if step == "props" and value[:1] == ["$"]:
        return value[3] if len(value) > 3 else None
    return value[int(step)] if step.isascii() and step.isdigit() and int(step) < len(value) else None


def _markup(value: object) -> str:
    """What *value* draws, data left out."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return "".join(map(_markup, value))
    if not isinstance(value, _Element):
        return ""
    given = value.properties.get("dangerouslySetInnerHTML")
    inner = given.get("__html") if isinstance(given, dict) else None
    if not isinstance(inner, str):
        inner = _markup(value.properties.get("children"))
    if not value.tag:
        return inner
    names = (("class", value.properties.get("className")), ("href", value.properties.get("href")))
    said = "".join(f' {name}="{escape(one)}"' for name, one in names if isinstance(one, str))
    return f"<{value.tag}{said}>{inner}</{value.tag}>"


def _data(value: object, *, within: bool) -> Iterator[object]:
    """The objects in *value* that are data, and the properties of its components; *within* data: those of components."""
    if isinstance(value, _Element):
        own = {key: one for key, one in value.properties.items() if key != "children"}
        if not value.tag and own:
            yield _plain(own)
        yield from _data(value.properties.get("children"), within=within)
        parts, within = list(own.values()), True
    elif isinstance(value, dict):
        if not within:
            yield _plain(value)
        parts, within = list(value.values()), True
    else:
        parts = value if isinstance(value, list) else []
    for one in parts:
        if isinstance(one, _Element | list | dict):
            yield from _data(one, within=within)


def _plain(value: object) -> object:
    """*value* with markup in place of its elements."""
    if isinstance(value, _Element):
        return _markup(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
