"""A small site on loopback for a benchmark: what it answers is a function of what was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site sends; ``headers`` besides Content-Type (``kind``) and Content-Length."""

    body: bytes
    status: int = 200
    kind: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()


NOTHING = Answer(b"", 404)


@contextmanager
def serving(answer: Callable[[str, str], Answer]) -> Iterator[tuple[str, list[str]]]:
    """The base URL of a site, and the targets that were asked for.  *answer* is given a target and the base URL."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            made = answer(self.path, f"http://{self.headers['Host']}")
            self.send_response(made.status)
            for name, value in (
                ("Content-Type", made.kind),
                ("Content-Length", str(len(made.body))),
                *made.headers,
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(made.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
