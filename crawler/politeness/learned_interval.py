"""How far apart a host can bear to be asked, learnt from its answers.

The rate rises by a little with every answer and is halved at every sign of too much: additive increase, multiplicative
decrease, as TCP finds the rate of a path (Chiu and Jain, 1989; RFC 5681).  Signs are refusals (429, 503), and latency: when
the smoothed latency is twice what it was at its best, the host is busy, maybe with us.

Nothing is learnt, and nothing is slowed down, while a host answers as it did.
"""

from __future__ import annotations

from typing import Final

SLOWEST: Final = 60.0  # seconds between two requests, at most
_FASTEST = 0.05  # seconds: what is learnt is forgotten when it comes to less
_FIRST = 0.5  # seconds: where a host without delay begins
_STEP = 0.1  # requests a second that an answer adds to the rate
_BUSY = 2.0  # times the best latency
_BUSY_SECONDS = 0.5  # and so much above it: short latencies scatter
_CREEP = 1 / 64  # of the way from the best latency to the present one, an answer: a host may be slower from now on


class LearnedInterval:
    """What is learnt of one host; ``seconds`` from the beginning of one request to that of the next, 0 for no wish.

    Times are seconds on any clock that never goes back.
    """

    __slots__ = ("_best", "_latency", "_slowed_at", "seconds")

    def __init__(self) -> None:
        self.seconds = 0.0
        self._latency: float | None = None  # smoothed as TCP does it: 1/8 of the new value
        self._best: float | None = None
        self._slowed_at = float("-inf")

    @property
    def latency(self) -> float | None:
        """The smoothed latency of answers."""
        return self._latency

    def refused(self, now: float, latency: float, delay: float) -> None:
        """A request, asked *latency* seconds ago at intervals of *delay*, was refused.

        Of requests that were under way together the first counts: they say the same thing once.
        """
        if now - latency >= self._slowed_at:
            self._slow_down(now, delay, SLOWEST)

    def answered(self, now: float, latency: float, delay: float) -> None:
        """A request at intervals of *delay* was answered after *latency* seconds."""
        smoothed = latency if self._latency is None else self._latency + (latency - self._latency) / 8
        best = smoothed if self._best is None else min(self._best + (smoothed - self._best) * _CREEP, smoothed)
        self._latency, self._best = smoothed, best
        if smoothed > max(best * _BUSY, best + _BUSY_SECONDS):
            if now - max(smoothed, self.seconds) >= self._slowed_at:
                self._slow_down(now, delay, min(4 * smoothed, SLOWEST))
        elif self.seconds:
            self.seconds = 1 / (1 / self.seconds + _STEP)
            if self.seconds <= max(delay, _FASTEST):
                self.seconds = 0.0

    def _slow_down(self, now: float, delay: float, limit: float) -> None:
        self.seconds = max(self.seconds, min(2 * max(self.seconds, delay, _FIRST), limit))
        self._slowed_at = now
