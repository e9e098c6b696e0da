"""The reader: every framing and dialect, exact places, and damage that is never passed over in silence."""

from __future__ import annotations

import hashlib
import io
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as WarcioWriter

from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.errors import CorruptArchive
from broadsheet.archive.warc.reader import (
    WarcRecord,
    WarcSource,
    capture_of,
    is_entry,
    iterate_block,
    read_record_at,
    read_records,
)
from broadsheet.archive.warc.serialise import gzip_member
from tests.archive.warc.read_back import read_all, source_of


def essence(record: WarcRecord) -> tuple[Any, ...]:
    return (record.record_type, record.record_id, record.url, record.date, record.headers, record.block)


def test_what_was_written_is_read(lab: Any, warc: Any) -> None:
    path, groups = warc
    records, damage = read_all(WarcSource.of(path))
    assert damage == []
    captures = [capture for group in groups for capture in group.records]
    assert [(record.offset, record.length) for record in records[1:]] == [(c.offset, c.length) for c in captures]
    by_id = {record.record_id: record for record in records}
    for exchange, group in zip(lab.many(), groups, strict=True):
        if group.response:
            assert by_id[group.response.record_id].block == exchange.response
        assert [record.record_id for record in records if is_entry(record) and record.url == exchange.url] == [
            group.main.record_id
        ]
        for capture in group.records:
            read = capture_of(by_id[capture.record_id], capture.warc_filename)
            expected = capture
            if (
                capture is group.response and capture.error
            ):  # a response record does not say its error, its metadata does
                assert (read.error, capture.error) == (None, "disconnect")
                expected = read
            assert read == expected
            assert read_record_at(WarcSource.of(path), capture.offset, capture.length) == by_id[capture.record_id]


def test_heads_and_payloads_of_what_was_read(warc: Any) -> None:
    records, _ = read_all(WarcSource.of(warc[0]))
    chunked = next(record for record in records if record.url == "http://news.example/b?x=1")
    head = chunked.response_head()
    assert head is not None
    assert head.get_all("X-TWICE") == ("1", "2")
    assert head.get("x-latin") == "\xe9"
    assert chunked.payload() == b"hello"
    request = next(record for record in records if record.record_type == "request")
    assert request.response_head() is None
    assert request.payload() == b""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bodies=st.lists(st.one_of(st.binary(max_size=300), st.just(b"WARC/1.1\r\n\r\n" * 50)), min_size=1, max_size=6),
    level=st.sampled_from([0, 1, 2, 3, 6]),
    plain=st.booleans(),
)
def test_any_blocks_survive_the_round_trip(
    lab: Any, tmp_path: Path, bodies: list[bytes], level: int, plain: bool
) -> None:
    plains = [lab.record(body, lab.fields(body)) for body in bodies]
    packed = plains if plain else [b"".join(gzip_member([record], level)) for record in plains]
    records, damage = read_all(source_of(tmp_path, b"".join(packed), "x.warc" if plain else "x.warc.gz"))
    assert damage == []
    assert [record.block for record in records] == bodies
    assert [record.length for record in records] == [len(piece) for piece in packed]


@pytest.mark.parametrize("gz", [True, False])
def test_files_of_warcios_own_writer(tmp_path: Path, gz: bool) -> None:
    buffer = io.BytesIO()
    writer = WarcioWriter(buffer, gzip=gz, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "warcio"}))
    headers = StatusAndHeaders("200 OK", [("Content-Type", "Text/HTML; charset=x")], protocol="HTTP/1.1")
    for number in range(3):
        url = f"http://a.example/{number}"
        writer.write_record(
            writer.create_warc_record(url, "response", io.BytesIO(b"<p>" * number), http_headers=headers)
        )
        writer.write_record(
            writer.create_revisit_record(url, "sha1:X", url, "2026-01-01T00:00:00Z", http_headers=headers)
        )
    records, damage = read_all(source_of(tmp_path, buffer.getvalue(), "x.warc.gz" if gz else "x.warc"))
    assert damage == []
    assert [record.record_type for record in records] == ["warcinfo"] + ["response", "revisit"] * 3
    assert [record.payload() for record in records if record.record_type == "response"] == [b"", b"<p>", b"<p><p>"]
    assert capture_of(records[1], "x").mime == "text/html"
    assert records[-1].offset + records[-1].length == len(buffer.getvalue())
    assert [is_entry(record) for record in records] == [False] + [True] * 6


def test_wgets_angle_brackets_old_dates_folded_and_foreign_fields(lab: Any, tmp_path: Path) -> None:
    data = (
        b"WARC/1.0\r\nwarc-type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: <http://a.example/>\r\n"
        b"WARC-Date: 2015-01-02T03:04:05Z\r\nX-Folded: one\r\n two\r\n"
        b"Content-Type: application/http;msgtype=response\r\n"
        b"Content-Length: 19\r\n\r\nHTTP/1.0 200 OK\r\n\r\n\r\n\r\n"
    )
    (record,), damage = read_all(source_of(tmp_path, lab.gzip(data)))
    assert damage == []
    assert (record.url, record.version, record.get("x-folded")) == ("http://a.example/", "WARC/1.0", "one two")
    assert record.date == datetime(2015, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert record.response_head() is not None


FIELDS = (
    b"WARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: http://a.example/\r\n"
    b"WARC-Date: 2015-01-02T03:04:05Z\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: 23\r\n\r\n"
)
BLOCK = b"HTTP/1.0 200 OK\r\n\r\npage"


@pytest.mark.parametrize("ends", [b"", b"\r\n", b"\n\n", b"\r\n" * 3, b"\r\n" * 5000])
def test_surplus_and_missing_line_ends_are_no_damage(tmp_path: Path, ends: bytes) -> None:
    one = b"WARC/1.0\r\n" + FIELDS + BLOCK
    records, damage = read_all(source_of(tmp_path, one + ends + one + b"\r\n\r\n", "x.warc"))
    assert damage == []
    assert [record.offset for record in records] == [0, len(one) + len(ends)]
    assert records[0].tail == ends


@pytest.mark.parametrize(
    "said", ["application/http", "Application/HTTP; msgtype=response", "message/http", "application/octet-stream", ""]
)
def test_an_answer_is_http_by_its_first_bytes_whatever_its_record_says(tmp_path: Path, said: str) -> None:
    fields = FIELDS.replace(b"application/http;msgtype=response", said.encode())
    fields = fields if said else fields.replace(b"Content-Type: \r\n", b"")
    (record,), damage = read_all(source_of(tmp_path, b"WARC/1.0\r\n" + fields + BLOCK + b"\r\n\r\n", "x.warc"))
    assert damage == []
    head = record.response_head()
    assert head is not None
    assert (head.status, record.payload()) == (200, b"page")


@pytest.mark.parametrize("nothing", [b"", b"\r\n\r\n"])
def test_members_of_line_ends_alone_are_no_damage(lab: Any, tmp_path: Path, nothing: bytes) -> None:
    one = lab.record(b"one", lab.fields(b"one"))
    records, damage = read_all(source_of(tmp_path, lab.gzip(one, nothing, one)))
    assert ([record.block for record in records], damage) == ([b"one"] * 2, [])


def test_a_byte_order_mark_and_a_length_with_a_sign_are_read(lab: Any, tmp_path: Path) -> None:
    one = lab.record(b"one", lab.fields(b"one", Content_Length="+3"))
    records, damage = read_all(source_of(tmp_path, b"\xef\xbb\xbf" + one + one, "x.warc"))
    assert ([record.block for record in records], damage) == ([b"one"] * 2, [])


@pytest.mark.parametrize("off", [-2, 30, 700])
def test_a_length_that_is_wrong_costs_no_other_record_and_none_that_has_its_digest(
    lab: Any, tmp_path: Path, off: int
) -> None:
    block = b"a block that is whole " * 20
    right = lab.record(block, lab.fields(block, WARC_Block_Digest=None))
    wrong = lab.fields(block, Content_Length=str(len(block) + off), WARC_Block_Digest=None)
    known = lab.fields(block, Content_Length=str(len(block) + off), WARC_Block_Digest=labelled_digest(block))
    records, damage = read_all(source_of(tmp_path, right + lab.record(block, wrong) + right, "x.warc"))
    assert ([record.block for record in records], len(damage)) == ([block] * 2, 1)
    records, damage = read_all(source_of(tmp_path, right + lab.record(block, known) + right, "x.warc"))
    assert ([record.block for record in records], damage) == ([block] * 3, [])


def test_memory_is_bounded_and_the_whole_block_can_still_be_had(lab: Any, tmp_path: Path) -> None:
    block = bytes(range(256)) * 40_000
    record = lab.record(block, lab.fields(block))
    after = lab.record(b"after", lab.fields(b"after"))
    for name, data in (("x.warc.gz", lab.gzip(record, after)), ("x.warc", record + after)):
        source = source_of(tmp_path, data, name)
        first, second = read_records(source, max_block=1000)
        assert first.block == block[:1000]
        assert first.block_truncated
        assert first.block_length == len(block)
        assert second.block == b"after"
        assert not second.block_truncated
        assert b"".join(iterate_block(source, first)) == block
        assert b"".join(iterate_block(source, second)) == b"after"


def test_ranges(warc: Any) -> None:
    source = WarcSource.of(warc[0])
    records, _ = read_all(source)
    third = records[2].offset
    assert list(read_records(source, third)) == records[2:]
    assert list(read_records(source, 0, third)) == records[:2]
    assert list(read_records(source, third, third + 1)) == [records[2]]
    with pytest.raises(CorruptArchive, match="were expected"):
        read_record_at(source, third, records[2].length + 1)
    with pytest.raises(CorruptArchive):
        read_record_at(source, third + 1, 10)


@pytest.mark.parametrize("name", ["x.warc.gz", "x.warc"])
def test_a_cut_at_every_byte_is_reported_and_what_is_whole_is_read(lab: Any, tmp_path: Path, name: str) -> None:
    plains = [lab.record(b"number %d" % n, lab.fields(b"number %d" % n)) for n in range(3)]
    pieces = plains if name == "x.warc" else [lab.gzip(plain) for plain in plains]
    data, ends = b"".join(pieces), [sum(map(len, pieces[:n])) for n in range(4)]
    for cut in range(ends[1], len(data)):
        records, damage = read_all(source_of(tmp_path, data[:cut], name))
        whole = sum(end <= cut for end in ends) - 1
        last_break = ends[whole + 1] - 4 if name == "x.warc" else cut + 1
        assert len(records) == whole + (cut >= last_break)  # a plain record lacks at most its line ends
        if cut in ends or cut >= last_break:
            assert damage == []
        else:
            (found,) = damage
            assert (found.offset, found.length) == (ends[whole], cut - ends[whole])
            in_the_header = b"\r\n\r\n" not in data[ends[whole] : cut]
            assert name != "x.warc" or in_the_header or found.is_cut


def test_a_flip_of_every_byte_is_reported_or_changes_nothing(lab: Any, tmp_path: Path) -> None:
    pieces = [lab.gzip(lab.record(b"number %d" % n, lab.fields(b"number %d" % n))) for n in range(3)]
    data = b"".join(pieces)
    sound = [essence(record) for record in read_all(source_of(tmp_path, data))[0]]
    start, end = len(pieces[0]), len(pieces[0] + pieces[1])
    silent = 0
    for position in range(start, end):
        for bit in (0x01, 0x80, 0xFF):
            broken = bytearray(data)
            broken[position] ^= bit
            records, damage = read_all(source_of(tmp_path, bytes(broken)))
            seen = [essence(record) for record in records]
            if damage:
                assert seen == [sound[0], sound[2]]
                assert (damage[0].offset, damage[0].length) == (start, end - start)
            else:
                assert seen == sound
                silent += 1
    assert (
        silent <= 3 * 10
    )  # time, flags that say nothing, operating system: bytes of the gzip header that mean nothing


def test_garbage_between_records_is_reported_and_passed_over(lab: Any, tmp_path: Path) -> None:
    first, last = (lab.record(block, lab.fields(block)) for block in (b"first", b"last"))
    garbage = b"\x1f\x8b\x08 not a member " * 1000 + bytes(2_000_000)
    records, damage = read_all(source_of(tmp_path, lab.gzip(first) + garbage + lab.gzip(last)))
    assert [record.block for record in records] == [b"first", b"last"]
    assert [(found.offset, found.length) for found in damage] == [(len(lab.gzip(first)), len(garbage))]
    records, damage = read_all(source_of(tmp_path, first + b"garbage\r\n" + last, "x.warc"))
    assert [record.block for record in records] == [b"first", b"last"]
    assert len(damage) == 1
    with pytest.raises(CorruptArchive, match="offset"):
        list(read_records(source_of(tmp_path, lab.gzip(first) + garbage)))


def test_impossible_lengths_are_damage(lab: Any, tmp_path: Path) -> None:
    sound = lab.record(b"sound", lab.fields(b"sound"))
    for length in (None, "-1", "x", "99999999999999999999", "1000"):
        wrong = lab.record(b"wrong", lab.fields(b"wrong", Content_Length=length))
        records, damage = read_all(source_of(tmp_path, lab.gzip(sound, wrong, sound)))
        assert len(records) == 2, length
        assert len(damage) == 1, length


def test_a_bomb_is_read_within_bounds(lab: Any, tmp_path: Path) -> None:
    size = 64 * 1024 * 1024
    header = lab.record(b"", lab.fields(b"", Content_Length=str(size)), tail=b"")
    compressor = zlib.compressobj(9, wbits=31)
    packed = compressor.compress(header)
    for _ in range(64):
        packed += compressor.compress(bytes(1024 * 1024))
    packed += compressor.compress(b"\r\n\r\n") + compressor.flush()
    source = source_of(tmp_path, packed)
    (record,) = read_records(source, max_block=4096)
    assert len(record.block) == 4096
    assert record.block_length == size
    digest = hashlib.sha1(usedforsecurity=False)
    for piece in iterate_block(source, record):
        digest.update(piece)
    assert digest.digest() == hashlib.sha1(bytes(size)).digest()
