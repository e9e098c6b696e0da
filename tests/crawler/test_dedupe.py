"""A crawl that meets the same payload twice stores it once, and whoever reads the archive does not notice."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest
from crawled_site import TEXT, Answer, broadsheet, crawl, kinds, page, records, serving
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from broadsheet import Collection
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
PICTURES = TEXT.encode() * 2 + b"<img src=/one.png><img src=/two.png></body>"
STORY = page(title="A story told twice").replace(b"</body>", PICTURES)
SITE = {
    "/": Answer(page("/a", "/b", "/small-1", "/small-2")),
    "/a": Answer(STORY, headers={"X-Which": "a"}),
    "/b": Answer(STORY, headers={"X-Which": "b"}),
    "/one.png": Answer(PICTURE, "image/png"),
    "/two.png": Answer(PICTURE, "image/png"),
    "/small-1": Answer(b"<h1>Small</h1>"),
    "/small-2": Answer(b"<h1>Small</h1>"),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("dedupe") / "c"
    with serving(SITE) as site:
        code, _, err = crawl(folder, site.url, "--concurrency", "1")
        assert code == 0, err
        return folder, site.url


def test_a_payload_is_stored_once(crawled: tuple[Path, str]) -> None:
    folder, _ = crawled
    answers = [record for record in records(folder) if record.record_type in ("response", "revisit")]
    revisits = [record for record in answers if record.record_type == "revisit"]
    assert len(revisits) == 2
    assert {(record.url or "").rpartition("/")[2] for record in revisits} <= {"a", "b", "one.png", "two.png"}
    assert sum("small" in (record.url or "") for record in answers if record.record_type == "response") == 2


def test_every_article_has_its_row_and_its_text(crawled: tuple[Path, str]) -> None:
    folder, url = crawled
    collection = Collection.open(folder)
    rows = {row.url.removeprefix(url): row for row in collection.articles()}
    assert rows.keys() == {"/", "/a", "/b", "/small-1", "/small-2"}
    one, other = rows["/a"], rows["/b"]
    assert (one.title, one.text) == (other.title, other.text)
    assert one.text
    first, second = sorted((one, other), key=lambda row: row.refers_to_record_id is not None)
    assert first.refers_to_record_id is None
    assert second.refers_to_record_id == first.warc_record_id
    assert second.fetch_status == 200
    for row in (one, other):
        assert row.response().body == STORY
        assert row.response().header("X-Which") == row.url[-1]
    captures = {row.url.removeprefix(url): row for row in collection.captures()}
    assert captures["/a"].content_length == captures["/b"].content_length == len(STORY)
    assert {captures["/a"].content_truncated, captures["/b"].content_truncated} == {None}
    assert Counter(row.record_type for row in captures.values())["revisit"] == 2
    (revisit,) = [row for row in captures.values() if row.record_type == "revisit" and row.is_page]
    assert revisit.refers_to_uri == first.url
    assert revisit.refers_to_date == first.fetch_time


def test_replay_gives_both_with_their_own_heads(crawled: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = crawled
    replay = Replay(CaptureIndex.open([folder], tmp_path), Spool(tmp_path))
    for path, body in (("/a", STORY), ("/b", STORY), ("/one.png", PICTURE), ("/two.png", PICTURE)):
        answer = replay.answer(ReplayRequest("GET", url + path))
        assert answer.status == 200
        assert b"".join(answer.body()) == body
        assert dict(answer.headers).get("X-Which", "") == (path[1:] if len(path) == 2 else "")


def test_other_tools_and_ours_read_it(crawled: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = crawled
    for path in (folder / "archive").glob("*.gz"):
        for tool in (["warcio", "check"], ["fastwarc", "check"]):
            done = subprocess.run([*tool, str(path)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
        with path.open("rb") as file:
            theirs = Counter(record.rec_type for record in ArchiveIterator(file, check_digests="raise"))
        assert theirs == kinds(folder)
        assert sum(1 for _ in FastIterator(path.open("rb"))) == sum(theirs.values())
    broadsheet("verify", folder, "--json")
    broadsheet("report", folder)
    broadsheet("pack", folder, "-o", tmp_path / "x.wacz")
    broadsheet("verify", tmp_path / "x.wacz")
    lines = (folder / "indexes" / "index.cdxj").read_text().splitlines()
    revisits = [line for line in lines if '"mime": "warc/revisit"' in line]
    assert len(revisits) == 2
    originals = "".join(line for line in lines if line not in revisits)
    assert all(line.partition('"digest": ')[2].partition(",")[0] in originals for line in revisits)
    broadsheet("index", *sorted((folder / "archive").glob("*.gz")), "-o", tmp_path / "by-reading.cdxj")
    assert (tmp_path / "by-reading.cdxj").read_text().splitlines() == lines
