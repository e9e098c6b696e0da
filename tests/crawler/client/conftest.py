"""Servers and proxies for the client's tests: raw sockets in threads, a certificate of our own, both event loops."""

from __future__ import annotations

import asyncio
import datetime
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hard_answers import read_head

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def loop_factory(request: pytest.FixtureRequest) -> LoopFactory:
    factory: LoopFactory = request.param
    return factory


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate that nobody has signed."""
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
    path: Path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(private + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


class Scripted:
    """A server that gives each connection to *serve*; ``noted`` is what it noted, ``connections`` how many there were."""

    def __init__(self, serve: Callable[[socket.socket, list[bytes]], None], family: socket.AddressFamily) -> None:
        self.noted: list[bytes] = []
        self.connections = 0
        self._serve = serve
        host = "127.0.0.1" if family == socket.AF_INET else "::1"
        self._socket = socket.create_server((host, 0), family=family, backlog=128)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{host if family == socket.AF_INET else '[::1]'}:{self.port}/"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._guarded, args=(connection,), daemon=True).start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _guarded(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._serve(connection, self.noted)
        except (OSError, struct.error, IndexError):
            pass  # the client hung up
        finally:
            connection.close()


@contextmanager
def _scripted(
    serve: Callable[[socket.socket, list[bytes]], None], family: socket.AddressFamily = socket.AF_INET
) -> Iterator[Scripted]:
    server = Scripted(serve, family)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture
def scripted() -> Callable[..., object]:
    """``with scripted(serve) as server``: *serve* gets each connection and the list to note things in."""
    return _scripted


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Pass on everything both ways, an end as an end and a reset as a reset."""

    def pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            for ended in (source, target):
                try:
                    ended.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    ended.shutdown(socket.SHUT_RD)
                except OSError:
                    pass

    back = threading.Thread(target=pump, args=(other, one), daemon=True)
    back.start()
    pump(one, other)
    back.join()
    other.close()


def _http_proxy(connection: socket.socket, noted: list[bytes]) -> None:
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
        kept = [field for field in head.split(b"\r\n") if not field.startswith(b"Proxy-Authorization")]
        onward.sendall(b"\r\n".join(kept))
    _relay(connection, onward)


def _socks_proxy(connection: socket.socket, noted: list[bytes]) -> None:
    methods = connection.recv(2 + 2)
    connection.sendall(b"\x05\x02")
    login = connection.recv(64)
    connection.sendall(b"\x01\x00")
    kind = connection.recv(4)[3]
    host = connection.recv(connection.recv(1)[0]).decode() if kind == 3 else socket.inet_ntoa(connection.recv(4))
    (port,) = struct.unpack(">H", connection.recv(2))
    noted += [methods + login, host.encode()]
    onward = socket.create_connection((host, port))
    connection.sendall(b"\x05\x00\x00\x01" + b"\0" * 6)
    _relay(connection, onward)


@pytest.fixture
def http_proxy() -> Iterator[Scripted]:
    with _scripted(_http_proxy) as server:
        yield server


@pytest.fixture
def socks_proxy() -> Iterator[Scripted]:
    with _scripted(_socks_proxy) as server:
        yield server
