"""Checks: the last verification, the last check of capture quality, the WARC files, the settings of the crawl."""

from __future__ import annotations

from starlette.requests import Request

from broadsheet.facts import gather
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View


def checks_page(served: ServedCollection, request: Request) -> View:  # noqa: ARG001 - as all pages
    """What `broadsheet verify` and `broadsheet check` left, and what they were made over."""
    facts = gather(served.collection)
    return View("checks.html", "Checks", facts, place="checks", shown={"directory": str(served.collection.directory)})
