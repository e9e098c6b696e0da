"""A small made site of what is hard to replay, served on loopback over http and https under names of its own.

ES modules, a worker, a service worker, a web font from another origin, srcset, lazy images, a GBK and a windows-1251
page, an app fed by JSON, POST by fetch, cache-busters, ranges, integrity hashes, a strict policy, a refused frame.
The site is a function from a request to the bytes of an answer; serving it takes down every exchange, and the archive
is written from those.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import socketserver
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.http import parse_request_head
from broadsheet.archive.replay.certificates import Authority
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter

SITE = "https://news.example"
CDN = "https://cdn.example"
PAGES = (
    f"{SITE}/",
    f"{SITE}/spa/story/2",
    f"{SITE}/gbk.html",
    f"{SITE}/cp1251.html",
    f"{SITE}/old",
    f"{SITE}/worker-page.html",
    "http://plain.example/",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request the site got."""

    method: str
    url: str
    body: bytes
    range: str | None
    codings: str


@dataclass(frozen=True, slots=True)
class Resource:
    """What is under a URL."""

    content: bytes
    kind: str
    headers: tuple[str, ...] = ()
    status: str = "200 OK"


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture with a gradient."""
    rows = b"".join(
        b"\0" + b"".join(bytes((c * (x + y) // (width + height)) for c in colour) for x in range(width))
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def font() -> bytes:
    """A font of which every letter is a box on a foot, as no other font has it."""
    names = [".notdef", *"abcdefghijklmnopqrstuvwxyz"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(name): name for name in names[1:]})
    pen = TTGlyphPen(None)
    for corners in (((50, 0), (450, 0), (450, 100), (50, 100)), ((150, 200), (350, 200), (350, 700), (150, 700))):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    glyph = pen.glyph()
    builder.setupGlyf(dict.fromkeys(names, glyph))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    return file.getvalue()


def wav(seconds: float) -> bytes:
    """Silence."""
    data = bytes(int(8000 * seconds))
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", len(data)
    )
    return head + data


STYLE = f"""
@import url("more.css");
@font-face {{ font-family: Boxes; src: url("{CDN}/boxes.ttf") }}
body {{ margin: 20px; font: 16px/1.4 sans-serif; background: #fff }}
h1 {{ font-family: Boxes, serif }}
.hero {{ width: 200px; height: 60px; background: url(background.png) }}
.tall {{ height: 1500px }}
"""
MODULE = """
import { greet } from './part.js';
const put = (id, text) => { document.getElementById(id).textContent = text };
const tell = async (id, make) => { try { put(id, await make()) } catch (error) { put(id, 'failed: ' + error) } };
put('module', greet('module'));
tell('lazy-module', async () => (await import('./late.js')).late);
tell('worker', () => new Promise((done, fail) => {
  const worker = new Worker('/worker.js'); worker.onerror = fail; worker.onmessage = event => done(event.data); worker.postMessage(20);
}));
tell('busted', async () => (await (await fetch('/api/now?_=' + Date.now())).text()));
tell('random', async () => (await (await fetch('/api/now?id=3&cb=' + Math.random())).text()));
tell('cross', async () => (await (await fetch('CDN/data.json', {headers: {'X-Asked-By': 'page'}})).json()).word);
tell('range', async () => {
  const answer = await fetch('/film.bin', {headers: {Range: 'bytes=1000-1003'}});
  return answer.status + ' ' + answer.headers.get('Content-Range') + ' ' + await answer.text();
});
tell('audio', () => new Promise((done, fail) => {
  const audio = document.querySelector('audio');
  audio.onerror = () => fail(audio.error.message); audio.onloadedmetadata = () => done('lasts ' + audio.duration); audio.load();
}));
tell('secure', async () => 'secure context ' + isSecureContext);
""".replace("CDN", CDN)
POSTING = """
tell('posted', async () => (await (await fetch('/api/vote', {
  method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({vote: 'yes', timestamp: Date.now()})
})).json()).thanks);
tell('form', async () => (await (await fetch('/api/search', {method: 'POST', body: new URLSearchParams({q: 'storm'})})).text()));
"""
HOME = """<!doctype html><html lang=en><head><meta charset=utf-8><title>Home</title>
<link rel=stylesheet href=style.css integrity="INTEGRITY"><link rel=icon href=icon.png>
<script type=module src=app.js></script></head><body>
<h1>headline in boxes</h1><div class=hero></div>
<img src=one.png width=100 height=80 alt=""><img src=small.png srcset="small.png 100w, large.png 800w" sizes=400px width=400 alt="">
<picture><source srcset=source.png media="(min-width: 600px)"><img src=fallback.png alt=""></picture>
<p id=module></p><p id=lazy-module></p><p id=worker></p><p id=posted></p><p id=form></p><p id=busted></p><p id=random></p>
<p id=cross></p><p id=range></p><p id=audio></p><p id=secure></p><audio src=sound.wav preload=metadata></audio>
<iframe src=/framed.html width=300 height=60></iframe><iframe src=/refused.html width=300 height=60></iframe>
<div class=tall>far down</div><img src=far.png loading=lazy width=120 height=90 alt=""></body></html>"""
SPA = """<!doctype html><meta charset=utf-8><title>App</title><body><main id=app>Loading...</main><script src=/spa/app.js></script>"""
SPA_APP = """
(async () => {
  const number = location.pathname.split('/').pop();
  const story = await (await fetch('/api/story/' + number)).json();
  document.title = story.title;
  document.getElementById('app').innerHTML = `<h1>${story.title}</h1><p>${story.text}</p><img src="${story.image}" width=150 height=50>`;
  history.pushState({}, '', '/spa/story/' + number + '?read=1');
})();
"""
WORKER_PAGE = """<!doctype html><meta charset=utf-8><title>Service worker</title><p id=out>waiting</p><script>
(async () => {
  const out = document.getElementById('out');
  try {
    const registration = await navigator.serviceWorker.register('/sw.js');
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done));
    out.textContent = await (await fetch('/made-by-the-worker')).text();
  } catch (error) { out.textContent = 'failed: ' + error }
})();
</script>"""
SERVICE_WORKER = """
addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => {
  if (event.request.url.endsWith('/made-by-the-worker')) event.respondWith(fetch('/api/now?id=3').then(async a => new Response('worker adds to: ' + await a.text())));
});
"""


def resources(*, posting: bool = True) -> dict[str, Resource]:
    """The site, by method and URL without query (but for the story pages); with *posting* its home page sends forms."""
    style = STYLE.encode()
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(style).digest()).decode()
    policy = f"Content-Security-Policy: default-src 'self' {CDN}; style-src 'self'; report-uri /csp"
    script, html = "text/javascript", "text/html"
    js = {
        "app.js": MODULE + (POSTING if posting else ""),
        "part.js": "export const greet = who => 'hello from the ' + who;",
        "late.js": "export const late = 'came late';",
    }
    found = {
        f"GET {SITE}/": Resource(
            HOME.replace("INTEGRITY", integrity).encode(), html, (policy, "Strict-Transport-Security: max-age=99")
        ),
        f"GET {SITE}/style.css": Resource(style, "text/css"),
        f"GET {SITE}/more.css": Resource(b"#module { color: #060 }", "text/css"),
        f"GET {SITE}/worker.js": Resource(b"onmessage = e => postMessage('worker says ' + e.data * 2)", script),
        f"GET {CDN}/boxes.ttf": Resource(font(), "font/ttf", ("Access-Control-Allow-Origin: *",)),
        f"GET {CDN}/data.json": Resource(
            b'{"word": "from afar"}', "application/json", (f"Access-Control-Allow-Origin: {SITE}", "Vary: Origin")
        ),
        f"OPTIONS {CDN}/data.json": Resource(
            b"", "text/plain", (f"Access-Control-Allow-Origin: {SITE}", "Access-Control-Allow-Headers: X-Asked-By")
        ),
        f"POST {SITE}/api/vote": Resource(b'{"thanks": "vote counted"}', "application/json"),
        f"POST {SITE}/api/search": Resource(b"three results for storm", "text/plain"),
        f"GET {SITE}/api/now": Resource(b"nine o'clock", "text/plain"),
        f"GET {SITE}/film.bin": Resource(b"0123456789" * 5000, "application/octet-stream"),
        f"GET {SITE}/sound.wav": Resource(wav(2), "audio/wav"),
        f"GET {SITE}/framed.html": Resource(b"<!doctype html><p>in a frame</p>", html),
        f"GET {SITE}/refused.html": Resource(
            b"<!doctype html><p>never in a frame</p>", html, ("X-Frame-Options: DENY",)
        ),
        f"GET {SITE}/spa/story/2": Resource(SPA.encode(), html),
        f"GET {SITE}/spa/app.js": Resource(SPA_APP.encode(), script),
        f"GET {SITE}/api/story/2": Resource(
            json.dumps({"title": "Story two", "text": "Fed by JSON. " * 20, "image": "/one.png"}).encode(),
            "application/json",
        ),
        f"GET {SITE}/gbk.html": Resource(
            "<!doctype html><title>中文</title><p>新闻：今天下雨。</p>".encode("gbk"), "text/html; charset=gbk"
        ),
        f"GET {SITE}/cp1251.html": Resource(
            "<!doctype html><meta charset=windows-1251><p>Новости: сегодня дождь.</p>".encode("cp1251"), html
        ),
        f"GET {SITE}/old": Resource(b"", html, ("Location: /cp1251.html",), "301 Moved Permanently"),
        f"GET {SITE}/worker-page.html": Resource(WORKER_PAGE.encode(), html),
        f"GET {SITE}/sw.js": Resource(SERVICE_WORKER.encode(), script),
        "GET http://plain.example/": Resource(
            b'<!doctype html><p>no TLS here</p><img src="https://cdn.example/one.png" width=90 height=90>', html
        ),
    }
    found |= {f"GET {SITE}/{name}": Resource(text.encode(), script) for name, text in js.items()}
    pictures = ("one", "small", "large", "source", "fallback", "far", "background", "icon")
    for number, name in enumerate(pictures):
        found[f"GET {SITE}/{name}.png"] = Resource(png(40 + 20 * number, 50, (255, 30 * number, 90)), "image/png")
    found[f"GET {CDN}/one.png"] = Resource(png(60, 60, (0, 200, 255)), "image/png")
    return found


@dataclass(slots=True)
class MadeSite:
    """The site, and what it was asked."""

    resources: dict[str, Resource] = field(default_factory=resources)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> bytes:
        """The bytes of the answer."""
        parts = urlsplit(asked.url)
        found = self.resources.get(f"{asked.method} {parts.scheme}://{parts.netloc}{parts.path}")
        if found is None:
            found = Resource(b"not found", "text/plain", status="404 Not Found")
        content, status, extra = found.content, found.status, list(found.headers)
        if asked.range is not None and status.startswith("200"):
            first, _, last = asked.range.removeprefix("bytes=").partition("-")
            start, end = int(first), min(int(last or len(content)), len(content) - 1)
            extra.append(f"Content-Range: bytes {start}-{end}/{len(content)}")
            content, status = content[start : end + 1], "206 Partial Content"
        elif found.kind == "text/css" and "gzip" in asked.codings:
            content = gzip.compress(content, mtime=0)
            extra.append("Content-Encoding: gzip")
        elif found.kind == "text/javascript" and "br" in asked.codings:
            content = brotli.compress(content)
            extra.append("Content-Encoding: br")
        if found.kind == "application/json":
            content = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content)
            extra.append("Transfer-Encoding: chunked")
        else:
            extra.append(f"Content-Length: {len(content)}")
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {found.kind}", *extra]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content

    def write_archive(self, folder: Path) -> Path:
        """All that was asked, as a WARC; of ranges the whole, as a crawler would fetch it."""
        with WarcWriter(folder, prefix="made", info=WarcInfo(software="test")) as writer:
            for one in dict.fromkeys(self.asked):
                asked = Asked(one.method, one.url, one.body, None, "gzip, br")
                raw = self.answer(asked)
                parts = urlsplit(one.url)
                kind = (
                    "application/json"
                    if one.body.startswith(b"{")
                    else "application/x-www-form-urlencoded;charset=UTF-8"
                )
                typed = f"Content-Type: {kind}\r\nContent-Length: {len(one.body)}\r\n" if one.body else ""
                path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                request = f"{one.method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{typed}\r\n".encode() + one.body
                head_length = raw.index(b"\r\n\r\n") + 4
                exchange = Exchange(
                    one.url, datetime(2026, 11, 24, tzinfo=UTC), 0.1, request, b"", raw, head_length, int(raw[9:12])
                )
                writer.write_exchange(exchange, Provenance())
        return folder / writer.finished[-1].filename


class _Handler(socketserver.StreamRequestHandler):
    """Keep-alive HTTP/1.1 over what may be TLS."""

    server: _Server

    def handle(self) -> None:
        while (head := self._read_head()) is not None:
            request = parse_request_head(head)
            body = self.rfile.read(int(request.get("Content-Length") or 0))
            url = f"{self.server.scheme}://{request.get('Host')}{request.target}"
            codings = request.get("Accept-Encoding") or ""
            asked = Asked(request.method, url, body, request.get("Range"), codings)
            self.server.site.asked.append(asked)
            self.wfile.write(self.server.site.answer(asked))

    def _read_head(self) -> bytes | None:
        head = b""
        try:
            while not head.endswith(b"\r\n\r\n"):
                line = self.rfile.readline()
                if not line:
                    return None
                head += line
        except OSError:
            return None
        return head


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, site: MadeSite, authority: Authority | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site, self.scheme = site, "https" if authority else "http"
        if authority is not None:
            context = authority.context("news.example")
            context.sni_callback = lambda sock, name, _: setattr(sock, "context", authority.context(name or "x"))
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no error of the site's."""


@contextmanager
def served(site: MadeSite, authority: Authority) -> Iterator[tuple[int, int]]:
    """Serve *site*; its http and https ports."""
    servers = [_Server(site, None), _Server(site, authority)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield servers[0].server_address[1], servers[1].server_address[1]
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
