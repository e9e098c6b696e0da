"""The ways to a server: TLS, proxies, and which addresses may be gone to at all."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archive.errors import BadInput
from archive.exchange import Exchange
from crawler.client import AddressPolicy, CaptureClient, CaptureRequest, ClientOptions
from crawler.client.addresses import is_public
from crawler.client.proxy import Proxy

LOCAL = AddressPolicy(named_hosts=frozenset({"127.0.0.1", "localhost"}))
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def fetch(url: str, policy: AddressPolicy = LOCAL, **options: object) -> Exchange:
    async def run() -> Exchange:
        async with CaptureClient(ClientOptions(timeout=3, idle=1, **options), policy) as client:  # type: ignore[arg-type]
            return await client.fetch(CaptureRequest(url, headers=(("User-Agent", "t"),)))

    return asyncio.run(run())


def certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now.replace(year=2100))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "server.pem"
    path.write_bytes(private + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@contextmanager
def listening(serve: object) -> Iterator[tuple[int, list[bytes]]]:
    """A server that gives each connection to *serve* with a list to note things in."""
    server = socket.create_server(("127.0.0.1", 0))
    noted: list[bytes] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=guarded, args=(connection,), daemon=True).start()

    def guarded(connection: socket.socket) -> None:
        try:
            serve(connection, noted)  # type: ignore[operator]
        except (OSError, struct.error):
            pass
        finally:
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server.getsockname()[1], noted
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def read_head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            raise OSError
        head += piece
    return head


def plain_server(connection: socket.socket, noted: list[bytes]) -> None:
    while True:
        noted.append(read_head(connection))
        connection.sendall(ANSWER)


def relay(one: socket.socket, other: socket.socket) -> None:
    def pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass

    threading.Thread(target=pump, args=(other, one), daemon=True).start()
    pump(one, other)


def http_proxy(connection: socket.socket, noted: list[bytes]) -> None:
    head = read_head(connection)
    noted.append(head)
    line = head.split(b"\r\n")[0].decode().split(" ")
    if line[0] == "CONNECT":
        host, _, port = line[1].rpartition(":")
        onward = socket.create_connection((host, int(port)))
        connection.sendall(b"HTTP/1.1 200 Go ahead\r\n\r\n")
    else:
        host, _, port = line[1].split("/")[2].partition(":")
        onward = socket.create_connection((host, int(port)))
        onward.sendall(head)
    relay(connection, onward)


def socks_proxy(connection: socket.socket, noted: list[bytes]) -> None:
    methods = connection.recv(2 + 2)
    connection.sendall(b"\x05\x02")
    login = connection.recv(64)
    noted.append(methods + login)
    connection.sendall(b"\x01\x00")
    kind = connection.recv(4)[3]
    host = connection.recv(connection.recv(1)[0]).decode() if kind == 3 else socket.inet_ntoa(connection.recv(4))
    (port,) = struct.unpack(">H", connection.recv(2))
    noted.append(host.encode())
    onward = socket.create_connection((host, port))
    connection.sendall(b"\x05\x00\x00\x01" + b"\0" * 6)
    relay(connection, onward)


def test_tls_is_recorded_with_its_version_and_cipher(tmp_path: Path) -> None:
    context = certificate(tmp_path)

    def tls_server(connection: socket.socket, noted: list[bytes]) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            noted.append(read_head(secure))
            secure.sendall(ANSWER)

    with listening(tls_server) as (port, noted):
        exchange = fetch(f"https://127.0.0.1:{port}/x")
        assert exchange.error is None, exchange.error_detail
        assert exchange.response == ANSWER
        assert exchange.request == noted[0]
        assert exchange.protocols == ("http/1.1", "tls/1.3")
        assert exchange.cipher_suite in {
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
        }
        assert exchange.ip == "127.0.0.1"
        strict = fetch(f"https://127.0.0.1:{port}/x", verify_tls=True)
        assert strict.error == "tls"


def test_a_server_without_tls_is_a_tls_error() -> None:
    def impatient(connection: socket.socket, _: list[bytes]) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with listening(impatient) as (port, _):
        assert fetch(f"https://127.0.0.1:{port}/").error == "tls"


def test_through_an_http_proxy_the_request_names_the_whole_url() -> None:
    with listening(plain_server) as (port, seen), listening(http_proxy) as (proxy, noted):
        exchange = fetch(f"http://127.0.0.1:{port}/a?b", proxy=f"http://me:secret@127.0.0.1:{proxy}")
        assert exchange.response == ANSWER
        assert exchange.request == noted[0] == seen[0]
        assert exchange.request.startswith(f"GET http://127.0.0.1:{port}/a?b HTTP/1.1\r\n".encode())
        assert exchange.ip is None  # the proxy's would be a lie


def test_through_connect_the_record_holds_the_exchange_with_the_server_alone(tmp_path: Path) -> None:
    context = certificate(tmp_path)

    def tls_server(connection: socket.socket, noted: list[bytes]) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            noted.append(read_head(secure))
            secure.sendall(ANSWER)

    with listening(tls_server) as (port, seen), listening(http_proxy) as (proxy, noted):
        exchange = fetch(f"https://127.0.0.1:{port}/a", proxy=f"http://me:secret@127.0.0.1:{proxy}")
        assert exchange.response == ANSWER, exchange.error_detail
        assert exchange.request == seen[0]
        assert exchange.request.startswith(b"GET /a HTTP/1.1\r\n")
        assert noted[0].startswith(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n".encode())
        assert b"Proxy-Authorization: Basic bWU6c2VjcmV0" in noted[0]


@pytest.mark.parametrize(("scheme", "name"), [("socks5", b"127.0.0.1"), ("socks5h", b"localhost")])
def test_through_socks_names_are_resolved_where_the_scheme_says(scheme: str, name: bytes) -> None:
    with listening(plain_server) as (port, seen), listening(socks_proxy) as (proxy, noted):
        exchange = fetch(f"http://localhost:{port}/a", proxy=f"{scheme}://me:secret@127.0.0.1:{proxy}")
        assert exchange.response == ANSWER, exchange.error_detail
        assert exchange.request == seen[0]
        assert noted[1] in {name, b"::1"} if scheme == "socks5" else noted[1] == name


def test_a_proxy_that_is_not_there() -> None:
    exchange = fetch("http://example.org/", proxy="http://127.0.0.1:9")
    assert exchange.error == "proxy"
    assert "127.0.0.1:9" in exchange.error_detail


@pytest.mark.parametrize("url", ["gopher://x:1", "http://", "http://h:99999", "socks4://h:1"])
def test_a_proxy_that_is_none(url: str) -> None:
    with pytest.raises(BadInput, match="proxy"):
        Proxy.parse(url)


PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fc00::1",
    "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "2001:db8::1", "2001::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused_unless_their_host_was_named(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not AddressPolicy().allows("evil.example", address)
    assert AddressPolicy(named_hosts=frozenset({"evil.example"})).allows("EVIL.example.", address)
    assert AddressPolicy(allow_private=True).allows("evil.example", address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are_not(address: str) -> None:
    assert AddressPolicy().allows("a.example", address)


def test_the_guard_stands_before_the_connection() -> None:
    with listening(plain_server) as (port, noted):
        for host in ("127.0.0.1", "localhost", "0.0.0.0"):
            exchange = fetch(f"http://{host}:{port}/", AddressPolicy())
            assert exchange.error == "refused-address"
            assert exchange.response == b""
        assert noted == []
