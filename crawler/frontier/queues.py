"""Which URL next: a queue for each host, hosts served in turn.

Pages and requisites have a lane each and share the host's places; the requisites go first, so that a page is whole
soon after it was fetched, and a crawl that is stopped holds whole pages.

A host gives URLs only while it has a free place (``concurrency`` visits at once) and is not asked to wait, so a slow or
resting host never keeps the others from being served.  Memory is bounded: a lane holds the best of its URLs here, some
``CAPACITY``, the rest stay in the journal and are loaded when it runs dry.  What is found meanwhile is held here if it goes
before the last that is, so the order is that of all.  Time is passed in; nothing here sleeps.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from broadsheet.archive.exchange import is_embedded

CAPACITY = 256  # URLs of a lane in memory; twice as many for a moment
RELOAD = 128  # URLs loaded at a time


Place = tuple[float, int]
_BEFORE_ALL: Place = (float("-inf"), 0)


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
        return self.place < other.place

    @property
    def place(self) -> Place:
        """Its place in the order of its lane: the least is first."""
        return -self.priority, self.order

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
    """The pages, or the requisites, of a host.  ``queued`` counts those in memory and in the journal.

    The journal may have some that come after ``end``, and none before it; None: all are in memory.
    """

    queued: int = 0
    heap: list[Visit] = field(default_factory=list)
    end: Place | None = None

    def takes(self, place: Place) -> bool:
        """Whether what has this *place* is held in memory."""
        return self.end is None or place < self.end

    def shorten(self) -> list[Visit]:
        """Leave what comes last to the journal, if there is too much; that."""
        if len(self.heap) <= 2 * CAPACITY:
            return []
        ordered = sorted(self.heap, key=lambda visit: visit.place)
        self.heap, left = ordered[:CAPACITY], ordered[CAPACITY:]
        self.end = left[0].place
        return left


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

    ``ready_at(host, now)`` says when the host may be asked next, on the clock of ``now`` (seconds).  ``leave`` is told of
    what was in memory and is left to the journal.
    """

    def __init__(
        self,
        *,
        concurrency: int,
        horizon: float,
        ready_at: Callable[[str, float], float],
        load: Callable[[str, bool, int], list[Visit]],
        leave: Callable[[Iterable[Visit]], object] = lambda _: None,
    ) -> None:
        self._concurrency = concurrency
        self._horizon = horizon
        self._ready_at = ready_at
        self._load = load
        self._leave = leave
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
        lane = queue.lane(requisite)
        if not lane.heap and stored:
            lane.end = _BEFORE_ALL
        self._queued(queue, requisite, stored)
        self._enter(queue)

    def push(self, visit: Visit) -> bool:
        """Queue *visit*; False when others of its host go before it and it is left to the journal."""
        queue, requisite = self._host(visit.host), visit.requisite
        lane = queue.lane(requisite)
        self._queued(queue, requisite, 1)
        kept = lane.takes(visit.place)
        if kept:
            heapq.heappush(lane.heap, visit)
            if left := lane.shorten():
                self._leave([one for one in left if one is not visit])
                kept = lane.takes(visit.place)
        self._enter(queue)
        return kept

    def takes(self, host: str, place: Place, *, requisite: bool) -> bool:
        """Whether a URL with this *place* would be held in memory for *host*."""
        return self._host(host).lane(requisite).takes(place)

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
            lane.heap = sorted(self._load(queue.name, requisite, RELOAD))
            lane.end = lane.heap[-1].place if len(lane.heap) == RELOAD else None
            if not lane.heap:  # what is counted is not committed yet
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
