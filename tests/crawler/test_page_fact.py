"""What is a page is one fact: the crawl's count and limit, the journal, the dataset and the replay agree about it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from crawled_site import Answer, crawl, page, serving

from broadsheet.api import Collection
from broadsheet.archive.journal import SCHEMA_VERSION, connect
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.versions import page_versions

SILENT = ""  # of the crawled site: no Content-Type at all


def _site(count: int) -> dict[str, Answer]:
    answers = {f"/{n}": Answer(page(f"/{n + 1}", title=f"Story {n}"), kind=SILENT) for n in range(1, count)}
    answers["/"] = Answer(
        page("/1", title="Story 0") + b'<img src="/p"><iframe src="//localhost:1/f"></iframe>', SILENT
    )
    answers["/p"] = Answer(b"\x89PNG\r\n\x1a\n" + bytes(20), kind="text/html")  # a picture that is called HTML
    answers["/robots.txt"] = Answer(page(title="Not found"))  # an error page with status 200
    return answers


def _pages(summary: dict[str, object]) -> object:
    progress = summary["progress"]
    assert isinstance(progress, dict)
    return progress["pages"]


def _journal_pages(collection: Path) -> set[str]:
    with closing(connect(collection / "collection.sqlite", read_only=True)) as db:
        return {url.rpartition("/")[2] for (url,) in db.execute("SELECT url FROM captures WHERE is_page")}


def test_a_site_without_content_types_has_the_same_pages_for_all_who_ask(tmp_path: Path) -> None:
    with serving(_site(5)) as served:
        collection = tmp_path / "c"
        code, summary, _ = crawl(collection, served.url)
    assert (code, _pages(summary)) == (0, 5)
    assert _journal_pages(collection) == {"", "1", "2", "3", "4"}
    opened = Collection.open(collection)
    assert {row.url.rpartition("/")[2] for row in opened.articles(columns=["url"])} == {"", "1", "2", "3", "4"}
    captures = opened.captures(columns=["url", "is_page"])
    assert {row.url.rpartition("/")[2] for row in captures if row.is_page} == {"", "1", "2", "3", "4"}
    (tmp_path / "t").mkdir()
    index = CaptureIndex.open([collection], tmp_path / "t")
    replayed = {capture.line.url.rpartition("/")[2] for capture in page_versions(index, index.captures())}
    assert replayed == {"", "1", "2", "3", "4"}


def test_the_page_limit_holds_where_no_content_type_is_sent(tmp_path: Path) -> None:
    with serving(_site(9)) as served:
        code, summary, _ = crawl(tmp_path / "c", served.url, "--no-extract", "--max-pages", "2")
    assert (code, _pages(summary)) == (3, 2)
    assert len(_journal_pages(tmp_path / "c")) == 2


@pytest.mark.parametrize("readable", [True, False])
def test_a_journal_of_the_version_before_learns_its_pages_from_the_records(tmp_path: Path, readable: bool) -> None:
    with serving(_site(3) | {"/2": Answer(page(), kind="text/html")}) as served:
        collection = tmp_path / "c"
        crawl(collection, served.url, "--no-extract")
    right = _journal_pages(collection)
    with closing(sqlite3.connect(collection / "collection.sqlite", isolation_level=None)) as db:
        db.execute("ALTER TABLE captures DROP COLUMN is_page")
        db.execute("PRAGMA user_version = 1")
    if not readable:
        for path in (collection / "archive").glob("*.warc.gz"):
            path.write_bytes(b"")
    assert right == {"", "1", "2"}
    # Without the records there is only the Content-Type to go by: the error page in robots.txt's place has one, too.
    assert _journal_pages(collection) == (right if readable else {"2", "p", "robots.txt"})
    with closing(connect(collection / "collection.sqlite")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
