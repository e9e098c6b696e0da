"""The replay's own pages: for what was not captured, and for who opens the proxy's address itself."""

from __future__ import annotations

import html
from collections.abc import Sequence

from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayResponse, own_response
from broadsheet.archive.replay.suggestions import nearest, pages

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44em;margin:3em auto;padding:0 1em;color:#222;background:#fff}"
    "h1{font-size:1.4em}code,li{overflow-wrap:anywhere}.why{color:#666}"
)
_OWN_POLICY = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")


def missing_page(index: CaptureIndex, request: ReplayRequest, faults: Sequence[str]) -> ReplayResponse:
    """Status 404 for *request*, saying what is the matter; *faults* are why its captures, if any, do not serve."""
    why = "It was captured, but " + "; ".join(dict.fromkeys(faults)) + "." if faults else "It was not captured."
    if not _is_navigation(request):
        text = f"Not in this archive: {request.method} {request.url}\n{why}\n"
        return own_response(404, "Not In This Archive", "text/plain", text, ("X-Archive-Missing", "1"))
    near = nearest(index, request.url)
    what = f"<p><code>{html.escape(request.url)}</code></p>"
    if request.method not in ("GET", "HEAD"):
        what += f"<p>asked with {html.escape(request.method)}</p>"
    listed = f"<p>Captured nearby:</p>{_list(near)}" if near else ""
    body = (
        f"<h1>Not in this archive</h1>{what}<p>{html.escape(why)}</p>{listed}"
        '<p class="why">You see an archive. What it lacks is not fetched from the live web.</p>'
    )
    return own_response(404, "Not In This Archive", "text/html", _page(body), ("X-Archive-Missing", "1"), _OWN_POLICY)


def home_page(index: CaptureIndex, address: str) -> ReplayResponse:
    """What is shown under the proxy's own *address* (``127.0.0.1:8080``)."""
    body = (
        "<h1>broadsheet replay</h1><p>This is a proxy. A browser that fetches everything through it "
        f"(HTTP and HTTPS proxy <code>{html.escape(address)}</code>, loopback not excepted) sees the web as it was "
        f"archived.</p><p>Pages in this archive:</p>{_list(pages(index))}"
    )
    return own_response(200, "OK", "text/html", _page(body), _OWN_POLICY)


def _is_navigation(request: ReplayRequest) -> bool:
    """Whether a person will read the answer: a page or a frame, not a picture."""
    destination = request.get("Sec-Fetch-Dest")
    if destination is not None:
        return destination in ("document", "iframe", "frame")
    return "text/html" in (request.get("Accept") or "")


def _list(urls: Sequence[str]) -> str:
    items = "".join(f'<li><a href="{html.escape(url)}">{html.escape(url)}</a></li>' for url in urls)
    return f"<ul>{items}</ul>"


def _page(body: str) -> str:
    return f'<!doctype html><meta charset="utf-8"><title>broadsheet replay</title><style>{_STYLE}</style>{body}'
