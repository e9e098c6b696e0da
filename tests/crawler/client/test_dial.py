"""Coming up with a connection: addresses in turn, names asked once, errors told apart."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

import pytest
from hard_answers import read_head

from broadsheet.archive.exchange import Exchange
from broadsheet.crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions
from broadsheet.crawler.client.resolve import Resolver, UnknownHost

ANYWHERE = AddressPolicy(allow_private=True)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def serve(connection: socket.socket, _: list[bytes]) -> None:
    read_head(connection)
    connection.sendall(ANSWER)


class NamesLoop(asyncio.SelectorEventLoop):
    """A loop whose resolver knows one name."""

    addresses: tuple[str, ...] = ()
    asked = 0
    patience = 0.0

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        type(self).asked += 1
        await asyncio.sleep(self.patience)
        if host != "many.example":
            raise socket.gaierror(-2, "Name or service not known")
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in self.addresses]
        return [(family, 1, 6, "", (address, port)) for family, address in zip(families, self.addresses, strict=True)]


@pytest.fixture
def names() -> type[NamesLoop]:
    return type("Names", (NamesLoop,), {})


def fetch(url: str, loop_factory: Any, **options: Any) -> Exchange:
    async def main() -> Exchange:
        async with CaptureClient(ClientOptions(timeout=3, **options), ANYWHERE) as client:
            return await client.fetch(CaptureRequest(url))

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(main())


def test_the_next_address_gets_its_chance_at_once_when_one_fails(
    scripted: Any, names: type[NamesLoop], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "broadsheet.crawler.client.dial.STAGGER", 60.0
    )  # longer than a fetch may take: waiting for it fails
    names.addresses = ("::1", "127.0.0.2", "127.0.0.1")  # nobody listens at the first two
    with scripted(serve) as server:
        exchange = fetch(f"http://many.example:{server.port}/", names)
        assert exchange.addresses == ("::1", "127.0.0.2", "127.0.0.1")
        assert (exchange.error, exchange.ip, exchange.body) == (None, "127.0.0.1", b"ok")


def test_the_next_address_gets_its_chance_soon_when_one_is_silent(scripted: Any, names: type[NamesLoop]) -> None:
    with scripted(serve) as server, socket.socket() as full:
        full.bind(("127.0.0.3", server.port))
        full.listen(0)
        names.addresses = ("127.0.0.3", "127.0.0.1")
        with socket.create_connection(("127.0.0.3", server.port)), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(("127.0.0.3", server.port))
            begun = time.monotonic()
            exchange = fetch(f"http://many.example:{server.port}/", names)
        assert (exchange.error, exchange.ip, exchange.body) == (None, "127.0.0.1", b"ok")
        assert time.monotonic() - begun > 0.2  # and within the fetch's time, or it would have failed


def test_when_no_address_answers_the_failure_is_told(names: type[NamesLoop]) -> None:
    names.addresses = ("127.0.0.2", "127.0.0.1")
    with socket.socket() as nobody:
        nobody.bind(("", 0))
        exchange = fetch(f"http://many.example:{nobody.getsockname()[1]}/", names)
    assert exchange.error == "connect"
    assert "refused" in exchange.error_detail.lower()


def test_only_addresses_that_may_be_connected_to_are_tried(scripted: Any, names: type[NamesLoop]) -> None:
    names.addresses = ("127.0.0.1",)
    with scripted(serve) as server:

        async def main() -> Exchange:
            async with CaptureClient(ClientOptions(timeout=3), AddressPolicy()) as client:
                return await client.fetch(CaptureRequest(f"http://many.example:{server.port}/"))

        with asyncio.Runner(loop_factory=names) as runner:
            exchange = runner.run(main())
        assert (exchange.error, server.connections) == ("refused-address", 0)


def test_over_ipv6(scripted: Any, loop_factory: Any) -> None:
    with scripted(serve, socket.AF_INET6) as server:
        exchange = fetch(server.url, loop_factory)
        assert (exchange.error, exchange.ip, exchange.body) == (None, "::1", b"ok")
        assert f"Host: [::1]:{server.port}\r\n".encode() in exchange.request


def test_a_name_is_asked_once(names: type[NamesLoop]) -> None:
    names.addresses, names.patience = ("::1", "::2", "127.0.0.1", "127.0.0.2"), 0.02

    async def main() -> None:
        resolver = Resolver()
        found = await asyncio.gather(*(resolver.resolve("many.example", 80) for _ in range(20)))
        assert names.asked == 1
        assert [one.address[0] for one in found[0]] == ["::1", "127.0.0.1", "::2", "127.0.0.2"]  # the families in turn
        await resolver.resolve("many.example", 80)
        assert names.asked == 1
        for _ in range(2):
            with pytest.raises(UnknownHost):
                await resolver.resolve("none.example", 80)
        assert names.asked == 3  # a failure is not kept

    with asyncio.Runner(loop_factory=names) as runner:
        runner.run(main())


def test_an_answer_that_comes_too_late_is_for_the_next(names: type[NamesLoop]) -> None:
    names.addresses, names.patience = ("127.0.0.1",), 0.1

    async def main() -> None:
        resolver = Resolver()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(resolver.resolve("many.example", 80), 0.02)
        await asyncio.sleep(0.15)
        await resolver.resolve("many.example", 80)
        assert names.asked == 1
        late = asyncio.ensure_future(resolver.resolve("none.example", 80))
        await asyncio.sleep(0.01)
        await resolver.close()
        with pytest.raises(asyncio.CancelledError):
            await late

    with asyncio.Runner(loop_factory=names) as runner:
        runner.run(main())
