"""What an answer is, by its header and by its bytes."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

import pytest

from broadsheet.archive.http import parse_response_head
from broadsheet.archive.http_answer import Answer, is_html
from broadsheet.archive.resolved_response import ResolvedResponse
from broadsheet.archive.warc.header import parse_header
from broadsheet.archive.warc.record import make_record

PAGE = b"<!-- a comment --><!doctype html><html><body>Hello</body></html>"


def kind(content_type: str | None, body: bytes, fields: Sequence[str] = (), identified: str | None = None) -> str:
    lines = ["HTTP/1.1 200 OK", *([f"Content-Type: {content_type}"] if content_type is not None else []), *fields]
    block = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
    header = ["WARC/1.1", "WARC-Type: response", "Content-Type: application/http", f"Content-Length: {len(block)}"]
    header += [f"WARC-Identified-Payload-Type: {identified}"] if identified else []
    parsed = parse_header(("\r\n".join(header) + "\r\n\r\n").encode())
    record = make_record(parsed, block, len(block), source="x", tail=b"\r\n\r\n", offset=0, end=1)
    return ResolvedResponse(record, parse_response_head(block), record).media_type


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/html; charset=utf-8", PAGE, "text/html"),
        ("TEXT/HTML", b"no tag at all", "text/html"),
        ("text/html", b"var x = 1; // JavaScript, says libmagic of many a page", "text/html"),
        ("text/html", b"\x89PNG\r\n\x1a\n....", "image/png"),
        ("text/html", b"%PDF-1.7", "application/pdf"),
        ("text/html", b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "application/rss+xml"),
        ("application/xhtml+xml", PAGE, "application/xhtml+xml"),
        (None, PAGE, "text/html"),
        ("", b"<p>Hello</p>", "text/html"),
        ("application/octet-stream", PAGE, "text/html"),
        ("application/octet-stream", b"GIF89a", "image/gif"),
        ("text/plain", b"<html><p>Hello</p></html>", "text/html"),
        ("text/plain", b"<p> is the tag of a paragraph", "text/plain"),
        ("application/json", PAGE, "application/json"),
        (None, b"", ""),
    ],
)
def test_header_first_then_bytes(content_type: str | None, body: bytes, expected: str) -> None:
    assert kind(content_type, body) == expected


def test_codings_are_removed_before_bytes_are_looked_at() -> None:
    packed = gzip.compress(PAGE)
    assert kind(None, packed, ["Content-Encoding: gzip"]) == "text/html"
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in (packed[:9], packed[9:])) + b"0\r\n\r\n"
    assert kind(None, chunked, ["Content-Encoding: gzip", "Transfer-Encoding: chunked"]) == "text/html"
    assert kind("text/html", packed) == "application/gzip"  # sent without saying so: no browser shows it


def test_what_the_writer_identified_counts_where_the_header_says_nothing() -> None:
    assert kind(None, b"odd", identified="application/xhtml+xml") == "application/xhtml+xml"
    assert kind("application/json", b"odd", identified="text/html") == "application/json"


def test_types_of_html() -> None:
    assert [is_html(one) for one in ("text/html", "application/xhtml+xml", "text/x-html", "text/css", "")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("content_type", [None, "text/html", "text/plain", "application/json", "image/png"])
@pytest.mark.parametrize("body", [PAGE, b"<p>Hello</p>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b'{"a": 1}', b"words", b""])
@pytest.mark.parametrize("coded", [False, True])
def test_an_answer_on_the_wire_is_what_its_record_will_be(content_type: str | None, body: bytes, coded: bool) -> None:
    fields = ["Content-Encoding: gzip"] if coded else []
    sent = gzip.compress(body) if coded else body
    lines = ["HTTP/1.1 200 OK", *([f"Content-Type: {content_type}"] if content_type is not None else []), *fields]
    message = ("\r\n".join(lines) + "\r\n\r\n").encode() + sent
    answer = Answer(parse_response_head(message), message)
    assert answer.media_type == kind(content_type, sent, fields, answer.identified)
    assert answer.content(100) == body[:100]
