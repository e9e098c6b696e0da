"""A View: what a page says, as a dataclass, and how it is shown: as HTML and, with ``.json``, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.cli.shared import plain
from broadsheet.serve.templating import rendered


@dataclass(frozen=True, slots=True)
class View:
    """``data`` is a dataclass: the JSON, and ``data`` in the template; ``shown`` are names that the template alone needs.

    ``place`` is the entry of the collection's navigation that the page belongs to.
    """

    template: str
    title: str
    data: Any
    place: str = ""
    status: int = 200
    shown: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def answer(request: Request, view: View, *, as_json: bool, **shared: Any) -> Response:
    """*view* as the answer to *request*; *shared* are names for the templates of all pages."""
    if as_json:
        body = orjson.dumps(plain(view.data), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
        return Response(body, view.status, view.headers, "application/json")
    names = {"data": view.data, "title": view.title, "place": view.place, "request": request, **shared, **view.shown}
    html = rendered(view.template, names)
    return Response(html, view.status, view.headers, "text/html; charset=utf-8")


def fragment(template: str, data: Any) -> str:
    """Part of a page as HTML: what is sent to a page that is open."""
    return rendered(template, {"data": data})
