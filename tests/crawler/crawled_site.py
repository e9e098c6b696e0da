"""Small made sites on loopback, and whole crawls of them in a process of their own."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.source import WarcSource
from broadsheet.crawler.discovery.bare_pages import USUAL_FEEDS

# What is looked for on every site that is crawled, whether it is there or not: feeds where there is no sitemap.
SOUGHT = ("/sitemap.xml", *USUAL_FEEDS)
TEXT = "<p>" + "A sentence that is long enough to be taken for an article's own. " * 8 + "</p>"


def page(*links: str, title: str = "A page") -> bytes:
    anchors = "".join(f'<a href="{link}">more</a> ' for link in links)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{TEXT}{anchors}</body></html>".encode()


@dataclass
class Answer:
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200  # 0: the connection is closed without a word
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 10**9  # after that many requests the path is answered with `then`
    then: Answer | None = None


class Site:
    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.asked: list[tuple[float, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append((time.monotonic(), self.path))
                answer = site.answers.get(self.path, Answer(b"<h1>no</h1>", status=404))
                if sum(path == self.path for _, path in site.asked) > answer.times and answer.then:
                    answer = answer.then
                if not answer.status:
                    self.close_connection = True
                    return
                body = answer.body.replace(b"{base}", site.url.encode())
                self.send_response(answer.status)
                if answer.kind:
                    self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(body)))
                for name, value in answer.headers.items():
                    self.send_header(name, value.replace("{base}", site.url))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def paths(self) -> list[str]:
        return [path for _, path in self.asked]


@contextmanager
def serving(answers: Mapping[str, Answer]) -> Iterator[Site]:
    site = Site(answers)
    threading.Thread(target=site.server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()


def crawl(folder: Path, *arguments: str) -> tuple[int, dict[str, object], str]:
    command = [sys.executable, "-m", "broadsheet", "crawl", "-o", str(folder), "--json", "--workers", "1", *arguments]
    if "--delay" not in arguments:
        command += ["--delay", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr


def frontier(folder: Path) -> dict[str, tuple[int, str | None]]:
    with closing(sqlite3.connect(folder / "collection.sqlite")) as db:
        return {url: (state, error) for url, state, error in db.execute("SELECT url, state, error FROM frontier")}


def records(folder: Path) -> list[WarcRecord]:
    """Every record of a collection's archive."""
    return [
        record for path in sorted((folder / "archive").glob("*.gz")) for record in read_records(WarcSource.of(path))
    ]


def kinds(folder: Path) -> Counter[str]:
    """How many records of each type."""
    return Counter(record.record_type for record in records(folder))


def broadsheet(*arguments: object) -> str:
    """What a command, which must succeed, prints."""
    command = [sys.executable, "-m", "broadsheet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
