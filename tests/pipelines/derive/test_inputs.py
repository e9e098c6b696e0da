"""What the user types and writes into lists, and what is found of it."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.pipelines.derive.inputs import find_files, read_words


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a.warc.gz", "b.warc.zst", "deep/er/c.warc", "deep/d.arc.gz", "deep/e.wacz", "notes.txt", "x[1].warc"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_lists_patterns_and_urls(folder: Path) -> None:
    Path("list.txt").write_text("# November\na.warc.gz\n\n  deep/**/*.warc  \ns3://news/x.warc.gz\n")
    Path("more.gz").write_bytes(gzip.compress(b"https://a.example/y.warc.gz\r\na.warc.gz\n"))
    assert read_words(["@list.txt", "b.warc.*", "x[1].warc"], ["more.gz"]) == [
        Path("a.warc.gz"),
        Path("deep/er/c.warc"),
        "s3://news/x.warc.gz",
        Path("b.warc.zst"),
        Path("x[1].warc"),
        "https://a.example/y.warc.gz",
    ]


def test_a_list_on_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"a.warc.gz\n")
    os.close(writing)
    with os.fdopen(reading) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert read_words([], ["-"]) == [Path("a.warc.gz")]


def test_closed_standard_input_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(BadInput, match="standard input is closed"):
        read_words([], ["-"])


def test_folders_hold_files_of_all_kinds_each_once(folder: Path) -> None:
    found = [path.name for path in find_files([Path(), Path("a.warc.gz")], folder / "out")]
    assert found == ["a.warc.gz", "b.warc.zst", "d.arc.gz", "e.wacz", "c.warc", "x[1].warc"]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("@nowhere", "nowhere"),
        ("@empty", "is an empty list"),
        ("@binary", "is no list of files"),
        ("*.nothing", "no file fits this pattern"),
    ],
)
def test_what_names_nothing(folder: Path, word: str, said: str) -> None:
    Path("empty").write_text("# nothing yet\n")
    Path("binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match=said):
        read_words([word])


def test_a_list_of_common_crawl_is_taken_as_it_is(folder: Path) -> None:
    """Its paths are below its server, unless they are here."""
    here = Path("crawl-data/here.warc.gz")
    here.parent.mkdir()
    here.touch()
    Path("warc.paths.gz").write_bytes(gzip.compress(b"crawl-data/CC-MAIN-2026-47/a.warc.gz\ncrawl-data/here.warc.gz\n"))
    found = read_words(["warc.paths.gz"])
    assert found == ["https://data.commoncrawl.org/crawl-data/CC-MAIN-2026-47/a.warc.gz", here]
