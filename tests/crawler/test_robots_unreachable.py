"""A robots.txt that cannot be had: its host waits and is asked again (RFC 9309, 2.3.1.4); nothing of it ends up refused.

The crawls run in this process, so that the back-off of tests is short.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from crawled_site import SOUGHT

from broadsheet.crawler import robots
from broadsheet.crawler.options import ALL_PRIVATE, CrawlOptions
from broadsheet.crawler.politeness import pacing
from broadsheet.crawler.progress import CrawlEnd, CrawlSummary
from broadsheet.crawler.run import crawl
from broadsheet.crawler.state.url import State
from tests.crawler.noting import Noting

PAGES = {"/": b'<html><a href="/a">a</a></html>', "/a": b"<html><p>a</p></html>"}
Robots = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path.startswith("/robots.txt"):
            self.server.robots(self)
        else:
            self.say(200 if self.path in PAGES else 404, PAGES.get(self.path, b""))

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if self.path in PAGES else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    robots: Robots

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for module in (robots, pacing):
        monkeypatch.setattr(module, "backoff", lambda _host, tries: 0.02 * tries)
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _crawl(server: Server, folder: Path, *more: str) -> CrawlSummary:
    seeds = (f"{server.url}/", *more)
    private = (ALL_PRIVATE,)  # the dead host of a redirect is another port
    options = CrawlOptions(folder, seeds, delay=0, extract=False, timeout=0.5, allow_private=private)
    return crawl(options, Noting())


def _states(folder: Path) -> dict[str, tuple[int, str | None]]:
    with closing(sqlite3.connect(folder / "collection.sqlite")) as db:
        rows = db.execute("SELECT url, state, error FROM frontier").fetchall()
    return {"/" + url.split("/", 3)[3]: (state, error) for url, state, error in rows}


def _fine(handler: Handler) -> None:
    handler.say(200, b"User-agent: *\nAllow: /\n")


def _status(status: int, **headers: str) -> Robots:
    return lambda handler: handler.say(status, b"", **headers)


def _reset(handler: Handler) -> None:
    handler.close_connection = True


def _silence(handler: Handler) -> None:
    handler.server.stopped.wait(3)  # type: ignore[attr-defined]
    handler.close_connection = True


def _cut(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "60")
    handler.end_headers()
    handler.wfile.write(b"User-agent: *\nAllow: /\n")  # and what would follow
    handler.close_connection = True


def _chunks_without_end(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"e\r\nUser-agent: *\n\r\n")
    handler.close_connection = True


UNREACHABLE: dict[str, tuple[Robots, str]] = {
    "500": (_status(500), "status 500"),
    "503, Retry-After": (_status(503, Retry_After="0"), "status 503"),
    "429": (_status(429), "status 429"),
    "reset": (_reset, "disconnect"),
    "time-out": (_silence, "timeout"),
    "redirect to a dead host": (_status(302, Location="http://127.0.0.1:1/robots.txt"), "connect"),
    "redirect to nowhere": (_status(302), "it redirects to nowhere"),
    "cut": (_cut, "its end is missing: disconnect"),
    "chunks without end": (_chunks_without_end, "its end is missing: disconnect"),
}


@pytest.mark.parametrize("name", UNREACHABLE)
def test_the_host_waits_and_the_same_call_goes_on(server: Server, tmp_path: Path, name: str) -> None:
    server.robots, why = UNREACHABLE[name]
    server.stopped = threading.Event()  # type: ignore[attr-defined]
    first = _crawl(server, tmp_path / "c")
    assert (first.end, first.exit_code) == (CrawlEnd.WAITING, 3)
    assert f"its robots.txt cannot be had ({why})" in first.message
    assert "forbids" not in first.message
    assert _states(tmp_path / "c") == {"/": (State.QUEUED, None), "/sitemap.xml": (State.QUEUED, None)}
    assert set(server.asked) == {"/robots.txt"}  # nothing else may be asked meanwhile
    assert 1 < server.asked.count("/robots.txt") <= robots.MAX_TRIES
    server.robots = _fine
    second = _crawl(server, tmp_path / "c")
    assert (second.end, second.exit_code) == (CrawlEnd.FINISHED, 0)
    states = {url: state for url, (state, _) in _states(tmp_path / "c").items()}
    assert states == dict.fromkeys(("/", "/a", *SOUGHT), State.DONE)


def test_one_that_comes_back_within_the_run_is_heeded(server: Server, tmp_path: Path) -> None:
    def at_last(handler: Handler) -> None:
        late = server.asked.count("/robots.txt") == robots.MAX_TRIES
        handler.say(200, b"User-agent: *\nDisallow: /a\n") if late else handler.say(503)

    server.robots = at_last
    assert _crawl(server, tmp_path / "c").exit_code == 0
    assert _states(tmp_path / "c")["/a"] == (State.REFUSED, "robots")  # and only this is forbidden
    assert "/a" not in server.asked


def _loop(handler: Handler) -> None:
    handler.say(302, b"", Location="/robots.txt?again")


@pytest.mark.parametrize(
    "answer",
    [
        _status(404),
        _status(403),
        _loop,  # RFC 9309, 2.3.1.2: five redirects on, it counts as unavailable
        lambda handler: handler.say(200, bytes(range(256)) * 100),
        lambda handler: handler.say(200, b"# much\n" * 300_000),
        lambda handler: handler.say(200, b""),
    ],
    ids=["404", "403", "redirect loop", "binary", "huge", "empty"],
)
def test_what_says_nothing_allows_all(server: Server, tmp_path: Path, answer: Robots) -> None:
    server.robots = answer
    assert _crawl(server, tmp_path / "c").end is CrawlEnd.FINISHED
    assert _states(tmp_path / "c")["/a"] == (State.DONE, None)


def test_other_hosts_go_on_meanwhile(server: Server, tmp_path: Path) -> None:
    other = Server()
    other.robots, server.robots = _fine, _status(500)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    ended = _crawl(server, tmp_path / "c", f"{other.url}/")
    other.shutdown()
    other.server_close()
    assert (ended.end, ended.progress.pages) == (CrawlEnd.WAITING, 2)


def test_urls_that_an_earlier_version_barred_are_asked_again(server: Server, tmp_path: Path) -> None:
    server.robots = _status(500)
    _crawl(server, tmp_path / "c")
    with closing(sqlite3.connect(tmp_path / "c" / "collection.sqlite")) as db, db:
        db.execute("UPDATE frontier SET state = 3, error = 'robots'")  # what that version wrote
    server.robots = _fine
    assert _crawl(server, tmp_path / "c").end is CrawlEnd.FINISHED
    assert _states(tmp_path / "c")["/a"] == (State.DONE, None)


def test_a_host_without_a_connection_says_so_itself(server: Server, tmp_path: Path) -> None:
    server.shutdown()
    server.server_close()
    ended = _crawl(server, tmp_path / "c")
    assert ended.exit_code == 1
    assert "nobody answers at that address" in ended.message or "nothing has ever answered there" in ended.message
