"""Rules of one record where a neighbour's exception must not reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.verify.record_rules import check_block_digest, check_digest_of_nothing
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource


@pytest.mark.parametrize(("record_type", "wrong", "doubtful"), [("response", 1, 0), ("revisit", 0, 1)])
def test_only_a_revisit_may_have_the_digest_of_nothing(
    lab: Any, tmp_path: Path, record_type: str, wrong: int, doubtful: int
) -> None:
    block = b"HTTP/1.1 200 OK\r\n\r\n"
    fields = lab.fields(block, WARC_Type=record_type, WARC_Block_Digest=labelled_digest(b""))
    path = tmp_path / "x.warc.gz"
    path.write_bytes(lab.gzip(lab.record(block, fields)))
    source = WarcSource.of(path)
    (record,) = read_records(source)
    assert len(list(check_block_digest(record, source))) == wrong
    assert len(list(check_digest_of_nothing(record, source))) == doubtful
