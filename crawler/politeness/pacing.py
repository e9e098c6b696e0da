"""When a host may be asked next: a state machine that is told the time.

    delay        from the moment at which one request is sent to that of the next; the largest of what the user, Crawl-delay
                 and, when adaptive, the host's own answers ask for (crawler/politeness/learned_interval.py).  While a request
                 waits for its connection no other begins: how long it will wait is not known
    concurrency  requests under way at once; 1 while the host is recovering
    back-off     after 429 and 503 nothing is asked until Retry-After, or an exponentially growing time, is over; the
                 same after failures in a row, or a dead host would be knocked at for each of its thousand URLs

A host that has never answered rests sooner, and after a few failures is given up for this run: an old blog
shows pictures of a hundred hosts that are gone, and each would hold up the end of the crawl for hours.  Somebody else
must have answered meanwhile, or it may be our own network that is down.

A host that did answer is waited for, a minute of rests, and then left for this run: it is `dead` (a circuit breaker, open until
the next run), as one is `away` that asks for more than an hour.  Its URLs keep their place in the queue.  An answer ends a
back-off's growth.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.crawler.politeness.learned_interval import LearnedInterval
from broadsheet.crawler.politeness.retry_after import MAX_WAIT, backoff

REFUSALS = frozenset((429, 503))
_PATIENCE = 3  # failures in a row before a host is given a rest
_PATIENCE_UNKNOWN = 1  # of a host that has never answered
_HOPELESS = 3  # failures of a host that has never answered, while others have
_HOPELESS_ALONE = 5  # while nobody has: some fifteen seconds
_DEAD = 9  # failures in a row of a host that did answer: with the rests between them about a minute


@dataclass(frozen=True, slots=True)
class Pace:
    """How a host is to be treated.

    ``delay`` is in seconds; ``concurrency`` 0 sets no limit; ``adaptive`` learns from the host's answers how
    fast it can bear to be asked.
    """

    delay: float = 0.5
    concurrency: int = 0
    adaptive: bool = False


class HostPacer:
    """The pace of one host.  Times are seconds on any clock that never goes back."""

    __slots__ = (
        "_answered",
        "_earliest",
        "_failed_since",
        "_failures",
        "_host",
        "_learned",
        "_pace",
        "_refusals",
        "_rested",
        "_unsent",
        "_wished",
        "active",
        "away",
    )

    def __init__(self, host: str, pace: Pace) -> None:
        self.active = 0
        self.away: float | None = (
            None  # seconds for which the host, when it said so, asked to be left alone: too long to wait
        )
        self._host = host
        self._pace = pace
        self._wished = 0.0
        self._earliest = float("-inf")
        self._unsent = 0  # requests that began and were not sent yet
        self._rested = float("-inf")
        self._learned = LearnedInterval() if pace.adaptive else None
        self._refusals = 0
        self._failures = 0
        self._failed_since = float("inf")
        self._answered = False

    @property
    def delay(self) -> float:
        """Seconds from one request to the next."""
        delay = max(self._pace.delay, self._wished)
        return delay if self._learned is None else max(delay, self._learned.seconds)

    @property
    def refusals(self) -> int:
        """Refusals in a row."""
        return self._refusals

    @property
    def has_place(self) -> bool:
        """Whether one more request may be under way: one at a time while the host refuses or fails, and until it is sent."""
        if self._unsent and self.delay:
            return False
        if self._refusals or self._failures > self._patience:
            return self.active == 0
        return not self._pace.concurrency or self.active < self._pace.concurrency

    @property
    def _patience(self) -> int:
        return _PATIENCE if self._answered else _PATIENCE_UNKNOWN

    def hopeless(self, last_answer: float) -> bool:
        """Whether to ask no more in this run; *last_answer* is when any host answered last."""
        others = _HOPELESS if last_answer > self._failed_since else _HOPELESS_ALONE
        return not self._answered and self._failures >= others

    @property
    def dead(self) -> bool:
        """Whether the host did answer and does so no more."""
        return self._answered and self._failures >= _DEAD

    def slow_down(self, delay: float) -> None:
        """The host asks for *delay* seconds between requests (Crawl-delay)."""
        self._wished = delay

    def ready_at(self, now: float) -> float:
        """When the next request may begin, as far as time goes; *now* when at once.  `has_place` is another matter."""
        return max(now, self._earliest, self._rested)

    def begin(self, now: float) -> None:
        """A request begins: the host is connected to, if need be."""
        self.active += 1
        self._unsent += 1
        self._count_delay_from(now)

    def sent(self, now: float, *, again: bool = False) -> None:
        """The request that began is sent; *again*: once more, over another connection."""
        self._count_delay_from(now)
        if not again:
            self._unsent -= 1

    def never_sent(self) -> None:
        """A request that began ends without having been sent.  Say how it ended, too."""
        self._unsent -= 1

    def end(self, now: float, status: int | None, latency: float, retry_after: float | None = None) -> None:
        """It ended with *status* (None: no answer) after *latency* seconds; *retry_after* in seconds."""
        self.active -= 1
        if status is not None:
            self._answered = True
        if status in REFUSALS:
            self._refusals += 1
            if self._learned is not None:
                self._learned.refused(now, latency, max(self._pace.delay, self._wished))
            wait = backoff(self._host, self._refusals)
            if retry_after is not None:
                self.away = retry_after if retry_after > MAX_WAIT else None
                wait = min(max(retry_after, self.delay), MAX_WAIT)
            self.rest(now, wait)
            return
        if status is None:
            self._failures += 1
            self._failed_since = min(self._failed_since, now)
            if self._failures > self._patience:
                self.rest(now, backoff(self._host, self._failures - self._patience))
            return
        self._refusals = self._failures = 0
        if self._learned is not None:
            self._learned.answered(now, latency, max(self._pace.delay, self._wished))

    def cancel(self) -> None:
        """A request that began came to nothing on our side; the host has told us nothing."""
        self.active -= 1

    def rest(self, now: float, seconds: float) -> None:
        """Ask nothing for so many *seconds*."""
        self._rested = max(self._rested, now + seconds)

    def _count_delay_from(self, now: float) -> None:
        self._earliest = now + self.delay
