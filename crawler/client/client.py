"""The capture client: a request in, an Exchange out, every byte of both as on the wire.

It never raises for what a server does: how a fetch went wrong is part of the Exchange, together with all that came
before.  Connections are kept alive per origin.  A kept connection that turns out dead before the first byte of an
answer is replaced once, silently (RFC 9110, 9.2.2: the request is idempotent); nothing else is ever repeated here,
because a repeated request is an exchange of its own and the frontier's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from broadsheet.archive.addresses import AddressPolicy
from broadsheet.archive.exchange import Exchange, FetchError, Truncation
from broadsheet.crawler.client.connection import Connection, Limits, Peer
from broadsheet.crawler.client.dial import Dialer, DialError
from broadsheet.crawler.client.framing import FramingError, ResponseFramer
from broadsheet.crawler.client.memory import MemoryBudget
from broadsheet.crawler.client.pool import ConnectionPool
from broadsheet.crawler.client.proxy import Proxy
from broadsheet.crawler.client.request import CaptureRequest, Target, request_bytes

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_PEER = Peer(None)


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """Limits.  Times are seconds, sizes bytes; ``timeout`` is for the whole exchange, ``idle`` between two bytes.

    ``head_timeout`` is for the time from the request to the end of the answer's head, None for no other than ``timeout``.
    ``max_connections_per_host`` None leaves it to the caller's politeness.  ``memory_budget`` is for all answers under
    way; over it only the oldest reads on.  ``verify_tls`` is off because a site with a broken certificate is to be
    archived, too; an archive does not say whether a certificate was good.
    """

    timeout: float = 60.0
    connect_timeout: float = 20.0
    idle: float = 30.0
    max_size: int = 64 * 1024 * 1024
    keep_alive: float = 15.0
    proxy: str | None = None
    verify_tls: bool = False
    head_timeout: float | None = None
    max_connections_per_host: int | None = None
    memory_budget: int = 192 * 1024 * 1024


class CaptureClient:
    """Fetches URLs.  Use it in one event loop; `close` it there."""

    def __init__(self, options: ClientOptions, policy: AddressPolicy) -> None:
        limits = Limits(options.head_timeout, options.idle, options.max_size)
        memory = MemoryBudget(options.memory_budget)
        self._options = options
        self._proxy = None if options.proxy is None else Proxy.parse(options.proxy)
        self._dialer = Dialer(policy, limits, memory, verify_tls=options.verify_tls, proxy=self._proxy)
        self._pool = ConnectionPool(options.keep_alive, options.max_connections_per_host)
        self._asked: set[Connection] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def fetch(self, request: CaptureRequest, on_send: Callable[[], object] | None = None) -> Exchange:
        """Ask for ``request.url`` and keep what comes.  *on_send* is called each time the request goes out."""
        target = Target.of(request.url)
        if target is None:
            detail = "not an http(s) URL that can be sent as it is"
            return Exchange(request.url, datetime.now(UTC), 0.0, error=FetchError.INVALID_URL, error_detail=detail)
        async with self._pool.slot(target.origin):
            kept = self._pool.take(target.origin)
            if kept is not None:
                exchange = await self._try(request, target, kept, on_send)
                dead = exchange.error is FetchError.DISCONNECT and not exchange.response and not exchange.interim
                if not (dead and request.method in _SAFE_METHODS):
                    return exchange
            return await self._try(request, target, None, on_send)

    async def close(self) -> None:
        """Hang up on everybody."""
        self._pool.close()
        for connection in tuple(self._asked):
            connection.close()
        await self._dialer.close()
        await asyncio.sleep(0)  # let the transports say that they are gone

    async def _try(
        self,
        request: CaptureRequest,
        target: Target,
        connection: Connection | None,
        on_send: Callable[[], object] | None,
    ) -> Exchange:
        """One exchange, over *connection* or a new one."""
        loop = asyncio.get_running_loop()
        started, begun = datetime.now(UTC), loop.time()
        deadline = begun + self._options.timeout
        try:
            if connection is None:
                async with asyncio.timeout_at(min(deadline, begun + self._options.connect_timeout)):
                    connection = await self._dialer.dial(target)
        except DialError as error:
            answer = _Answer(ResponseFramer(request.method), error=error.error, detail=error.detail)
        except TimeoutError:
            answer = _Answer(ResponseFramer(request.method), error=FetchError.TIMEOUT, detail="while connecting")
        else:
            if on_send is not None:
                on_send()
            answer = await self._ask(connection, request, target, deadline)
        return answer.exchange(request.url, started, loop.time() - begun)

    async def _ask(self, connection: Connection, request: CaptureRequest, target: Target, deadline: float) -> _Answer:
        framer = ResponseFramer(request.method)
        through = self._proxy if self._proxy is not None and self._proxy.absolute_form(target) else None
        recorded = request_bytes(request, target, absolute=through is not None)
        sent = recorded if through is None else through.authorised(recorded)
        self._asked.add(connection)
        try:
            await connection.ask(sent, framer, deadline)
        except BaseException:
            connection.close()
            raise
        finally:
            self._asked.discard(connection)
        answer = _judge(connection, framer, recorded, self._options.max_size)
        if answer.error is None and framer.keep_alive and not connection.closed:
            self._pool.keep(target.origin, connection)
        else:
            connection.close()
        if through is not None and answer.error is None and framer.head is not None and framer.head.status == 407:
            detail = f"{through.host}:{through.port}: it wants another user name or password (407)"
            return _Answer(ResponseFramer(request.method), recorded, error=FetchError.PROXY, detail=detail)
        return answer


@dataclass(frozen=True, slots=True)
class _Answer:
    """How a try went."""

    framer: ResponseFramer
    sent: bytes = b""
    peer: Peer = _NO_PEER
    error: FetchError | None = None
    detail: str = ""
    truncated: Truncation | None = None
    limit: int | None = None

    def exchange(self, url: str, started: datetime, duration: float) -> Exchange:
        """The exchange that it makes."""
        framer, head = self.framer, self.framer.head
        response = b"" if self.error is FetchError.PROTOCOL else bytes(memoryview(framer.response)[: self.limit])
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
            parsed_head=head,
            ip=self.peer.ip,
            addresses=self.peer.addresses,
            protocols=version + self.peer.protocols,
            cipher_suite=self.peer.cipher_suite,
            truncated=self.truncated if response else None,
            error=self.error,
            error_detail=self.detail,
        )


def _judge(connection: Connection, framer: ResponseFramer, sent: bytes, max_size: int) -> _Answer:
    """Say how the exchange on *connection* ended."""
    peer = connection.peer
    if isinstance(connection.error, FramingError):
        return _Answer(framer, sent, peer, FetchError.PROTOCOL, str(connection.error))
    if connection.too_large:
        detail = f"more than {max_size} bytes"
        return _Answer(framer, sent, peer, FetchError.TOO_LARGE, detail, Truncation.LENGTH, max_size)
    if connection.timed_out:
        return _Answer(framer, sent, peer, FetchError.TIMEOUT, connection.timed_out, Truncation.TIME)
    if not framer.done:
        detail = str(connection.error or "the server hung up")
        return _Answer(framer, sent, peer, FetchError.DISCONNECT, detail, Truncation.DISCONNECT)
    return _Answer(framer, sent, peer)
