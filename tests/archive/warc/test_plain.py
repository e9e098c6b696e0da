"""Records that lie uncompressed: where each ends, though nothing but its Content-Length says so."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.warc.header import WARC_FORM, Unreadable
from broadsheet.archive.warc.plain import next_plain, plain_records, read_exactly, read_plain_record, written_header
from broadsheet.archive.warc.record import WarcRecord

BLOCK = b"HTTP/1.1 200 OK\r\n\r\nbody"


def made(length: int | None = None, *, digest: bool = False, ends: bytes = b"\r\n\r\n", name: str = "a") -> bytes:
    fields = {
        "WARC-Type": "response", "WARC-Record-ID": f"<urn:x:{name}>", "WARC-Date": "2026-01-02T03:04:05Z",
        "Content-Type": "application/http;msgtype=response", "Content-Length": str(len(BLOCK) if length is None else length),
    }  # fmt: skip
    if digest:
        fields["WARC-Block-Digest"] = labelled_digest(BLOCK)
    head = "WARC/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in fields.items()) + "\r\n"
    return head.encode() + BLOCK + ends


def found(data: bytes) -> list[Any]:
    """Of each record its name and its block; of what is none, where it is and why."""
    told = plain_records(BytesIO(data), WARC_FORM, 0, max_block=1000, source="x.warc")
    return [(one.record_id[7:-1], one.block) if isinstance(one, WarcRecord) else one for one in told]


SOUND = [("a", BLOCK), ("b", BLOCK)]


@pytest.mark.parametrize("ends", [b"\r\n\r\n", b"\n\n", b"\r\n", b"\r\n\r\n\r\n"])
def test_records_follow_one_another_whatever_line_ends_are_between(ends: bytes) -> None:
    assert found(made(ends=ends) + made(name="b")) == SOUND
    assert found(b"\xef\xbb\xbf" + made(ends=ends) + made(name="b")) == SOUND


def test_the_end_of_the_file_ends_a_record_and_the_last_one_may_lack_its_line_ends() -> None:
    assert found(made() + made(name="b", ends=b"")) == SOUND


@pytest.mark.parametrize("wrong", [-3, 5, 500])
def test_a_wrong_length_is_put_right_by_the_digest_of_the_block(wrong: int) -> None:
    data = made(len(BLOCK) + wrong, digest=True) + made(name="b")
    assert found(data) == SOUND
    (first, _) = plain_records(BytesIO(data), WARC_FORM, 0, max_block=1000, source="x.warc")
    assert isinstance(first, WarcRecord)
    assert (first.block_length, first.get("Content-Length")) == (len(BLOCK), str(len(BLOCK)))
    assert f"Content-Length: {len(BLOCK) + wrong}".encode() in written_header(BytesIO(data), first)


@pytest.mark.parametrize("wrong", [-3, 40, 5000])
def test_without_a_digest_a_wrong_length_costs_its_own_record_alone(wrong: int) -> None:
    (start, end, why), *others = found(made(len(BLOCK) + wrong) + made(name="b"))
    assert others == [("b", BLOCK)]
    assert (start, end) == (0, len(made(len(BLOCK) + wrong)))
    assert ("beyond the end" in why) is (wrong == 5000)


def test_what_is_no_record_is_told_with_its_place() -> None:
    torn = made(name="c")[:-20]
    (a, rubbish, b, rest) = found(made() + b"rubbish\n" + made(name="b") + torn)
    assert [a, b] == SOUND
    assert rubbish[:2] == (len(made()), len(made()) + len(b"rubbish\n"))
    assert rest[2].startswith("cut off")


def test_a_block_is_read_as_far_as_was_asked_and_its_end_is_known() -> None:
    data = made() + made(name="b")
    one = read_plain_record(BytesIO(data), WARC_FORM, 0, len(data), max_block=4, source="x.warc")
    assert (one.record.block, one.record.block_length, one.end) == (BLOCK[:4], len(BLOCK), len(made()))
    with pytest.raises(Unreadable, match="no WARC header"):
        read_plain_record(BytesIO(b"x" * 100), WARC_FORM, 0, 100, max_block=4, source="x.warc")


def test_the_next_record_is_found_across_the_pieces_that_are_looked_at() -> None:
    gap = b"x" * (1024 * 1024 - 3) + b"\r\n\r\n"
    data = gap + made()
    assert next_plain(BytesIO(data), WARC_FORM, 0, len(data)) == len(gap)
    assert next_plain(BytesIO(data), WARC_FORM, 0, 1000) == 1000


def test_a_file_that_gives_less_than_was_asked_is_asked_on() -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(3, size or 0))

    assert read_exactly(Slow(b"0123456789"), 8) == b"01234567"
    assert read_exactly(Slow(b"01"), 8) == b"01"
