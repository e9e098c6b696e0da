"""What cannot be read record by record is made so, blocks unchanged."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.archive.warc.reader import NotRecordWise, read_records
from broadsheet.archive.warc.recompress import recompress
from broadsheet.archive.warc.source import WarcSource

RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
    b"WARC-Target-URI: http://example.org/%d\r\nContent-Type: application/http; msgtype=response\r\n"
    b"Content-Length: %d\r\n\r\n%s\r\n\r\n"
)
BLOCK = b"HTTP/1.1 200  odd  spacing\r\nx-CASE:kept\r\n  folded\r\n\r\nbody"
VERSION = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
PAGE = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"
ARC = b"filedesc://x.arc 0.0.0.0 20010101000000 text/plain %d\n%s\n" % (
    len(VERSION),
    VERSION,
) + b"http://example.org/ 1.2.3.4 20010101000000 text/html %d\n%s\n" % (len(PAGE), PAGE)


def whole(count: int) -> bytes:
    return b"".join(RECORD % (n, n, len(BLOCK), BLOCK) for n in range(count))


def test_a_file_that_is_one_gzip_member_becomes_one_that_can_be_pointed_into(tmp_path: Path) -> None:
    path, target = tmp_path / "whole.warc.gz", tmp_path / "out" / "whole.warc.gz"
    path.write_bytes(gzip.compress(whole(3)))
    with pytest.raises(NotRecordWise):
        list(read_records(WarcSource.of(path)))
    assert recompress(WarcSource.of(path), target) == 3
    records = list(read_records(WarcSource.of(target)))
    assert [record.block for record in records] == [BLOCK] * 3
    assert [record.url for record in records] == [f"http://example.org/{n}" for n in range(3)]
    assert len({record.offset for record in records}) == 3


def test_an_arc_becomes_a_warc(tmp_path: Path) -> None:
    path, target = tmp_path / "x.arc", tmp_path / "x.warc.gz"
    path.write_bytes(ARC)
    assert recompress(WarcSource.of(path), target) == 2
    again = tmp_path / "again.warc.gz"
    recompress(WarcSource.of(path), again)
    assert again.read_bytes() == target.read_bytes()
    records = list(read_records(WarcSource.of(target)))
    assert [record.record_type for record in records] == ["warcinfo", "response"]
    assert records[1].url == "http://example.org/"


@pytest.mark.parametrize("content", [b"nonsense", gzip.compress(b"nonsense")], ids=["plain", "gzip"])
def test_what_is_neither_leaves_nothing_behind(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"no record that can be read|is not a WARC"):
        recompress(WarcSource.of(path), tmp_path / "out.warc.gz")
    assert sorted(tmp_path.iterdir()) == [path]
