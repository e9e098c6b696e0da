"""Which URL next: a queue for each host, hosts served in turn.

Pages and requisites have a lane each and share the host's places; the requisites go first, so that a page is whole
soon after it was fetched, and a crawl that is stopped holds whole pages.

A host gives URLs only while it has a free place (``concurrency`` visits at once) and is not asked to wait, so a slow or
resting host never keeps the others from being served.  Memory is bounded: a host holds at most ``CAPACITY`` URLs here,
the rest stay in the journal and are loaded when its queue runs dry.  Time is passed in; nothing here sleeps.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from broadsheet.archive.exchange import is_embedded

CAPACITY = 256  # URLs of one host in memory
RELOAD = 128  # URLs loaded at a time


@dataclass(frozen=True, slots=True)
class Visit:
    """A URL on its way: held by the frontier from the queue until its outcome is durable.  Not a record of anything."""

    fingerprint: bytes
    url: str
    host: str
    priority: int
    hops: str
    via: str | None
    order: int
    tries: int = 0
    requisite: bool = field(init=False, compare=False)  # it is a part of a page rather than a page

    def __post_init__(self) -> None:
        object.__setattr__(self, "requisite", is_embedded(self.hops))  # asked on every step of the way

    def __lt__(self, other: Visit) -> bool:
        """Higher priority first, then in the order found."""
        return (-self.priority, self.order) < (-other.priority, other.order)

    @property
    def depth(self) -> int:
        """Links followed from the seed."""
        return self.hops.count("L")

    @property
    def source(self) -> bool:
        """Whether it is a sitemap or a feed: read anew each time, for what it says of other URLs."""
        return self.hops.rstrip("R").endswith("I")


@dataclass(slots=True)
class Lane:
    """The pages, or the requisites, of a host.  ``queued`` counts those in memory and in the journal."""

    queued: int = 0
    heap: list[Visit] = field(default_factory=list)


@dataclass(slots=True)
class HostQueue:
    """The URLs of one host.  ``active`` counts the visits under way."""

    name: str
    active: int = 0
    pages: Lane = field(default_factory=Lane)
    requisites: Lane = field(default_factory=Lane)
    in_turn: bool = False
    resting: bool = False
    set_aside: bool = False  # nothing more of it in this run

    @property
    def queued(self) -> int:
        """URLs that wait."""
        return self.pages.queued + self.requisites.queued

    def lane(self, requisite: bool) -> Lane:
        """One of the two."""
        return self.requisites if requisite else self.pages


class HostQueues:
    """All hosts.  ``load(host, requisite, limit)`` fetches queued URLs that are not in memory from the journal.

    ``ready_at(host, now)`` says when the host may be asked next, on the clock of ``now`` (seconds).
    """

    def __init__(
        self,
        *,
        concurrency: int,
        horizon: float,
        ready_at: Callable[[str, float], float],
        load: Callable[[str, bool, int], list[Visit]],
    ) -> None:
        self._concurrency = concurrency
        self._horizon = horizon
        self._ready_at = ready_at
        self._load = load
        self._hosts: dict[str, HostQueue] = {}
        self._turn: deque[HostQueue] = deque()
        self._resting: list[tuple[float, str]] = []
        self.set_aside: dict[str, int] = {}  # hosts that are to be asked no more in this run, and how many URLs wait
        self.queued_pages = self.queued_requisites = 0
        self.active_pages = self.active_requisites = 0

    @property
    def queued(self) -> int:
        """URLs that wait."""
        return self.queued_pages + self.queued_requisites

    @property
    def active(self) -> int:
        """Visits under way."""
        return self.active_pages + self.active_requisites

    def count(self, host: str, stored: int, *, requisite: bool = False) -> None:
        """Say that the journal holds *stored* queued URLs of *host*."""
        queue = self._host(host)
        self._queued(queue, requisite, stored)
        self._enter(queue)

    def push(self, visit: Visit) -> bool:
        """Queue *visit*; False when its host holds enough and it is left to the journal."""
        queue, requisite = self._host(visit.host), visit.requisite
        lane = queue.lane(requisite)
        self._queued(queue, requisite, 1)
        # What must go before all others is kept even so: one more does not hurt.
        kept = len(lane.heap) < CAPACITY or visit < lane.heap[0]
        if kept:
            heapq.heappush(lane.heap, visit)
        self._enter(queue)
        return kept

    def takes(self, host: str, priority: int, *, requisite: bool) -> bool:
        """Whether *host* would keep a URL of this *priority* that was found just now."""
        heap = self._host(host).lane(requisite).heap
        return len(heap) < CAPACITY or priority > heap[0].priority

    def pop(self, now: float, *, pages: bool = True) -> Visit | None:
        """The next URL that may be fetched, None when every host is busy, resting or empty.

        Without *pages* only requisites are given out.
        """
        while self._resting and self._resting[0][0] <= now + self._horizon:
            rested = self._hosts[heapq.heappop(self._resting)[1]]
            rested.resting = False
            self._enter(rested)
        for _ in range(len(self._turn)):
            queue = self._turn.popleft()
            queue.in_turn = False
            if not queue.queued or queue.active >= self._concurrency or queue.set_aside:
                continue  # enters again when it gets a URL or a free place
            ready = self._ready_at(queue.name, now)
            if ready > now + self._horizon:
                queue.resting = True
                heapq.heappush(self._resting, (ready, queue.name))
                continue
            visit = self._take(queue, requisite=True) or (self._take(queue, requisite=False) if pages else None)
            self._enter(queue)
            if visit is not None:
                return visit
            # Found, but not yet in the journal, or a page where none is wanted: next time.
        return None

    def put_aside(self, host: str) -> None:
        """Give out nothing more of *host* in this run; its URLs stay where they are, and are counted apart."""
        queue = self._host(host)
        if not queue.set_aside:
            queue.set_aside = True
            self.queued_pages -= queue.pages.queued
            self.queued_requisites -= queue.requisites.queued
            self.set_aside[host] = queue.queued

    def done(self, visit: Visit) -> None:
        """*visit* ended: its place is free."""
        queue = self._hosts[visit.host]
        queue.active -= 1
        self._active(visit.requisite, -1)
        self._enter(queue)

    def _take(self, queue: HostQueue, *, requisite: bool) -> Visit | None:
        """The first of a lane."""
        lane = queue.lane(requisite)
        if not lane.queued:
            return None
        if not lane.heap:
            for visit in self._load(queue.name, requisite, RELOAD):
                heapq.heappush(lane.heap, visit)
            if not lane.heap:
                return None
        self._queued(queue, requisite, -1)
        queue.active += 1
        self._active(requisite, 1)
        return heapq.heappop(lane.heap)

    def _queued(self, queue: HostQueue, requisite: bool, count: int) -> None:
        queue.lane(requisite).queued += count
        if queue.set_aside:
            self.set_aside[queue.name] += count
        elif requisite:
            self.queued_requisites += count
        else:
            self.queued_pages += count

    def _active(self, requisite: bool, count: int) -> None:
        if requisite:
            self.active_requisites += count
        else:
            self.active_pages += count

    def _host(self, name: str) -> HostQueue:
        queue = self._hosts.get(name)
        if queue is None:
            queue = self._hosts[name] = HostQueue(name)
        return queue

    def _enter(self, queue: HostQueue) -> None:
        if (
            not (queue.in_turn or queue.resting or queue.set_aside)
            and queue.queued
            and queue.active < self._concurrency
        ):
            queue.in_turn = True
            self._turn.append(queue)
