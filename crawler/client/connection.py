"""One connection: an asyncio Protocol that carries one exchange at a time and hands every byte to the framer.

No StreamReader between the socket and the bytes: it would copy them once more and cannot say where an answer ends.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, cast

from crawler.client.framing import FramingError, ResponseFramer


@dataclass(frozen=True, slots=True)
class Peer:
    """What is on the other end.  ``protocols`` are WARC-Protocol values besides the HTTP version."""

    ip: str | None
    protocols: tuple[str, ...] = ()
    cipher_suite: str | None = None


class Connection(asyncio.Protocol):
    """A connection that may be asked again and again, one exchange at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, max_size: int) -> None:
        self.peer = Peer(None)
        self.used = False  # whether it has answered before
        self.idle_since = 0.0
        self.last_byte = 0.0
        self.closed = False
        self.error: Exception | None = None
        self.too_large = False
        self._loop = loop
        self._max_size = max_size
        self._transport: asyncio.Transport | None = None
        self._framer: ResponseFramer | None = None
        self._done: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is up."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by inheritance

    def told(self, name: str) -> Any:
        """What the transport knows: ``peername``, ``ssl_object``."""
        return None if self._transport is None else self._transport.get_extra_info(name)

    def ask(self, request: bytes, framer: ResponseFramer) -> asyncio.Future[None]:
        """Send *request* and feed *framer*; the future is done when the answer is, or when no more of it will come."""
        assert self._transport is not None
        self._framer = framer
        self._done = self._loop.create_future()
        self.last_byte = self._loop.time()
        if self.closed:
            self._finish()
        else:
            self._transport.write(request)
        return self._done

    def release(self) -> None:
        """The exchange is over."""
        self._framer = self._done = None

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes came."""
        self.last_byte = self._loop.time()
        framer = self._framer
        if framer is None or framer.done:
            self.close()  # nobody asked: never the answer to the next question
            return
        try:
            complete = framer.feed(data)
        except FramingError as error:
            self.error = error
            self._finish()
            self.close()
            return
        if complete:
            self._finish()
        elif len(framer.response) > self._max_size:
            self.too_large = True
            self._finish()
            self.close()

    def eof_received(self) -> bool:
        """asyncio: the server will send no more."""
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio: the connection is gone."""
        self.closed = True
        if self._framer is not None and not self._framer.done:
            if error is None:
                self._framer.end()
            self.error = self.error or error
        self._finish()

    def close(self) -> None:
        """Hang up at once."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        """Stop reading: memory is short."""
        if self._transport is not None and not self.closed:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None and not self.closed:
            self._transport.resume_reading()
            self.last_byte = self._loop.time()

    def _finish(self) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(None)
