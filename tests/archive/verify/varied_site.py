"""A site on loopback with what HTTP has to offer, for other tools to archive: ``varied_site.py [ADDRESS]`` prints its port.

Chunked and gzipped pages, a redirect, a 404, a 204, two identical pictures, an odd query, ETags.  Standard library only.
"""

from __future__ import annotations

import gzip
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
PATHS = ("/chunked", "/gzip", "/redirect", "/missing", "/a.png", "/b.png", "/empty", "/q?x=1&y=%C3%A9")
PAGE = f"<!doctype html><html><body>{''.join(f'<a href={path!r}>x</a>' for path in PATHS)}</body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answers by the path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        match self.path:
            case "/chunked":
                self._send(200, "text/html", PAGE * 3, chunked=True)
            case "/gzip":
                self._send(200, "text/html", gzip.compress(PAGE), {"Content-Encoding": "gzip"})
            case "/redirect":
                self._send(302, "text/html", b"", {"Location": "/chunked"})
            case "/a.png" | "/b.png":
                unchanged = self.headers.get("If-None-Match") == '"1"'
                self._send(304 if unchanged else 200, "image/png", b"" if unchanged else PNG, {"ETag": '"1"'})
            case "/empty":
                self._send(204, "text/plain", b"")
            case "/missing":
                self._send(404, "text/html", b"<html>not here</html>")
            case _:
                self._send(200, "text/html; charset=utf-8", PAGE)

    do_HEAD = do_GET

    def _send(
        self, status: int, mime: str, body: bytes, more: dict[str, str] | None = None, *, chunked: bool = False
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", mime)
        for name, value in (more or {}).items():
            self.send_header(name, value)
        if chunked:
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:])) + b"0\r\n\r\n"
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Silent."""


if __name__ == "__main__":
    server = ThreadingHTTPServer((sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
