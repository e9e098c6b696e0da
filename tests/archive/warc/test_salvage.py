"""Salvage: whatever byte a writer was killed at, every whole exchange is kept and no torn one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.errors import CorruptArchive
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.warc.reader import WarcSource, read_records
from broadsheet.archive.warc.salvage import salvage, truncate_and_close
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter


def ends(groups: list[Any]) -> list[int]:
    return [group.metadata.offset + group.metadata.length for group in groups]


def test_every_cut_keeps_whole_groups_and_no_torn_one(lab: Any, tmp_path: Path) -> None:
    closed, groups = lab.write(tmp_path, [lab.exchange(), lab.unresolved(), lab.unanswered()])
    data = closed.read_bytes()
    warcinfo_end = groups[0].response.offset
    torn = tmp_path / (closed.name + ".open")
    for cut in range(len(data) + 1):
        torn.write_bytes(data[:cut])
        found = salvage(torn, 0)
        whole = [group for group, end in zip(groups, ends(groups), strict=True) if end <= cut]
        expected_end = ends(whole)[-1] if whole else warcinfo_end if cut >= warcinfo_end else 0
        assert [kept.captures for kept in found.groups] == whole, cut
        assert (found.end_offset, found.lost_bytes) == (expected_end, cut - expected_end)


def test_what_the_journal_knows_is_not_found_again(lab: Any, warc: Any) -> None:
    path, groups = warc
    for number, end in enumerate(ends(groups), 1):
        found = salvage(path, end)
        assert [kept.captures for kept in found.groups] == groups[number:]
        assert found.end_offset == path.stat().st_size
        assert all(kept.provenance == lab.provenance for kept in found.groups)
        assert found.lost_bytes == 0


def test_a_flip_or_a_hole_of_zeros_ends_the_salvage_there(lab: Any, warc: Any) -> None:
    path, groups = warc
    data = path.read_bytes()
    inside = groups[3].request.offset + 30
    flipped = data[:inside] + bytes([data[inside] ^ 0xFF]) + data[inside + 1 :]
    zeros = data[: ends(groups)[2]] + bytes(len(data) - ends(groups)[2])
    for broken in (flipped, zeros):
        path.write_bytes(broken)
        found = salvage(path, ends(groups)[0])
        assert [kept.captures for kept in found.groups] == groups[1:3]
        assert found.end_offset == ends(groups)[2]
        assert found.lost_bytes == len(data) - found.end_offset


def test_records_of_two_exchanges_are_no_group(lab: Any, warc: Any) -> None:
    path, groups = warc
    data = path.read_bytes()
    first, second = groups[0], groups[1]
    swapped = data[: first.request.offset] + data[second.request.offset : ends(groups)[1]]
    path.write_bytes(swapped)
    assert salvage(path, 0).groups == ()


def test_an_answer_and_the_request_of_another_exchange_are_no_group_though_all_else_is_equal(
    lab: Any, tmp_path: Path
) -> None:
    path, (first, second) = lab.write(tmp_path, [lab.exchange(), lab.exchange()])  # one URL, one moment
    data = path.read_bytes()
    path.write_bytes(data[: first.request.offset] + data[second.request.offset :])
    found = salvage(path, 0)
    assert found.groups == ()
    assert found.end_offset == first.response.offset


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, 1),
        ({"WARC_Target_URI": "http://news.example/other"}, 0),
        ({"WARC_Date": "2026-11-24T10:20:31Z"}, 0),
        ({"WARC_Type": "response"}, 0),  # two answers
        ({"WARC_Concurrent_To": "<urn:uuid:9>"}, 0),
    ],
    ids=["as it should be", "another URL", "another moment", "another type", "another answer"],
)
def test_what_makes_records_one_exchange(lab: Any, tmp_path: Path, change: dict[str, str], kept: int) -> None:
    answer, ours = b"HTTP/1.1 200 OK\r\n\r\nx", {"WARC_Concurrent_To": "<urn:uuid:1>"}
    request = ours | {"WARC_Type": "request", "WARC_Record_ID": "<urn:uuid:2>"} | change
    metadata = ours | {"WARC_Type": "metadata", "WARC_Record_ID": "<urn:uuid:3>"}
    records = [
        lab.record(answer, lab.fields(answer, WARC_Record_ID="<urn:uuid:1>")),
        lab.record(b"GET / HTTP/1.1\r\n\r\n", lab.fields(b"GET / HTTP/1.1\r\n\r\n", **request)),
        lab.record(b"via: x\r\n", lab.fields(b"via: x\r\n", **metadata)),
    ]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(lab.gzip(*records))
    assert len(salvage(path, 0).groups) == kept


def test_an_exchange_without_an_answer_has_to_say_why(lab: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    for block, kept in ((b"via: x\r\n", 0), (b"fetchError: timeout\r\nresponse: none\r\n", 1)):
        path.write_bytes(lab.gzip(lab.record(block, lab.fields(block, WARC_Type="metadata"))))
        assert len(salvage(path, 0).groups) == kept


def test_the_file_gets_its_final_name_and_ends_where_told(lab: Any, warc: Any) -> None:
    path, groups = warc
    torn = path.with_name(path.name + ".open")
    torn.write_bytes(path.read_bytes()[:-3])
    path.unlink()
    found = salvage(torn, 0)
    assert truncate_and_close(torn, found.end_offset) == path
    assert not torn.exists()
    assert path.stat().st_size == found.end_offset
    records = list(read_records(WarcSource.of(path)))
    assert len(records) == 1 + sum(len(group.records) for group in groups[:-1])


@pytest.mark.parametrize("keep_warcinfo", [True, False])
def test_a_file_with_nothing_in_it_is_removed(warc: Any, keep_warcinfo: bool) -> None:
    path, groups = warc
    assert truncate_and_close(path, groups[0].response.offset if keep_warcinfo else 0) is None
    assert not path.exists()


def test_a_file_shorter_than_the_journal_is_corrupt(warc: Any) -> None:
    path, _ = warc
    with pytest.raises(CorruptArchive, match="journal"):
        salvage(path, path.stat().st_size + 1)


@pytest.mark.parametrize(("hops", "is_page"), [("L", True), ("", True), ("LE", False), ("P", False)])
def test_an_html_resource_is_the_page_that_it_was_when_it_was_written(hops: str, is_page: bool, tmp_path: Path) -> None:
    frame = Exchange(
        "https://a.example/frame", datetime(2026, 1, 2, tzinfo=UTC), 0.1, response=b"<p>", resource="text/html"
    )
    with WarcWriter(tmp_path, prefix="a", info=WarcInfo(software="test", is_part_of="test")) as writer:
        written = writer.write_exchange(frame, Provenance("https://a.example/", hops))
    assert written.response is not None
    assert written.response.is_page is is_page
    (path,) = tmp_path.glob("*.warc.gz")
    (kept,) = salvage(path, 0).groups
    assert kept.captures == written
