"""Requests out of bytes, however they are cut; nothing malformed or oversized gets through."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.http import read_chunks
from broadsheet.archive.replay.payload import ChunkDecoder
from broadsheet.archive.replay.wire import (
    MAX_BODY,
    MAX_CHUNKED,
    MAX_HEAD,
    ReceivedRequest,
    RefusedRequest,
    RequestParser,
)

STREAM = (
    b"GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n"
    b"POST http://a.example/p HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
    b"\r\nPOST http://a.example/c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    b"HEAD http://a.example/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
)


def parse(pieces: list[bytes]) -> list[ReceivedRequest]:
    parser, found = RequestParser(), []
    for piece in pieces:
        parser.feed(piece)
        while (request := parser.next_request()) is not None:
            found.append(request)
    return found


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_requests_are_the_same_however_the_bytes_are_cut(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(STREAM)]
    found = parse([STREAM[start:end] for start, end in pairwise(places)])
    assert [(one.head.method, one.head.target, one.body) for one in found] == [
        ("GET", "http://a.example/", b""),
        ("POST", "http://a.example/p", b"hello"),
        ("POST", "http://a.example/c", b"abcde"),
        ("HEAD", "http://a.example/", b""),
    ]
    assert [one.keeps_connection for one in found] == [True] * 4


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET / HTTP/2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nNo colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: 1\r\n folded\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 1), 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n" + b"x" * MAX_CHUNKED, 413),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * MAX_HEAD, 431),
    ],
)
def test_what_is_malformed_or_too_large_is_refused(data: bytes, status: int) -> None:
    with pytest.raises(RefusedRequest) as refused:
        parse([data])
    assert refused.value.status == status


@given(st.binary(max_size=400), st.lists(st.integers(0, 500), max_size=10), st.integers(1, 90))
def test_chunks_read_piece_by_piece_are_those_read_at_once(data: bytes, cuts: list[int], size: int) -> None:
    framed = b"".join(
        b"%X\r\n%b\r\n" % (len(data[i : i + size]), data[i : i + size]) for i in range(0, len(data), size)
    )
    framed += b"0\r\nX: 1\r\n\r\n"
    places = [0, *sorted(min(cut, len(framed)) for cut in cuts), len(framed)]
    decoder = ChunkDecoder()
    pieces = [decoder.feed(framed[start:end]) for start, end in pairwise(places)]
    assert b"".join(pieces) == data == read_chunks(framed).payload


def test_what_is_not_chunked_goes_through_and_a_broken_framing_ends_there() -> None:
    plain, broken = ChunkDecoder(), ChunkDecoder()
    assert plain.feed(b"<html>\n") + plain.feed(b"more") == b"<html>\nmore"
    assert broken.feed(b"3\r\nabc\r\nzz\r\nrest") + broken.feed(b"more") == b"abc"
