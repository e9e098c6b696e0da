"""ARC records read as the WARC records that they would be: both versions, odd URLs and dates, stable ids."""

from __future__ import annotations

import pytest

from broadsheet.archive.warc.arc import begins_arc_record, is_arc, parse_arc_header, with_length
from broadsheet.archive.warc.header import Unreadable

ANSWER = b"HTTP/1.0 200 OK\r\n\r\nx"


def fields(line: bytes, beginning: bytes = ANSWER) -> dict[str, str]:
    return dict(parse_arc_header(line, beginning).fields)


def test_a_line_of_version_1_is_a_response() -> None:
    found = fields(b"http://a.example/x 192.0.2.1 19970301120000 text/html 20\n")
    assert found["WARC-Type"] == "response"
    assert found["WARC-Target-URI"] == "http://a.example/x"
    assert found["WARC-Date"] == "1997-03-01T12:00:00Z"
    assert found["WARC-IP-Address"] == "192.0.2.1"
    assert (found["Content-Type"], found["Content-Length"]) == ("application/http; msgtype=response", "20")


def test_version_2_has_five_fields_more_before_the_length() -> None:
    found = fields(b"http://a.example/ 192.0.2.1 20000101000000 text/html 200 abc - 0 a.arc 20\n")
    assert (found["Content-Length"], found["WARC-Type"]) == ("20", "response")


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        (b"http://a.example/a b 1.2.3.4 19970301120000 text/html 20", "WARC-Target-URI", "http://a.example/a%20b"),
        (b"http://a.example/\xe9 1.2.3.4 19970301120000 text/html 20", "WARC-Target-URI", "http://a.example/%E9"),
        (b"http://a.example/ 1.2.3.4 199703 text/html 20", "WARC-Date", "1997-03"),
        (b"http://a.example/ 1.2.3.4 1997030112 text/html 20", "WARC-Date", "1997-03-01T12:00Z"),
        (b"dns:a.example 1.2.3.4 19970301120000 text/dns 20", "Content-Type", "text/dns"),
        (b"filedesc://a.arc 0.0.0.0 19970301120000 text/plain 20", "WARC-Type", "warcinfo"),
    ],
)
def test_odd_lines(line: bytes, name: str, value: str) -> None:
    assert fields(line, b"1 0 x" if not line.startswith(b"http") else ANSWER)[name] == value


def test_a_date_that_is_none_is_left_out_and_what_http_0_9_answered_is_a_document() -> None:
    assert "WARC-Date" not in fields(b"http://a.example/ 1.2.3.4 19979901 text/html 20")
    plain = fields(b"http://a.example/ 1.2.3.4 19970301120000 text/html 4", b"<p>x")
    assert (plain["WARC-Type"], plain["Content-Type"]) == ("resource", "text/html")


def test_the_id_follows_from_the_record_alone() -> None:
    line = b"http://a.example/ 1.2.3.4 19970301120000 text/html 20\n"
    assert fields(line)["WARC-Record-ID"] == fields(line.rstrip())["WARC-Record-ID"]
    assert fields(line)["WARC-Record-ID"] != fields(line, ANSWER[:-1] + b"y")["WARC-Record-ID"]


def test_another_length_changes_that_alone() -> None:
    header = parse_arc_header(b"http://a.example/ 1.2.3.4 19970301120000 text/html 20", ANSWER)
    longer = with_length(header, 99)
    assert dict(longer.fields) == {**dict(header.fields), "Content-Length": "99"}
    assert b"Content-Length: 99\r\n" in longer.raw


def test_what_is_no_arc() -> None:
    with pytest.raises(Unreadable):
        parse_arc_header(b"WARC/1.0\r\n", b"")
    assert is_arc(b"\nfiledesc://x 0.0.0.0 1997 text/plain 1")
    assert not is_arc(b"WARC/1.0")
    assert begins_arc_record(b"\r\nhttp://a.example/")
    assert not begins_arc_record(b"<html>")
