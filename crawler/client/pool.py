"""Connections kept for the next request to the same origin, and how many an origin may have at once.

A kept connection is handed out only while nothing lies unread in it.  All are dropped after the same time, oldest
first, also when nobody asks for their origin again: a crawl of many hosts must not run out of sockets.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from broadsheet.crawler.client.connection import Connection

MAX_KEPT = 256  # idle connections; a usual limit of open files is 1024
Origin = tuple[str, str, int]


class ConnectionPool:
    """*keep_alive* in seconds; *per_origin* connections at once, None for any number."""

    def __init__(self, keep_alive: float, per_origin: int | None = None) -> None:
        self._keep_alive = keep_alive
        self._per_origin = per_origin
        self._kept: OrderedDict[Connection, tuple[Origin, float]] = OrderedDict()  # the oldest first
        self._by_origin: defaultdict[Origin, list[Connection]] = defaultdict(list)
        self._slots: dict[Origin, tuple[asyncio.Semaphore, int]] = {}
        self._sweeper: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._kept)

    @asynccontextmanager
    async def slot(self, origin: Origin) -> AsyncIterator[None]:
        """Wait until *origin* may have one more connection."""
        if self._per_origin is None:
            yield
            return
        slots, users = self._slots.get(origin) or (asyncio.Semaphore(self._per_origin), 0)
        self._slots[origin] = slots, users + 1
        try:
            async with slots:
                yield
        finally:
            users = self._slots[origin][1] - 1
            if users:
                self._slots[origin] = slots, users
            else:
                del self._slots[origin]

    def take(self, origin: Origin) -> Connection | None:
        """A connection to *origin* that is fit for use, the one used last; None when there is none."""
        while kept := self._by_origin.get(origin):
            connection = kept[-1]
            _, since = self._forget(connection)
            if since + self._keep_alive > asyncio.get_running_loop().time() and connection.quiet():
                return connection
            connection.close()
        return None

    def keep(self, origin: Origin, connection: Connection) -> None:
        """Keep *connection* for the next request to *origin*."""
        loop = asyncio.get_running_loop()
        self._kept[connection] = origin, loop.time()
        self._by_origin[origin].append(connection)
        if len(self._kept) > MAX_KEPT:
            self._drop_oldest()
        if self._sweeper is None:
            self._sweeper = loop.call_later(self._keep_alive, self._sweep)

    def close(self) -> None:
        """Drop them all."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        while self._kept:
            self._drop_oldest()

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeper = None
        while self._kept:
            oldest = next(iter(self._kept))
            expires = self._kept[oldest][1] + self._keep_alive
            if expires > loop.time() and not oldest.closed:
                self._sweeper = loop.call_at(expires, self._sweep)
                return
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest = next(iter(self._kept))
        self._forget(oldest)
        oldest.close()

    def _forget(self, connection: Connection) -> tuple[Origin, float]:
        origin, since = self._kept.pop(connection)
        self._by_origin[origin].remove(connection)
        if not self._by_origin[origin]:
            del self._by_origin[origin]
        return origin, since
