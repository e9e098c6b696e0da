"""A record as it lies in its file: its fields, what it stands for, and its capture."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.archive.capture import UNDATED
from broadsheet.archive.warc.header import parse_header
from broadsheet.archive.warc.record import CUT_OFF, Damage, WarcRecord, capture_of, is_entry, make_record

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n0\r\n\r\n"
)
HTTP = "application/http; msgtype=response"


def record(record_type: str, block: bytes = ANSWER, content_type: str = HTTP, **fields: str) -> WarcRecord:
    named = {
        "WARC-Type": record_type,
        "WARC-Target-URI": "<http://a.example/>",
        "WARC-Date": "2026-01-02T03:04:05Z",
        "Content-Type": content_type,
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    header = parse_header(f"WARC/1.1\r\n{lines}Content-Length: {len(block)}\r\n\r\n".encode())
    return make_record(header, block, len(block), source="a.warc.gz", tail=b"\r\n\r\n", offset=7, end=99)


def test_a_url_in_angle_brackets_is_the_url() -> None:
    one = record("response")
    assert (one.url, one.offset, one.length) == ("http://a.example/", 7, 92)
    assert one.get("warc-DATE") == "2026-01-02T03:04:05Z"


def test_the_payload_is_the_body_without_its_chunks() -> None:
    assert record("response").payload() == b"<p>"
    assert record("resource", b"<p>", "text/html").payload() == b"<p>"


@pytest.mark.parametrize(
    ("one", "entry"),
    [
        (record("response"), True),
        (record("revisit"), True),
        (record("resource", b"x", "text/plain"), True),
        (record("request"), False),
        (record("warcinfo", b"software: x\r\n", "application/warc-fields"), False),
        (record("metadata", b"fetchTimeMs: 1\r\n", "application/warc-fields"), False),
        (record("conversion", b"x", "text/html"), False),
    ],
)
def test_what_stands_for_a_capture(one: WarcRecord, entry: bool) -> None:
    assert is_entry(one) is entry


def test_a_page_in_a_conversion_record_is_one_where_that_is_chosen() -> None:
    assert is_entry(record("conversion", b"x", "text/html"), conversions=True)
    assert not is_entry(record("conversion", b"x", "image/png"), conversions=True)


def test_the_capture_has_what_the_answer_says() -> None:
    capture = capture_of(record("response", WARC_Truncated="length"), "b.warc.gz", is_page=True)
    assert (capture.status, capture.mime, capture.truncated, capture.is_page) == (200, "text/html", "length", True)
    assert (capture.warc_filename, capture.date) == ("b.warc.gz", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert capture_of(record("response", WARC_Date="soon"), "b.warc.gz").date == UNDATED


def test_a_record_that_merely_ends_too_soon_is_cut() -> None:
    assert Damage("a", 0, 1, f"{CUT_OFF}: the file ends").is_cut
    assert not Damage("a", 0, 1, "not a gzip member").is_cut
