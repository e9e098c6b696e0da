"""The proxy: HTTP/1.1 on 127.0.0.1, tunnels (CONNECT) ended here, every request answered by the Replay.

It listens and never dials: a request it cannot answer gets a 404 of the replay's own.  The index and the WARCs are
read on a few threads, so that one large answer does not hold up the others.  What is meant for the proxy itself (a
path instead of a URL) gets its home page, under its own name only: a page in some other browser that points a name of
its own at this port reads nothing of the archive.

Bounds for what else runs on this machine: connections, sizes of heads and bodies (archive/replay/wire.py), seconds for
a TLS handshake, a request, a piece of an answer.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import TracebackType
from typing import Self

from broadsheet.archive.listening import cannot_listen
from broadsheet.archive.replay.certificates import Authority
from broadsheet.archive.replay.channel import Channel, PlainChannel, PrefixedChannel, TlsChannel
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.response import ReplayResponse, own_response
from broadsheet.archive.replay.wire import ReceivedRequest, RefusedRequest, RequestParser, head_bytes

HOST = "127.0.0.1"
MAX_CONNECTIONS = 256
IDLE = 120.0  # seconds between requests
SLOW = 30.0  # seconds for a handshake, or for the rest of a request once it has begun
STALLED = 600.0  # seconds for a piece of an answer to be taken: a film that is paused is not read
_THREADS = 4
_TLS_HANDSHAKE = b"\x16"

Watcher = Callable[[ReplayRequest, ReplayResponse], None]


class ReplayServer:
    """Serves *replay* on 127.0.0.1:*port* (0: any free one), on a thread of its own while the context lasts.

    ``watch`` is called with every request of a URL and its answer, on the server's thread.
    """

    def __init__(self, replay: Replay, *, port: int = 0, watch: Watcher | None = None) -> None:
        self.authority = Authority()
        self.port = port
        self._replay = replay
        self._watch = watch
        self._loop = asyncio.new_event_loop()
        self._threads = ThreadPoolExecutor(_THREADS, "replay")
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """The proxy's address, ``127.0.0.1:8080``."""
        return f"{HOST}:{self.port}"

    def __enter__(self) -> Self:
        try:
            self._server = self._loop.run_until_complete(asyncio.start_server(self._accept, HOST, self.port))
        except OSError as error:
            self._loop.close()
            raise cannot_listen(error, self.port) from error
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._thread = threading.Thread(target=self._loop.run_forever, name="replay-server", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join()
        self._loop.close()
        self._threads.shutdown()

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._tasks) >= MAX_CONNECTIONS:
            writer.close()
            return
        self._tasks.add(task)
        try:
            await self._connection(PlainChannel(reader, writer), None)
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass  # the client went away, was too slow, or the replay ends
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _connection(self, channel: Channel, origin: str | None) -> None:
        """Requests of one connection, or of the tunnel to *origin* (``https://host:port``) within one."""
        parser = RequestParser()
        try:
            while (received := await _receive(channel, parser)) is not None:
                if received.head.method == "CONNECT" and origin is None:
                    await self._tunnel(channel, parser.rest, received.head.target)
                    return
                keep = received.keeps_connection and not received.wants_upgrade
                answer = await self._answer(received, origin)
                if not await _send(channel, answer, keep=keep):
                    return
        except RefusedRequest as refused:
            await _send(channel, _refusal(refused.status, refused.reason), keep=False)

    async def _tunnel(self, channel: Channel, first: bytes, target: str) -> None:
        authority = _authority(target)
        if authority is None:
            raise RefusedRequest(400, "Bad Request")
        host, port = authority
        await asyncio.wait_for(channel.write(b"HTTP/1.1 200 Connection established\r\n\r\n"), SLOW)
        first = first or await asyncio.wait_for(channel.read(), IDLE)
        inner: Channel = PrefixedChannel(channel, first)
        scheme, usual = "http", 80
        if first.startswith(_TLS_HANDSHAKE):
            try:
                context = self.authority.context(host)
            except ValueError:
                return
            inner = await asyncio.wait_for(TlsChannel.accept(inner, context), SLOW)
            scheme, usual = "https", 443
        await self._connection(inner, f"{scheme}://{host}" + ("" if port == usual else f":{port}"))

    async def _answer(self, received: ReceivedRequest, origin: str | None) -> ReplayResponse:
        head = received.head
        target = head.target
        if origin is not None and target.startswith("/"):
            url = origin + target
        elif target.lower().startswith(("http://", "https://")):
            url = target
        else:
            return self._own_page(received)
        if origin is None and url.lower().startswith(f"http://{self.address}/"):
            return self._own_page(received)
        request = ReplayRequest(head.method, url.partition("#")[0], head.headers, received.body)
        if received.wants_upgrade:
            answer = _refusal(501, "WebSockets Are Not Archived")
        else:
            answer = await self._loop.run_in_executor(self._threads, self._replay.answer, request)
        if self._watch is not None:
            self._watch(request, answer)
        return answer

    def _own_page(self, received: ReceivedRequest) -> ReplayResponse:
        host = (received.head.get("Host") or "").lower()
        path = received.head.target.lower().removeprefix(f"http://{self.address}")
        if host not in (self.address, f"localhost:{self.port}"):
            return _refusal(421, "Misdirected Request")
        if received.head.method not in ("GET", "HEAD") or path != "/":
            return _refusal(404, "Not Found")
        page = self._replay.home_page(self.address)
        return replace(page, bodiless=received.head.method == "HEAD")


async def _receive(channel: Channel, parser: RequestParser) -> ReceivedRequest | None:
    """The next request; None when the client is done."""
    async with asyncio.timeout(IDLE) as limit:
        leave_given = False
        while (received := parser.next_request()) is None:
            if parser.expects_continue and not leave_given:
                leave_given = True
                await channel.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            data = await channel.read()
            if not data:
                return None
            if parser.is_idle:
                limit.reschedule(asyncio.get_running_loop().time() + SLOW)
            parser.feed(data)
    return received


async def _send(channel: Channel, answer: ReplayResponse, *, keep: bool) -> bool:
    """Send *answer*; whether the connection can go on."""
    pieces = answer.body()
    first = next(pieces, b"")
    await asyncio.wait_for(channel.write(head_bytes(answer, keep=keep) + first), STALLED)
    for piece in pieces:
        await asyncio.wait_for(channel.write(piece), STALLED)
    return keep


def _refusal(status: int, reason: str) -> ReplayResponse:
    return own_response(status, reason, "text/plain", f"{reason}\n")


def _authority(target: str) -> tuple[str, int] | None:
    """Host and port of a CONNECT."""
    host, _, port = target.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or len(port) > 5 or any(c in host for c in "/?#@ "):
        return None
    return host.lower().rstrip("."), int(port)
