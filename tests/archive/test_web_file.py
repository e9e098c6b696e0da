"""Files on web servers: read by ranges, asked again when that helps, and never from a private address nobody named."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from broadsheet.archive import storage
from broadsheet.archive.errors import BadInput, BrokenEnvironment
from broadsheet.archive.storage import RemoteFile, list_objects
from broadsheet.archive.web_file import WebFile

DATA = random.Random(4).randbytes(1_500_000)


class Handler(BaseHTTPRequestHandler):
    """What the path says is done; ``/flaky`` fails two requests in three."""

    protocol_version = "HTTP/1.1"
    count = 0
    etag = '"one"'
    to = ""

    def do_GET(self) -> None:
        Handler.count += 1
        kind = self.path.strip("/")
        if kind == "flaky" and Handler.count % 3:
            if Handler.count % 3 == 1:
                self._answer(503, b"busy")
            else:
                self._piece(cut=True)
        elif kind.isdigit():
            self._answer(int(kind), b"")
        elif kind == "elsewhere":
            self._answer(302, b"", [("Location", Handler.to)])
        elif kind == "whole":
            self._answer(200, DATA)
        else:
            self._piece()

    def _piece(self, *, cut: bool = False) -> None:
        first, last = (int(one) for one in self.headers["Range"].removeprefix("bytes=").split("-"))
        if first >= len(DATA):
            self._answer(416, b"", [("Content-Range", f"bytes */{len(DATA)}")])
            return
        piece = DATA[first : last + 1]
        fields = [("Content-Range", f"bytes {first}-{first + len(piece) - 1}/{len(DATA)}"), ("ETag", Handler.etag)]
        self._answer(206, piece, fields, cut=cut)

    def _answer(self, status: int, body: bytes, fields: Any = (), *, cut: bool = False) -> None:
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(storage, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(Handler, "count", 0)
    monkeypatch.setattr(Handler, "etag", '"one"')
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize("path", ["file.warc.gz", "flaky"])
def test_any_piece_is_the_right_one(server: str, path: str) -> None:
    dice = random.Random(1)
    with RemoteFile(f"{server}/{path}") as file:
        for _ in range(5):
            start = dice.randrange(len(DATA))
            file.seek(start)
            piece = file.read(1000)
            assert piece == DATA[start : start + len(piece)]
            assert piece
        file.seek(0)
        assert file.read() == DATA
        assert file.read(1) == b""
    assert [one.size for one in list_objects(f"{server}/{path}")] == [len(DATA)]


def test_what_asking_again_cannot_mend_is_said_at_once(server: str) -> None:
    for path, error, words in (
        ("404", BadInput, "no such object"),
        ("403", BrokenEnvironment, "the server refuses"),
        ("whole", BadInput, "does not send parts"),
    ):
        before = Handler.count
        with pytest.raises(error, match=words):
            RemoteFile(f"{server}/{path}")
        assert Handler.count == before + 1
    with pytest.raises(BrokenEnvironment, match=r"HTTP status 500.*Check the URL"):
        RemoteFile(f"{server}/500")
    assert Handler.count == 3 + storage.ATTEMPTS


def test_a_file_that_changes_is_not_read_on(server: str) -> None:
    file = WebFile(f"{server}/file")
    Handler.etag = '"other"'
    with pytest.raises(BrokenEnvironment, match="was changed while it was read"):
        file.read_at(10, 0)


def test_sent_on_to_an_address_that_nobody_named(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = server.rpartition(":")[2]
    monkeypatch.setattr(Handler, "to", f"{server}/file")
    assert WebFile(f"{server}/elsewhere").read_at(9, 3) == DATA[3:12]
    for target in (f"http://localhost:{port}/file", "http://127.0.0.1:1/file", "http://169.254.169.254/latest"):
        monkeypatch.setattr(Handler, "to", target)
        with pytest.raises(BadInput, match="private address"):
            WebFile(f"{server}/elsewhere")
    monkeypatch.setattr(Handler, "to", f"{server}/elsewhere")
    with pytest.raises(BadInput, match="sends on more than"):
        WebFile(f"{server}/elsewhere")
    monkeypatch.setattr(Handler, "to", "file:///etc/passwd")
    with pytest.raises(BadInput, match="no URL that can be read"):
        WebFile(f"{server}/elsewhere")
