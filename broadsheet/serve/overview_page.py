"""The overview of a collection: what was captured, when and from where, and what became of it."""

from __future__ import annotations

from starlette.requests import Request

from broadsheet.facts import gather
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View


def overview_page(served: ServedCollection, request: Request) -> View:  # noqa: ARG001 - as all pages
    """The same facts as `broadsheet report` writes."""
    return View("overview.html", "Overview", gather(served.collection), place="overview")
