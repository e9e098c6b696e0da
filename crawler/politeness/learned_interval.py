"""How far apart a host can bear to be asked, learnt from its answers.

The rate is halved at every sign of too much and rises by a little with every answer: additive increase, multiplicative
decrease, as TCP finds the rate of a path (Chiu and Jain, 1989; RFC 5681).  An answer raises it by an eighth of the full
rate, near the rate that was refused last by a sixty-fourth (as CUBIC does, RFC 9438).  Signs are refusals (429, 503), and
latency: when the smoothed latency is twice what it was at its best, the host is busy, maybe with us.

Refusals need not have to do with the rate: some pages of a host may always be refused at first.  When several lower rates in
a row are refused as well, nothing is slowed down for a while; the rests that a refusal asks for are kept all the same.
Nothing is learnt while a host answers as it did.
"""

from __future__ import annotations

from typing import Final

SLOWEST: Final = 60.0  # seconds between two requests, at most
_QUICKEST = 0.1  # seconds: the full rate of a host without delay
_NEAR = (0.7, 1.3)  # times the rate that was refused last: there it rises slowly
_LOWER = 0.85  # times that rate: what is refused below it, is refused at a lower rate as well
_FUTILE = 4  # lower rates in a row that were refused as well: the rate is not why
_UNHEEDED = 64  # answers for which refusals are not heeded then; twice as many each time
_BUSY = 2.0  # times the best latency
_BUSY_SECONDS = 0.5  # and so much above it: short latencies scatter
_CREEP = 1 / 64  # of the way from the best latency to the present one, an answer: a host may be slower from now on


class LearnedInterval:
    """What is learnt of one host; ``seconds`` from the beginning of one request to that of the next, 0 for no wish.

    Times are seconds on any clock that never goes back.
    """

    __slots__ = (
        "_best",
        "_futile",
        "_latency",
        "_refused_rate",
        "_slowed_at",
        "_unheeded",
        "_unheeded_next",
        "seconds",
    )

    def __init__(self) -> None:
        self.seconds = 0.0
        self._latency: float | None = None  # smoothed as TCP does it: 1/8 of the new value
        self._best: float | None = None
        self._slowed_at = float("-inf")
        self._refused_rate: float | None = None  # the last, in requests a second
        self._futile = 0
        self._unheeded = 0  # answers until refusals are heeded again
        self._unheeded_next = _UNHEEDED

    def refused(self, now: float, latency: float, delay: float) -> None:
        """A request, asked *latency* seconds ago at intervals of *delay*, was refused.

        Of requests that were under way together the first counts: they say the same thing once.
        """
        if self._unheeded or now - latency < self._slowed_at:
            return
        rate = 1 / max(self.seconds, delay, _QUICKEST)
        lower = self._refused_rate is not None and rate < _LOWER * self._refused_rate
        self._futile = self._futile + 1 if lower else 0
        self._refused_rate = rate
        if self._futile < _FUTILE:
            self._slow_down(now, delay, SLOWEST)
            return
        self.seconds, self._refused_rate, self._futile = 0.0, None, 0
        self._unheeded, self._unheeded_next = self._unheeded_next, 2 * self._unheeded_next

    def answered(self, now: float, latency: float, delay: float) -> None:
        """A request at intervals of *delay* was answered after *latency* seconds."""
        self._unheeded = max(0, self._unheeded - 1)
        smoothed = latency if self._latency is None else self._latency + (latency - self._latency) / 8
        best = smoothed if self._best is None else min(self._best + (smoothed - self._best) * _CREEP, smoothed)
        self._latency, self._best = smoothed, best
        if smoothed > max(best * _BUSY, best + _BUSY_SECONDS):
            if now - max(smoothed, self.seconds) >= self._slowed_at:
                self._slow_down(now, delay, min(4 * smoothed, SLOWEST))
        elif self.seconds:
            self._speed_up(max(delay, _QUICKEST))

    def _slow_down(self, now: float, delay: float, limit: float) -> None:
        self.seconds = max(self.seconds, min(2 * max(self.seconds, delay, _QUICKEST), limit))
        self._slowed_at = now

    def _speed_up(self, delay: float) -> None:
        rate, quick = 1 / self.seconds, 1 / (8 * delay)
        refused = self._refused_rate
        near = refused is not None and _NEAR[0] * refused < rate + quick and rate < _NEAR[1] * refused
        rate += quick / 8 if near else quick
        self.seconds = 0.0 if rate >= 1 / delay else 1 / rate
