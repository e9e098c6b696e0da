"""Whole crawls of sites that want cookies, a password, or a header: what is sent, to whom, and that it lasts."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from crawled_site import SOUGHT, crawl, page
from warcio.archiveiterator import ArchiveIterator

pytestmark = pytest.mark.slow

Headers = dict[str, str]
Reply = tuple[int, Headers, bytes]


@contextmanager
def answering(reply: Callable[[str, Headers], Reply]) -> Iterator[tuple[str, list[tuple[str, Headers]]]]:
    asked: list[tuple[str, Headers]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            sent = {name.lower(): value for name, value in self.headers.items()}
            asked.append((self.path, sent))
            if self.path in ("/robots.txt", *SOUGHT):
                status, headers, body = 404, Headers(), b""
            else:
                status, headers, body = reply(self.path, sent)
            self.send_response(status)
            for name, value in {"Content-Type": "text/html", **headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def itself(path: str, sent: Headers) -> Reply:
    if sent.get("cookie") == "seen=1":
        return 200, {}, page("/a", "/b")
    return 302, {"Location": path, "Set-Cookie": "seen=1; Path=/"}, b""


def check(path: str, sent: Headers) -> Reply:
    if path == "/check":
        return 302, {"Location": "/", "Set-Cookie": "seen=1; Path=/"}, b""
    if sent.get("cookie") == "seen=1":
        return 200, {}, page("/a", "/b")
    return 307, {"Location": "/check"}, b""


@pytest.mark.parametrize("site", [itself, check])
def test_a_site_that_turns_away_who_brings_no_cookie(site: Callable[[str, Headers], Reply], tmp_path: Path) -> None:
    with answering(site) as (url, asked):
        code, summary, _ = crawl(tmp_path / "c", url + "/", "--concurrency", "1", "--no-extract")
        assert (code, summary["end"]) == (0, "finished")
        progress = summary["progress"]
        assert isinstance(progress, dict)
        assert progress["pages"] == 3
        pages = [path for path, _ in asked if path in ("/", "/a", "/b", "/check")]
        assert sorted(pages) == sorted(["/", "/", "/a", "/b"] + ["/check"] * (site is check))
        if site is itself:
            crawl(tmp_path / "n", url + "/", "--no-cookies", "--no-extract")
            assert all("cookie" not in sent for _, sent in asked[-2:])
    with next((tmp_path / "c" / "archive").glob("*.warc.gz")).open("rb") as file:
        requests = [
            record.http_headers.get_header("Cookie") for record in ArchiveIterator(file) if record.rec_type == "request"
        ]
    assert requests.count("seen=1") == 3 + len(SOUGHT)  # what is sought on every site, too: archived as sent


def test_a_crawl_that_is_gone_on_with_is_the_same_visitor(tmp_path: Path) -> None:
    with answering(itself) as (url, asked):
        assert crawl(tmp_path / "c", url + "/", "--max-pages", "1", "--concurrency", "1", "--no-extract")[0] == 3
        before = len(asked)
        assert crawl(tmp_path / "c", url + "/", "--max-pages", "0")[0] == 0  # the other options are kept
        assert {sent.get("cookie") for _, sent in asked[before:]} == {"seen=1"}


def test_what_the_user_brings_goes_to_the_hosts_that_were_named(tmp_path: Path) -> None:
    (tmp_path / "cookies.txt").write_text("127.0.0.1\tFALSE\t/\tFALSE\t0\tmember\t7\n")
    options = [
        "--load-cookies",
        str(tmp_path / "cookies.txt"),
        "--header",
        "Accept-Language: de",
        "--header",
        "X-Key: k",
        "--header",
        "From: ann@paper.example",
    ]
    options += ["--http-user", "ann", "--http-password", "secret"]

    def picture(_path: str, _sent: Headers) -> Reply:
        return 200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n"

    with answering(picture) as (there, asked_there):
        shown = f'<img src="{there.replace("127.0.0.1", "localhost")}/p.png">'.encode()
        with answering(lambda _path, _sent: (200, {}, page() + shown)) as (here, asked_here):
            assert crawl(tmp_path / "c", here + "/", "--allow-private", "--no-extract", *options)[0] == 0
    sent_here = dict(asked_here)["/"]
    assert sent_here["authorization"] == "Basic " + base64.b64encode(b"ann:secret").decode()
    assert (sent_here["cookie"], sent_here["x-key"], sent_here["accept-language"]) == ("member=7", "k", "de")
    sent_there = dict(asked_there)["/p.png"]
    assert not {"authorization", "cookie"} & set(sent_there)
    assert sent_there["x-key"] == "k"
    with next((tmp_path / "c" / "archive").glob("*.warc.gz")).open("rb") as file:
        warcinfo = next(iter(ArchiveIterator(file))).content_stream().read()
    assert b"ann" in warcinfo
    assert b"secret" not in warcinfo
    assert b"http-header-from: ann@paper.example\r\n" in warcinfo
    assert sent_there["from"] == "ann@paper.example"
    with closing(sqlite3.connect(tmp_path / "c" / "collection.sqlite")) as db:
        assert db.execute("SELECT domain, name, value FROM cookies").fetchall() == [("127.0.0.1", "member", "7")]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--header", "nonsense", "is not a header field"),
        ("--header", "Host: x", "set by the crawler"),
        ("--load-cookies", "/nowhere", "Check the path"),
    ],
)
def test_what_cannot_be_sent_is_said_before_anything_is_asked(
    option: str, value: str, said: str, tmp_path: Path
) -> None:
    code, _, stderr = crawl(tmp_path / "c", "http://127.0.0.1:1/", option, value)
    assert code == 2
    assert said in stderr
