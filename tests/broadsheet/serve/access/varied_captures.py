"""Captures of many kinds under few keys, some of them hostile: what the CDX server, Memento and raw captures are tested on."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from small_warcs import request_for, write_warc
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.archive.exchange import Exchange
from broadsheet.commands import extract_warcs

SITE = "http://varied.example"
BEGIN = datetime(2026, 10, 1, 12, tzinfo=UTC)
RUSSIAN = "<!doctype html><title>Порт</title><p>Старый маяк в гавани стоит триста лет.</p>"
HOSTILE = """<!doctype html><html><head><meta http-equiv="refresh" content="0;url=http://evil.example/refresh">
<link rel="preconnect" href="http://evil.example/"><link rel="dns-prefetch" href="//evil.example">
<link rel="stylesheet" href="http://evil.example/steal.css"><script src="http://evil.example/x.js"></script>
<title>"><script>alert(1)</script>\u202egnp.exe</title></head>
<body onload="fetch('http://127.0.0.1:1/')"><script>fetch('http://127.0.0.1:1/')</script>
<img src="http://127.0.0.1:1/pixel.png" onerror="alert(1)"><a href="javascript:alert(1)">a</a>
<iframe src="data:text/html,<script>alert(1)</script>"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe>
<form action="http://evil.example/form"><input name="q"></form><object data="http://evil.example/x.swf"></object>
<svg><script>alert(1)</script><use xlink:href="http://evil.example/s.svg#x"/></svg>
<div style="background:url(http://evil.example/bg.png)">words of the page</div></body></html>"""
HOSTILE_HEADERS = (
    "Set-Cookie: session=1; Path=/\r\nRefresh: 0; url=http://evil.example/\r\nLink: <http://evil.example>; rel=preconnect\r\n"
    "link: <http://evil.example/x.css>; rel=preload; as=style\r\nContent-Security-Policy: script-src *\r\n"
    "Access-Control-Allow-Origin: *\r\nClear-Site-Data: \"*\"\r\nSourceMap: http://evil.example/map\r\n"
    "Memento-Datetime: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Disposition: inline\r\n"
)  # fmt: skip
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def _exchange(path: str, body: bytes, moment: datetime, *, status: int = 200, head: str = "Content-Type: text/html\r\n",
              site: str = SITE) -> Exchange:  # fmt: skip
    url = f"{site}{path}"
    length = "" if "chunked" in head else f"Content-Length: {len(body)}\r\n"
    sent = f"HTTP/1.1 {status} X\r\n{head}{length}\r\n".encode()
    return Exchange(url, moment, 0.1, request_for(url), response=sent + body, head_length=len(sent), status=status)


def exchanges() -> list[Exchange]:
    """The captures, the oldest first, an hour apart."""
    packed = gzip.compress(b"<p>words that came packed</p>" * 40, mtime=0)
    html = "Content-Type: text/html; charset=utf-8\r\n"
    given: list[tuple[str, bytes, dict[str, object]]] = [
        ("/", RUSSIAN.encode("cp1251"), {"head": "Content-Type: text/html; charset=windows-1251\r\n"}),
        (
            "/",
            packed,
            {"head": f"{html}Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"},
        ),  # named twice, applied once
        ("/", b"<p>with www, by https</p>", {"site": "https://www.varied.example"}),
        ("/chunked", b"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n", {"head": f"{html}Transfer-Encoding: chunked\r\n"}),
        ("/moved", b"", {"status": 301, "head": "Location: /there?b=2&a=1\r\n"}),
        ("/there?b=2&a=1", b"<p>there</p>", {}),
        ("/gone", b"<p>gone</p>", {"status": 404}),
        ("/busy", b"<p>later</p>", {"status": 503}),
        ("/hostile.html", HOSTILE.encode(), {"head": html + HOSTILE_HEADERS}),
        ("/hostile.svg", SVG.encode(), {"head": "Content-Type: image/svg+xml\r\n"}),
        ("/script.js", b"alert(1)", {"head": "Content-Type: text/javascript\r\n"}),
        ("/false", b"not packed at all", {"head": "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n"}),
        ("/many", b"x", {"head": "".join(f"X-Number-{n}: {n}\r\n" for n in range(150))}),
        ("/port", b"on another port", {"site": f"{SITE}:8080"}),
        ("/below", b"a host below", {"site": "http://sub.varied.example"}),
        ("/caf%C3%A9%20noir?q=%E6%B8%AF", b"escapes", {}),
        ("/elsewhere", b"", {"status": 302, "head": "Location: javascript:alert(1)\r\n"}),
        ("/other", b"another site", {"site": "http://variedexample.example"}),
    ]
    return [
        _exchange(path, body, BEGIN + timedelta(hours=number), **how)  # type: ignore[arg-type]
        for number, (path, body, how) in enumerate(given)
    ]


def _add_revisit(warc: Path) -> None:
    """A revisit of ``/there``, a day later, as other tools write it."""
    with warc.open("ab") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        url = f"{SITE}/there?b=2&a=1"
        record = writer.create_revisit_record(url, _digest(b"<p>there</p>"), url, "2026-10-01T17:00:00Z", http_headers=head,
                                              warc_headers_dict={"WARC-Date": "2026-10-02T17:00:00Z"})  # fmt: skip
        writer.write_record(record)


def _digest(body: bytes) -> str:
    made = WARCWriter(BytesIO()).create_warc_record("http://a.example/", "resource", payload=BytesIO(body))
    return str(made.rec_headers.get_header("WARC-Payload-Digest")) if made.rec_headers else ""


def make_collection(folder: Path) -> Path:
    """The collection of the captures."""
    warc = write_warc(folder / "warcs", "varied", exchanges(), via=f"{SITE}/")
    _add_revisit(warc)
    extract_warcs(warc, folder / "varied", workers=1)
    return folder / "varied"
