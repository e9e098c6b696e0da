"""A small archive of a page and what it needs, some of it missing in each of the ways that there are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter

HOST = "http://news.example"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)
PAGE = """<!doctype html><title>A page</title><link rel=icon href=/here.png><link rel=stylesheet href=/s.css>
<img src=/here.png><img src=/gone.png><img src=/busy.png><img src=/never.png srcset="/moved.png 2x">
<iframe src=/frame.html></iframe>
<p id=out>text</p><script src=/app.js></script>"""
FILES: dict[str, tuple[int, str, bytes]] = {
    "/a.html": (200, "text/html", PAGE.encode()),
    "/whole.html": (200, "text/html", b"<!doctype html><p>alone<img src=/here.png><link rel=icon href=/here.png>"),
    "/s.css": (200, "text/css", b"@import 'more.css'; body { background: url(behind.png) }"),
    "/more.css": (200, "text/css", b"p { background: url(/deep.png) }"),
    "/behind.png": (200, "image/png", PNG),
    "/here.png": (200, "image/png", PNG),
    "/gone.png": (404, "text/plain", b"no"),
    "/busy.png": (503, "text/plain", b"later"),
    "/moved.png": (302, "", b"/nowhere.png"),
    "/frame.html": (200, "text/html", b"<!doctype html><img src=/in-frame.png>"),
    "/app.js": (200, "text/javascript", b"fetch('/api/' + 'made.json'); null.broken"),
}
FATES = {  # of what /a.html needs, by path
    "/here.png": "captured",
    "/s.css": "captured",
    "/more.css": "captured",
    "/behind.png": "captured",
    "/frame.html": "captured",
    "/app.js": "captured",
    "/gone.png": "gone",
    "/busy.png": "failed",
    "/never.png": "never asked",
    "/moved.png": "never asked",
    "/deep.png": "never asked",
    "/in-frame.png": "never asked",
}


def write_archive(folder: Path, files: dict[str, tuple[int, str, bytes]] = FILES) -> Path:
    """A WARC of *files*."""
    with WarcWriter(folder, prefix="checked", info=WarcInfo(software="test")) as writer:
        for number, (path, (status, kind, body)) in enumerate(files.items()):
            place = f"Location: {body.decode()}\r\n" if status == 302 else f"Content-Type: {kind}\r\n"
            head = f"HTTP/1.1 {status} Said\r\n{place}Content-Length: {len(body)}\r\n\r\n".encode()
            request = f"GET {path} HTTP/1.1\r\nHost: news.example\r\n\r\n".encode()
            moment = datetime(2026, 11, 24, 12, 0, number, tzinfo=UTC)
            exchange = Exchange(HOST + path, moment, 0.1, request, b"", head + body, len(head), status)
            writer.write_exchange(exchange, Provenance())
    return folder / writer.finished[-1].filename
