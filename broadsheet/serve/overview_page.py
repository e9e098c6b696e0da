"""The overview of a collection: what was captured, when and from where, and what became of it."""

from __future__ import annotations

from starlette.requests import Request

from broadsheet.report.charts import bars
from broadsheet.report.facts import gather
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View, number


def overview_page(served: ServedCollection, request: Request) -> View:  # noqa: ARG001 - as all pages
    """The same facts as `broadsheet report` writes."""
    facts = gather(served.collection)
    labels = [f"{bar.start:%Y-%m-%d %H:%M:%S}" for bar in facts.timeline]
    timeline = bars(
        [bar.count for bar in facts.timeline], labels, lambda value: number(round(value)), "Captures over time"
    )
    return View("overview.html", "Overview", facts, place="overview", shown={"timeline": timeline})
