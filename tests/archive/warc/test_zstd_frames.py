"""Zstandard files (WARC with a frame a record) and compressed files that cannot be read record by record."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
import zstandard

from broadsheet.archive.errors import BadInput
from broadsheet.archive.warc.reader import (
    read_record_at,
)
from tests.archive.warc.read_back import read_all, source_of


def test_zstd_files_are_read_with_their_places(lab: Any, tmp_path: Path) -> None:
    frames = [zstandard.compress(lab.record(b"x" * size, lab.fields(b"x" * size))) for size in (10, 5000, 7)]
    source = source_of(tmp_path, b"".join(frames), "x.warc.zst")
    records, damage = read_all(source)
    assert damage == []
    assert [len(record.block) for record in records] == [10, 5000, 7]
    assert [record.length for record in records] == [len(frame) for frame in frames]
    assert read_record_at(source, len(frames[0]), len(frames[1])).block == b"x" * 5000


def test_what_cannot_be_read_record_by_record_is_refused_with_the_remedy(lab: Any, tmp_path: Path) -> None:
    record = lab.record(b"x" * 5000, lab.fields(b"x" * 5000))
    blocks = gzip.compress(record[:900]) + gzip.compress(record[900:])
    for data in (gzip.compress(record * 2), blocks):
        with pytest.raises(BadInput, match="broadsheet repair"):
            read_all(source_of(tmp_path, data))
    for name, data in (("x.html", b"<html>"), ("x.gz", gzip.compress(b"<html>")), ("x", b"")):
        with pytest.raises(BadInput, match="not a WARC"):
            read_all(source_of(tmp_path, data, name))
