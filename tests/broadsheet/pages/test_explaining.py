"""``extract --explain``: every block of a page, from a file, a collection and a server, with its role and why."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from broadsheet.cli import main

LINES = [
    f"In the {number}th week of the drought the harbour master counted the boats again, and found {number} of them dry."
    for number in range(3, 12)
]
PAGE = (
    "<html lang=en><head><title>The dry harbour | Gazette</title></head><body><nav><a href=/>Home</a> <a href=/n>News</a></nav>"
    f"<article><h1>The dry harbour</h1>{''.join(f'<p>{line}</p>' for line in LINES)}</article>"
    "<footer>Copyright 2026 The Gazette. All rights reserved.</footer></body></html>"
)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["extract", *arguments])
    told = capsys.readouterr()
    return int(stopped.value.code or 0), told.out, told.err


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    return path


@pytest.fixture
def served() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response({"/": 200, "/old": 301}.get(self.path, 404))
            if self.path == "/old":
                self.send_header("Location", "/")
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.encode() if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_file_is_explained_block_by_block(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--explain", str(page), "--json")
    told = json.loads(out)
    assert code == 0
    assert told["title"] == "The dry harbour"
    assert not told["profiled"]
    roles = {block["text"]: block["role"] for block in told["blocks"]}
    assert [text for text, role in roles.items() if role == "body"] == LINES
    assert roles["The dry harbour"] == "headline"
    assert roles["Copyright 2026 The Gazette. All rights reserved."] not in {"body", "headline"}
    for block in told["blocks"]:
        assert len(block["reasons"]) == 3
        assert block["role_source"]
        assert (block["body_score"] >= 0.55) or block["role"] != "body"


def test_it_can_be_read(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--explain", str(page))
    assert "title      The dry harbour" in out
    assert "headline" in out
    assert LINES[0][:50] in " ".join(out.split())


def test_a_page_of_a_server_is_fetched_behind_its_redirect(served: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--explain", f"{served}/old", "--json")
    assert code == 0
    assert json.loads(out)["url"] == f"{served}/"
    code, _, err = run(capsys, "--explain", f"{served}/gone")
    assert code == 2
    assert "status 404" in err


@pytest.mark.slow
def test_a_page_of_a_collection_is_explained_with_its_profile(
    served: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "c")
    with pytest.raises(SystemExit):
        main(["crawl", served, "-o", folder, "--delay", "0", "--workers", "1", "-q"])
    capsys.readouterr()
    code, out, _ = run(capsys, "--explain", f"{served}/", "-o", folder, "--json")
    assert code == 0
    assert json.loads(out)["title"] == "The dry harbour"
    code, _, err = run(capsys, "--explain", f"{served}/other", "-o", folder)
    assert code == 2
    assert "is no page of" in err


def test_wrong_use_says_what_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    assert run(capsys, "--explain", str(empty))[0] == 2
    assert "holds no HTML" in run(capsys, "--explain", str(empty))[2]
    assert "is no file" in run(capsys, "--explain", str(tmp_path))[2]
    code, _, err = run(capsys)
    assert code == 2
    assert "Name the WARC" in err
