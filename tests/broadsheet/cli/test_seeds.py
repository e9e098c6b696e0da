"""Where a crawl begins, as it is typed: URLs and files with many."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.cli.seeds import seed_arguments

OPML = b"""<?xml version="1.0"?><opml version="2.0"><head/><body><outline text="Papers">
  <outline type="rss" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/></outline></body></opml>"""
SITEMAP = b"<urlset><url><loc>https://a.example/1</loc></url><url><loc>https://a.example/2</loc></url></urlset>"
RSS = b"<rss><channel><item><link>https://a.example/story</link></item></channel></rss>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b"# mine\nhttps://a.example/\n\n b.example/x # the other\r\nhttps://a.example/\n",
            ["https://a.example/", "https://b.example/x"],
        ),
        (b"\xef\xbb\xbfhttps://a.example/", ["https://a.example/"]),
        ("https://a.example/ü".encode("utf-16"), ["https://a.example/ü"]),
        (OPML, ["https://a.example/feed", "https://a.example/"]),
        (SITEMAP, ["https://a.example/1", "https://a.example/2"]),
        (gzip.compress(SITEMAP, mtime=0), ["https://a.example/1", "https://a.example/2"]),
        (RSS, ["https://a.example/story"]),
    ],
)
def test_what_files_name(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    (tmp_path / "f").write_bytes(content)
    assert seed_arguments([f"@{tmp_path / 'f'}"]) == tuple(expected)


def test_urls_and_files_each_once_and_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_text("b.example\na.example\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"c.example\n")))
    given = ["https://a.example", f"@{tmp_path / 'f'}", "@-"]
    assert seed_arguments(given) == ("https://a.example", "https://b.example", "https://c.example")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"https://a.example/\nno url\n", r"f, line 2: no url: is not a URL"),
        (b"ftp://a.example/\n", r"line 1: ftp://a\.example/: is not a URL that can be crawled"),
        (b"", "names no URL"),
        (b"<opml><body/></opml>", "names no URL"),
        (b"\xff\x00\xfe", "is no text in UTF-8"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(BadInput, match=message):
        seed_arguments([f"@{tmp_path / 'f'}"])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Check the path"):
        seed_arguments([f"@{tmp_path / 'none'}"])
