"""The report: what the books say, on a page that no page's text can break and that asks for nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.cli import main
from broadsheet.crawler.state.changes import Completion, Discovery
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.url import FoundUrl, State
from broadsheet.facts import VERIFICATION, Facts, gather
from broadsheet.report.make import make_report, report_page

EVIL = "http://a.example/<script>alert(1)</script>\"'&<img src=x onerror=y>"
MOMENT = datetime(2026, 11, 24, 10, tzinfo=UTC)
ANSWER = Capture("1.warc.gz", 0, 1000, "<urn:x:1>", "response", MOMENT, "http://a.example/", 200, "text/html")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """Six captures of three hosts, one of each trouble, and a frontier."""
    collection = Collection.create(tmp_path / "news <b>")
    captures = [
        replace(ANSWER, payload_digest="sha1:A"),
        replace(ANSWER, url=EVIL, mime="text/<x>", payload_digest="sha1:A", date=MOMENT + timedelta(minutes=10)),
        replace(ANSWER, url="http://b.example/", status=404, payload_digest="sha1:B", length=20_000),
        replace(ANSWER, record_type="revisit", payload_digest="sha1:B", date=MOMENT + timedelta(hours=1)),
        replace(ANSWER, url="http://b.example/cut", truncated="disconnect", error="disconnect"),
        replace(ANSWER, record_type="metadata", url=f"{EVIL}#", status=None, mime=None, error="dns"),
    ]
    options = {"seeds": ["http://a.example/", EVIL], "delay": 0.5, "proxy": "http://me:secret@proxy.example:1"}
    with Catalogue.open(collection.journal) as catalogue:
        store = SqliteStore.prepared(catalogue)
        catalogue.append(catalogue.add_warc("1.warc.gz"), captures, size=25_000, closed=True)
        store.keep_options(json.dumps(options))
        for number, (state, error, url) in enumerate(
            [
                (State.DONE, None, "http://a.example/"),
                (State.REFUSED, "robots", EVIL),
                (State.REFUSED, "robots", "http://a.example/private"),
                (State.FAILED, "dns", "http://gone.example/"),
                (State.QUEUED, None, "http://a.example/later"),
            ]
        ):
            found = FoundUrl(bytes([number]), url, "a.example", 0, "L")
            store.apply(Discovery((found,)), None)
            store.apply(Completion(found.fingerprint, found.host, state, 1, 0, error), None)
    manifest = collection.dataset / "_manifest" / "e" / "p.json"
    manifest.parent.mkdir(parents=True)
    part = {"part": "p", "warc_filename": "1.warc.gz", "first": 0, "stop": 5, "extraction_id": "e", "entries": 5}
    counts = {"articles": 3, "failures": 1, "reasons": {"not HTML": 2}, "files": []}
    manifest.write_text(json.dumps(part | counts))
    return collection


def test_what_the_books_say(collection: Collection) -> None:
    facts = gather(collection)
    assert (facts.captures, facts.answers, facts.revisits, facts.repeated, facts.truncated) == (6, 5, 1, 2, 1)
    assert (facts.begun, facts.ended) == (MOMENT, MOMENT + timedelta(hours=1))
    assert [(row.name, row.count) for row in facts.statuses] == [("200", 4), ("404", 1)]
    assert {row.name: row.count for row in facts.hosts} == {"a.example": 4, "b.example": 2}
    assert [(problem.reason, problem.count) for problem in facts.errors] == [("disconnect", 1), ("dns", 1)]
    assert facts.robots_denied == 2
    assert {row.name: row.count for row in facts.frontier} == {"queued": 1, "done": 1, "failed": 1, "refused": 2}
    assert {row.name: row.count for row in facts.extraction} == {
        "article rows, extracted": 2,
        "article rows, failed": 1,
        "no row: not HTML": 2,
    }
    assert sum(bar.count for bar in facts.timeline) == sum(row.count for row in facts.sizes) == 6
    assert sum(bar.size for bar in facts.timeline) == 25_000 == facts.archive_bytes
    assert dict(facts.settings) == {"delay": "0.5", "proxy": "proxy.example:1"}
    assert facts.verification is None


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_no_text_of_a_page_becomes_markup_and_nothing_is_loaded(collection: Collection) -> None:
    page = make_report(collection.directory).page.read_text("utf-8")
    elements = Elements()
    elements.feed(page)
    assert EVIL in elements.text
    assert "text/<x>" in elements.text
    assert not elements.names & {"script", "img", "link", "iframe", "a", "object", "b", "x"}
    assert not {name for name in elements.attributes if name.startswith("on")} | elements.attributes & {"src", "href"}
    assert "default-src 'none'" in page
    assert not re.search(r"url\(|@import", page)
    assert "prefers-color-scheme: dark" in page
    assert "secret" not in page


def test_the_last_verification_is_told(collection: Collection, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["verify", str(collection.directory), "-q"])
    assert left.value.code == 1  # its WARC is not there
    assert (collection.logs / VERIFICATION).is_file()
    checked = gather(collection).verification
    assert checked is not None
    assert checked.errors > 0
    assert "journal-file" in make_report(collection.directory).page.read_text("utf-8")


def test_an_empty_collection_and_none(tmp_path: Path) -> None:
    Collection.create(tmp_path / "empty")
    report = make_report(tmp_path / "empty", with_crawl_log=True)
    assert "Nothing was captured yet" in report.page.read_text("utf-8")
    assert (report.log_lines, report.facts.timeline) == (0, [])
    with pytest.raises(BadInput):
        make_report(tmp_path)


def test_a_strangers_crawl_log_is_not_written_over(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    log = collection.logs / "crawl.log"
    log.write_text("2026-11-24 10:00:00,1 INFO mine: keep me\n")
    with pytest.raises(BadInput, match="no crawl log"):
        make_report(collection.directory, with_crawl_log=True)
    assert "keep me" in log.read_text()
    line = "2026-11-24T10:20:30.248Z   200         25 http://a/ - - text/html #001 20261124102030123+125 - - -\n"
    log.write_text(line)
    make_report(collection.directory, with_crawl_log=True)
    assert log.read_text() == ""


def test_a_report_of_nothing_is_a_page() -> None:
    page = report_page(Facts("x"), software="s", made=MOMENT)
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>")
