"""Limits: of time, of size, of memory; and that a cancelled fetch leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from hard_answers import read_head

from broadsheet.archive.exchange import Exchange
from broadsheet.crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions
from broadsheet.crawler.client.memory import MemoryBudget

LOCAL = AddressPolicy(named_hosts=frozenset({"127.0.0.1"}))
OK = b"HTTP/1.1 200 OK\r\n"
T = TypeVar("T")


def run(loop_factory: Any, job: Callable[[CaptureClient], Awaitable[T]], **options: Any) -> T:
    async def main() -> T:
        async with CaptureClient(ClientOptions(**options), LOCAL) as client:
            return await job(client)

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(main())


def sending(*pieces: bytes, pause: float) -> Callable[[socket.socket, list[bytes]], None]:
    def serve(connection: socket.socket, _: list[bytes]) -> None:
        read_head(connection)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        connection.recv(1)

    return serve


@pytest.mark.parametrize(
    ("pieces", "pause", "options", "detail", "response"),
    [
        ((), 0, {"timeout": 0.5}, "the whole exchange", b""),
        ((), 0, {"timeout": 20, "head_timeout": 0.5}, "the head of the answer", b""),
        ((b"HTTP/1.1 103 x\r\n\r\n",), 0, {"timeout": 20, "head_timeout": 0.8, "idle": 0.3}, "the head of the answer", b""),
        ((OK, b"A: b\r\n"), 0, {"timeout": 20, "idle": 1}, "the next byte", OK + b"A: b\r\n"),
        ((OK + b"\r\n", b"body"), 0, {"timeout": 20, "idle": 2, "head_timeout": 1.5}, "the next byte", OK + b"\r\nbody"),
        (tuple(bytes([byte]) for byte in OK * 3), 0.06, {"timeout": 1.5}, "the whole exchange", None),
        (tuple(bytes([byte]) for byte in OK * 3), 0.06, {"timeout": 20, "head_timeout": 1.5}, "the head of the answer", None),
    ],
)  # fmt: skip
def test_each_time_limit(
    pieces: Any, pause: float, options: Any, detail: str, response: bytes | None, scripted: Any, loop_factory: Any
) -> None:
    """The limits are long to a server that a busy machine makes wait, and short to the 20 seconds not to be reached."""
    with scripted(sending(*pieces, pause=pause)) as server:
        begun = time.monotonic()
        exchange = run(loop_factory, lambda client: client.fetch(CaptureRequest(server.url)), **options)
        assert time.monotonic() - begun < 10
        assert (exchange.error, exchange.error_detail) == ("timeout", detail)
        assert exchange.response == response if response is not None else 5 < len(exchange.response) < len(OK) * 3
        assert exchange.truncated == ("time" if exchange.response else None)
        assert 0.05 < exchange.duration < 10


def test_a_slow_steady_answer_is_not_idle(scripted: Any, loop_factory: Any) -> None:
    pieces = (OK + b"Content-Length: 8\r\n\r\n", *(b"x" for _ in range(8)))
    with scripted(sending(*pieces, pause=0.25)) as server:
        exchange = run(loop_factory, lambda client: client.fetch(CaptureRequest(server.url)), timeout=20, idle=1.5)
        assert (exchange.error, exchange.body) == (None, b"x" * 8)


def test_connecting_has_its_own_limit(loop_factory: Any) -> None:
    with socket.socket() as full:  # listens, and its queue is full: connections do not come up
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        url = f"http://127.0.0.1:{full.getsockname()[1]}/"
        with socket.create_connection(full.getsockname()), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(full.getsockname())
            exchange = run(
                loop_factory, lambda client: client.fetch(CaptureRequest(url)), timeout=5, connect_timeout=0.3
            )
    assert (exchange.error, exchange.error_detail, exchange.request) == ("timeout", "while connecting", b"")


@pytest.mark.parametrize(
    "head", [b"Content-Length: 1500\r\n\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n5dc\r\n"]
)
def test_the_size_limit_holds_for_an_answer_that_comes_at_once(head: bytes, scripted: Any, loop_factory: Any) -> None:
    answer = OK + head + b"q" * 1500 + b"\r\n0\r\n\r\n"
    with scripted(sending(answer, pause=0)) as server:
        exchange = run(loop_factory, lambda client: client.fetch(CaptureRequest(server.url)), max_size=1000)
        assert (exchange.error, exchange.truncated, exchange.response) == ("too-large", "length", answer[:1000])


def test_an_answer_of_just_the_limit_is_whole(scripted: Any, loop_factory: Any) -> None:
    answer = OK + b"Content-Length: 900\r\n\r\n" + b"q" * 900
    with scripted(sending(answer, pause=0)) as server:
        exchange = run(loop_factory, lambda client: client.fetch(CaptureRequest(server.url)), max_size=len(answer))
        assert (exchange.error, exchange.truncated, exchange.response) == (None, None, answer)


def test_interim_answers_without_end_are_refused(scripted: Any, loop_factory: Any) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nX: " + b"y" * 60_000 + b"\r\n\r\n"
    with scripted(sending(*[hints] * 60, pause=0)) as server:
        exchange = run(loop_factory, lambda client: client.fetch(CaptureRequest(server.url)), max_size=100_000)
        assert (exchange.error, exchange.response) == ("protocol", b"")


def test_over_the_memory_budget_all_answers_still_come(scripted: Any, loop_factory: Any) -> None:
    """Twelve answers of 600 KB with room for one and a half: they take turns, and none of them times out."""
    body = b"z" * 600_000
    answer = OK + b"Content-Length: %d\r\n\r\n" % len(body) + body
    held: list[int] = []

    async def job(client: CaptureClient) -> list[Exchange]:
        memory = client._dialer._memory

        async def watch() -> None:
            while True:
                held.append(memory.held)
                await asyncio.sleep(0)

        watching = asyncio.ensure_future(watch())
        exchanges = await asyncio.gather(*(client.fetch(CaptureRequest(server.url)) for _ in range(12)))
        watching.cancel()
        assert memory.held == 0
        return exchanges

    def trickle(connection: socket.socket, _: list[bytes]) -> None:
        read_head(connection)
        for start in range(0, len(answer), 60_000):
            connection.sendall(answer[start : start + 60_000])
            time.sleep(0.05)
        connection.recv(1)

    with scripted(trickle) as server:
        exchanges = run(loop_factory, job, timeout=3, idle=1.5, memory_budget=900_000)
        assert {exchange.error for exchange in exchanges} == {None}
        assert all(exchange.response == answer for exchange in exchanges)
        assert max(held) < 900_000 + 12 * 300_000  # the last read of each may go over it


def test_the_oldest_always_reads_on() -> None:
    class Reader:
        paused = False

        def pause(self) -> None:
            self.paused = True

        def resume(self) -> None:
            self.paused = False

    budget = MemoryBudget(100)
    first, second, third = Reader(), Reader(), Reader()
    for reader in (first, second):
        budget.enter(reader)
    budget.hold(second, 60)
    assert [first.paused, second.paused] == [False, False]
    budget.hold(first, 50)
    assert [first.paused, second.paused] == [False, True]
    budget.enter(third)
    assert third.paused
    budget.hold(first, 500)
    assert not first.paused
    budget.leave(first)
    assert [second.paused, third.paused, budget.held] == [False, False, 60]


def test_a_cancelled_fetch_leaves_no_socket(scripted: Any, loop_factory: Any) -> None:
    def silent(connection: socket.socket, _: list[bytes]) -> None:
        connection.recv(100_000)
        connection.recv(1)

    async def job(client: CaptureClient) -> int:
        before = len(os.listdir("/proc/self/fd"))
        for scheme in ("http", "https"):  # while waiting for an answer, and in the handshake
            url = server.url.replace("http", scheme)
            fetching = [asyncio.ensure_future(client.fetch(CaptureRequest(url))) for _ in range(10)]
            await asyncio.sleep(0.1)
            for fetch in fetching:
                fetch.cancel()
            results = await asyncio.gather(*fetching, return_exceptions=True)
            assert all(isinstance(result, asyncio.CancelledError) for result in results)
        until = time.monotonic() + 10
        while (left := len(os.listdir("/proc/self/fd")) - before) >= 15 and time.monotonic() < until:
            await asyncio.sleep(0.05)
        return left

    with scripted(silent) as server:
        assert run(loop_factory, job) < 15  # the server's ends close a moment later; the client's twenty are gone
