"""A POST is answered by its whole body, of which a key tells but a part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.cdxj.build import write_index
from broadsheet.archive.cdxj.line import parse_line
from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.warc.source import WarcSource

URL = "http://news.example/api"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
LONG = b"q=" + b"x" * 5000


@pytest.mark.parametrize(
    ("kind", "sent", "other"),
    [
        pytest.param(JSON, b"[1,2,3]", b"[4,5,6]", id="lists without names"),
        pytest.param(JSON, b"7", b"8", id="a number"),
        pytest.param(JSON, b"{broken", b"{other", id="no JSON at all"),
        pytest.param(JSON, b'{"a":{"b":1}}', b'{"b":1}', id="nested"),
        pytest.param(JSON, b'{"a":1}', b'{"a":"1"}', id="a number and a text"),
        pytest.param(FORM, LONG + b"a", LONG + b"b", id="behind 4,096 characters"),
        pytest.param(FORM, b"a=1%26b%3D2", b"a=1&b=2", id="escaped"),
        pytest.param("application/octet-stream", b"\0" * 4000 + b"a", b"\0" * 4000 + b"b", id="binary"),
    ],
)
def test_another_body_gets_another_answer_or_none(museum: Any, kind: str, sent: bytes, other: bytes) -> None:
    museum.add(URL, b"its answer", method="POST", sent=sent, sent_type=kind)
    assert museum.ask(URL, method="POST", sent=sent, Content_Type=kind).status == 200
    assert museum.ask(URL, method="POST", sent=other, Content_Type=kind).status == 404


@pytest.mark.parametrize(
    ("kind", "sent", "same"),
    [
        pytest.param(FORM, b"a=1&b=2", b"b=2&a=1", id="a form's order"),
        pytest.param(JSON, b'{"a":1,"b":[2]}', b'{ "b": [2], "a": 1 }', id="JSON's order and spaces"),
        pytest.param(JSON, b'{"q":"x","_ts":1700000000000}', b'{"q":"x","_ts":1700000009999}', id="a cache-buster"),
    ],
)
def test_the_same_said_otherwise_gets_the_answer(museum: Any, kind: str, sent: bytes, same: bytes) -> None:
    museum.add(URL, b"its answer", method="POST", sent=sent, sent_type=kind)
    assert museum.ask(URL, method="POST", sent=same, Content_Type=kind).status == 200


def test_an_index_names_the_body_where_the_key_does_not_tell_it(museum: Any, tmp_path: Path) -> None:
    for number, body in enumerate((b"[1]", b'{"a":1}', LONG)):
        museum.add(f"{URL}/{number}", b"x", method="POST", sent=body, sent_type=FORM if body is LONG else JSON)
    write_index([WarcSource.of(museum.path)], tmp_path / "x.cdxj", lambda _: None)
    lines = [parse_line(line) for line in (tmp_path / "x.cdxj").read_bytes().splitlines()]
    assert [line.body_digest is not None for line in sorted(lines, key=lambda line: line.url)] == [True, False, True]


def test_what_has_no_date_has_no_line_and_is_replayed(museum: Any, tmp_path: Path) -> None:
    museum.add("http://news.example/undated", b"page", day="last tuesday")
    museum.add("http://news.example/dated", b"page", day="20261124102030")
    indexed = write_index([WarcSource.of(museum.path)], tmp_path / "x.cdxj", lambda _: None)
    assert indexed.lines == 1
    assert b" 20261124102030 " in (tmp_path / "x.cdxj").read_bytes()
    assert museum.ask("http://news.example/undated").status == 200


def test_a_revisit_that_names_its_original_by_id_or_digest_alone_is_replayed(museum: Any) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nthe page"
    original = museum.record("response", "http://news.example/original", block)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    museum.record("revisit", "http://news.example/again", head, WARC_Refers_To=original, WARC_Profile=profile)
    assert museum.ask("http://news.example/again").payload.data == b"the page"
    digest = labelled_digest(b"other page")
    museum.add("http://news.example/other", b"other page")
    museum.record(
        "revisit", "http://news.example/moved", head, WARC_Payload_Digest=digest.lower(), WARC_Profile=profile
    )
    assert museum.ask("http://news.example/moved").payload.data == b"other page"
    museum.record("revisit", "http://news.example/lost", head, WARC_Refers_To="<urn:uuid:none>", WARC_Profile=profile)
    assert museum.ask("http://news.example/lost").status == 404
