"""Pages in resource and conversion records: the latter only where they are asked for, and then everywhere alike."""

from __future__ import annotations

import gzip
from contextlib import closing
from pathlib import Path

import pytest

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.build import index_collection
from broadsheet.archive.cdxj.warc_lines import warc_lines
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.archive.journal import connect
from broadsheet.archive.locate import source_of
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.resolved_response import ResponseResolver
from broadsheet.archive.resource import is_page_resource
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.archive.warc.source import WarcSource
from broadsheet.pipelines.derive.extract import extract, index_files
from broadsheet.pipelines.derive.task import why_no_page
from broadsheet.pipelines.reconcile.reconcile import reconcile

PAGE = b"<!doctype html><title>A story</title><p>It was told again."
WITH, WITHOUT = True, False
KINDS = {  # of conversion records: their URL, their Content-Type, whether they hold a page
    "a page": ("http://a.example/page", "text/html; charset=utf-8", True),
    "XHTML": ("https://a.example/xhtml", "application/xhtml+xml", True),
    "a type in quotes": ("http://a.example/quoted", '"text/html"', True),
    "the text of one": ("http://a.example/text", "text/plain", False),
    "a picture of one": ("http://a.example/picture", "image/png", False),
    "a tool's own": ("urn:text:http://a.example/page", "text/html", False),
    "of no type": ("http://a.example/untyped", "", False),
}
PAGES = {url for url, _, is_page in KINDS.values() if is_page}


@pytest.fixture
def converted(tmp_path: Path) -> Path:
    """A WARC with an answer, and conversions of many kinds."""
    path = tmp_path / "converted.warc.gz"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    members = [record("response", "http://a.example/", "application/http; msgtype=response", answer)]
    members += [record("conversion", url, kind, PAGE) for url, kind, _ in KINDS.values()]
    path.write_bytes(b"".join(members))
    return path


def record(kind: str, url: str, content_type: str, block: bytes) -> bytes:
    """One gzip member."""
    typed = f"Content-Type: {content_type}\r\n" if content_type else ""
    header = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:test:{url}>\r\nWARC-Date: 2026-11-24T10:00:00Z\r\n"
        f"WARC-Target-URI: {url}\r\n{typed}Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(header.encode() + block + b"\r\n\r\n", mtime=0)


def entered(warc: Path, folder: Path, *, conversions: bool) -> Collection:
    """A collection in *folder* with what `extract` enters of *warc*."""
    collection = Collection.create(folder)
    with closing(connect(collection.journal)) as db:
        catalogue = Catalogue(db)
        if conversions:
            catalogue.take_conversions()
        assert index_files(collection, catalogue, [warc]) == []
    return collection


def rows_of(collection: Collection) -> set[str | None]:
    """The URLs of the entries that are pages, by the rule of `extract`."""
    with Catalogue.open(collection.journal, read_only=True) as catalogue, ResponseResolver(collection) as resolver:
        (warc,) = catalogue.warcs()
        found = [
            (one, read_record_at(source_of(collection, warc), one.offset, one.length))
            for one in catalogue.captures(warc)
        ]
        pages = {record.url for _, record in found if why_no_page(record, resolver.resolve(record)) is None}
    assert pages == {one.url for one, _ in found if one.is_page}
    return pages


def shown(path: Path, folder: Path, *, conversions: bool) -> set[str]:
    """The URLs that are answered in a replay of *path*."""
    folder.mkdir()
    index = CaptureIndex.open([path], folder, conversions=conversions)
    replay = Replay(index, Spool(folder))
    return {url for url, _, _ in KINDS.values() if replay.answer(ReplayRequest("GET", url)).status == 200}


@pytest.mark.parametrize("conversions", [WITH, WITHOUT])
def test_extract_replay_index_and_verify_take_the_same_conversions(
    converted: Path, tmp_path: Path, conversions: bool
) -> None:
    collection = entered(converted, tmp_path / "c", conversions=conversions)
    expected = PAGES if conversions else set()
    assert rows_of(collection) == {"http://a.example/", *expected}
    assert list(reconcile(collection)) == []
    indexed = index_collection(collection, lambda _: None, elsewhere=True)
    assert indexed is not None
    assert indexed.lines == 1 + len(expected)
    assert shown(collection.directory, tmp_path / "1", conversions=False) == expected  # by its own choice
    assert shown(converted, tmp_path / "2", conversions=conversions) == expected
    source = WarcSource(converted, converted.name, conversions=conversions)
    lines = {line.url: (line.mime, line.status) for line in warc_lines(source, lambda _: None)}
    assert set(lines) == {"http://a.example/", *expected}
    assert not conversions or lines["http://a.example/page"] == ("text/html", 200)


def test_a_collection_keeps_its_choice(converted: Path, tmp_path: Path) -> None:
    entered(converted, tmp_path / "c", conversions=False)
    with pytest.raises(BadInput, match="without the pages in their conversion records"):
        extract([converted], tmp_path / "c", workers=1, conversions=True)
    with pytest.raises(BadInput, match="without the pages in conversion records"):
        shown(tmp_path / "c", tmp_path / "t", conversions=True)


def test_a_revisit_is_of_an_answer_and_not_of_a_conversion(tmp_path: Path) -> None:
    """It has the URL and the second of both."""
    refers = "WARC-Refers-To-Target-URI: http://a.example/\r\nWARC-Refers-To-Date: 2026-11-24T10:00:00Z\r\nContent-Type"
    revisit = gzip.decompress(record("revisit", "http://a.example/b", "application/http", b""))
    path = tmp_path / "both.warc.gz"
    path.write_bytes(
        record("conversion", "http://a.example/", "text/html", b"<p>made of it")
        + gzip.compress(revisit.replace(b"Content-Type", refers.encode(), 1), mtime=0)
    )
    index = CaptureIndex.open([path], tmp_path, conversions=True)
    assert Replay(index, Spool(tmp_path)).answer(ReplayRequest("GET", "http://a.example/b")).status == 404
    collection = entered(path, tmp_path / "c", conversions=True)
    assert rows_of(collection) == {"http://a.example/"}


@pytest.mark.parametrize(
    ("url", "kind", "is_page"),
    [*KINDS.values(), ("file:///a.html", "text/html", True), ("http://[", "text/html", False)],
)
def test_a_page_is_html_at_an_address_of_documents(url: str, kind: str, is_page: bool) -> None:
    assert is_page_resource(url, kind) is is_page
