"""An exchange: its parts, its answer read once, and what a path of hops says of why it was asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from broadsheet.archive.exchange import Exchange, FetchError, Provenance, is_embedded

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def exchange(response: bytes = b"", head_length: int = 0, **more: Any) -> Exchange:
    return Exchange(
        "http://a.example/", datetime(2026, 1, 1, tzinfo=UTC), 0.1, b"GET", b"", response, head_length, **more
    )


def test_head_and_body_are_the_response_to_the_byte() -> None:
    one = exchange(HEAD + b"<p>", len(HEAD))
    assert (one.head, one.body) == (HEAD, b"<p>")
    assert one.answered


def test_the_answer_is_read_once_and_by_whoever_asks_first() -> None:
    one = exchange(HEAD + b"<p>", len(HEAD))
    assert one.answer is one.answer
    assert one.answer is not None
    assert (one.answer.head.status, one.answer.payload) == (200, b"<p>")


def test_what_came_without_a_whole_head_or_is_no_http_is_no_answer() -> None:
    assert exchange(HEAD[:9]).answer is None
    assert exchange(b"SSH-2.0\r\n\r\n", 11).answer is None
    assert not exchange(error=FetchError.TIMEOUT).answered


def test_an_empty_resource_is_an_answer_that_was_given() -> None:
    assert exchange(resource="text/plain").answered


@pytest.mark.parametrize(
    ("hops", "embedded", "listing", "document"),
    [
        ("", False, False, True),
        ("LL", False, False, True),
        ("LE", True, False, False),
        ("LER", True, False, False),
        ("LEL", False, False, True),
        ("I", False, True, False),
        ("IR", False, True, False),
        ("IL", False, False, True),
        ("P", False, False, False),
        ("LR", False, False, True),
    ],
)
def test_hops_say_why_it_was_asked_for(hops: str, embedded: bool, listing: bool, document: bool) -> None:
    provenance = Provenance(hops=hops)
    assert (provenance.embedded, provenance.listing, provenance.document) == (embedded, listing, document)
    assert is_embedded(hops) == embedded
