"""WACZ and ARC files on a web server: read by ranges, the rows of the local files, and each row leads to its record."""

from __future__ import annotations

import re
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from small_warcs import answered, write_warc

from broadsheet import Collection
from broadsheet.archive import storage
from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.pipelines.derive.extract import ExtractSummary, extract
from broadsheet.pipelines.derive.messages import ExtractorSpec
from broadsheet.pipelines.derive.supervisor import DeriveSupervisor

HERE = Path(__file__).parent
PADDING = 3_000_000  # bytes that nobody needs
PAGE = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>old"
VERSION = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
ARC = b"filedesc://x.arc 0.0.0.0 20010101000000 text/plain %d\n%s\n" % (
    len(VERSION),
    VERSION,
) + b"http://old.example/ 1.2.3.4 20010101000000 text/html %d\n%s\n" % (len(PAGE), PAGE)


class Ranges(BaseHTTPRequestHandler):
    """Sends parts of the files in ``folder``, and counts the bytes."""

    protocol_version = "HTTP/1.1"
    folder = Path()
    sent = 0

    def do_GET(self) -> None:
        data = (Ranges.folder / self.path.partition("?")[0].strip("/")).read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
        assert asked is not None
        piece = data[int(asked[1]) : int(asked[2]) + 1]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {asked[1]}-{int(asked[1]) + len(piece) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(piece)))
        self.end_headers()
        self.wfile.write(piece)
        Ranges.sent += len(piece)

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serves ``tmp_path/files``."""
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setattr(storage, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(Ranges, "folder", tmp_path / "files")
    monkeypatch.setattr(Ranges, "sent", 0)
    (tmp_path / "files").mkdir()
    made = ThreadingHTTPServer(("127.0.0.1", 0), Ranges)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


@pytest.fixture
def files(tmp_path: Path, server: str) -> list[Path]:
    """A WACZ with two WARCs, the second deflated, and much else; and an ARC."""
    folder = tmp_path / "files"
    pages = [answered(f"http://site.example/{n}", f"<p>Page {n}") for n in range(4)]
    warcs = [write_warc(tmp_path / "in", "a", pages[:2]), write_warc(tmp_path / "in", "b", pages[2:])]
    with zipfile.ZipFile(folder / "two.wacz", "w") as archive:
        archive.write(warcs[0], f"archive/{warcs[0].name}")
        archive.writestr("pages/padding", bytes(PADDING))
        archive.write(warcs[1], f"archive/{warcs[1].name}", zipfile.ZIP_DEFLATED)
    (folder / "old.arc").write_bytes(ARC)
    return [folder / "two.wacz", folder / "old.arc"]


def run(inputs: list[Path] | list[str], folder: Path) -> ExtractSummary:
    spec = ExtractorSpec("stub_extractors:stub", "stub000000000001")

    def supervisor(collection: Any, **given: Any) -> DeriveSupervisor:
        return DeriveSupervisor(collection, spec=spec, **given)

    return extract(inputs, folder, workers=1, supervisor=supervisor)


def rows(folder: Path) -> list[tuple[str, str, int]]:
    columns = ["url", "text", "warc_record_offset"]
    table = ds.dataset(folder / "dataset" / "articles").to_table(columns=columns).to_pylist()
    return sorted((row["url"], row["text"], row["warc_record_offset"]) for row in table)


def test_the_rows_are_those_of_the_local_files(server: str, files: list[Path], tmp_path: Path) -> None:
    urls = [f"{server}/{path.name}" for path in files]
    assert run(urls, tmp_path / "remote").exit_code == 0
    assert Ranges.sent < PADDING
    assert run(files, tmp_path / "local").exit_code == 0
    assert len(rows(tmp_path / "remote")) == 5
    assert rows(tmp_path / "remote") == rows(tmp_path / "local")
    for row in Collection.open(tmp_path / "remote").articles():
        assert row.response().body.startswith(b"<p>")
        assert row.url.encode() in row.record()
    assert run(urls, tmp_path / "remote").derived == 0


def test_a_wacz_whose_url_does_not_say_so_is_told_by_its_beginning(
    server: str, files: list[Path], tmp_path: Path
) -> None:
    files[0].rename(files[0].with_name("download"))
    assert run([f"{server}/download?id=7"], tmp_path / "c").counts.articles == 4


def test_what_is_wrong_with_one_is_said(server: str, files: list[Path], tmp_path: Path) -> None:
    whole = files[0].read_bytes()
    files[0].write_bytes(whole[:-400])
    with pytest.raises(BadInput, match=rf"{server}/two.wacz.*damaged zip"):
        run([f"{server}/two.wacz"], tmp_path / "c")
    files[0].write_bytes(b"no zip")
    with pytest.raises((BadInput, CorruptArchive), match="not a WACZ"):
        run([f"{server}/two.wacz"], tmp_path / "c")
    files[1].write_bytes(b"no ARC, either")
    with pytest.raises(BadInput, match="holds no record that can be read"):
        run([f"{server}/old.arc"], tmp_path / "c")
