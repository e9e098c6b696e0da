"""The gate that every request of a crawl passes: pages, requisites, robots.txt, redirects alike.

It makes a coroutine wait until its host may be asked (crawler/politeness/pacing.py) and until one of the crawl's
connections is free.  The connection is taken last and given back when the host's turn has passed meanwhile: one slow
host must not hold all connections, and a wait for one must not bunch the requests to a host.  A host without delay
costs a dictionary look-up and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType

from broadsheet.crawler.politeness.host_settings import HostSettings
from broadsheet.crawler.politeness.hours import Hours
from broadsheet.crawler.politeness.pacing import REFUSALS, HostPacer, Pace


class GateClosed(Exception):
    """The crawl ends: nothing new may begin."""


class HostLeft(Exception):
    """The host is to be asked nothing more in this run, for the reason that the exception holds; its URLs wait for the next."""


class HostGivenUp(Exception):
    """The host has never answered: nothing more is asked of it in this run."""


class PolitenessGate:
    """Paces the hosts of a crawl.

    *delay* is in seconds, *connections* how many requests may be under way at once, *concurrency* how many of them to
    one host (0: whoever calls sees to that), *adaptive* learns from a host's answers how fast it can bear to be asked.
    *hours* are those in which hosts may be asked, *bandwidth* is what all may send on average, in bytes a second, 0 for no
    limit; *hosts* have settings of their own.  *on_rest* is told host and seconds when a host asks for a rest.
    *answered_before* says whether a host answered in an earlier run: one that does not answer now may come back.
    """

    def __init__(
        self,
        *,
        delay: float,
        connections: int,
        on_rest: Callable[[str, float], None],
        concurrency: int = 0,
        adaptive: bool = False,
        hours: Hours | None = None,
        bandwidth: int = 0,
        hosts: Mapping[str, HostSettings] | None = None,
        answered_before: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._pace = Pace(delay, concurrency, adaptive)
        self._hours = hours
        self._hosts = hosts or {}
        self._bandwidth = bandwidth
        self._room_at = float("-inf")  # when what was received is paid for
        self._answered_before = answered_before
        self._lines: dict[str, _Line] = {}
        self._connections = asyncio.Semaphore(connections)
        self._closed = asyncio.Event()
        self._let_in = asyncio.Event()  # not while the crawl pauses
        self._let_in.set()
        self._on_rest = on_rest
        self._last_answer = float("-inf")

    def given_up(self, host: str) -> bool:
        """Whether *host* is asked no more in this run, because it has never answered."""
        line = self._lines.get(host)
        return line is not None and line.pacer.hopeless(self._last_answer)

    def ready_at(self, host: str, now: float) -> float:
        """The earliest moment at which *host* may be asked, on the event loop's clock."""
        line = self._lines.get(host)
        if line is None and self._hours is None and not self._hosts:
            return now
        line = line or self._line(host)
        if line.pacer.hopeless(self._last_answer) or line.pacer.dead or line.pacer.away is not None:
            return now  # left: its URLs are to be ended or put aside, not to wait
        return max(line.pacer.ready_at(now), now + line.closed_for())

    def slow_down(self, host: str, crawl_delay: float) -> None:
        """Heed the Crawl-delay of *host*, in seconds."""
        self._line(host).pacer.slow_down(crawl_delay)

    def rest(self, host: str, seconds: float) -> float:
        """Ask nothing of *host* for so many *seconds*, from now; the moment at which it may be asked again."""
        now = asyncio.get_running_loop().time()
        pacer = self._line(host).pacer
        before = pacer.ready_at(now)
        pacer.rest(now, seconds)
        ready = pacer.ready_at(now)
        if ready > before:
            self._on_rest(host, ready - now)
        return ready

    def close(self) -> None:
        """Let nobody in any more; who waits gets GateClosed."""
        self._closed.set()
        self._let_in.set()
        for line in self._lines.values():
            line.wake()

    def pause(self) -> None:
        """Let nobody in until `resume`; who is in finishes."""
        self._let_in.clear()

    def resume(self) -> None:
        """Let in again who waits, each at the turn of its host."""
        self._let_in.set()

    def turn(self, host: str) -> Turn:
        """``async with gate.turn(host) as turn``: waits for the host's turn, then holds a connection's place.

        Raises, on entering:
            GateClosed: the gate is closed.
            HostGivenUp: the host has never answered, and was asked often enough.
            HostLeft: it did answer once, and does not now; or it asked to be left alone for long.
        """
        return Turn(self, host, self._line(host))

    def _line(self, host: str) -> _Line:
        line = self._lines.get(host)
        if line is None:
            own = self._hosts.get(host)
            pace, hours = self._pace, self._hours
            if own is not None:
                pace = replace(
                    pace,
                    delay=pace.delay if own.delay is None else own.delay,
                    concurrency=own.concurrency or pace.concurrency,
                )
                hours = own.hours or hours
            line = self._lines[host] = _Line(HostPacer(host, pace), hours)
        return line

    def _why_left(self, host: str, line: _Line) -> str | None:
        """Why nothing more is asked of *host* in this run, while its URLs wait for the next; None: it is asked."""
        if line.left is None:
            if line.pacer.away is not None:
                until = datetime.now(UTC) + timedelta(seconds=line.pacer.away)
                line.left = f"it asks to be left alone until {until:%Y-%m-%d %H:%M} UTC (Retry-After)"
            elif line.pacer.dead:
                line.left = "it has stopped answering"
            elif line.pacer.hopeless(self._last_answer) and self._answered_before(host):
                line.left = "it answered in an earlier run, and does not now"
        return line.left

    async def _enter(self, host: str, line: _Line) -> float:
        """Wait for everything a request needs, and begin it; the moment of its beginning."""
        loop = asyncio.get_running_loop()
        pacer = line.pacer
        while not self._closed.is_set():
            if (why := self._why_left(host, line)) is not None:
                raise HostLeft(why)
            if pacer.hopeless(self._last_answer):
                raise HostGivenUp
            await self._let_in.wait()
            now = loop.time()
            pause = max(pacer.ready_at(now) - now, line.closed_for(), self._room_at - now)
            if pause > 0:
                await self._pause(pause)
            elif not pacer.has_place:
                await line.wait()
            else:
                await self._connections.acquire()
                now = loop.time()
                may_begin = self._let_in.is_set() and not self._closed.is_set()
                if pacer.ready_at(now) <= now and pacer.has_place and may_begin:
                    pacer.begin(now)
                    return now
                self._connections.release()
        raise GateClosed

    async def _pause(self, seconds: float) -> None:
        """Sleep, but not beyond the closing of the gate."""
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        except TimeoutError:
            pass

    def _leave(self, line: _Line) -> None:
        self._connections.release()
        line.wake()


class _Line:
    """A host's pacer, and who waits for a place with it."""

    __slots__ = ("_waiting", "hours", "left", "pacer")

    def __init__(self, pacer: HostPacer, hours: Hours | None) -> None:
        self.pacer = pacer
        self.hours = hours
        self.left: str | None = None  # why it is asked no more in this run
        self._waiting: list[asyncio.Future[None]] = []

    def closed_for(self) -> float:
        """Seconds until the hours begin in which the host may be asked."""
        return 0.0 if self.hours is None else self.hours.wait(datetime.now(UTC))

    async def wait(self) -> None:
        """Until a request to the host has ended."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future

    def wake(self) -> None:
        """Let all who wait look again."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)


class Turn:
    """A request's turn.  Say when it is `sent`, and how it went with `answered`; a turn left without a word tells nothing of
    the host."""

    __slots__ = ("_answered", "_begun", "_gate", "_host", "_line", "_sent")

    def __init__(self, gate: PolitenessGate, host: str, line: _Line) -> None:
        self._gate = gate
        self._host = host
        self._line = line
        self._begun = 0.0
        self._sent = False
        self._answered = False

    async def __aenter__(self) -> Turn:
        self._begun = await self._gate._enter(self._host, self._line)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self._sent:
            self._line.pacer.never_sent()
        if not self._answered:
            self._line.pacer.cancel()
        self._gate._leave(self._line)

    def sent(self) -> None:
        """The request goes out now, perhaps once more: the host's delay counts from here."""
        self._line.pacer.sent(asyncio.get_running_loop().time(), again=self._sent)
        if not self._sent:
            self._sent = True
            self._line.wake()

    def received(self, size: int) -> None:
        """The answer took *size* bytes."""
        if self._gate._bandwidth:
            now = asyncio.get_running_loop().time()
            self._gate._room_at = max(self._gate._room_at, now) + size / self._gate._bandwidth

    def answered(self, status: int | None, retry_after: float | None = None) -> None:
        """The host answered with *status*, None for no answer; *retry_after* is in seconds."""
        pacer = self._line.pacer
        now = asyncio.get_running_loop().time()
        pacer.end(now, status, now - self._begun, retry_after)
        self._answered = True
        if status is not None:
            self._gate._last_answer = now
        if status in REFUSALS and pacer.away is None:
            self._gate._on_rest(self._host, pacer.ready_at(now) - now)
