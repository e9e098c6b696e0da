"""The capture client: a request in, an Exchange out, every byte of both as on the wire.

It never raises for what a server does: how a fetch went wrong is part of the Exchange, together with all that came
before.  Connections are kept alive per origin.  A kept connection that turns out dead before the first byte of an
answer is replaced once, silently (RFC 9110, 9.2.2: the request is idempotent); nothing else is ever repeated here,
because a repeated request is an exchange of its own and the frontier's business.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from archive.exchange import Exchange, FetchError, Truncation
from crawler.client.addresses import AddressPolicy
from crawler.client.connection import Connection, Peer
from crawler.client.dial import Dialer, DialError
from crawler.client.framing import FramingError, ResponseFramer
from crawler.client.proxy import Proxy
from crawler.client.request import CaptureRequest, Target, request_bytes

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MEMORY_BUDGET = 192 * 1024 * 1024  # bytes of all answers in flight; over it only the oldest reads on
_NO_PEER = Peer(None)


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """Limits.  Times are seconds, sizes bytes; ``timeout`` is for the whole exchange, ``idle`` between two bytes."""

    timeout: float = 60.0
    connect_timeout: float = 20.0
    idle: float = 30.0
    max_size: int = 64 * 1024 * 1024
    keep_alive: float = 15.0
    proxy: str | None = None
    verify_tls: bool = False


class CaptureClient:
    """Fetches URLs.  Use it in one event loop; `close` it there."""

    def __init__(self, options: ClientOptions, policy: AddressPolicy) -> None:
        self._options = options
        self._proxy = None if options.proxy is None else Proxy.parse(options.proxy)
        self._dialer = Dialer(policy, max_size=options.max_size, verify_tls=options.verify_tls, proxy=self._proxy)
        self._idle: defaultdict[tuple[str, str, int], list[Connection]] = defaultdict(list)
        self._reading: OrderedDict[Connection, ResponseFramer] = OrderedDict()
        self._budget: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def fetch(self, request: CaptureRequest) -> Exchange:
        """Ask for ``request.url`` and keep what comes."""
        started = datetime.now(UTC)
        begun = asyncio.get_running_loop().time()
        target = Target.of(request.url)
        if target is None:
            return Exchange(request.url, started, 0.0, error=FetchError.INVALID_URL, error_detail="not an http(s) URL")
        absolute = self._proxy is not None and self._proxy.absolute_form(target)
        sent = request_bytes(request, target, absolute=absolute)
        answer = await self._answer(request, target, sent, begun + self._options.timeout)
        return answer.exchange(request.url, started, asyncio.get_running_loop().time() - begun)

    async def close(self) -> None:
        """Hang up on everybody."""
        if self._budget is not None:
            self._budget.cancel()
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()
        await asyncio.sleep(0)  # let the transports say that they are gone

    async def _answer(self, request: CaptureRequest, target: Target, sent: bytes, deadline: float) -> _Answer:
        loop = asyncio.get_running_loop()
        while True:
            framer = ResponseFramer(request.method)
            connection = self._kept(target)
            if connection is None:
                try:
                    async with asyncio.timeout_at(min(deadline, loop.time() + self._options.connect_timeout)):
                        connection = await self._dialer.dial(target)
                except DialError as error:
                    return _Answer(framer, b"", error=error.error, detail=error.detail)
                except TimeoutError:
                    return _Answer(framer, b"", error=FetchError.TIMEOUT, detail="while connecting")
            answer = await self._ask(connection, target, sent, framer, deadline)
            dead = answer.error is FetchError.DISCONNECT and not framer.started
            if not (dead and connection.used and request.method in _SAFE_METHODS):
                return answer

    async def _ask(
        self, connection: Connection, target: Target, sent: bytes, framer: ResponseFramer, deadline: float
    ) -> _Answer:
        loop = asyncio.get_running_loop()
        done = connection.ask(sent, framer)
        self._reading[connection] = framer
        self._watch_memory(loop)
        timed_out = ""
        try:
            while not done.done():
                now = loop.time()
                quiet_until = connection.last_byte + self._options.idle
                if now >= deadline or now >= quiet_until:
                    timed_out = "the whole exchange" if now >= deadline else "waiting for the next byte"
                    break
                await asyncio.wait((done,), timeout=min(deadline, quiet_until) - now)
        except asyncio.CancelledError:
            connection.close()
            raise
        finally:
            del self._reading[connection]
            connection.release()
        answer = _judge(connection, framer, sent, timed_out, self._options.max_size)
        if framer.done and framer.keep_alive and not connection.closed:
            connection.used = True
            connection.idle_since = loop.time()
            self._idle[target.scheme, target.host, target.port].append(connection)
        else:
            connection.close()
        return answer

    def _kept(self, target: Target) -> Connection | None:
        """A live idle connection, the one used last."""
        kept = self._idle[target.scheme, target.host, target.port]
        oldest = asyncio.get_running_loop().time() - self._options.keep_alive
        while kept:
            connection = kept.pop()
            if not connection.closed and connection.idle_since > oldest:
                return connection
            connection.close()
        return None

    def _watch_memory(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._budget is None:
            self._budget = loop.call_later(0.1, self._check_memory, loop)

    def _check_memory(self, loop: asyncio.AbstractEventLoop) -> None:
        """Over the budget all but the oldest exchange stop reading; that one ends, so there is no deadlock."""
        self._budget = None
        held = sum(len(framer.response) for framer in self._reading.values())
        for position, connection in enumerate(self._reading):
            if held > MEMORY_BUDGET and position > 0:
                connection.pause()
            else:
                connection.resume()
        if self._reading:
            self._watch_memory(loop)


@dataclass(frozen=True, slots=True)
class _Answer:
    """How a try went."""

    framer: ResponseFramer
    sent: bytes
    peer: Peer = _NO_PEER
    error: FetchError | None = None
    detail: str = ""
    truncated: Truncation | None = None
    limit: int | None = None

    def exchange(self, url: str, started: datetime, duration: float) -> Exchange:
        """The exchange that it makes."""
        framer, head = self.framer, self.framer.head
        response = b"" if self.error is FetchError.PROTOCOL else bytes(framer.response[: self.limit])
        version = () if head is None else (head.version.lower(),)
        return Exchange(
            url=url,
            started=started,
            duration=duration,
            request=self.sent,
            interim=bytes(framer.interim),
            response=response,
            head_length=0 if head is None else head.head_length,
            status=None if head is None else head.status,
            ip=self.peer.ip,
            protocols=version + self.peer.protocols,
            cipher_suite=self.peer.cipher_suite,
            truncated=self.truncated if response else None,
            error=self.error,
            error_detail=self.detail,
        )


def _judge(connection: Connection, framer: ResponseFramer, sent: bytes, timed_out: str, max_size: int) -> _Answer:
    """Say how the exchange on *connection* ended."""
    peer = connection.peer
    if isinstance(connection.error, FramingError):
        return _Answer(framer, sent, peer, FetchError.PROTOCOL, str(connection.error))
    if connection.too_large:
        detail = f"more than {max_size} bytes"
        return _Answer(framer, sent, peer, FetchError.TOO_LARGE, detail, Truncation.LENGTH, max_size)
    if timed_out:
        return _Answer(framer, sent, peer, FetchError.TIMEOUT, timed_out, Truncation.TIME)
    if not framer.done:
        detail = str(connection.error or "the server hung up")
        return _Answer(framer, sent, peer, FetchError.DISCONNECT, detail, Truncation.DISCONNECT)
    return _Answer(framer, sent, peer)
