"""The header of a record: its dates, and what is found in headers of others."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.warc.header import is_warc_date, parse_warc_date
from tests.archive.warc.read_back import read_all, source_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T10:20:30Z", datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)),
        ("2026-11-24T10:20:30.123456789Z", datetime(2026, 11, 24, 10, 20, 30, 123456, UTC)),
        ("2026-11-24T10:20:30.5Z", datetime(2026, 11, 24, 10, 20, 30, 500000, UTC)),
        ("2026-11-24T10:20Z", datetime(2026, 11, 24, 10, 20, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-13-01T00:00:00Z", None),
        ("2026-11-24T10:20:30+01:00", datetime(2026, 11, 24, 9, 20, 30, tzinfo=UTC)),
        ("2026-11-24T10:20:30-0530", datetime(2026, 11, 24, 15, 50, 30, tzinfo=UTC)),
        ("2026-11-24T10:20:30", datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)),
        ("2026-11-24 10:20:30.25Z", datetime(2026, 11, 24, 10, 20, 30, 250000, UTC)),
        ("20261124102030", datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)),
        ("20261324102030", None),
        ("0001-01-01T00:00:00+01:00", None),
        ("2026-11-24T10:20:30+25:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    assert parse_warc_date(text) == expected


def test_only_the_standards_form_of_a_date_is_its_form() -> None:
    good = [
        "2026",
        "2026-11",
        "2026-11-24",
        "2026-11-24T10:20Z",
        "2026-11-24T10:20:30Z",
        "2026-11-24T10:20:30.123456789Z",
    ]
    bad = ["2026-11-24T10:20:30", "2026-11-24T10:20:30+00:00", "20261124102030", "2026-13", "2026-11-24 10:20:30Z", ""]
    assert [text for text in [*good, *bad] if is_warc_date(text)] == good


FIELDS = (
    b"WARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: http://a.example/\r\n"
    b"WARC-Date: 2015-01-02T03:04:05Z\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: 23\r\n\r\n"
)


BLOCK = b"HTTP/1.0 200 OK\r\n\r\npage"


@pytest.mark.parametrize("kind", ["gz", "plain"])
@pytest.mark.parametrize(
    "header",
    [
        pytest.param(b"WARC/1.0\r\n" + FIELDS.replace(b"Length: 23", b"Length:\r\n 23"), id="folded"),
        pytest.param(b"warc/1.0\r\n" + FIELDS, id="lower"),
        pytest.param(b"WARC/0.18\r\n" + FIELDS, id="0.18"),
        pytest.param((b"WARC/1.1\r\n" + FIELDS).replace(b"\r\n", b"\n"), id="LF before CRLF"),
        pytest.param((b"WARC/1.1\r\n" + FIELDS)[:-2].replace(b"\r\n", b"\n") + b"\r\n", id="mixed"),
    ],
)
def test_headers_as_they_are_found(lab: Any, tmp_path: Path, header: bytes, kind: str) -> None:
    one = header + BLOCK + b"\r\n\r\n"
    data = lab.gzip(one) * 2 if kind == "gz" else one * 2
    records, damage = read_all(source_of(tmp_path, data, "x.warc.gz" if kind == "gz" else "x.warc"))
    assert damage == []
    assert [(record.url, record.block) for record in records] == [("http://a.example/", BLOCK)] * 2
