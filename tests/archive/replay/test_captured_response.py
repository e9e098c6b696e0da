"""Which of the content codings that a header names were applied."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime

import brotli
import pytest
import zstandard

from broadsheet.archive.http import ResponseHead
from broadsheet.archive.replay.captured_response import CapturedResponse, applied_codings
from broadsheet.archive.replay.payload import Payload

TEXT = b"<p>Words of a page that are said again and again.</p>" * 30
CODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstandard.compress}


def applied(payload: bytes, *headers: str) -> str:
    given = tuple(("Content-Encoding", value) for value in headers)
    head = ResponseHead("HTTP/1.1", 200, "OK", given, head_length=0)
    return ", ".join(
        applied_codings(CapturedResponse("http://a.example/", datetime.now(UTC), head, Payload.of(payload)))
    )


@pytest.mark.parametrize("coding", CODERS)
def test_a_coding_is_named_as_often_as_it_was_applied(coding: str) -> None:
    once = CODERS[coding](TEXT)
    assert applied(once, coding) == coding
    assert applied(once, coding, coding) == coding
    assert applied(once, f"{coding}, {coding.upper()},identity") == coding
    assert applied(CODERS[coding](once), f"{coding}, {coding}") == f"{coding}, {coding}"
    assert applied(TEXT, coding) == ""
    assert applied(TEXT, f"{coding},{coding}") == ""


@pytest.mark.parametrize(("payload", "named", "expected"), [
    (gzip.compress(brotli.compress(TEXT), mtime=0), "br, gzip", "br, gzip"),
    (brotli.compress(TEXT), "br, gzip", "br"),
    (gzip.compress(TEXT, mtime=0), "br, gzip", "gzip"),
    (TEXT, "aes128gcm", "aes128gcm"),
    (b"", "gzip", "gzip"),
])  # fmt: skip
def test_of_two_codings_those_that_were_applied_stay(payload: bytes, named: str, expected: str) -> None:
    assert applied(payload, named) == expected
