"""The proxy over real sockets: absolute URLs, tunnels with and without TLS, hostile clients; it never dials."""

from __future__ import annotations

import base64
import hashlib
import http.client
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay import server as server_module
from broadsheet.archive.replay.certificates import Authority
from broadsheet.archive.replay.response import ReplayOutcome
from broadsheet.archive.replay.server import ReplayServer

PAGE = "http://news.example/a"
SECURE = "https://news.example/s"


@pytest.fixture
def server(museum: Any) -> Iterator[ReplayServer]:
    museum.add(PAGE, b"<p>a</p>", "Content-Type: text/html")
    museum.add(SECURE, b"<p>s</p>" * 100_000, "Content-Type: text/html")
    museum.add("https://news.example:8443/odd", b"odd port")
    museum.add(
        "http://news.example/p", b"posted", method="POST", sent=b"q=1", sent_type="application/x-www-form-urlencoded"
    )
    with ReplayServer(museum.replay()) as running:
        yield running


def connect(server: ReplayServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def tunnel(server: ReplayServer, target: str) -> socket.socket:
    connection = connect(server)
    connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    return connection


def secured(server: ReplayServer, host: str, target: str | None = None) -> ssl.SSLSocket:
    """TLS that trusts the replay's authority alone, names checked, by the letter of RFC 5280."""
    context = ssl.create_default_context(cadata=server.authority.certificate.decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context.wrap_socket(tunnel(server, target or f"{host}:443"), server_hostname=host)


def exchange(connection: socket.socket, request: str, body: bytes = b"") -> tuple[int, http.client.HTTPMessage, bytes]:
    connection.sendall(request.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
    answer = http.client.HTTPResponse(connection, method=request.split(" ", 1)[0])
    answer.begin()
    return answer.status, answer.headers, answer.read()


def test_an_absolute_url_is_answered_and_the_connection_goes_on(server: ReplayServer) -> None:
    with connect(server) as connection:
        for _ in range(3):
            status, headers, body = exchange(connection, f"GET {PAGE} HTTP/1.1\nHost: news.example")
            assert (status, body, headers["Content-Type"]) == (200, b"<p>a</p>", "text/html")
        status, _, _ = exchange(connection, "GET http://other.example/ HTTP/1.1\nHost: other.example")
        assert status == 404
        status, _, body = exchange(connection, f"HEAD {PAGE} HTTP/1.1\nHost: news.example\nConnection: close")
        assert (status, body) == (200, b"")
        assert connection.recv(1) == b""


def test_https_is_ended_here_with_a_certificate_for_the_very_host(server: ReplayServer) -> None:
    with secured(server, "news.example") as connection:
        for _ in range(2):
            status, _, body = exchange(connection, "GET /s HTTP/1.1\nHost: news.example")
            assert (status, len(body)) == (200, 800_000)
        leaf = x509.load_der_x509_certificate(connection.getpeercert(binary_form=True) or b"")
    key = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert base64.b64encode(hashlib.sha256(key).digest()).decode() == server.authority.pin
    for host in ("127.0.0.1", "xn--caf-dma.example", "a_b.example"):
        with secured(server, host) as connection:
            assert exchange(connection, "GET / HTTP/1.1\nHost: x")[0] == 404
    with secured(server, "news.example", "news.example:8443") as connection:
        assert exchange(connection, "GET /odd HTTP/1.1\nHost: x")[2] == b"odd port"
    assert Authority().pin != server.authority.pin


def test_a_tunnel_without_tls_is_http(server: ReplayServer) -> None:
    with tunnel(server, "news.example:80") as connection:
        assert exchange(connection, "GET /a HTTP/1.1\nHost: news.example")[2] == b"<p>a</p>"


def test_tls_may_come_right_behind_connect(server: ReplayServer) -> None:
    """Some clients do not wait for the answer; the first bytes of TLS are then in the proxy's hands already."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cadata=server.authority.certificate.decode())
    tls = context.wrap_bio(incoming, outgoing, server_hostname="news.example")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    with connect(server) as connection:
        connection.sendall(b"CONNECT news.example:443 HTTP/1.1\r\n\r\n" + outgoing.read())
        received = connection.recv(100_000)
        head, _, rest = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        rest = rest or connection.recv(100_000)
        assert rest[:1] == b"\x16"


def test_post_and_expect_continue(server: ReplayServer) -> None:
    head = "POST http://news.example/p HTTP/1.1\nHost: x\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 3"
    with connect(server) as connection:
        assert exchange(connection, head, b"q=1")[2] == b"posted"
        connection.sendall((head + "\nExpect: 100-continue\n\n").replace("\n", "\r\n").encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"q=2")
        assert connection.recv(100).startswith(b"HTTP/1.1 404 ")


def test_a_websocket_is_refused(server: ReplayServer) -> None:
    upgrade = "GET /ws HTTP/1.1\nHost: news.example\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13"
    with tunnel(server, "news.example:80") as connection:
        assert exchange(connection, upgrade)[0] == 501
    with secured(server, "news.example") as connection:
        assert exchange(connection, upgrade)[0] == 501


def test_its_own_page_is_shown_under_its_own_name_only(server: ReplayServer) -> None:
    with connect(server) as connection:
        status, headers, body = exchange(connection, f"GET / HTTP/1.1\nHost: {server.address}")
        assert (status, PAGE.encode() in body) == (200, True)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        status, _, body = exchange(connection, f"GET http://{server.address}/ HTTP/1.1\nHost: {server.address}")
        assert (status, PAGE.encode() in body) == (200, True)
        status, _, body = exchange(connection, "GET / HTTP/1.1\nHost: rebound.example")
        assert (status, PAGE.encode() in body) == (421, False)
        assert exchange(connection, f"GET /a HTTP/1.1\nHost: {server.address}")[0] == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x00\x01\x02\x03", b"400"),
        (b"GET http://x.example/ HTTP/1.1\r\nBad\r\n\r\n", b"400"),
        (b"CONNECT nowhere HTTP/1.1\r\n\r\n", b"400"),
        (b"CONNECT a/b:443 HTTP/1.1\r\n\r\n", b"400"),
        (b"POST http://x.example/ HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET http://x.example/" + b"a" * 200_000, b"431"),
        (b"GET http://[bad/ HTTP/1.1\r\n\r\n", b"404"),
        (b"GET ftp://x.example/ HTTP/1.1\r\n\r\n", b"421"),
        (b"GET * HTTP/1.1\r\n\r\n", b"421"),
    ],
)
def test_nonsense_gets_an_answer_and_hurts_nobody(server: ReplayServer, sent: bytes, status: bytes) -> None:
    with connect(server) as connection:
        connection.sendall(sent)
        assert connection.recv(1000)[9:12] == status
    with connect(server) as connection:
        assert exchange(connection, f"GET {PAGE} HTTP/1.1\nHost: x")[0] == 200


def test_tls_nonsense_and_sudden_ends_hurt_nobody(server: ReplayServer) -> None:
    for first in (b"\x16\x03\x01\x00\x05hello", b"\x16", b""):
        with tunnel(server, "news.example:443") as connection:
            connection.sendall(first)
    with tunnel(server, "news.example:443") as connection, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(connection, server_hostname="news.example")
    with secured(server, "news.example") as connection:
        connection.sendall(b"GET /s HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(10)  # and gone, in the middle of the answer
    with connect(server) as connection:
        assert exchange(connection, f"GET {PAGE} HTTP/1.1\nHost: x")[0] == 200


def test_a_slow_client_is_cut_off(museum: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "SLOW", 0.3)
    museum.add(PAGE, b"x")
    with ReplayServer(museum.replay()) as running, connect(running) as connection:
        start = time.monotonic()
        connection.sendall(b"GET ")
        assert connection.recv(10) == b""
        assert time.monotonic() - start < 5


def test_connections_are_limited(museum: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 3)
    museum.add(PAGE, b"x")
    with ReplayServer(museum.replay()) as running:
        held = [connect(running) for _ in range(3)]
        for connection in held:
            assert exchange(connection, f"GET {PAGE} HTTP/1.1\nHost: x")[0] == 200
        with connect(running) as refused:
            assert refused.recv(10) == b""
        for connection in held:
            connection.close()


def test_many_at_once(server: ReplayServer) -> None:
    def fetch(number: int) -> int:
        if number % 2:
            with connect(server) as connection:
                return exchange(connection, f"GET {PAGE} HTTP/1.1\nHost: x")[0]
        with secured(server, "news.example") as connection:
            return len(exchange(connection, "GET /s HTTP/1.1\nHost: x")[2])

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(fetch, range(40))) == {200, 800_000}


def test_requests_are_watched(museum: Any) -> None:
    museum.add(PAGE, b"x")
    seen: list[tuple[str, str, ReplayOutcome]] = []
    replay = museum.replay()
    with ReplayServer(
        replay, watch=lambda request, answer: seen.append((request.method, request.url, answer.outcome))
    ) as running:
        with connect(running) as connection:
            exchange(connection, f"GET {PAGE}#part HTTP/1.1\nHost: x")
        with secured(running, "x.example") as connection:
            exchange(connection, "GET /y?z HTTP/1.1\nHost: other")
    assert seen == [("GET", PAGE, ReplayOutcome.FOUND), ("GET", "https://x.example/y?z", ReplayOutcome.MISSING)]


def test_it_listens_on_loopback_only_and_says_when_the_port_is_taken(server: ReplayServer) -> None:
    assert server._server is not None
    assert [one.getsockname()[0] for one in server._server.sockets] == ["127.0.0.1"]
    with pytest.raises(BadInput, match="another program listens there"), ReplayServer(server._replay, port=server.port):
        pass


GUARD = """
import socket, sys
from pathlib import Path
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.server import ReplayServer
import subprocess
listener = socket.create_server(("127.0.0.1", 0))
dialled = []
def audit(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        dialled.append((event, arguments[1:]))
sys.addaudithook(audit)
folder = Path(sys.argv[1])
with ReplayServer(Replay(CaptureIndex.open([folder / "museum.warc.gz"], folder), Spool(folder))) as server:
    client = subprocess.run([sys.executable, "-c", sys.argv[2], str(server.port)], capture_output=True, text=True)
assert client.returncode == 0, client.stderr
print(client.stdout.strip(), dialled)
socket.create_connection(("127.0.0.1", listener.getsockname()[1])).close()
assert len(dialled) >= 2, "the audit hook does not see connections"
"""
CLIENT = """
import socket, ssl, sys
def ask(data, tls=False):
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10) as connection:
        if tls:
            connection.sendall(b"CONNECT localhost:443 HTTP/1.1\\r\\n\\r\\n")
            connection.recv(100)
            context = ssl.create_default_context(); context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            connection = context.wrap_socket(connection)
        connection.sendall(data)
        return connection.recv(12)[9:].decode()
missing = b"GET http://localhost/missing HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n"
print(ask(missing), ask(missing.replace(b"http://localhost", b""), True), ask(missing.replace(b"GET", b"POST")))
"""


def test_no_request_is_ever_passed_on(museum: Any, tmp_path: Path) -> None:
    """The interpreter itself reports every connection and name looked up by the serving process: there is none."""
    museum.add(PAGE, b"", "Location: http://localhost/missing", status="302 Found")
    done = subprocess.run(
        [sys.executable, "-c", GUARD, str(tmp_path), CLIENT], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "404 404 404 []"
