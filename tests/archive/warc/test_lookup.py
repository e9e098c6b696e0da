"""What names resolved to (``dns:`` records): once for a host and run, sound, indexed, journalled, and no trap for salvage."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.build import index_collection
from broadsheet.archive.cdxj.warc_lines import warc_lines
from broadsheet.archive.collection import Collection
from broadsheet.archive.crawl_log import crawl_log
from broadsheet.archive.journal import connect
from broadsheet.archive.verify.warc import verify_warc
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.salvage import salvage
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.writer import WarcInfo
from broadsheet.facts import gather
from broadsheet.pipelines.capture.log import CaptureLog, WarcOptions
from broadsheet.pipelines.capture.submission import Submission
from broadsheet.pipelines.derive.extract import extract
from broadsheet.pipelines.reconcile.reconcile import reconcile

ADDRESSES = ("192.0.2.7", "2001:db8::1")


def resolved(lab: Any, url: str = "http://news.example/a", *addresses: str) -> Any:
    return replace(lab.exchange(url), addresses=addresses or ADDRESSES)


def test_the_first_exchange_of_a_host_says_what_it_resolved_to(lab: Any, tmp_path: Path) -> None:
    exchanges = [
        resolved(lab),
        resolved(lab, "http://news.example/b"),
        resolved(lab, "http://other.example:8080/", "fe80::1%eth0"),
        resolved(lab, "http://192.0.2.7/", "192.0.2.7"),  # no name, nothing was resolved
        lab.exchange("http://proxied.example/"),
    ]
    path, groups = lab.write(tmp_path, exchanges)
    records = [record for record in read_records(WarcSource.of(path)) if record.record_type == "resource"]
    assert [(record.url, record.content_type) for record in records] == [
        ("dns:news.example", "text/dns"),
        ("dns:other.example", "text/dns"),
    ]
    assert records[0].block == (
        b"20261124102030\nnews.example.\tIN\tA\t192.0.2.7\nnews.example.\tIN\tAAAA\t2001:db8::1\n"
    )
    assert records[1].block.endswith(b"other.example.\tIN\tAAAA\tfe80::1\n")
    assert list(verify_warc(WarcSource.of(path))) == []
    with path.open("rb") as file:
        seen = [
            record.rec_type for record in ArchiveIterator(file, check_digests="raise") if record.content_stream().read()
        ]
    assert seen.count("resource") == 2
    assert [len(group.listed) for group in groups] == [2, 1, 2, 1, 1]
    assert " 1 " in next(line for line in crawl_log([WarcSource.of(path)]) if "dns:news.example" in line)


def test_salvage_takes_it_with_its_exchange_or_not_at_all(lab: Any, tmp_path: Path) -> None:
    path, groups = lab.write(tmp_path, [resolved(lab), resolved(lab, "http://other.example/")])
    data = path.read_bytes()
    ends = [group.metadata.offset + group.metadata.length for group in groups]
    torn = tmp_path / f"{path.name}.open"
    for cut in range(groups[0].lookup.offset, len(data) + 1, 7):
        torn.write_bytes(data[:cut])
        found = salvage(torn, 0)
        assert [kept.captures for kept in found.groups] == [
            group for group, end in zip(groups, ends, strict=True) if end <= cut
        ]


def test_the_books_of_a_collection_agree(lab: Any, tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    log = CaptureLog(
        collection,
        WarcOptions("test", WarcInfo(software="test")),
        on_commit=lambda _: None,
        on_failure=lambda error: pytest.fail(str(error)),
    )
    log.start()
    for url in ("http://news.example/a", "http://news.example/b", "http://other.example/"):
        log.submit(Submission(None, resolved(lab, url)))
    log.close()
    with closing(connect(collection.journal)) as db:
        (warc,) = Catalogue(db).warcs()
        assert warc.entries == 5
    assert index_collection(collection, pytest.fail) is not None  # type: ignore[arg-type]
    source = WarcSource.of(collection.archive / warc.filename)
    lines = sorted(entry.to_bytes() for entry in warc_lines(source, pytest.fail))  # type: ignore[arg-type]
    assert (collection.directory / "indexes" / "index.cdxj").read_bytes() == b"".join(lines)
    assert gather(collection).captures == 3
    summary = extract([collection.directory], collection.directory, workers=1, profiles=False)
    assert (summary.counts.entries, summary.counts.articles, summary.counts.reasons["resource"]) == (5, 3, 2)
    assert list(reconcile(collection)) == []
