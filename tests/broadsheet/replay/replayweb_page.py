"""replayweb.page over a WACZ, on a loopback port: the page that embeds it, its two scripts, and the WACZ by ranges.

Its service worker reads the WACZ in the browser and answers for the archived pages, rewritten, from addresses
``/replay/w/COLLECTION/TIMEmp_/URL``, in a frame within a frame.
"""

from __future__ import annotations

import contextlib
import html
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from broadsheet.replay.devtools import DevTools
from broadsheet.replay.visit import PageVisit, visit_page

_EMBED = (
    "<!doctype html><meta charset=utf-8><body style='margin:0'>"
    "<replay-web-page style='display:block;height:100vh' source='/archive.wacz' url='{url}' embed='replayonly'"
    " noCache></replay-web-page><script src='/replay/ui.js'></script>"
)
# What the service worker itself answers with at its root; the frame may ask before the worker has taken over
_INDEX = "<!doctype html><head><script src='./ui.js'></script></head><body><replay-app-main></replay-app-main>"
_SHOWN = re.compile(r"/replay/w/[^/]+/(?::[^/]+/)?\d*mp_/")
_REWRITTEN = re.compile(r"/replay/w/[^/]+/(?::[^/]+/)?\d*(?:[a-z]{2}_)?/(https?:.*)")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/archive.wacz":
            self._send_part()
        elif parts.path in ("/replay/ui.js", "/replay/sw.js"):
            script = (self.server.program / parts.path.removeprefix("/replay/")).read_bytes()
            self._send(200, script, "text/javascript")
        elif parts.path == "/replay/":
            self._send(200, _INDEX.encode(), "text/html; charset=utf-8")
        elif parts.path == "/":
            (url,) = parse_qs(parts.query)["url"]
            self._send(200, _EMBED.format(url=html.escape(url)).encode(), "text/html; charset=utf-8")
        else:
            self._send(404, b"", "text/plain")

    do_HEAD = do_GET

    def _send_part(self) -> None:
        size = self.server.wacz.stat().st_size
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range") or "bytes=0-")
        if asked is None or not any(asked.groups()):
            self._send(416, b"", "text/plain")
            return
        first, last = asked.groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last), size - 1) if first and last else size - 1
        with self.server.wacz.open("rb") as file:
            file.seek(start)
            part = file.read(end - start + 1)
        self._send(206, part, "application/wacz", ("Content-Range", f"bytes {start}-{end}/{size}"))

    def _send(self, status: int, body: bytes, kind: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(OSError):  # the browser has seen enough
                self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, wacz: Path, program: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wacz, self.program = wacz, program


@contextlib.contextmanager
def serving(wacz: Path, program: Path) -> Iterator[str]:
    """The origin where *wacz* is replayed by the scripts in the folder *program*."""
    with _Server(wacz, program) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def visit(devtools: DevTools, origin: str, url: str) -> PageVisit:
    """The page *url* as replayweb.page at *origin* shows it."""
    address = f"{origin}/?url={quote(url, safe='')}"
    return visit_page(devtools, address, shown_in=lambda frame: _SHOWN.search(frame) is not None)


def leaks(origin: str, shown: PageVisit) -> list[str]:
    """What a page asked for outside of its replay: requests that were not rewritten, whether or not anybody answered."""
    return [one.url for one in shown.requests if not one.url.startswith(f"{origin}/")]


def archived_url(address: str) -> str | None:
    """The URL whose capture *address* shows; None of the replay's own."""
    found = _REWRITTEN.search(address)
    return None if found is None else found[1]
