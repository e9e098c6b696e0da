"""Whatever is asked, there is an answer, and nothing of the question gets into its head."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.archive.http import parse_response_head
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.replay.wire import head_bytes

NAMES = [
    "Range",
    "If-Range",
    "Accept",
    "Accept-Encoding",
    "Accept-Datetime",
    "Origin",
    "Content-Type",
    "Sec-Fetch-Dest",
]
HEADERS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40))
)
ADDRESSES = st.one_of(
    st.just("http://news.example/a"),
    st.text(max_size=60).map(lambda text: "http://news.example/" + text),
    st.text(max_size=60).map(lambda text: "https://" + text),
)


@pytest.fixture
def replay(museum: Any) -> Replay:
    museum.add(
        "http://news.example/a", b"0123456789", "Odd: a\rInjected: b", "Content-Encoding: gzip", status="200 O\rK: x"
    )
    museum.add("http://news.example/a?_=1", b"01", "Content-Range: bytes 0-1/10", status="206 Partial")
    return museum.replay()  # type: ignore[no-any-return]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PURGE"]), ADDRESSES, HEADERS, st.binary(max_size=50))
def test_any_request_has_an_answer(
    replay: Replay, method: str, url: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    answer = replay.answer(ReplayRequest(method, url, tuple(headers), body))
    head = parse_response_head(head_bytes(answer, keep=True))
    assert head.status == answer.status
    assert not head.defects
    assert head.get("Injected") is None
    sent = sum(map(len, answer.body()))
    assert sent == (0 if answer.bodiless else answer.length)
    assert head.get("Content-Length") == str(answer.length)
