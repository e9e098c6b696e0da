"""Which URL next: a queue for each host, hosts served in turn.

A host gives URLs only while it has a free place (``concurrency`` visits at once) and is not asked to wait, so a slow or
resting host never keeps the others from being served.  Memory is bounded: a host holds at most ``CAPACITY`` URLs here,
the rest stay in the journal and are loaded when its queue runs dry.  Time is passed in; nothing here sleeps.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from archive.exchange import Exchange

CAPACITY = 256  # URLs of one host in memory
RELOAD = 128  # URLs loaded at a time


@dataclass(slots=True)
class Visit:
    """A URL on its way: held by the frontier from the queue until its outcome is durable.  Not a record of anything."""

    id: int
    url: str
    host: str
    priority: int
    hops: str
    via: str | None
    tries: int = 0
    exchange: Exchange | None = None  # what the try under way has brought

    def __lt__(self, other: Visit) -> bool:
        """Higher priority first, then in the order found."""
        return (-self.priority, self.id) < (-other.priority, other.id)

    @property
    def depth(self) -> int:
        """Links followed from the seed."""
        return self.hops.count("L")


@dataclass(slots=True)
class HostQueue:
    """The URLs of one host.  ``queued`` counts those in memory and in the journal; ``active`` the visits under way."""

    name: str
    queued: int = 0
    active: int = 0
    heap: list[Visit] = field(default_factory=list)
    in_turn: bool = False
    resting: bool = False

    @property
    def stored(self) -> int:
        """URLs that are queued but not in memory."""
        return self.queued - len(self.heap)


class HostQueues:
    """All hosts.  ``load(host, limit)`` fetches queued URLs that are not in memory from the journal.

    ``ready_at(host, now)`` says when the host may be asked next, on the clock of ``now`` (seconds).
    """

    def __init__(
        self,
        *,
        concurrency: int,
        horizon: float,
        ready_at: Callable[[str, float], float],
        load: Callable[[str, int], list[Visit]],
    ) -> None:
        self._concurrency = concurrency
        self._horizon = horizon
        self._ready_at = ready_at
        self._load = load
        self._hosts: dict[str, HostQueue] = {}
        self._turn: deque[HostQueue] = deque()
        self._resting: list[tuple[float, str]] = []
        self.queued = 0
        self.active = 0

    def count(self, host: str, stored: int) -> None:
        """Say that the journal holds *stored* queued URLs of *host*."""
        queue = self._host(host)
        queue.queued += stored
        self.queued += stored
        self._enter(queue)

    def push(self, visit: Visit) -> bool:
        """Queue *visit*; False when its host holds enough and it is left to the journal."""
        queue = self._host(visit.host)
        queue.queued += 1
        self.queued += 1
        # What must go before all others is kept even so: one more does not hurt.
        kept = len(queue.heap) < CAPACITY or visit < queue.heap[0]
        if kept:
            heapq.heappush(queue.heap, visit)
        self._enter(queue)
        return kept

    def pop(self, now: float) -> Visit | None:
        """The next URL that may be fetched, None when every host is busy, resting or empty."""
        while self._resting and self._resting[0][0] <= now + self._horizon:
            rested = self._hosts[heapq.heappop(self._resting)[1]]
            rested.resting = False
            self._enter(rested)
        for _ in range(len(self._turn)):
            queue = self._turn.popleft()
            queue.in_turn = False
            if not queue.queued or queue.active >= self._concurrency:
                continue  # enters again when it gets a URL or a free place
            ready = self._ready_at(queue.name, now)
            if ready > now + self._horizon:
                queue.resting = True
                heapq.heappush(self._resting, (ready, queue.name))
                continue
            if not queue.heap:
                for visit in self._load(queue.name, RELOAD):
                    heapq.heappush(queue.heap, visit)
                if not queue.heap:  # found, but not yet in the journal: next time
                    self._enter(queue)
                    continue
            visit = heapq.heappop(queue.heap)
            queue.queued -= 1
            queue.active += 1
            self.queued -= 1
            self.active += 1
            self._enter(queue)
            return visit
        return None

    def done(self, host: str) -> None:
        """A visit to *host* ended: its place is free."""
        queue = self._hosts[host]
        queue.active -= 1
        self.active -= 1
        self._enter(queue)

    def _host(self, name: str) -> HostQueue:
        queue = self._hosts.get(name)
        if queue is None:
            queue = self._hosts[name] = HostQueue(name)
        return queue

    def _enter(self, queue: HostQueue) -> None:
        if not (queue.in_turn or queue.resting) and queue.queued and queue.active < self._concurrency:
            queue.in_turn = True
            self._turn.append(queue)
