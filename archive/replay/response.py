"""The response that the proxy sends, free of sockets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from broadsheet.archive.http import Headers
from broadsheet.archive.replay.payload import Payload


class ReplayOutcome(StrEnum):
    """What became of a request."""

    FOUND = "found"  # answered from the archive
    FUZZY = "fuzzy"  # answered with the capture of a query that differs in a cache-buster
    MISSING = "missing"  # no capture: 404
    UNUSABLE = "unusable"  # captured, but nothing that can be read: 404 that says so
    OWN = "own"  # about the replay itself: its own pages, preflights, refusals

    @property
    def is_archived(self) -> bool:
        """Whether the answer is a capture's."""
        return self in (ReplayOutcome.FOUND, ReplayOutcome.FUZZY)


@dataclass(frozen=True, slots=True)
class ReplayResponse:
    """Status line, headers without framing, and bytes *start* to *end* (not included) of *payload*.

    ``length`` is what Content-Length says, None where there must be none; with ``bodiless`` (HEAD, 204, 304) the body
    is not sent all the same.
    """

    status: int
    reason: str
    headers: Headers
    outcome: ReplayOutcome
    payload: Payload
    start: int
    end: int
    bodiless: bool = False

    @property
    def length(self) -> int | None:
        """Content-Length in bytes."""
        return None if self.status in (204, 304) or self.status < 200 else self.end - self.start

    def body(self) -> Iterator[bytes]:
        """The body in pieces."""
        return iter(()) if self.bodiless else self.payload.pieces(self.start, self.end)


def own_response(status: int, reason: str, content_type: str, text: str, *extra: tuple[str, str]) -> ReplayResponse:
    """A response of the replay's own, not of the archive."""
    data = text.encode("utf-8", "replace")
    headers = (("Content-Type", f"{content_type}; charset=utf-8"), ("Cache-Control", "no-store"), *extra)
    return ReplayResponse(status, reason, headers, ReplayOutcome.OWN, Payload.of(data), 0, len(data))
