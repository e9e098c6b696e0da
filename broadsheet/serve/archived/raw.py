"""``/COLLECTION/TIMESTAMPid_/URL``: the bytes of a capture, for programs (``id_``: identity, as the Wayback Machine says).

The body is the record's payload: without transfer coding, in the content codings that it is in, whatever its header says.
Captured headers are there as ``X-Archive-Orig-...``, so that none of them acts here; the status is the captured one, and a
redirect leads to the capture of its target.  A browser saves such an answer and never shows it: whatever it is, it is no page
of this server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email.utils import format_datetime
from urllib.parse import urljoin, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.replay.captured_response import (
    CapturedResponse,
    Unusable,
    applied_codings,
    read_response,
)
from broadsheet.archive.replay.headers import captured_headers, header_url
from broadsheet.serve.access.mementos import (
    Memento,
    MementoAddresses,
    closest,
    link_header,
    mementos_of,
    timestamp_of,
    written_url,
)
from broadsheet.serve.security import Origins
from broadsheet.serve.served import ServedCollections

RAW_TARGET = re.compile(r"/([^/]+)/([0-9]{1,14})id_/(.+)", re.DOTALL)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Content-Disposition": "attachment",
    "X-Content-Type-Options": "nosniff",
}
_MOST_HEADERS = 60  # captured ones; Python's http.client takes 100 in all
_LONGEST = 4000  # characters of a value
_BODILESS = frozenset({204, 205, 304})


class RawMementos:
    """Answers requests for the bytes of captures."""

    def __init__(self, served: ServedCollections, origins: Origins) -> None:
        self._served, self._origins = served, origins

    def answer(self, request: Request, name: str, digits: str, rest: str) -> Response:
        """The capture of the URL in *rest* closest to *digits*: itself if it is of that second, else where it is.

        Raises:
            BroadsheetError: there is no such collection, or it cannot be read.
            ValueError: *digits* are no time.
        """
        served = self._served.get(name)
        url = written_url(rest, request.scope["query_string"].decode("utf-8", "replace"))
        index = served.captures()
        mementos = mementos_of(index, url)
        if not mementos:
            return PlainTextResponse(f"No Captures found for: {url}\n", 404)
        addresses = MementoAddresses(self._origins, served.name)
        at = closest(mementos, url, timestamp_of(digits))
        memento = mementos[at]
        if memento.timestamp != digits:
            return RedirectResponse(addresses.memento(memento, "id_"), 302)
        try:
            captured = read_response(index, memento.capture, served.spool)
        except (Unusable, BroadsheetError) as error:
            return PlainTextResponse(f"This capture cannot be read: {error}\n", 404)
        headers = _headers(captured, memento, addresses)
        headers["Link"] = link_header(addresses, memento.url, mementos, at, "id_")
        return _sent(request, captured, headers)


def _sent(request: Request, captured: CapturedResponse, headers: dict[str, str]) -> Response:
    status = captured.head.status
    if not 200 <= status <= 599:
        return PlainTextResponse(f"The captured answer has the status {status}, which cannot be sent\n", 404)
    if status in _BODILESS:
        return Response(status_code=status, headers=headers)
    headers["Content-Length"] = str(captured.payload.length)
    body: Iterator[bytes] = iter(())
    if request.method != "HEAD":
        body = captured.payload.pieces(0, captured.payload.length)
    return StreamingResponse(body, status, headers)


def _headers(captured: CapturedResponse, memento: Memento, addresses: MementoAddresses) -> dict[str, str]:
    head = captured.head
    made = {f"X-Archive-Orig-{name}": value for name, value in _kept(captured_headers(head))}
    made |= _HEADERS
    made["Memento-Datetime"] = format_datetime(memento.moment, usegmt=True)
    for name, value in (
        ("Content-Type", head.get("Content-Type")),
        ("Content-Encoding", ", ".join(applied_codings(captured))),
    ):
        if value and len(value) <= _LONGEST:
            made[name] = _printable(value)
    location = head.reference("Location")
    if location is not None and 300 <= head.status < 400:
        target = _absolute(captured.url, location)
        if target is not None:
            place = f"{addresses.origins.archived}/{addresses.name}/{memento.timestamp}id_/"
            made["Location"] = place + header_url(target)
    return made


def _kept(headers: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The first of *headers* by their names; of several with one name, which few programs tell apart, all in one."""
    joined: dict[str, list[str]] = {}
    for name, value in headers:
        joined.setdefault(name.removeprefix("X-Archive-Orig-").title(), []).append(_printable(value))
    for name in list(joined)[:_MOST_HEADERS]:
        yield name, ", ".join(joined[name])[:_LONGEST]


def _printable(value: str) -> str:
    return "".join(
        char if char == "\t" or " " <= char <= "~" or "\xa0" <= char <= "\xff" else " " for char in value
    ).strip()


def _absolute(base: str, location: str) -> str | None:
    try:
        target = urljoin(base, location)
        return target if urlsplit(target).scheme in ("http", "https") else None
    except ValueError:
        return None
