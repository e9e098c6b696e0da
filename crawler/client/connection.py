"""One connection: an asyncio Protocol that carries one exchange at a time and hands every byte to the framer.

No StreamReader between the socket and the bytes: it would copy them once more and cannot say where an answer ends.
One lazy timer watches all time limits of an exchange: it is set again only when it has fired.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from typing import Any, cast

from broadsheet.crawler.client.framing import FramingError, ResponseFramer
from broadsheet.crawler.client.memory import MemoryBudget


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one exchange.  Seconds until the head is there (None for no limit) and between two bytes of the answer; bytes."""

    head: float | None
    idle: float
    max_size: int


@dataclass(frozen=True, slots=True)
class Peer:
    """What is on the other end.  ``addresses`` are all that its name resolved to; ``protocols`` are WARC-Protocol values
    besides the HTTP version."""

    ip: str | None
    addresses: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()
    cipher_suite: str | None = None


class Connection(asyncio.Protocol):
    """A connection that may be asked again and again, one exchange at a time.

    After an exchange ``error``, ``too_large`` and ``timed_out`` (what was waited for) say what went wrong with it.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, limits: Limits, memory: MemoryBudget
    ) -> None:
        self.peer = Peer(None)
        self.closed = False
        self.error: Exception | None = None
        self.too_large = False
        self.timed_out = ""
        self._loop = loop
        self._socket = sock
        self._limits = limits
        self._memory = memory
        self._transport: asyncio.Transport | None = None
        self._framer: ResponseFramer | None = None
        self._done: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._begun = self._deadline = self._last_byte = 0.0
        self._paused_since: float | None = None
        self._paused_for = 0.0

    # -- what the client asks ---------------------------------------------------------------------------------------

    def told(self, name: str) -> Any:
        """What the transport knows: ``peername``, ``ssl_object``."""
        return None if self._transport is None else self._transport.get_extra_info(name)

    def quiet(self) -> bool:
        """Whether the connection is up and nothing lies unread in it, not even in the operating system's buffers.

        Asked before a kept connection is used again: bytes that came before the question are not its answer.
        """
        if self.closed:
            return False
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError:
            return False
        return False

    async def ask(self, request: bytes, framer: ResponseFramer, deadline: float) -> None:
        """Send *request* and feed *framer* until the answer is complete, or no more of it will come or is wanted.

        *deadline* is in the loop's time; what the connection pauses for lack of memory comes on top.
        """
        assert self._transport is not None
        assert self._framer is None
        done = self._done = self._loop.create_future()
        self._framer = framer
        self._deadline = deadline
        self._begun = now = self._loop.time()
        self._paused_for = 0.0
        self._memory.enter(self)
        try:
            if not self.closed:
                self._transport.write(request)
                self._timer = self._loop.call_at(min(self._due()[0], now + self._limits.idle), self._check_time)
                await done
        finally:
            self._finish()
            self._memory.leave(self)

    def close(self) -> None:
        """Hang up at once."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    # -- what asyncio says ------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is up."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes came."""
        framer = self._framer
        if framer is None:
            self.close()  # nobody asked: never the answer to the next question
            return
        self._last_byte = self._loop.time()
        try:
            complete = framer.feed(data)
        except FramingError as error:
            self.error = error
            self._finish()
            return
        self.too_large = len(framer.response) > self._limits.max_size
        if complete or self.too_large:
            self._finish()
        else:
            self._memory.hold(self, framer.size)

    def eof_received(self) -> bool:
        """asyncio: the server will send no more."""
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio: the connection is gone."""
        self.closed = True
        if self._framer is not None:
            if error is None:
                self._framer.end()
            self.error = error
        self._finish()

    # -- memory -----------------------------------------------------------------------------------------------------

    def pause(self) -> None:
        """Stop reading: memory is short."""
        if self._paused_since is None and self._transport is not None and not self.closed:
            self._paused_since = self._loop.time()
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._paused_since is None:
            return
        now = self._loop.time()
        self._paused_for += now - self._paused_since
        self._paused_since, self._last_byte = None, now
        if self._transport is not None and not self.closed:
            self._transport.resume_reading()

    # -- time -------------------------------------------------------------------------------------------------------

    def _due(self) -> tuple[float, str]:
        """When the exchange is to be given up, and what will then have been waited for."""
        assert self._framer is not None
        dues = [(self._deadline + self._paused_for, "the whole exchange")]
        if self._limits.head is not None and self._framer.head is None:
            dues.append((self._begun + self._limits.head + self._paused_for, "the head of the answer"))
        if self._framer.response:
            dues.append((self._last_byte + self._limits.idle, "the next byte"))
        return min(dues)

    def _check_time(self) -> None:
        if self._framer is None:
            return
        now = self._loop.time()
        if self._paused_since is not None:
            self._timer = self._loop.call_at(now + self._limits.idle, self._check_time)
            return
        due, reason = self._due()
        if due <= now:
            self.timed_out = reason
            self._finish()
        else:
            self._timer = self._loop.call_at(due, self._check_time)

    def _finish(self) -> None:
        """The exchange is over; what comes from now on is nobody's."""
        self._framer = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._done is not None:
            if not self._done.done():
                self._done.set_result(None)
            self._done = None
