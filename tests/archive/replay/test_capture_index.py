"""What can be named: files, folders, collections, WACZ; what cannot is said; what is damaged is left out and told."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.surt import surt

A = "http://news.example/a"


def urls(index: CaptureIndex) -> list[str]:
    return [capture.line.url for capture in index.prefix("", 100)]


def test_files_folders_collections_and_wacz(museum: Any, tmp_path: Path) -> None:
    museum.add(A)
    museum.add("http://news.example/b")
    folder, collection, scratch = tmp_path / "folder", tmp_path / "collection", tmp_path / "scratch"
    for one in (folder / "deep", collection / "archive", scratch):
        one.mkdir(parents=True)
    (folder / "deep" / "x.warc.gz").write_bytes(museum.path.read_bytes())
    (collection / "archive" / "y.warc.gz.open").write_bytes(museum.path.read_bytes())  # a crawl that runs
    (collection / "notes.warc").write_text("not in the archive folder")
    wacz = tmp_path / "z.wacz"
    with zipfile.ZipFile(wacz, "w") as packed:
        packed.write(museum.path, "archive/data.warc.gz")
    for named in (museum.path, folder, collection, wacz):
        assert urls(CaptureIndex.open([named], scratch)) == [A, "http://news.example/b"], named
    everything = CaptureIndex.open([museum.path, folder, collection, wacz], scratch)
    assert len(everything.lookup(surt(A))) == 4


def test_files_of_one_name_are_kept_apart(museum: Any, tmp_path: Path) -> None:
    for folder, body in (("one", b"first"), ("two", b"second, longer")):
        (tmp_path / "all" / folder).mkdir(parents=True)
        museum.path.write_bytes(b"")
        museum.add(f"http://news.example/{folder}", body)
        (tmp_path / "all" / folder / "x.warc.gz").write_bytes(museum.path.read_bytes())
    replay = Replay(CaptureIndex.open([tmp_path / "all"], tmp_path), Spool(tmp_path))
    for folder, body in (("one", b"first"), ("two", b"second, longer")):
        answer = replay.answer(ReplayRequest("GET", f"http://news.example/{folder}"))
        assert museum.body(answer) == body


def test_notes_of_tools_are_no_pages(museum: Any, tmp_path: Path) -> None:
    museum.record("resource", "metadata://tool.example/a.log", b"log", Content_Type="text/plain")
    museum.record("response", "dns:news.example", b"192.0.2.1", Content_Type="text/dns")
    assert museum.ask("http://tool.example/a.log").status == 404
    assert urls(CaptureIndex.open([museum.path], tmp_path)) == []


def test_what_holds_no_warc_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "page.html").write_text("<html>")
    for name, why in (("empty", "holds no WARC"), ("nothing", "no such file"), ("page.html", "is not a WARC")):
        with pytest.raises(BadInput, match=why):
            CaptureIndex.open([tmp_path / name], tmp_path)


def test_what_is_damaged_is_left_out_and_told(museum: Any, tmp_path: Path) -> None:
    museum.add(A)
    middle = museum.path.stat().st_size
    museum.add("http://news.example/b")
    museum.add("http://news.example/c")
    data = bytearray(museum.path.read_bytes())
    data[middle + 80] ^= 0xFF
    museum.path.write_bytes(bytes(data) + b"\x1f\x8b\x08\x00")
    index = CaptureIndex.open([museum.path], tmp_path)
    assert urls(index) == [A, "http://news.example/c"]
    assert [damage.offset for damage in index.damages] == [middle, len(data)]


def test_prefixes_are_of_keys_in_their_order(museum: Any, tmp_path: Path) -> None:
    for path in ("b", "a?x=2", "a", "a?x=1", "ab"):
        museum.add(f"http://news.example/{path}", day="2025-01-01T00:00:00Z")
        museum.add(f"http://news.example/{path}", day="2024-01-01T00:00:00Z")
    index = CaptureIndex.open([museum.path], tmp_path)
    found = [(capture.line.urlkey, capture.line.timestamp[:4]) for capture in index.prefix("example,news)/a?", 3)]
    assert found == [("example,news)/a?x=1", "2024"), ("example,news)/a?x=1", "2025"), ("example,news)/a?x=2", "2024")]
    assert index.prefix("example,news)/c", 5) == []
