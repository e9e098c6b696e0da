"""Kept connections: used again, never believed too much, never kept too long."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest
from hard_answers import CASES, hard_server, read_head

from broadsheet.archive.exchange import Exchange
from broadsheet.crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions
from broadsheet.crawler.client.connection import Connection
from broadsheet.crawler.client.pool import MAX_KEPT, ConnectionPool

LOCAL = AddressPolicy(named_hosts=frozenset({"127.0.0.1"}))
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
WRONG = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"
T = TypeVar("T")


def run(loop_factory: Any, job: Callable[[CaptureClient], Awaitable[T]], **options: Any) -> T:
    async def main() -> T:
        async with CaptureClient(ClientOptions(timeout=3, idle=1, **options), LOCAL) as client:
            return await job(client)

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(main())


def echo(connection: socket.socket, noted: list[bytes]) -> None:
    """Answers each request with its own path."""
    while True:
        head = read_head(connection)
        noted.append(head)
        path = head.split(b" ")[1]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(path), path))


def test_a_series_runs_over_one_connection(scripted: Any, loop_factory: Any) -> None:
    async def job(client: CaptureClient) -> list[Exchange]:
        return [await client.fetch(CaptureRequest(f"{server.url}{number}")) for number in range(50)]

    with scripted(echo) as server:
        exchanges = run(loop_factory, job)
        assert [exchange.body for exchange in exchanges] == [b"/%d" % number for number in range(50)]
        assert [exchange.request for exchange in exchanges] == server.noted
        assert server.connections == 1


def test_many_at_once_never_mix(scripted: Any, loop_factory: Any) -> None:
    async def job(client: CaptureClient) -> list[Exchange]:
        return await asyncio.gather(*(client.fetch(CaptureRequest(f"{server.url}{number}")) for number in range(200)))

    with scripted(echo) as server:
        exchanges = run(loop_factory, job, max_connections_per_host=8)
        assert [exchange.body for exchange in exchanges] == [b"/%d" % number for number in range(200)]
        assert server.connections <= 8


def test_a_kept_connection_that_died_is_replaced_once_and_silently(scripted: Any, loop_factory: Any) -> None:
    def dying(connection: socket.socket, noted: list[bytes]) -> None:
        noted.append(read_head(connection))
        if noted[-1].startswith(b"GET /dead"):
            return
        connection.sendall(ANSWER)
        noted.append(read_head(connection))  # takes a second request to the grave

    async def job(client: CaptureClient) -> tuple[Exchange, list[bytes]]:
        await asyncio.gather(*(client.fetch(CaptureRequest(server.url)) for _ in range(4)))
        server.noted.clear()
        return await client.fetch(CaptureRequest(server.url + "again")), list(server.noted)

    with scripted(dying) as server:
        exchange, noted = run(loop_factory, job)
        assert (exchange.error, exchange.response) == (None, ANSWER)
        assert noted == [exchange.request] * 2  # once in vain, once on a fresh connection; not on all four

    async def dead(client: CaptureClient) -> Exchange:
        return await client.fetch(CaptureRequest(server.url + "dead"))

    with scripted(dying) as server:
        assert run(loop_factory, dead).error == "disconnect"
        assert len(server.noted) == 1  # a fresh connection that dies is an answer


def test_what_is_not_safe_is_never_repeated(scripted: Any, loop_factory: Any) -> None:
    def once(connection: socket.socket, noted: list[bytes]) -> None:
        for _ in range(2):
            noted.append(read_head(connection))
            if len(noted) == 1:
                connection.sendall(ANSWER)

    async def job(client: CaptureClient) -> Exchange:
        await client.fetch(CaptureRequest(server.url))
        return await client.fetch(CaptureRequest(server.url, method="POST", body=b"pay"))

    with scripted(once) as server:
        exchange = run(loop_factory, job)
        assert exchange.error == "disconnect"
        assert server.connections == 1


@pytest.mark.parametrize("busy", [True, False], ids=["unread when asked again", "read while idle"])
def test_bytes_that_nobody_asked_for_are_nobodys_answer(busy: bool, scripted: Any, loop_factory: Any) -> None:
    def pushy(connection: socket.socket, noted: list[bytes]) -> None:
        noted.append(read_head(connection))
        connection.sendall(ANSWER)
        time.sleep(0.05)
        connection.sendall(WRONG)
        noted.append(read_head(connection))
        connection.sendall(ANSWER)

    async def job(client: CaptureClient) -> Exchange:
        await client.fetch(CaptureRequest(server.url + "a"))
        if busy:
            time.sleep(0.8)  # the loop is busy: the bytes wait in the operating system
        else:
            await asyncio.sleep(0.8)
        return await client.fetch(CaptureRequest(server.url + "b"))

    with scripted(pushy) as server:
        exchange = run(loop_factory, job)
        assert exchange.body == b"ok"
        assert server.connections == 2


def test_the_same_over_tls(tls: ssl.SSLContext, loop_factory: Any, scripted: Any) -> None:
    def pushy(connection: socket.socket, noted: list[bytes]) -> None:
        with tls.wrap_socket(connection, server_side=True) as secure:
            noted.append(read_head(secure))
            secure.sendall(ANSWER)
            if noted[-1].startswith(b"GET /a"):
                time.sleep(0.05)
                secure.sendall(WRONG)
            noted.append(read_head(secure))
            secure.sendall(ANSWER)

    async def job(client: CaptureClient) -> list[bytes]:
        url = server.url.replace("http:", "https:")
        bodies = [(await client.fetch(CaptureRequest(url + "a"))).body]
        time.sleep(0.8)
        return bodies + [(await client.fetch(CaptureRequest(url + path))).body for path in "bc"]

    with scripted(pushy) as server:
        assert run(loop_factory, job) == [b"ok", b"ok", b"ok"]
        assert server.connections == 2  # the first was not believed; the second was used twice


def test_no_answer_runs_into_the_next(loop_factory: Any) -> None:
    """Each hard answer, then a plain one, over whatever connection is left."""

    async def job(client: CaptureClient) -> dict[str, Exchange]:
        after = {}
        for name, case in CASES.items():
            if case.end != "stall":
                await client.fetch(CaptureRequest(server.url + name))
                after[name] = await client.fetch(CaptureRequest(server.url + "plain"))
        return after

    with hard_server() as server:
        for name, exchange in run(loop_factory, job).items():
            assert exchange.response == CASES["plain"].final, name


def test_kept_connections_are_dropped_when_nobody_comes_back(scripted: Any, loop_factory: Any) -> None:
    async def job(client: CaptureClient) -> tuple[int, int]:
        await asyncio.gather(*(client.fetch(CaptureRequest(server.url)) for _ in range(20)))
        before = len(os.listdir("/proc/self/fd"))
        until = time.monotonic() + 10
        while before - (after := len(os.listdir("/proc/self/fd"))) < 20 and time.monotonic() < until:
            await asyncio.sleep(0.05)
        return before, after

    with scripted(echo) as server:
        before, after = run(loop_factory, job, keep_alive=1.5)
        assert before - after >= 20


def test_the_pool_has_an_end() -> None:
    class Idle(Connection):
        def __init__(self) -> None:
            self.closed = False

        def quiet(self) -> bool:
            return not self.closed

        def close(self) -> None:
            self.closed = True

    async def fill() -> None:
        pool = ConnectionPool(keep_alive=10)
        kept = [Idle() for _ in range(MAX_KEPT + 5)]
        for number, connection in enumerate(kept):
            pool.keep(("http", f"host{number % 3}", 80), connection)
        assert len(pool) == MAX_KEPT
        assert [connection.closed for connection in kept] == [True] * 5 + [False] * MAX_KEPT
        assert pool.take(("http", f"host{(len(kept) - 1) % 3}", 80)) is kept[-1]  # the one used last
        assert pool.take(("https", "host0", 80)) is None
        pool.close()
        assert len(pool) == 0
        assert [connection.closed for connection in kept] == [True] * (len(kept) - 1) + [False]

    asyncio.run(fill())


def test_a_host_has_no_more_connections_than_allowed(scripted: Any, loop_factory: Any) -> None:
    under_way = [0, 0]

    def slow(connection: socket.socket, _: list[bytes]) -> None:
        while True:
            read_head(connection)
            under_way[0] += 1
            under_way[1] = max(under_way)
            time.sleep(0.02)
            under_way[0] -= 1
            connection.sendall(ANSWER)

    async def job(client: CaptureClient) -> list[Exchange]:
        return await asyncio.gather(*(client.fetch(CaptureRequest(server.url)) for _ in range(12)))

    with scripted(slow) as server:
        exchanges = run(loop_factory, job, max_connections_per_host=3)
        assert all(exchange.body == b"ok" for exchange in exchanges)
        assert under_way[1] == 3


def test_close_hangs_up_on_answers_under_way(scripted: Any, loop_factory: Any) -> None:
    def silent(connection: socket.socket, _: list[bytes]) -> None:
        read_head(connection)
        connection.recv(1)

    async def job(client: CaptureClient) -> Exchange:
        fetching = asyncio.ensure_future(client.fetch(CaptureRequest(server.url)))
        await asyncio.sleep(0.5)
        await client.close()
        return await asyncio.wait_for(fetching, 10)

    with scripted(silent) as server:
        assert run(loop_factory, job).error == "disconnect"
