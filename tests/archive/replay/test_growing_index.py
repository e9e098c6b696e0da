"""The captures of a collection while a crawl adds to them."""

from __future__ import annotations

from pathlib import Path

from small_warcs import answered, write_warc

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.replay.growing_index import GrowingIndex
from broadsheet.archive.surt import surt
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import capture_of
from broadsheet.archive.warc.source import WarcSource

HOME, OTHER = "http://a.example/", "http://a.example/other"


def journalled(collection: Collection, name: str, url: str) -> None:
    """Write a WARC with a capture of *url*, and note it in the journal as a crawl does."""
    path = write_warc(collection.archive, name, [answered(url, "<p>a page</p>")])
    answers = [record for record in read_records(WarcSource.of(path)) if record.record_type == "response"]
    with Catalogue.open(collection.journal) as catalogue:
        warc = catalogue.add_warc(path.name)
        captures = [capture_of(record, path.name) for record in answers]
        catalogue.append(warc, captures, size=path.stat().st_size, closed=True)


def test_what_a_crawl_adds_is_found(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    index = GrowingIndex(collection, tmp_path)
    assert index.captures().lookup(surt(HOME)) == []
    journalled(collection, "one", HOME)
    (capture,) = index.captures().lookup(surt(HOME))
    assert capture.line.url == HOME
    assert capture.source.is_there()
    same = index.captures()
    assert index.captures() is same  # nothing is new
    journalled(collection, "two", OTHER)
    assert [len(index.captures().lookup(surt(url))) for url in (HOME, OTHER)] == [1, 1]
