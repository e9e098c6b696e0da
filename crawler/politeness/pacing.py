"""The pace of one host: a state machine of times.  No clock, no sleeping: the time is passed in.

Between the beginnings of two requests lies ``delay``, or the host's Crawl-delay where that is longer.  429 and 503 make
the host rest as long as Retry-After says, else ever longer; so do failures in a row, because a host that does not
answer must not be knocked at for each of its thousand URLs.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.politeness.retry_after import back_off

_ASKS_TO_WAIT = frozenset({429, 503})
_PATIENCE = 3  # failures in a row before a host is given a rest


@dataclass(slots=True)
class HostPacer:
    """When a host may be asked next.  All values are seconds; moments are on the caller's clock."""

    delay: float
    next_turn: float = 0.0
    failures: int = 0
    refusals: int = 0

    def slow_down(self, crawl_delay: float) -> None:
        """Heed a Crawl-delay."""
        self.delay = max(self.delay, crawl_delay)

    def ready_at(self, now: float) -> float:
        """The earliest moment of the next request."""
        return max(self.next_turn, now)

    def begin(self, now: float) -> None:
        """A request begins now."""
        self.next_turn = max(self.next_turn, now + self.delay)

    def end(self, now: float, status: int | None, retry_after: float | None) -> float:
        """A request ended with *status*, None when there was no answer.  Returns how long the host rests, 0 mostly."""
        rest = 0.0
        if status in _ASKS_TO_WAIT:
            self.refusals += 1
            rest = back_off(self.refusals) if retry_after is None else retry_after
        elif status is None:
            self.failures += 1
            if self.failures > _PATIENCE:
                rest = back_off(self.failures - _PATIENCE)
        else:
            self.failures = self.refusals = 0
        self.next_turn = max(self.next_turn, now + rest)
        return rest
