"""The ways to a server: TLS, HTTP proxies and SOCKS give the same bytes as the straight way, for every hard answer."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from typing import Any

import pytest
import uvloop
from hard_answers import CASES, LOST_FRAMING, MAX_SIZE, hard_server, read_head

from broadsheet.archive.errors import BadInput
from broadsheet.archive.exchange import Exchange
from broadsheet.crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions
from broadsheet.crawler.client.proxy import Proxy
from broadsheet.crawler.client.tls import warc_protocol

LOCAL = AddressPolicy(named_hosts=frozenset({"127.0.0.1", "localhost"}))
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
TLS_13_SUITES = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"}


def fetch(url: str, policy: AddressPolicy = LOCAL, **options: Any) -> Exchange:
    async def run() -> Exchange:
        async with CaptureClient(ClientOptions(timeout=3, idle=1, **options), policy) as client:
            return await client.fetch(CaptureRequest(url, headers=(("User-Agent", "t"),)))

    return uvloop.run(run())


def plain_server(connection: socket.socket, noted: list[bytes]) -> None:
    while True:
        noted.append(read_head(connection))
        connection.sendall(ANSWER)


@pytest.mark.parametrize("way", ["tls", "http-proxy", "connect", "socks5", "socks5-tls"])
def test_every_hard_answer_is_exact_on_every_way(
    way: str, loop_factory: Any, tls: ssl.SSLContext, http_proxy: Any, socks_proxy: Any
) -> None:
    cases = CASES | LOST_FRAMING
    secure = way in {"tls", "connect", "socks5-tls"}
    proxies = {"http-proxy": f"http://127.0.0.1:{http_proxy.port}", "tls": None}
    proxies["connect"] = proxies["http-proxy"]
    options = ClientOptions(
        timeout=4, idle=1, max_size=MAX_SIZE, proxy=proxies.get(way, f"socks5://me:secret@127.0.0.1:{socks_proxy.port}")
    )

    async def fetch_all(url: str) -> dict[str, Exchange]:
        async with CaptureClient(options, LOCAL) as client:
            fetched = await asyncio.gather(*(client.fetch(CaptureRequest(url + name)) for name in cases))
            return dict(zip(cases, fetched, strict=True))

    with (
        hard_server(tls=tls if secure else None) as server,
        asyncio.Runner(loop_factory=loop_factory) as run,
    ):
        for name, exchange in run.run(fetch_all(server.url)).items():
            case = cases[name]
            assert exchange.response == case.expected, name
            assert exchange.interim == case.interim, name
            assert (exchange.truncated, exchange.error) == (case.truncated, case.error), (name, exchange.error_detail)
            assert exchange.request == server.requests[name][-1], name
            assert exchange.ip == ("127.0.0.1" if way == "tls" else None), name
            assert (exchange.cipher_suite is not None) == secure, name


def test_tls_is_recorded_with_its_version_and_cipher(tls: ssl.SSLContext) -> None:
    with hard_server(tls=tls) as server:
        exchange = fetch(server.url + "plain")
        assert exchange.error is None, exchange.error_detail
        assert exchange.protocols == ("http/1.1", "tls/1.3")
        assert exchange.cipher_suite in TLS_13_SUITES
        assert fetch(server.url + "plain", verify_tls=True).error == "tls"


@pytest.mark.parametrize(
    ("version", "value"), [("TLSv1.3", "tls/1.3"), ("TLSv1.2", "tls/1.2"), ("TLSv1", "tls/1.0"), ("SSLv3", "ssl/3")]
)
def test_versions_have_the_names_of_the_warc_standard(version: str, value: str) -> None:
    assert warc_protocol(version) == value


def test_a_server_without_tls_is_a_tls_error(scripted: Any, loop_factory: Any) -> None:
    def impatient(connection: socket.socket, _: list[bytes]) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def fetch_often(url: str) -> tuple[set[str | None], int]:
        async with CaptureClient(ClientOptions(timeout=3), LOCAL) as client:
            await client.fetch(CaptureRequest(url))
            before = len(os.listdir("/proc/self/fd"))
            exchanges = [await client.fetch(CaptureRequest(url)) for _ in range(10)]
            await asyncio.sleep(0.05)
            return {exchange.error for exchange in exchanges}, len(os.listdir("/proc/self/fd")) - before

    with scripted(impatient) as server, asyncio.Runner(loop_factory=loop_factory) as runner:
        errors, left_open = runner.run(fetch_often(server.url.replace("http:", "https:")))
        assert errors == {"tls"}
        assert left_open < 10


def test_through_an_http_proxy_the_request_names_the_whole_url(scripted: Any, http_proxy: Any) -> None:
    with scripted(plain_server) as server:
        exchange = fetch(server.url + "a?b", proxy=f"http://me:secret@127.0.0.1:{http_proxy.port}")
        assert exchange.response == ANSWER
        assert exchange.request.startswith(f"GET {server.url}a?b HTTP/1.1\r\n".encode())
        assert exchange.request == server.noted[0]
        assert exchange.ip is None  # the proxy's would be a lie


def test_the_password_reaches_the_proxy_and_not_the_record(scripted: Any, http_proxy: Any) -> None:
    with scripted(plain_server) as server:
        exchange = fetch(server.url, proxy=f"http://me:secret@127.0.0.1:{http_proxy.port}")
        login = b"\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n"
        assert login in http_proxy.noted[0]
        assert http_proxy.noted[0].replace(login, b"\r\n") == exchange.request
        assert "secret" not in repr(Proxy.parse("http://me:secret@127.0.0.1"))


def test_a_proxy_that_wants_another_password_is_not_the_server(scripted: Any) -> None:
    def refusing(connection: socket.socket, _: list[bytes]) -> None:
        read_head(connection)
        connection.sendall(b"HTTP/1.1 407 Who are you\r\nContent-Length: 4\r\n\r\nstop")

    with scripted(refusing) as proxy:
        for url in ("http://example.org/", "https://example.org/"):
            exchange = fetch(url, proxy=f"http://127.0.0.1:{proxy.port}")
            assert (exchange.error, exchange.response, exchange.status) == ("proxy", b"", None)
            assert "407" in exchange.error_detail


def test_through_connect_the_record_holds_the_exchange_with_the_server_alone(
    tls: ssl.SSLContext, http_proxy: Any
) -> None:
    with hard_server(tls=tls) as server:
        exchange = fetch(server.url + "plain", proxy=f"http://me:secret@127.0.0.1:{http_proxy.port}")
        assert exchange.response == CASES["plain"].final, exchange.error_detail
        assert exchange.request.startswith(b"GET /plain HTTP/1.1\r\n")
        assert http_proxy.noted[0].startswith(b"CONNECT " + server.url.split("/")[2].encode() + b" HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic bWU6c2VjcmV0" in http_proxy.noted[0]


@pytest.mark.parametrize(("scheme", "name"), [("socks5", b"127.0.0.1"), ("socks5h", b"localhost")])
def test_through_socks_names_are_resolved_where_the_scheme_says(
    scheme: str, name: bytes, scripted: Any, socks_proxy: Any
) -> None:
    with scripted(plain_server) as server:
        url = f"http://localhost:{server.port}/a"
        exchange = fetch(url, proxy=f"{scheme}://me:secret@127.0.0.1:{socks_proxy.port}")
        assert exchange.response == ANSWER, exchange.error_detail
        assert exchange.request == server.noted[0]
        assert socks_proxy.noted[1] == name


def test_a_name_that_does_not_resolve_is_not_the_proxys_fault(socks_proxy: Any) -> None:
    assert fetch("http://none.invalid/", proxy=f"socks5://127.0.0.1:{socks_proxy.port}").error == "dns"
    assert fetch("http://none.invalid/").error == "dns"


def test_a_proxy_that_fails_leaves_no_socket(scripted: Any, loop_factory: Any) -> None:
    def rude(connection: socket.socket, _: list[bytes]) -> None:
        connection.recv(3)

    async def fetch_often(port: int) -> tuple[set[str | None], int]:
        async with CaptureClient(ClientOptions(timeout=3, proxy=f"socks5h://127.0.0.1:{port}"), LOCAL) as client:
            await client.fetch(CaptureRequest("http://example.org/"))
            before = len(os.listdir("/proc/self/fd"))
            exchanges = [await client.fetch(CaptureRequest(f"http://{'a' * 70}.example/")) for _ in range(10)]
            return {exchange.error for exchange in exchanges}, len(os.listdir("/proc/self/fd")) - before

    with scripted(rude) as server, asyncio.Runner(loop_factory=loop_factory) as runner:
        errors, left_open = runner.run(fetch_often(server.port))
        assert errors == {"proxy"}
        assert left_open < 5


def test_a_proxy_that_is_not_there() -> None:
    exchange = fetch("http://example.org/", proxy="http://127.0.0.1:9")
    assert exchange.error == "proxy"
    assert "127.0.0.1:9" in exchange.error_detail


@pytest.mark.parametrize(
    "url", ["gopher://x:1", "http://", "http://h:99999", "socks4://h:1", f"socks5://{'u' * 256}:p@h:1"]
)
def test_a_proxy_that_is_none(url: str) -> None:
    with pytest.raises(BadInput, match="proxy"):
        Proxy.parse(url)


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "a.localhost.", "[::1]"])
def test_no_proxy_leads_round_the_guard(scheme: str, host: str, scripted: Any) -> None:
    with scripted(plain_server) as proxy:
        exchange = fetch(f"http://{host}:80/", AddressPolicy(), proxy=f"{scheme}://127.0.0.1:{proxy.port}")
        assert exchange.error in {"refused-address", "dns"}, exchange.error_detail
        assert proxy.connections == 0
