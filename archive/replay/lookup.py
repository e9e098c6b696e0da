"""A request -> the captures that may answer it, best first.

Three rings, each tried only when the one before gives nothing usable: the very address; the same SURT key (http for
https, with or without www, other case); the same query but for cache-busters.  Within a ring the capture closest to
the wanted time comes first, the latest when no time is wanted; server faults (429, 5xx) come last, as a page that once
failed should not hide its good captures.  That is a list and not one capture because only reading the record shows
whether it serves: a revisit may lead nowhere, a record may be damaged, a redirect may lead back to where it starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from broadsheet.archive.cdxj.request_key import request_key
from broadsheet.archive.replay.fuzzy import essence, query_base
from broadsheet.archive.replay.holdings import Held, Holdings
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

    held: Held
    ring: Ring


def find(holdings: Holdings, request: ReplayRequest, at: datetime | None) -> Iterator[Match]:
    """The captures that may answer *request*, best first; *at* is the wanted time (UTC), None for the latest."""
    for method in ("GET", "HEAD") if request.method == "HEAD" else (request.method,):
        key = request_key(method, request.url, request.get("Content-Type") or "", request.body)
        yield from _rings(holdings, key, request.url, at)


def _rings(holdings: Holdings, key: str, url: str, at: datetime | None) -> Iterator[Match]:
    held = holdings.lookup(key)
    exact = [one for one in held if same_address(one.entry.url, url)]
    yield from (Match(one, Ring.EXACT) for one in _in_order(exact, at))
    others = [one for one in held if one not in exact]
    yield from (Match(one, Ring.SAME_KEY) for one in _in_order(others, at))
    yield from (Match(one, Ring.FUZZY) for one in _in_order(_fuzzy(holdings, key), at))


def is_known(holdings: Holdings, url: str) -> bool:
    """Whether anything was captured of this path, by whatever method and with whatever query."""
    base = query_base(surt(url))
    return bool(holdings.lookup(base) or holdings.prefix(base + "?", 1))


def _fuzzy(holdings: Holdings, key: str) -> list[Held]:
    base, wanted = query_base(key), essence(key)
    near = [*holdings.lookup(base), *holdings.prefix(base + "?", _MOST_QUERIES)]
    return [one for one in near if one.entry.urlkey != key and essence(one.entry.urlkey) == wanted]


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


def _in_order(held: list[Held], at: datetime | None) -> list[Held]:
    def rank(one: Held) -> tuple[bool, float]:
        status = int(one.entry.status or 0)
        moment = moment_of(one.entry.timestamp)
        distance = -moment.timestamp() if at is None else abs((moment - at).total_seconds())
        return status == 429 or status >= 500, distance

    return sorted(held, key=rank)


def moment_of(timestamp: str) -> datetime:
    """The time that the digits of an index mean (UTC); missing ones are filled up with the earliest."""
    digits = timestamp[:14] + "00000101000000"[len(timestamp[:14]) :]
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
