"""A request -> the answer to send: the archive seen as the web it was taken from.

Whatever the headers of the request ask that only a live server could say is answered from the stored capture: a range
from a stored whole answer (or from stored parts), HEAD from GET, a conditional request with the whole answer, as the
browser's cache was never filled by the archived server.  A preflight, which crawlers never send, is granted when what
it asks for was captured.  The payload keeps its content coding when the client takes it, and is decoded otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from urllib.parse import urljoin

from broadsheet.archive.errors import BroadsheetError
from broadsheet.archive.http import ResponseHead, decode_content
from broadsheet.archive.replay.answer import Answer, Outcome, own_answer
from broadsheet.archive.replay.headers import accepted_codings, captured_headers, memento_headers, with_leave
from broadsheet.archive.replay.holdings import Holdings
from broadsheet.archive.replay.lookup import Ring, find, is_known, same_address
from broadsheet.archive.replay.pages import home_page, missing_page
from broadsheet.archive.replay.parts import join_parts
from broadsheet.archive.replay.payload import Payload, Spool
from broadsheet.archive.replay.ranges import AskedRange, ContentRange, asked_range
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.stored import Stored, Unusable, read_stored

_MOST_DECODED = 256 * 1024 * 1024  # bytes
_PROBE = 65536
_MOST_TRIED = 250  # records read for one request: all the parts of a film, say


class Replay:
    """Answers requests from *holdings* as of *at* (UTC; None: the latest).  For several threads."""

    def __init__(self, holdings: Holdings, spool: Spool, at: datetime | None = None) -> None:
        self._holdings = holdings
        self._spool = spool
        self._at = at

    def answer(self, request: ReplayRequest) -> Answer:
        """The answer to *request*; what cannot be answered gets a page with status 404 that says why."""
        asked = asked_range(request.get("Range")) if request.method in ("GET", "HEAD") else None
        faults: list[str] = []
        parts: list[Stored] = []
        whole: Stored | None = None
        parts_ring: Ring | None = None
        for ring, stored in self._stored(request, faults):
            if stored.head.status != 206:
                whole = stored
                break
            if parts_ring in (None, ring):
                parts_ring = ring
                parts.append(stored)
        joined = join_parts(parts, asked) if whole is None or ring != parts_ring else None
        if joined is not None:
            return _from_parts(request, *joined)
        if whole is not None:
            return self._found(request, whole, asked)
        if parts:
            faults.append("only parts of it were captured, and not the part that was asked for")
        if request.method == "OPTIONS" and (granted := self._preflight(request)) is not None:
            return granted
        return self._missing(request, faults)

    def home_page(self, address: str) -> Answer:
        """The page under the proxy's own *address*."""
        return home_page(self._holdings, address)

    def _stored(self, request: ReplayRequest, faults: list[str]) -> Iterator[tuple[Ring, Stored]]:
        """The answers that may serve, best first, stored parts (206) among them."""
        for match in islice(find(self._holdings, request, self._wanted(request)), _MOST_TRIED):
            try:
                stored = read_stored(self._holdings, match.held, self._spool)
            except (Unusable, BroadsheetError, OSError) as fault:
                faults.append(str(fault))
                continue
            if stored.head.status == 304:
                faults.append("the server only said that nothing had changed (304)")
            elif stored.head.status < 200 or stored.head.status == 407:  # 407 would be taken for ours, the proxy's
                faults.append(f"its only captures are answers with status {stored.head.status}")
            elif _leads_back(stored, request):
                faults.append("its only captures are redirects to itself")
            else:
                yield match.ring, stored

    def _wanted(self, request: ReplayRequest) -> datetime | None:
        """The time asked for by the request itself (RFC 7089, section 2.1.1), or by who started the replay."""
        try:
            moment = parsedate_to_datetime(request.get("Accept-Datetime") or "")
        except ValueError:
            return self._at
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _found(self, request: ReplayRequest, stored: Stored, asked: AskedRange | None) -> Answer:
        head, payload = _representation(stored, request)
        answer = _answer(request, replace(stored, head=head, payload=payload))
        if asked is None or stored.head.status != 200 or not _range_holds(request, head):
            return answer
        return _cut(answer, asked, payload.length)

    def _preflight(self, request: ReplayRequest) -> Answer | None:
        """Leave for a request that was captured (Fetch standard, CORS-preflight); None when it was not."""
        method = request.get("Access-Control-Request-Method")
        if method is None or not is_known(self._holdings, request.url):
            return None
        return own_answer(
            200,
            "OK",
            "text/plain",
            "",
            ("Access-Control-Allow-Origin", request.get("Origin") or "*"),
            ("Access-Control-Allow-Methods", method),
            ("Access-Control-Allow-Headers", request.get("Access-Control-Request-Headers") or "*"),
            ("Access-Control-Allow-Credentials", "true"),
        )

    def _missing(self, request: ReplayRequest, faults: list[str]) -> Answer:
        outcome = Outcome.UNUSABLE if faults else Outcome.MISSING
        page = missing_page(self._holdings, request, faults)
        return replace(page, outcome=outcome, bodiless=request.method == "HEAD")


def _answer(request: ReplayRequest, stored: Stored) -> Answer:
    headers = (*captured_headers(stored.head), *memento_headers(stored.url, stored.date))
    bodiless = request.method == "HEAD" or stored.head.status in (204, 304)
    reason = stored.head.reason.replace("\r", " ").replace("\n", " ")
    length = stored.payload.length
    return Answer(
        stored.head.status, reason, with_leave(request, headers), Outcome.FOUND, stored.payload, 0, length, bodiless
    )


def _leads_back(stored: Stored, request: ReplayRequest) -> bool:
    """Whether a redirect leads to where it was asked: http to https when only http was captured, or a cookie wall."""
    location = stored.head.get("Location")
    if location is None or not 300 <= stored.head.status < 400 or request.method not in ("GET", "HEAD"):
        return False
    try:
        return same_address(urljoin(stored.url, location).partition("#")[0], request.url)
    except ValueError:
        return False


def _representation(stored: Stored, request: ReplayRequest) -> tuple[ResponseHead, Payload]:
    """Head and payload in a content coding that the client takes.

    A declared coding that the bytes are not in is left out: some tools keep the header and store the content decoded.
    """
    codings = [part.strip().lower() for value in stored.head.get_all("Content-Encoding") for part in value.split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity", "none")]
    if not codings or not stored.payload.length:
        return stored.head, stored.payload
    probe = decode_content(stored.payload.slice(0, _PROBE), stored.head, 1)
    if probe.undecodable and all(coding in ("gzip", "x-gzip", "br", "deflate", "zstd") for coding in codings):
        return _without_coding(stored.head), stored.payload
    accepted = accepted_codings(request.get("Accept-Encoding"))
    if accepted.issuperset(codings) or probe.undecodable or stored.payload.length > _MOST_DECODED:
        return stored.head, stored.payload
    decoded = decode_content(stored.payload.slice(0, stored.payload.length), stored.head, _MOST_DECODED)
    if decoded.undecodable or decoded.limited:
        return stored.head, stored.payload
    return _without_coding(stored.head), Payload.of(decoded.content)


def _without_coding(head: ResponseHead) -> ResponseHead:
    return replace(head, headers=tuple(field for field in head.headers if field[0].lower() != "content-encoding"))


def _range_holds(request: ReplayRequest, head: ResponseHead) -> bool:
    """Whether If-Range, when there is one, names this very representation (RFC 9110, section 13.1.5)."""
    condition = request.get("If-Range")
    return condition is None or condition in (head.get("ETag"), head.get("Last-Modified"))


def _cut(answer: Answer, asked: AskedRange, length: int) -> Answer:
    span = asked.within(length)
    headers = tuple(field for field in answer.headers if field[0].lower() != "content-range")
    if span is None:
        said = ("Content-Range", f"bytes */{length}")
        return replace(answer, status=416, reason="Range Not Satisfiable", headers=(*headers, said), end=0)
    start, end = span
    said = ("Content-Range", f"bytes {start}-{end - 1}/{length}")
    return replace(answer, status=206, reason="Partial Content", headers=(*headers, said), start=start, end=end)


def _from_parts(request: ReplayRequest, stored: Stored, place: ContentRange) -> Answer:
    """An answer made of stored parts: the whole, or the part that begins where it was asked."""
    answer = _answer(request, stored)
    headers = tuple(field for field in answer.headers if field[0].lower() != "content-range")
    if asked_range(request.get("Range")) is None:
        return replace(answer, status=200, reason="OK", headers=headers)
    total = "*" if place.length is None else place.length
    said = ("Content-Range", f"bytes {place.start}-{place.end - 1}/{total}")
    return replace(answer, status=206, reason="Partial Content", headers=(*headers, said))
