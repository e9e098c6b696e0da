"""The lists of pages, of replay, check and pack: each page that opens, once for each version, also when it is a revisit."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.suggestions import pages
from broadsheet.archive.replay.versions import page_versions
from broadsheet.check.pages import article_pages
from broadsheet.cli import main

HTML = "text/html; charset=utf-8"


class Shelf:
    """WARCs that warcio writes, each with what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}

    def write(self, name: str, *captures: tuple[str, str, int, str | None, str]) -> Path:
        """A file of captures (path, day, status, body or None for a revisit, media type); the path.

        A revisit refers to the last capture of ``path>original``, and has a 304's profile with that status.
        """
        path = self.folder / f"{name}.warc.gz"
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
            for told, day, status, body, kind in captures:
                own, _, original = told.partition(">")
                date = f"2026-01-{day}T00:00:00Z"
                head = StatusAndHeaders(f"{status} X", [("Content-Type", kind)], protocol="HTTP/1.1")
                url = f"http://news.example{own}"
                if body is not None:
                    record = writer.create_warc_record(
                        url,
                        "response",
                        io.BytesIO(body.encode()),
                        http_headers=head,
                        warc_headers_dict={"WARC-Date": date},
                    )
                    writer.write_record(record)
                    self.digests[own] = record.rec_headers.get_header("WARC-Payload-Digest")
                else:
                    if status == 304:
                        head = StatusAndHeaders("304 Not Modified", [], protocol="HTTP/1.1")
                    record = writer.create_revisit_record(
                        url, self.digests.get(original, "sha1:" + "A" * 32), f"http://news.example{original}",
                        "2026-01-01T00:00:00Z", head, {"WARC-Date": date},
                    )  # fmt: skip
                    if status == 304:
                        profile = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
                        record.rec_headers.replace_header("WARC-Profile", profile)
                    writer.write_record(record)
        return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    shelf = Shelf(tmp_path)
    first = shelf.write(
        "first",
        ("/a", "01", 200, "<p>a", HTML),
        ("/b", "01", 200, "<p>b", HTML),
        ("/logo", "01", 200, "GIF89a", "image/gif"),
        ("/gone", "01", 404, "<p>no", HTML),
        ("/a>/a", "02", 200, None, HTML),  # sent again: nothing new
        ("/a>/a", "03", 304, None, HTML),
    )
    second = shelf.write(
        "second",
        ("/copy>/b", "04", 200, None, HTML),  # its only capture is a revisit of what lies in the other file
        ("/logo-2>/logo", "04", 200, None, "image/gif"),
        ("/a", "05", 200, "<p>A", HTML),
        ("/a>/a", "06", 304, None, HTML),
        ("/a", "07", 200, "<p>a", HTML),  # as it was at first
        ("/lost>/nowhere", "04", 200, None, HTML),
        ("/checked>/nowhere", "04", 304, None, HTML),
    )
    return first, second


def listed(index: CaptureIndex) -> list[tuple[str, str]]:
    return [
        (capture.line.url.removeprefix("http://news.example"), capture.line.timestamp[6:8])
        for capture in page_versions(index, index.captures())
    ]


def test_a_page_that_is_only_a_revisit_is_listed_where_it_opens(files: tuple[Path, Path], tmp_path: Path) -> None:
    both = CaptureIndex.open([files[0].parent], tmp_path)
    assert listed(both) == [("/a", "01"), ("/a", "05"), ("/a", "07"), ("/b", "01"), ("/copy", "04")]
    assert listed(CaptureIndex.open([files[1]], tmp_path)) == [("/a", "05"), ("/a", "07")]
    named_apart = CaptureIndex.open(files, tmp_path)
    assert [url.removeprefix("http://news.example") for url in pages(named_apart)] == ["/a", "/b", "/copy"]
    assert set(article_pages(files, named_apart)) == {f"http://news.example/{name}" for name in ("a", "b", "copy")}
    replay = Replay(named_apart, Spool(tmp_path))
    for path in ("/a", "/copy", "/lost"):
        answer = replay.answer(ReplayRequest("GET", f"http://news.example{path}"))
        assert answer.status == (404 if path == "/lost" else 200), path


def test_the_pages_of_a_wacz_are_those(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for named, expected in ((files, ["/a 01", "/a 05", "/a 07", "/b 01", "/copy 04"]), (files[1:], ["/a 05", "/a 07"])):
        output = tmp_path / f"{len(named)}.wacz"
        with pytest.raises(SystemExit) as stopped:
            main(["pack", *map(str, named), "-o", str(output)])
        assert stopped.value.code == 0, capsys.readouterr().err
        with zipfile.ZipFile(output) as archive:
            told = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()[1:]]
        assert [f"{page['url'].removeprefix('http://news.example')} {page['ts'][8:10]}" for page in told] == expected


def test_while_somebody_waits_only_so_many_revisits_are_read(files: tuple[Path, Path], tmp_path: Path) -> None:
    index = CaptureIndex.open([files[0].parent], tmp_path)
    found = page_versions(index, index.captures(), most_read=0)
    assert {capture.line.url for capture in found} == {"http://news.example/a", "http://news.example/b"}
