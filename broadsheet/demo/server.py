"""The demo's newspaper as a web server on loopback: its answers differ in form as those of real servers do."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from broadsheet.demo.content import BIOGRAPHIES, DemoArticle, articles
from broadsheet.demo.pages import (
    PER_PAGE,
    article_page,
    author_path,
    feed,
    listing_page,
    picture,
    plain_page,
    sitemap,
)

ROBOTS = "User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap.xml\n"


@dataclass(frozen=True, slots=True)
class DemoResponse:
    """What the site answers at a path.  ``{base}`` in a text stands for the site's own address."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())
    chunked: bool = False


@cache
def pages() -> Mapping[str, DemoResponse]:
    """Every path of the site."""
    site: dict[str, DemoResponse] = {}
    for number, article in enumerate(articles()):
        site[article.path] = _form(article_page(article, number), number)
        site[f"/img/{article.slug}.png"] = DemoResponse(picture(number), "image/png")
        site[f"/img/inline-{number}.png"] = DemoResponse(picture(number + 100), "image/png")
    newest = list(articles()[::-1])
    _listing(site, "The Harbour Gazette", "/", newest)
    for section in sorted({article.section for article in newest}):
        _listing(site, section, f"/section/{section.lower()}/", [one for one in newest if one.section == section])
    for tag in sorted({tag for article in newest for tag in article.tags}):
        _listing(site, f"Tag: {tag}", f"/tag/{tag.lower()}/", [one for one in newest if tag in one.tags])
    for name in BIOGRAPHIES:
        _listing(site, name, author_path(name), [one for one in newest if one.author == name])
    site["/about/"] = DemoResponse(
        plain_page("About us", "The Gazette is written, printed and delivered by nine people.").encode()
    )
    paths = [path for path in site if not path.startswith("/img/")]
    site["/feed/"] = DemoResponse(feed().encode(), "application/rss+xml; charset=utf-8")
    site["/sitemap.xml"] = DemoResponse(sitemap(paths).encode(), "application/xml")
    site["/robots.txt"] = DemoResponse(ROBOTS.encode(), "text/plain")
    site["/old-address/"] = DemoResponse(status=301, headers=(("Location", "/about/"),))
    site["/private/"] = DemoResponse(plain_page("Staff", "Not for robots.").encode())
    return site


def _form(page: str, number: int) -> DemoResponse:
    """One article in an old encoding, one compressed, one chunked; the others plain."""
    match number:
        case 3:
            old = page.replace('charset="utf-8"', 'charset="windows-1252"')
            return DemoResponse(old.encode("cp1252", "xmlcharrefreplace"), "text/html; charset=windows-1252")
        case 5:
            return DemoResponse(gzip.compress(page.encode(), mtime=0), headers=(("Content-Encoding", "gzip"),))
        case 7:
            return DemoResponse(page.encode(), chunked=True)
    return DemoResponse(page.encode())


def _listing(site: dict[str, DemoResponse], title: str, path: str, shown: list[DemoArticle]) -> None:
    last = -(-len(shown) // PER_PAGE)
    for number in range(1, last + 1):
        part = shown[(number - 1) * PER_PAGE : number * PER_PAGE]
        here = path if number == 1 else f"{path}page/{number}/"
        site[here] = DemoResponse(listing_page(title, part, path, number, last).encode())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "HarbourGazette", ""

    def do_GET(self) -> None:
        """Answer."""

        missing = DemoResponse(plain_page("Not found", "There is nothing here.").encode(), status=404)
        answer = pages().get(unquote(self.path), missing)
        body = answer.body.replace(b"{base}", f"http://{self.headers['Host']}".encode())
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            middle = len(body) // 2
            for piece in (body[:middle], body[middle:], b""):
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not shown."""


@contextmanager
def serve(port: int = 0) -> Iterator[str]:
    """Serve the site on 127.0.0.1; gives its address, with the slash."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="demo-site", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
