"""An answer has the metadata record that names it, and no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.warc.entries import entries_of
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource

OURS, OTHER = "<urn:uuid:1>", "<urn:uuid:2>"


@pytest.mark.parametrize(("named", "told"), [(OURS, "http://a/"), (OTHER, None), (None, None)])
def test_a_metadata_record_tells_of_the_answer_that_it_names(
    lab: Any, tmp_path: Path, named: str | None, told: str | None
) -> None:
    answer, block = b"HTTP/1.1 200 OK\r\n\r\nx", b"via: http://a/\r\n"
    path = tmp_path / "x.warc.gz"
    path.write_bytes(
        lab.gzip(
            lab.record(answer, lab.fields(answer, WARC_Record_ID=OURS)),
            lab.record(block, lab.fields(block, WARC_Type="metadata", WARC_Concurrent_To=named)),
            lab.record(answer, lab.fields(answer, WARC_Record_ID=OTHER)),
        )
    )
    first, second = entries_of(read_records(WarcSource.of(path)))
    assert (first[0].record_id, second[0].record_id) == (OURS, OTHER)
    assert (None if first[1] is None else first[1].provenance.via) == told
    assert second[1] is None


def test_an_exchange_without_an_answer_is_its_own_metadata(lab: Any, tmp_path: Path) -> None:
    path, _ = lab.write(tmp_path, [lab.exchange(), lab.unanswered()])
    found = [
        (record.record_type, metadata is not None) for record, metadata in entries_of(read_records(WarcSource.of(path)))
    ]
    assert found == [("response", True), ("metadata", True)]
