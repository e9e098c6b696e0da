"""A small web site over raw sockets that keeps every byte it was sent: a login, a paginated JSON API, files."""

from __future__ import annotations

import json
import re
import socketserver
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

PAGES = 6  # of the API
PER_PAGE = 5
FILES = 8


class LibrarySite:
    """Serves on 127.0.0.1; ``requests`` are the bytes of each request, in the order they were answered."""

    def __init__(self, delay: float = 0.0) -> None:
        self.requests: list[bytes] = []
        self.delay = delay
        self.failing = {"/api/books?page=3": 1, "/files/2.bin": 1}  # answered with 503 that many times
        self._lock = threading.Lock()
        site = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(ConnectionError):  # a killed crawl
                    self._answer_all()

            def _answer_all(self) -> None:
                while (data := _read_request(self.rfile.readline, self.rfile.read)) is not None:
                    with site._lock:
                        site.requests.append(data)
                    time.sleep(site.delay)
                    self.wfile.write(site._answer(data))
                    self.wfile.flush()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, method: str, path: str) -> int:
        """How many requests began like this."""
        return sum(request.startswith(f"{method} {path} HTTP".encode()) for request in self.requests)

    def _answer(self, data: bytes) -> bytes:
        head, _, body = data.partition(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        with self._lock:
            if self.failing.get(target, 0) > 0:
                self.failing[target] -= 1
                return _made("503 Service Unavailable", b"later")
        path = urlsplit(target).path
        cookie = re.search(rb"(?i)^cookie: (.*)$", head, re.M)
        known = cookie is not None and b"session=s3cret" in cookie.group(1)
        if path == "/robots.txt":
            return _made("200 OK", b"User-agent: *\nDisallow: /forbidden\n", "text/plain")
        if path == "/login" and method == "GET":
            form = '<form action="/login" method="post"><input name="token" type="hidden" value="t42">'
            return _html(f'{form}<input name="user"><input name="password" type="password"></form>')
        if path == "/login":
            fields = parse_qs(body.decode())
            right = fields == {"token": ["t42"], "user": ["ann"], "password": ["o w&l"]}
            if not right:
                return _made("403 Forbidden", b"no")
            return _made("302 Found", b"", extra=["Set-Cookie: session=s3cret; Path=/", "Location: /shelf?page=1"])
        if path == "/shelf":
            if not known:
                return _made("403 Forbidden", b"log in")
            page = int(parse_qs(urlsplit(target).query)["page"][0])
            books = "".join(f'<li class="book">Book {page}.{n}</li>' for n in range(3))
            link = f'<a class="next" href="/shelf?page={page + 1}">next</a>' if page < 8 else ""
            return _html(f"<ul>{books}</ul>{link}")
        if path == "/api/books":
            page = int(parse_qs(urlsplit(target).query)["page"][0])
            rows = [
                {"title": f"T{page}-{n}", "pages": 100 * page + n, "price": page + n / 4, "tags": ["a", f"p{page}"]}
                for n in range(PER_PAGE)
            ]
            more = page + 1 if page < PAGES else None
            return _made("200 OK", json.dumps({"books": rows, "next": more}).encode(), "application/json", chunked=True)
        if path == "/api/echo":
            return _made("200 OK", json.dumps({"method": method, "body": body.decode()}).encode(), "application/json")
        if path == "/files":
            return _html("".join(f'<a href="/files/{n}.bin">{n}</a>' for n in range(FILES)))
        if match := re.fullmatch(r"/files/(\d+)\.bin", path):
            return _made("200 OK", bytes(range(256)) * (int(match.group(1)) + 1), "application/octet-stream")
        if path == "/story":
            text = " ".join(["The lighthouse keeper counted the ships again before the fog came in."] * 12)
            return _html(f"<article><h1>A light at sea</h1><p>{text}</p><p>{text}</p></article>", "A light at sea")
        if path == "/forbidden":
            return _html("no robots here")
        return _made("404 Not Found", b"no such page")


def _read_request(readline: Callable[[], bytes], read: Callable[[int], bytes]) -> bytes | None:
    lines = []
    while (line := readline()) not in (b"\r\n", b""):
        lines.append(line)
    if not lines:
        return None
    length = re.search(rb"(?i)^content-length: (\d+)", b"".join(lines), re.M)
    body = read(int(length.group(1))) if length else b""
    return b"".join(lines) + b"\r\n" + body


def _html(body: str, title: str = "Library") -> bytes:
    page = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return _made("200 OK", page.encode(), "text/html; charset=utf-8")


def _made(
    status: str, body: bytes, content_type: str = "text/plain", *, extra: list[str] | None = None, chunked: bool = False
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *(extra or [])]
    if chunked:
        half = len(body) // 2
        lines.append("transfer-encoding: Chunked")
        message = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:half], body[half:])) + b"0\r\n\r\n"
    else:
        lines.append(f"Content-Length: {len(body)}")
        message = body
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + message
