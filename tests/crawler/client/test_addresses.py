"""Which addresses may be connected to, and that it is asked before the connection, about that very address."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import pytest
import uvloop

from broadsheet.archive.exchange import Exchange
from broadsheet.crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions


def test_the_guard_stands_before_the_connection(scripted: Any) -> None:
    async def fetch(url: str) -> Exchange:
        async with CaptureClient(ClientOptions(timeout=3), AddressPolicy()) as client:
            return await client.fetch(CaptureRequest(url))

    with scripted(lambda connection, noted: noted.append(connection.recv(1))) as server:
        for host in ("127.0.0.1", "localhost", "0.0.0.0", "127.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"):
            exchange = uvloop.run(fetch(f"http://{host}:{server.port}/"))
            assert exchange.error == "refused-address", host
            assert (exchange.request, exchange.response) == (b"", b"")
        assert server.connections == 0


def test_a_name_cannot_change_its_address_between_the_check_and_the_connection(
    scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resolver that says a public address first and 127.0.0.1 from then on is asked once."""
    answers = ["192.0.2.1", "127.0.0.1"]
    asked: list[str] = []

    def rebinding(host: str, port: int, **_: object) -> Any:
        asked.append(host)
        address = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    async def fetch(url: str) -> Exchange:
        loop = asyncio.get_running_loop()

        async def getaddrinfo(host: str, port: int, **options: object) -> Any:
            return rebinding(host, port, **options)

        monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)
        policy = AddressPolicy(networks=(ipaddress.ip_network("192.0.2.0/24"),))
        async with CaptureClient(ClientOptions(timeout=2, connect_timeout=0.3), policy) as client:
            return await client.fetch(CaptureRequest(url))

    with scripted(lambda connection, noted: noted.append(connection.recv(1))) as server:
        exchange = asyncio.run(fetch(f"http://rebind.example:{server.port}/"))
        assert exchange.error in {"timeout", "connect"}  # 192.0.2.1 leads nowhere
        assert asked == ["rebind.example"]
        assert server.connections == 0


@pytest.mark.parametrize("addresses", [("192.0.2.1", "127.0.0.1"), ("127.0.0.1", "192.0.2.1"), ("127.0.0.1",)])
def test_a_name_with_a_public_and_a_private_address_never_leads_to_the_private_one(addresses: tuple[str, ...]) -> None:
    async def fetch() -> tuple[Exchange, int]:
        hits: list[int] = []

        def hit(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            hits.append(1)
            writer.close()

        async def getaddrinfo(_host: str, port: int, **_: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        server = await asyncio.start_server(hit, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        asyncio.get_running_loop().getaddrinfo = getaddrinfo  # type: ignore[assignment, method-assign]
        policy = AddressPolicy(networks=(ipaddress.ip_network("192.0.2.0/24"),))  # it stands for a public one
        async with CaptureClient(ClientOptions(timeout=3, connect_timeout=0.5), policy) as client:
            exchange = await client.fetch(CaptureRequest(f"http://mixed.example:{port}/"))
        await asyncio.sleep(0.1)
        server.close()
        return exchange, len(hits)

    exchange, hits = asyncio.run(fetch())
    assert hits == 0
    assert exchange.status is None
    assert exchange.error is not None
