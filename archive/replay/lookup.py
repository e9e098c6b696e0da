"""A request -> the captures that may answer it, best first.

Three rings, each tried only when the one before gives nothing usable: the very address; the same SURT key (http for
https, with or without www, other case); the same query but for cache-busters, which the answer tells.  Within a ring
the capture closest to the wanted time comes first, the latest when no time is wanted; server faults (429, 5xx) come
last, as a page that once failed should not hide its good captures.  That is a list and not one capture because only
reading the record shows whether it serves: a revisit may lead nowhere, a record may be damaged, a redirect may lead back
to where it starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from broadsheet.archive.capture import UNDATED
from broadsheet.archive.cdxj.line import MOST_OF_BODY
from broadsheet.archive.cdxj.request_key import body_digest, request_key
from broadsheet.archive.replay.capture_index import CaptureIndex, IndexedCapture
from broadsheet.archive.replay.fuzzy import essence, is_static, query_base, without_busters
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.surt import surt

_MOST_QUERIES = 5000  # captures of one path that are compared by their queries


class Ring(StrEnum):
    """How a capture was found."""

    EXACT = "exact"
    SAME_KEY = "same key"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Match:
    """A capture that may answer, and how it was found."""

    capture: IndexedCapture
    ring: Ring


def find(index: CaptureIndex, request: ReplayRequest, at: datetime | None) -> Iterator[Match]:
    """The captures that may answer *request*, best first; *at* is the wanted time (UTC), None for the latest."""
    for method in ("GET", "HEAD") if request.method == "HEAD" else (request.method,):
        kind = request.get("Content-Type") or ""
        key = request_key(method, request.url, kind, request.body)
        body = body_digest(kind, request.body) if method != "GET" else None
        yield from _rings(index, key, request.url, body, at)


def _rings(index: CaptureIndex, key: str, url: str, body: str | None, at: datetime | None) -> Iterator[Match]:
    """*body* is the digest of the body that is sent: a capture that is known to have got another one is none of its."""
    captures = [one for one in index.lookup(key) if body is None or one.line.body_digest in (None, body)]
    exact = [one for one in captures if same_address(one.line.url, url)]
    yield from (Match(one, Ring.EXACT) for one in _in_order(exact, at))
    others = [one for one in captures if one not in exact]
    yield from (Match(one, Ring.SAME_KEY) for one in _in_order(others, at))
    if len(key) < MOST_OF_BODY:  # of a longer one not all may be known
        yield from (Match(one, Ring.FUZZY) for one in _in_order(_fuzzy(index, key), at))


def is_known(index: CaptureIndex, url: str) -> bool:
    """Whether anything was captured of this path, by whatever method and with whatever query."""
    base = query_base(surt(url))
    return bool(index.lookup(base) or index.prefix(base + "?", 1))


def _fuzzy(index: CaptureIndex, key: str) -> list[IndexedCapture]:
    base, wanted = query_base(key), essence(key)
    near = [*index.lookup(base), *index.prefix(base + "?", _MOST_QUERIES)]
    fitting = [one for one in near if one.line.urlkey != key and essence(one.line.urlkey) == wanted]
    return fitting if not is_static(key) else _of_one_version(fitting, without_busters(key))


def _of_one_version(captures: list[IndexedCapture], wanted: tuple[str, ...]) -> list[IndexedCapture]:
    """Captures of a static file: those of the *wanted* version; without any, all of them where versions are no different."""
    of_it = [one for one in captures if without_busters(one.line.urlkey) == wanted]
    bodies: dict[tuple[str, ...], set[str | None]] = {}
    for one in captures:
        bodies.setdefault(without_busters(one.line.urlkey), set()).add(one.line.digest)
    apart = len(bodies) > 1 and not set.intersection(*bodies.values())
    return of_it if of_it or apart else captures


def same_address(one: str, other: str) -> bool:
    """Whether two URLs are the same but for fragment, default port, case of the host and an empty path."""
    return one == other or _address(one) == _address(other)


def _address(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return url, "", ""
    return parts.scheme, f"{parts.hostname}:{port}", f"{parts.path or '/'}?{parts.query}"


def _in_order(captures: list[IndexedCapture], at: datetime | None) -> list[IndexedCapture]:
    def rank(one: IndexedCapture) -> tuple[bool, float]:
        status = int(one.line.status or 0)
        moment = moment_of(one.line.timestamp)
        distance = -moment.timestamp() if at is None else abs((moment - at).total_seconds())
        return status == 429 or status >= 500, distance

    return sorted(captures, key=rank)


def moment_of(timestamp: str) -> datetime:
    """The time that the digits of an index mean (UTC); missing ones are filled up with the earliest, no digits are UNDATED."""
    digits = timestamp[:14] + "00000101000000"[len(timestamp[:14]) :]
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return UNDATED
