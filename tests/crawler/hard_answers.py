"""Hard answers: what servers really send, byte for byte, and a raw socket server that sends it and notes what it got.

A case is the bytes of interim answers, of the final answer as a record must hold it, of what follows it and belongs to
no record, and how the connection ends.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import brotli
import zstandard

PAGE = b"<html><head><title>x</title></head><body><p>" + b"Text of the page. " * 20 + b"</p></body></html>"
MAX_SIZE = 100_000


@dataclass(frozen=True)
class Case:
    """``end``: keep | close | reset | stall.  ``slices`` sends the answer in pieces of that many bytes."""

    final: bytes
    interim: bytes = b""
    behind: bytes = b""
    end: str = "keep"
    slices: int = 0
    truncated: str | None = None
    error: str | None = None
    recorded: bytes | None = None  # when it is not all of final

    @property
    def expected(self) -> bytes:
        return self.final if self.recorded is None else self.recorded


def answer(*headers: bytes, body: bytes = PAGE, status: bytes = b"HTTP/1.1 200 OK", length: bool = True) -> bytes:
    lines = [status, *headers]
    if length:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def chunked(*chunks: bytes, last: bytes = b"0\r\n\r\n") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + last
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body


RAW_DEFLATE = zlib.compressobj(wbits=-15)
CASES: dict[str, Case] = {
    "plain": Case(answer(b"Content-Type: text/html")),
    "case-and-order": Case(answer(b"x-B: 2", b"X-a: 1", b"cOnTeNt-TyPe: text/html")),
    "duplicates": Case(answer(b"Set-Cookie: a=1", b"Set-Cookie: b=2", b"X: 1", b"Set-Cookie: a=3")),
    "latin-1": Case(answer(b"X-Name: Caf\xe9 \xfc", b"Content-Type: text/html; charset=latin-1")),
    "folded": Case(answer(b"X-Long: one\r\n  two\r\n\tthree")),
    "bare-lf": Case(b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 4\n\nbody"),
    "no-colon": Case(answer(b"this is no header", b"Content-Type: text/html")),
    "spaces": Case(answer(b"X-Spaces:    many   \t", b"Empty:", b"Tight:x")),
    "long-line": Case(answer(b"X-Long: " + b"y" * 60_000)),
    "no-reason": Case(answer(status=b"HTTP/1.1 200")),
    "odd-reason": Case(answer(status=b"HTTP/1.1 200 Tr\xe8s bien, merci")),
    "status-404": Case(answer(status=b"HTTP/1.1 404 Not Found")),
    "status-410": Case(answer(status=b"HTTP/1.1 410 Gone", body=b"")),
    "no-content": Case(b"HTTP/1.1 204 No Content\r\nContent-Length: 99\r\n\r\n"),
    "not-modified": Case(b'HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\nETag: "x"\r\n\r\n'),
    "redirect": Case(answer(b"Location: /plain", status=b"HTTP/1.1 301 Moved Permanently", body=b"moved")),
    "chunked": Case(chunked(PAGE[:50], PAGE[50:])),
    "chunk-extension": Case(chunked(last=b"5;name=value\r\nhello\r\n0;last\r\n\r\n")),
    "chunk-odd-hex": Case(chunked(last=b"000A\r\n0123456789\r\n0b \r\n0123456789a\r\n000\r\n\r\n")),
    "chunk-trailers": Case(chunked(PAGE, last=b"0\r\nX-Sum: 12\r\nX-More: y\r\n\r\n")),
    "chunk-bare-lf": Case(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n"),
    "chunked-slowly": Case(chunked(b"ab", b"cd"), slices=1),
    "gzip": Case(answer(b"Content-Encoding: gzip", body=gzip.compress(PAGE))),
    "gzip-false": Case(answer(b"Content-Encoding: gzip", body=PAGE)),
    "gzip-chunked": Case(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
        % (len(gzip.compress(PAGE, mtime=0)), gzip.compress(PAGE, mtime=0))
    ),
    "deflate": Case(answer(b"Content-Encoding: deflate", body=zlib.compress(PAGE))),
    "deflate-raw": Case(answer(b"Content-Encoding: deflate", body=RAW_DEFLATE.compress(PAGE) + RAW_DEFLATE.flush())),
    "brotli": Case(answer(b"Content-Encoding: br", body=brotli.compress(PAGE))),
    "zstd": Case(answer(b"Content-Encoding: zstd", body=zstandard.compress(PAGE))),
    "early-hints": Case(answer(), interim=b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"),
    "three-interims": Case(
        answer(),
        interim=b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n",
    ),
    "interim-bytewise": Case(answer(body=b"ok"), interim=b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", slices=1),
    "http-1.0": Case(answer(status=b"HTTP/1.0 200 OK", length=False), end="close"),
    "http-1.0-kept": Case(answer(b"Connection: keep-alive", status=b"HTTP/1.0 200 OK")),
    "until-close": Case(answer(b"Content-Type: text/html", length=False), end="close"),
    "connection-close": Case(answer(b"Connection: close"), end="close"),
    "garbage-behind": Case(answer(), behind=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"),
    "two-lengths-equal": Case(answer(b"Content-Length: %d" % len(PAGE))),
    "two-lengths-differ": Case(answer(b"Content-Length: 4"), recorded=answer(b"Content-Length: 4")[: 4 - len(PAGE)]),
    "length-and-chunked": Case(
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    ),
    "lengths-in-one-line": Case(answer(b"Content-Length: %d, %d" % (len(PAGE), len(PAGE)), length=False)),
    "length-no-number": Case(answer(b"Content-Length: many", length=False), end="close"),
    "identity": Case(answer(b"Transfer-Encoding: identity")),
    "no-content-with-body": Case(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", behind=b"wrong"),
    "blank-lines-first": Case(b"\r\n\r\n" + answer(b"Content-Type: text/html")),
    "big": Case(answer(body=b"z" * 90_000)),
    "cut-body": Case(answer(body=PAGE)[:-30], end="close", truncated="disconnect", error="disconnect"),
    "cut-chunk": Case(chunked(PAGE)[:-40], end="close", truncated="disconnect", error="disconnect"),
    "reset-body": Case(answer(body=PAGE)[:-30], end="reset", truncated="disconnect", error="disconnect"),
    "cut-head": Case(b"HTTP/1.1 200 OK\r\nContent-", end="close", truncated="disconnect", error="disconnect"),
    "cut-trailers": Case(chunked(PAGE, last=b"0\r\nX-Sum: 1"), end="close", truncated="disconnect", error="disconnect"),
    "reset-head": Case(b"HTTP/1.1 200 OK\r\nContent-", end="reset", truncated="disconnect", error="disconnect"),
    "interim-alone": Case(b"", interim=b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", end="close", error="disconnect"),
    "stalled-head": Case(b"HTTP/1.1 200 OK\r\nContent-", end="stall", truncated="time", error="timeout"),
    "no-answer": Case(b"", end="close", error="disconnect"),
    "stalled-body": Case(answer(body=PAGE)[:-30], end="stall", truncated="time", error="timeout"),
    "no-http": Case(b"SSH-2.0-OpenSSH_9.2\r\n", end="close", error="protocol", recorded=b""),
    "http-0.9": Case(b"<html><p>No head at all.</p></html>", end="close", error="protocol", recorded=b""),
    "upgrade": Case(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", end="close", error="protocol",
        recorded=b"",
    ),
    "too-long": Case(
        answer(body=b"q" * 150_000), end="close", truncated="length", error="too-large",
        recorded=answer(body=b"q" * 150_000)[:MAX_SIZE],
    ),
    "too-long-unsaid": Case(
        answer(body=b"q" * 150_000, length=False), end="close", truncated="length", error="too-large",
        recorded=answer(body=b"q" * 150_000, length=False)[:MAX_SIZE],
    ),
}  # fmt: skip
# Chunk framing that the server itself got wrong: all that came until it hung up is the answer.
LOST_FRAMING: dict[str, Case] = {
    "chunks-lost": Case(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello and more than was said\r\n0\r\n\r\n", end="close"
    ),
    "chunk-size-lost": Case(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nmany\r\nthings", end="close"
    ),
}  # fmt: skip


def read_head(connection: socket.socket) -> bytes:
    """The head of a request, and not one byte of what comes behind it."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            raise OSError
        head += piece
    return head


class HardServer:
    """Sends the cases by path, over TLS with *tls*; ``requests`` holds the bytes of every request by path."""

    def __init__(self, stall: float, tls: ssl.SSLContext | None) -> None:
        self.requests: defaultdict[str, list[bytes]] = defaultdict(list)
        self._stall = stall
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._socket.getsockname()[1]}/"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            while True:
                while b"\r\n\r\n" not in received:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    received += piece
                request, _, received = received.partition(b"\r\n\r\n")
                path = request.split(b" ")[1].decode().rpartition("/")[2]
                self.requests[path].append(request + b"\r\n\r\n")
                case = CASES.get(path) or LOST_FRAMING.get(path)
                if case is None:
                    links = "".join(f'<a href="/{name}">{name}</a>' for name in CASES)
                    case = Case(answer(b"Content-Type: text/html", body=links.encode())) if not path else NOT_FOUND
                if not self._send(connection, case):
                    return
        except OSError:
            return
        finally:
            connection.close()

    def _send(self, connection: socket.socket, case: Case) -> bool:
        data = case.interim + case.final + case.behind
        step = case.slices or max(len(data), 1)
        for start in range(0, len(data), step):
            connection.sendall(data[start : start + step])
            if case.slices:
                time.sleep(0.001)
        if case.end == "stall":
            time.sleep(self._stall)
        if case.end == "reset":
            time.sleep(0.05)  # what was sent must arrive before the reset overtakes it
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return case.end == "keep"


NOT_FOUND = Case(answer(status=b"HTTP/1.1 404 Not Found", body=b""))


@contextmanager
def hard_server(tls: ssl.SSLContext | None = None) -> Iterator[HardServer]:
    """What stalls does so for three times as long as any client here waits."""
    server = HardServer(12.0, tls)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield server
    finally:
        server.close()
