"""The gate that every request of a crawl passes: pages, robots.txt, redirects alike.

It makes a coroutine wait until its host may be asked (crawler/politeness/pacing.py) and until one of the crawl's
connections is free.  A host without delay costs a dictionary look-up and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType

from crawler.politeness.pacing import HostPacer


class GateClosed(Exception):  # noqa: N818 - not an error: the crawl is ending
    """The crawl ends: nothing new may begin."""


class PolitenessGate:
    """Paces the hosts of a crawl.  *delay* is in seconds, *connections* how many requests may be under way at once.

    *on_rest* is told host and seconds when a host is given a rest.
    """

    def __init__(self, *, delay: float, connections: int, on_rest: Callable[[str, float], None]) -> None:
        self._delay = delay
        self._pacers: dict[str, HostPacer] = {}
        self._connections = asyncio.Semaphore(connections)
        self._closed = asyncio.Event()
        self._on_rest = on_rest

    def ready_at(self, host: str, now: float) -> float:
        """The earliest moment at which *host* may be asked, on the event loop's clock."""
        pacer = self._pacers.get(host)
        return now if pacer is None else pacer.ready_at(now)

    def slow_down(self, host: str, crawl_delay: float) -> None:
        """Heed the Crawl-delay of *host*, in seconds."""
        self._pacer(host).slow_down(crawl_delay)

    def close(self) -> None:
        """Let nobody in any more; who waits gets GateClosed."""
        self._closed.set()

    def turn(self, host: str) -> Turn:
        """``async with gate.turn(host) as turn``: waits for the host's turn, then holds a connection's place."""
        return Turn(self, host)

    def _pacer(self, host: str) -> HostPacer:
        pacer = self._pacers.get(host)
        if pacer is None:
            pacer = self._pacers[host] = HostPacer(self._delay)
        return pacer

    async def _wait(self, pacer: HostPacer) -> None:
        loop = asyncio.get_running_loop()
        while (pause := pacer.ready_at(loop.time()) - loop.time()) > 0:
            try:
                async with asyncio.timeout(pause):
                    await self._closed.wait()
            except TimeoutError:
                continue
            raise GateClosed
        if self._closed.is_set():
            raise GateClosed
        pacer.begin(loop.time())


class Turn:
    """A request's turn.  Say how it went with `answered`; a turn left without a word changes nothing."""

    def __init__(self, gate: PolitenessGate, host: str) -> None:
        self._gate = gate
        self._host = host

    async def __aenter__(self) -> Turn:
        await self._gate._wait(self._gate._pacer(self._host))
        await self._gate._connections.acquire()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._gate._connections.release()

    def answered(self, status: int | None, retry_after: float | None) -> None:
        """The host answered with *status*, None for no answer; *retry_after* in seconds."""
        pacer = self._gate._pacer(self._host)
        rest = pacer.end(asyncio.get_running_loop().time(), status, retry_after)
        if rest:
            self._gate._on_rest(self._host, rest)
