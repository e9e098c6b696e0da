"""HAR files: exchanges that can be parsed, and what is left out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_files import har, har_entry

from broadsheet.archive.errors import BadInput
from broadsheet.archive.http import parse_request_head, parse_response_head
from broadsheet.pipelines.importers.document import Imported, SourceFile
from broadsheet.pipelines.importers.sources import reader_of

SAVED = datetime(2026, 1, 1, tzinfo=UTC)


MOMENT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def read(path: Path, content: str | bytes, **told: object) -> tuple[list[Imported], list[str]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    left_out: list[str] = []
    file = SourceFile(path, path.name, SAVED, **told)  # type: ignore[arg-type]
    return list(reader_of(path)(file, left_out.append)), left_out


def test_an_exchange_of_a_har_can_be_parsed(tmp_path: Path) -> None:
    post = har_entry("https://x.example/f?q=1", "<p>ok</p>")
    post["request"] |= {"method": "POST", "postData": {"text": "a=ü"}}
    [one], left_out = read(tmp_path / "a.har", har(post))
    assert left_out == []
    assert one.exchange.resource is None
    exchange = one.exchange
    head, asked = parse_response_head(exchange.response), parse_request_head(exchange.request)
    assert head.head_length == exchange.head_length
    assert head.get("Content-Encoding") is None
    assert head.get("Content-Type") == "text/html; charset=utf-8"
    assert head.get("Content-Length") == str(len("<p>ok</p>"))
    assert (asked.method, asked.target, asked.get("Host")) == ("POST", "/f?q=1", "x.example")
    assert exchange.request.endswith(b"\r\n\r\na=\xc3\xbc")
    assert (exchange.started, exchange.duration) == (MOMENT, 0.0425)
    assert "not from the wire" in one.origin


def test_what_a_har_has_no_answer_of_is_left_out(tmp_path: Path) -> None:
    entries = [
        har_entry("https://x.example/1", None),
        har_entry("https://x.example/2", "x", status=0),
        har_entry("data:text/html,x", "x"),
        har_entry("https://x.example/3", "%%%", content={"text": "a", "encoding": "base64"}),
        har_entry("https://x.example/4", None, status=301),
        {"request": {}},
        7,
    ]
    found, left_out = read(tmp_path / "a.har", har(*entries))
    assert [one.exchange.url for one in found] == ["https://x.example/4"]
    assert len(left_out) == 6


@given(value=st.text(max_size=30))
def test_no_header_of_a_har_can_break_out_of_its_line(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    entry = har_entry("https://x.example/", "x", statusText=value, headers=[{"name": "X-A", "value": value}])
    [one], _ = read(tmp_path_factory.getbasetemp() / "given.har", har(entry))
    assert one.exchange.resource is None
    assert [name for name, _ in parse_response_head(one.exchange.response).headers] == ["X-A", "Content-Length"]


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"log": {"entries": 3}}', "null"])
def test_what_is_no_har_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadInput, match="is no HAR"):
        read(tmp_path / "a.har", content)
