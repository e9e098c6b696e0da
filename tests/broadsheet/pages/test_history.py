"""The history of a page in archives whose writers gave no payload digests."""

from __future__ import annotations

import gzip
from contextlib import closing
from pathlib import Path

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.journal import connect
from broadsheet.pages.history import VersionChange, page_history
from broadsheet.pipelines.derive.extract import index_files


def response(day: int, body: bytes, digest: str = "") -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    header = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{day}>\r\nWARC-Date: 2026-11-{day:02}T10:00:00Z\r\n"
        f"WARC-Target-URI: http://a.example/\r\nContent-Type: application/http; msgtype=response\r\n{digest}"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(header.encode() + block + b"\r\n\r\n", mtime=0)


def test_versions_are_told_by_their_content(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    spelled = "WARC-Payload-Digest: SHA1:" + "86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8\r\n"  # of "a", in hex
    path.write_bytes(response(1, b"a") + response(2, b"a") + response(3, b"a", spelled) + response(4, b"b"))
    collection = Collection.create(tmp_path / "c")
    with closing(connect(collection.journal)) as db:
        index_files(collection, Catalogue(db), [path])
    history = page_history(collection.directory, "http://a.example/")
    changes = [one.change for one in history.captures]
    assert changes == [VersionChange.FIRST, VersionChange.SAME, VersionChange.SAME, VersionChange.BYTES]
    assert history.versions == 2
