"""A newspaper on loopback whose articles change between two crawls, also as a program for tests that kill the crawler.

``changing_site.py ARTICLES LOG [DELAY]`` prints its URL; SIGUSR1 makes it print its second edition.  Article n shows a
picture of its own and a style sheet that all share.  Those with an even n are in the sitemap with a lastmod of the day when
they were written, or changed.  In the second edition every 20th article from the 5th and the 10th on has another text, and
there is one article more.  All answers but the sitemap have an ETag and heed If-None-Match.  A request is a line of LOG.
"""

from __future__ import annotations

import hashlib
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import sleep

A_LISTING = 10  # articles
SENTENCE = "A sentence of article {} that is long enough to be taken for its text, in edition {}, paragraph {}."


def changed(number: int, edition: int) -> bool:
    """Whether that article has another text in *edition*."""
    return edition == 2 and number % 20 in (5, 10)


class ChangingSite:
    """The site; ``edition`` is 1 or 2, ``asked`` the paths with the status of each answer."""

    def __init__(self, articles: int, log: Path | None = None, delay: float = 0.0) -> None:
        self.articles = articles
        self.edition = 1
        self.asked: list[tuple[str, int]] = []
        self.untagged = {"/sitemap.xml"}  # what has no ETag
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if log is not None:
                    with log.open("a") as file:
                        file.write(f"{self.path}\n")
                sleep(delay)
                found = site.answer(self.path)
                status, body = (404, b"<h1>no</h1>") if found is None else (200, found)
                tag = f'"{hashlib.sha1(body).hexdigest()}"'
                if status == 200 and self.headers.get("If-None-Match") == tag:
                    status, body = 304, b""
                site.asked.append((self.path, status))
                self.send_response(status)
                self.send_header("Content-Type", kind(self.path))
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                if self.path not in site.untagged:
                    self.send_header("ETag", tag)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A crawler that was killed: not worth a traceback."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str) -> bytes | None:
        """The body for *path*; None for what is not there."""
        articles = self.articles + (self.edition == 2)
        name = path.strip("/")
        if name == "sitemap.xml":
            return self._sitemap()
        if name == "style.css":
            return b"/* styles */ p { color: black }" + b" " * 1000
        if name.startswith("picture-"):
            return b"\x89PNG\r\n\x1a\n" + name.encode() * 100
        if name.isdigit() and int(name) < articles:
            return self._article(int(name))
        listings = -(-articles // A_LISTING)
        if not name:
            return _html("Home", "".join(f"<a href=/list-{n}>More</a> " for n in range(listings)))
        number = int(name.removeprefix("list-")) if name.removeprefix("list-").isdigit() else -1
        if 0 <= number < listings:
            shown = range(number * A_LISTING, min(articles, (number + 1) * A_LISTING))
            return _html(f"List {number}", "".join(f"<li><a href=/{n}>Article {n}</a></li>" for n in shown))
        return None

    def _article(self, number: int) -> bytes:
        edition = 2 if changed(number, self.edition) else 1
        text = "".join(f"<p>{SENTENCE.format(number, edition if n == 3 else 1, n)}</p>" for n in range(12))
        title = f"Article {number}" + (" (updated)" if edition == 2 else "")
        return _html(title, f"<img src=/picture-{number}.png><article><h1>{title}</h1>{text}</article>")

    def _sitemap(self) -> bytes:
        entries = "".join(
            f"<url><loc>{self.url}{n}</loc>"
            f"<lastmod>{'2190-01-01' if changed(n, self.edition) else '2020-02-02T10:00:00Z'}</lastmod></url>"
            for n in range(0, self.articles, 2)
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


def kind(path: str) -> str:
    """The Content-Type of *path*."""
    types = {"xml": "application/xml", "css": "text/css", "png": "image/png"}
    return types.get(path.rpartition(".")[2], "text/html; charset=utf-8")


def _html(title: str, body: str) -> bytes:
    head = f"<head><title>{title}</title><link rel=stylesheet href=/style.css></head>"
    return f"<!DOCTYPE html><html>{head}<body>{body}</body></html>".encode()


if __name__ == "__main__":
    served = ChangingSite(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0)

    def print_second_edition(*_: object) -> None:
        """A new edition is out."""
        served.edition = 2

    signal.signal(signal.SIGUSR1, print_second_edition)
    print(served.url, flush=True)
    while True:
        signal.pause()
