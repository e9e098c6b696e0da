"""A request -> the answer to send: the archive seen as the web it was taken from.

Whatever the headers of the request ask that only a live server could say is answered from the capture: a range
from a whole captured answer (or from captured ranges), HEAD from GET, a conditional request with the whole answer, as the
browser's cache was never filled by the archived server.  A preflight, which crawlers never send, is granted when what
it asks for was captured.  The payload keeps its content coding when the client takes it, and is decoded otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin

from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.http import ResponseHead, decode_content
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.captured_response import (
    CapturedResponse,
    Unusable,
    belies_its_codings,
    declared_codings,
    decoded_as_far_as_it_goes,
    read_response,
)
from broadsheet.archive.replay.headers import (
    accepted_codings,
    captured_headers,
    header_url,
    memento_headers,
    wanted_datetime,
    with_leave,
)
from broadsheet.archive.replay.lookup import Ring, find, is_known, same_address
from broadsheet.archive.replay.pages import home_page, missing_page
from broadsheet.archive.replay.partial_content import join_ranges
from broadsheet.archive.replay.payload import Payload, Spool
from broadsheet.archive.replay.ranges import AskedRange, ContentRange, asked_range
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayOutcome, ReplayResponse, own_response

_MOST_DECODED = 256 * 1024 * 1024  # bytes
_MOST_TRIED = 250  # records read for one request: all the ranges of a film, say


class Replay:
    """Answers requests from *index* as of *at* (UTC; None: the latest).  For several threads."""

    def __init__(self, index: CaptureIndex, spool: Spool, at: datetime | None = None) -> None:
        self._index = index
        self._spool = spool
        self._at = at

    def answer(self, request: ReplayRequest) -> ReplayResponse:
        """The answer to *request*; what cannot be answered gets a page with status 404 that says why."""
        asked = asked_range(request.get("Range")) if request.method in ("GET", "HEAD") else None
        faults: list[str] = []
        ranges: list[CapturedResponse] = []
        whole: CapturedResponse | None = None
        ranges_ring: Ring | None = None
        for ring, captured in self._candidates(request, faults):
            if captured.head.status != 206:
                whole = captured
                break
            if ranges_ring in (None, ring):
                ranges_ring = ring
                ranges.append(captured)
        joined = join_ranges(ranges, asked) if whole is None or ring != ranges_ring else None
        if joined is not None:
            return _told(_partial(request, *joined), ranges_ring, joined[0].url)
        if whole is not None:
            return _told(self._found(request, whole, asked), ring, whole.url)
        if ranges:
            faults.append("only ranges of it were captured, and not the one that was asked for")
        if request.method == "OPTIONS" and (granted := self._preflight(request)) is not None:
            return granted
        return self._missing(request, faults)

    def home_page(self, address: str) -> ReplayResponse:
        """The page under the proxy's own *address*."""
        return home_page(self._index, address)

    def _candidates(self, request: ReplayRequest, faults: list[str]) -> Iterator[tuple[Ring, CapturedResponse]]:
        """The answers that may serve, best first, captured ranges (206) among them."""
        for match in islice(find(self._index, request, self._wanted(request)), _MOST_TRIED):
            try:
                captured = read_response(self._index, match.capture, self._spool)
            except (Unusable, BroadsheetError, OSError) as fault:
                faults.append(str(fault))
                continue
            if captured.head.status == 304:
                faults.append("the server only said that nothing had changed (304)")
            elif captured.head.status < 200 or captured.head.status == 407:  # 407 would be taken for ours, the proxy's
                faults.append(f"its only captures are answers with status {captured.head.status}")
            elif _leads_back(captured, request):
                faults.append("its only captures are redirects to itself")
            else:
                yield match.ring, captured

    def _wanted(self, request: ReplayRequest) -> datetime | None:
        """The time asked for by the request itself (RFC 7089, section 2.1.1), or by who started the replay."""
        try:
            return wanted_datetime(request.get("Accept-Datetime") or "")
        except ValueError:
            return self._at

    def _found(self, request: ReplayRequest, captured: CapturedResponse, asked: AskedRange | None) -> ReplayResponse:
        head, payload = _representation(captured, request)
        answer = _answer(request, replace(captured, head=head, payload=payload))
        if asked is None or captured.head.status != 200 or not _range_holds(request, head):
            return answer
        return _cut(answer, asked, payload.length)

    def _preflight(self, request: ReplayRequest) -> ReplayResponse | None:
        """Leave for a request that was captured (Fetch standard, CORS-preflight); None when it was not."""
        method = request.get("Access-Control-Request-Method")
        if method is None or not is_known(self._index, request.url):
            return None
        return own_response(
            200,
            "OK",
            "text/plain",
            "",
            ("Access-Control-Allow-Origin", request.get("Origin") or "*"),
            ("Access-Control-Allow-Methods", method),
            ("Access-Control-Allow-Headers", request.get("Access-Control-Request-Headers") or "*"),
            ("Access-Control-Allow-Credentials", "true"),
        )

    def _missing(self, request: ReplayRequest, faults: list[str]) -> ReplayResponse:
        outcome = ReplayOutcome.UNUSABLE if faults else ReplayOutcome.MISSING
        page = missing_page(self._index, request, faults)
        return replace(page, outcome=outcome, bodiless=request.method == "HEAD")


def _answer(request: ReplayRequest, captured: CapturedResponse) -> ReplayResponse:
    headers = (*captured_headers(captured.head), *memento_headers(captured.url, captured.date))
    bodiless = request.method == "HEAD" or captured.head.status in (204, 304)
    reason = captured.head.reason.replace("\r", " ").replace("\n", " ")
    length = captured.payload.length
    return ReplayResponse(
        captured.head.status,
        reason,
        with_leave(request, headers),
        ReplayOutcome.FOUND,
        captured.payload,
        0,
        length,
        bodiless,
    )


def _told(answer: ReplayResponse, ring: Ring | None, url: str) -> ReplayResponse:
    """*answer*, which says by Content-Location (RFC 9110, section 8.7) when it is the capture of another query, *url*."""
    if ring is not Ring.FUZZY:
        return answer
    headers = tuple(field for field in answer.headers if field[0].lower() != "content-location")
    return replace(answer, outcome=ReplayOutcome.FUZZY, headers=(*headers, ("Content-Location", header_url(url))))


def _leads_back(captured: CapturedResponse, request: ReplayRequest) -> bool:
    """Whether a redirect leads to where it was asked: http to https when only http was captured, or a cookie wall."""
    location = captured.head.reference("Location")
    if location is None or not 300 <= captured.head.status < 400 or request.method not in ("GET", "HEAD"):
        return False
    try:
        return same_address(urljoin(captured.url, location).partition("#")[0], request.url)
    except ValueError:
        return False


def _representation(captured: CapturedResponse, request: ReplayRequest) -> tuple[ResponseHead, Payload]:
    """Head and payload in a content coding that the client takes; a declared coding that is none is left out."""
    codings = declared_codings(captured)
    if not codings or not captured.payload.length:
        return captured.head, captured.payload
    if belies_its_codings(captured):
        return _without_coding(captured.head), decoded_as_far_as_it_goes(captured, _MOST_DECODED)
    accepted = accepted_codings(request.get("Accept-Encoding"))
    if accepted.issuperset(codings) or captured.payload.length > _MOST_DECODED:
        return captured.head, captured.payload
    decoded = decode_content(captured.payload.slice(0, captured.payload.length), captured.head, _MOST_DECODED)
    if decoded.undecodable or decoded.limited:
        return captured.head, captured.payload
    return _without_coding(captured.head), Payload.of(decoded.content)


def _without_coding(head: ResponseHead) -> ResponseHead:
    return replace(head, headers=tuple(field for field in head.headers if field[0].lower() != "content-encoding"))


def _range_holds(request: ReplayRequest, head: ResponseHead) -> bool:
    """Whether If-Range, when there is one, names this very representation (RFC 9110, section 13.1.5)."""
    condition = request.get("If-Range")
    return condition is None or condition in (head.get("ETag"), head.get("Last-Modified"))


def _cut(answer: ReplayResponse, asked: AskedRange, length: int) -> ReplayResponse:
    span = asked.within(length)
    headers = tuple(field for field in answer.headers if field[0].lower() != "content-range")
    if span is None:
        said = ("Content-Range", f"bytes */{length}")
        return replace(answer, status=416, reason="Range Not Satisfiable", headers=(*headers, said), end=0)
    start, end = span
    said = ("Content-Range", f"bytes {start}-{end - 1}/{length}")
    return replace(answer, status=206, reason="Partial Content", headers=(*headers, said), start=start, end=end)


def _partial(request: ReplayRequest, captured: CapturedResponse, place: ContentRange) -> ReplayResponse:
    """An answer made of captured ranges: the whole, or the bytes that begins where it was asked."""
    answer = _answer(request, captured)
    headers = tuple(field for field in answer.headers if field[0].lower() != "content-range")
    if asked_range(request.get("Range")) is None:
        return replace(answer, status=200, reason="OK", headers=headers)
    total = "*" if place.length is None else place.length
    said = ("Content-Range", f"bytes {place.start}-{place.end - 1}/{total}")
    return replace(answer, status=206, reason="Partial Content", headers=(*headers, said))
