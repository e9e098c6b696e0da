"""The newspaper of which the stored collection holds a crawl: http://www.harbour.example/, served on loopback.

The collection must not change when this file does: a test that goes on with it asks this site, in its second edition, for
what the crawl left.  In the second edition article 2 has another text, and articles 7, 8 and 9 are new.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "http://www.harbour.example"
SUBJECTS = ("The old bridge", "The night bus", "The lighthouse", "The market square", "The library roof", "The ferry")
DEEDS = ("will close", "is repaired", "was sold", "opens again", "needs paint", "is measured", "moves north")


class HarbourPaper:
    """The site; ``edition`` is 1 or 2, ``held`` the paths that are not answered before `let_go`, ``asked`` the paths so far."""

    def __init__(self) -> None:
        self.edition = 1
        self.held: set[str] = set()
        self.asked: list[str] = []
        self.cookies: set[str | None] = set()  # what came with requests
        self.holding = threading.Event()
        self._free = threading.Event()
        paper = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server_version, sys_version = "Harbour", ""

            def do_GET(self) -> None:
                paper.asked.append(self.path)
                paper.cookies.add(self.headers.get("Cookie"))
                if self.path in paper.held:
                    paper.holding.set()
                    paper._free.wait()
                if self.path == "/broken":
                    self.close_connection = True
                    return
                self._answer(paper.answer(self.path))

            def _answer(self, found: tuple[str, bytes] | None) -> None:
                status, (kind, body) = (404, ("text/html", b"<h1>no</h1>")) if found is None else (200, found)
                if self.path == "/moved":
                    status, body = 302, b""
                tag = f'"{hashlib.sha1(body).hexdigest()[:12]}"'
                if status == 200 and self.headers.get("If-None-Match") == tag:
                    status = 304
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if status == 302:
                    self.send_header("Location", "/1")
                if self.path == "/":
                    self.send_header("Set-Cookie", "visitor=7; Path=/; Max-Age=2000000000")
                if self.path == "/3":
                    self.send_header("Content-Encoding", "gzip")
                    body = gzip.compress(body, mtime=0)
                if status == 200:
                    self.send_header("ETag", tag)
                if status != 304:
                    self.send_header("Content-Length", str(len(body) * (2 if self.path == "/cut" else 1)))
                self.end_headers()
                self.wfile.write(b"" if status == 304 else body)
                self.close_connection = self.path == "/cut"

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A crawler that was killed: not worth a traceback."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Content-Type and body for *path*; None for what is not there."""
        articles = 6 if self.edition == 1 else 9
        name = path.strip("/")
        if name == "robots.txt":
            return "text/plain", b"User-agent: *\nDisallow: /private\n"
        if name == "style.css":
            return "text/css", b"p { color: black }" + b" " * 1000
        if name.startswith("picture-"):
            shown = "picture-1.png" if name == "picture-2.png" else name  # one picture under two names
            return "image/png", b"\x89PNG\r\n\x1a\n" + shown.encode() * 120
        if name == "moved":
            return "text/html", b""
        if name == "cut":
            return "text/html", _html("A page that ends", "<p>before it</p>")
        if not name:
            paths = ["moved", "cut", "broken", "missing", "private", *(str(n) for n in range(1, articles + 1))]
            return "text/html; charset=utf-8", _html("The Harbour", "".join(f"<a href=/{p}>{p}</a> " for p in paths))
        if name.isdigit() and 0 < int(name) <= articles:
            return "text/html; charset=utf-8", self._article(int(name))
        return None

    def _article(self, number: int) -> bytes:
        title = f"{SUBJECTS[number % 6]} {DEEDS[number % 7]}, part {number}"
        edition = self.edition if number == 2 else 1
        text = "".join(
            f"<p>{SUBJECTS[(number + n) % 6]} {DEEDS[(number * n) % 7]}, it was said in edition {edition if n == 3 else 1}"
            f" of story {number}, and paragraph {n} says what follows from it for the town.</p>"
            for n in range(1, 7)
        )
        return _html(
            title,
            f"<article><h1>{title}</h1><p class=byline>By Ann Lee</p>"
            f"<time datetime=2026-03-0{number}>{number} March 2026</time>"
            f"<img src=/picture-{number}.png>{text}</article><aside><h3>Most read</h3><a href=/1>One</a></aside>"
            "<footer><p>© 2026 The Harbour. All rights reserved.</p></footer>",
        )


def _html(title: str, body: str) -> bytes:
    head = f"<head><title>{title}</title><link rel=stylesheet href=/style.css></head>"
    return f'<!DOCTYPE html><html lang="en">{head}<body><nav><a href=/>Home</a></nav>{body}</body></html>'.encode()


@contextmanager
def printing(edition: int) -> Iterator[HarbourPaper]:
    """The site, served in that *edition*."""
    paper = HarbourPaper()
    paper.edition = edition
    threading.Thread(target=paper.server.serve_forever, daemon=True).start()
    try:
        yield paper
    finally:
        paper.server.shutdown()
        paper.server.server_close()
