"""Where an answer ends, whichever way its bytes are cut up, and that the archive's reader sees the same end."""

from __future__ import annotations

import pytest
from hard_answers import CASES, LOST_FRAMING, Case
from hypothesis import assume, example, given
from hypothesis import strategies as st

from broadsheet.archive.http import parse_response_head, read_chunks
from broadsheet.crawler.client.framing import MAX_BLANK, MAX_HEAD, FramingError, ResponseFramer

OK = b"HTTP/1.1 200 OK\r\n"
ALL = {name: case for name, case in (CASES | LOST_FRAMING).items() if len(case.final) < 20_000}


def feed(data: bytes, *, method: str = "GET", sizes: list[int] | None = None, end: bool = False) -> ResponseFramer:
    framer, position = ResponseFramer(method), 0
    for size in [*(sizes or []), len(data)]:
        framer.feed(data[position : position + size])
        position += size
    if end:
        framer.end()
    return framer


def outcome(data: bytes, sizes: list[int], end: bool) -> tuple[object, ...]:
    try:
        framer = feed(data, sizes=sizes, end=end)
    except FramingError:
        return ("not HTTP",)
    kept = bytes(framer.response) if framer.done else b""
    return framer.done, bytes(framer.interim), kept, framer.head, framer.done and not framer.leftover


@given(st.sampled_from(sorted(ALL)), st.lists(st.integers(1, 60), max_size=40))
def test_any_cut_of_a_hard_answer_gives_the_same(name: str, sizes: list[int]) -> None:
    case: Case = ALL[name]
    try:
        framer = feed(case.interim + case.final, sizes=sizes, end=case.end == "close")
    except FramingError:
        assert case.error == "protocol"
        return
    if case.recorded is None:
        assert bytes(framer.response) + framer.leftover == case.final
    assert bytes(framer.interim) == case.interim
    assert framer.done == (case.error is None)


PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK", b"HTTP/1.0 200", b"HTTP/1.1 103 Hints", b"HTTP/1.1 204 x", b"HTTP/1.1 101 x", b"HTTP/", b"\r\n",
        b"\n", b"\r", b"Content-Length: 5", b"Content-Length: 3, 4", b"Transfer-Encoding: chunked", b"Connection: close",
        b"no colon", b"5", b"0", b"hello", b";x=y", b"\xff", b" folded", b"Transfer-Encoding: identity", b"\r\n\r\n",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map(b"".join), st.lists(st.integers(1, 9), max_size=60), st.booleans())
@example(b"HTTP/1.1 103 a\r\n\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello0", [1] * 60, False)
def test_any_cut_of_any_bytes_gives_the_same(data: bytes, sizes: list[int], end: bool) -> None:
    assert outcome(data, sizes, end) == outcome(data, [], end)


@given(st.binary(max_size=80) | st.lists(PIECES, max_size=20).map(b"".join))
@example(b"5\r\nhello\r\n0\r\n\r\n")
@example(b"5\r\nhello0\r\n\r\n")
@example(b"5\r\nhello\r0\r\n\r\n")
@example(b" 5 ;x\nhello\n000;y\r\nA: b\r\n\n")
@example(b"5\r\nhello\r\n\r\n0\r\n\r\n")
def test_chunks_end_where_the_archive_says_they_do(body: bytes) -> None:
    framer = feed(OK + b"Transfer-Encoding: chunked\r\n\r\n" + body)
    chunks = read_chunks(body)
    assert framer.done == chunks.complete
    assert framer.head is not None
    if framer.done:
        assert len(framer.response) - framer.head.head_length == chunks.length


@given(st.lists(PIECES, max_size=20).map(b"".join))
def test_the_head_ends_where_the_archive_says_it_does(rest: bytes) -> None:
    data = OK + rest
    assume(b"\n\n\r\n" not in data)  # archive.http reads on behind this blank line, the framer does not
    try:
        framer = feed(data)
    except FramingError:
        return
    if framer.head is not None and not framer.interim:
        assert parse_response_head(bytes(framer.response)).head_length == framer.head.head_length


@pytest.mark.parametrize("name", ["plain", "not-modified", "chunked", "gzip", "until-close"])
def test_an_answer_to_head_has_no_body(name: str) -> None:
    head = parse_response_head(CASES[name].final)
    framer = feed(CASES[name].final[: head.head_length], method="HEAD")
    assert framer.done
    assert framer.keep_alive
    assert bytes(framer.response) == CASES[name].final[: head.head_length]


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (OK + b"Content-Length: 2\r\n\r\nok", True),
        (OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", True),
        (OK + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", True),
        (b"HTTP/1.1 304 x\r\nContent-Length: 99\r\n\r\n", True),  # the length of what is not sent
        (b"HTTP/1.1 204 x\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", True),
        (OK + b"Connection: x-close-by\r\nContent-Length: 2\r\n\r\nok", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", False),
        (OK + b"Connection: keep-alive, Close\r\nContent-Length: 2\r\n\r\nok", False),
        (OK + b"Content-Length: 2\r\n\r\nokay", False),  # bytes behind
        (OK + b"Content-Length: 2, 5\r\n\r\nok", False),  # another reader would wait for more
        (OK + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\nok", False),
        (OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", False),
        (b"HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n", False),
        (b"HTTP/1.1 204 x\r\nTransfer-Encoding: chunked\r\n\r\n", False),
    ],
)
def test_a_connection_is_kept_only_when_there_is_no_doubt_where_the_answer_ended(answer: bytes, kept: bool) -> None:
    framer = feed(answer)
    assert framer.done
    assert framer.keep_alive is kept


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-x\r\n", b"<html>", b"HTTX", b"http/1.1 200 OK\r\n\r\n", b"HTTP/1.1 OK\r\n\r\n", b"\r\n" * MAX_BLANK,
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n", OK + b"X: " + b"y" * MAX_HEAD,
        OK + b"X: " + b"y" * MAX_HEAD + b"\r\n\r\n", (b"HTTP/1.1 103 x\r\nX: " + b"y" * 99_000 + b"\r\n\r\n") * 12,
    ],
)  # fmt: skip
def test_what_is_not_http(data: bytes) -> None:
    with pytest.raises(FramingError):
        feed(data)
    with pytest.raises(FramingError):
        feed(data, sizes=[4999] * (len(data) // 4999))


def test_a_chunk_size_without_end_is_part_of_the_answer() -> None:
    data = OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"a" * (MAX_HEAD + 1)
    framer = feed(data, end=True)
    assert framer.done
    assert bytes(framer.response) == data


def test_many_small_interim_answers_are_read_in_linear_time() -> None:
    framer = feed(b"HTTP/1.1 100 \r\n\r\n" * 50_000 + OK + b"Content-Length: 0\r\n\r\n")
    assert framer.done
    assert len(framer.interim) == 50_000 * 17
