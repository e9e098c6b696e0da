"""The monitor: how a crawl stands now, and again every few seconds, by server-sent events (WHATWG HTML, section 9.2).

An event is the part of the page that changes, made from the same template; without scripts the page has a link to refresh it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from broadsheet.archive.errors import BroadsheetError
from broadsheet.serve.error_page import Fault
from broadsheet.serve.served import ServedCollection
from broadsheet.serve.view import View, fragment
from broadsheet.status import crawl_status

_SECONDS = 2.0  # from one event to the next while a crawl works
_IDLE_SECONDS = 10.0
_SHARE = 10  # looking takes no more than one in so many seconds
_FRAGMENT = "monitor_status.html"


def monitor_page(served: ServedCollection, request: Request) -> View:
    """How the crawl stands."""
    shown = {"may_control": request.app.state.token is not None}
    return View("monitor.html", "Monitor", crawl_status(served.collection), place="monitor", shown=shown)


def monitor_events(served: ServedCollection, request: Request) -> Response:
    """The events, until the page is closed or the server ends."""
    return StreamingResponse(
        _events(served, request), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _events(served: ServedCollection, request: Request) -> AsyncIterator[str]:
    while not await request.is_disconnected():
        begun = time.monotonic()
        html, is_working = await run_in_threadpool(_look, served)
        yield _event(html)
        took = time.monotonic() - begun
        await asyncio.sleep(max(_SECONDS if is_working else _IDLE_SECONDS, took * _SHARE))


def _look(served: ServedCollection) -> tuple[str, bool]:
    try:
        status = crawl_status(served.collection)
    except BroadsheetError as error:
        return fragment("monitor_fault.html", Fault(503, error.thing, error.cause, error.remedy)), False
    return fragment(_FRAGMENT, status), status.is_working


def _event(html: str) -> str:
    lines = "\n".join(f"data: {line}" for line in html.splitlines())
    return f"event: status\n{lines}\n\n"
