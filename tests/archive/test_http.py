"""HTTP messages as servers really send them: heads, chunks, codings, and their broken forms."""

from __future__ import annotations

import gzip
import zlib
from urllib.parse import unquote_to_bytes

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.archive.http import (
    NotHTTP,
    ResponseHead,
    decode_content,
    is_chunked,
    parse_request_head,
    parse_response_head,
    read_chunks,
    remove_transfer_coding,
    request_head_length,
    url_reference,
)

TEXT = b"".join(b"line %d of a page that compresses\n" % number for number in range(20_000))
LIMIT = 10_000_000


def head_of(*lines: bytes) -> ResponseHead:
    return parse_response_head(b"\r\n".join((b"HTTP/1.1 200 OK", *lines, b"", b"")))


def test_a_plain_head() -> None:
    block = b"HTTP/1.1 404 Not  Found\r\nA: 1\r\na:  2 \r\nB:\r\n\r\nbody: no\r\n\r\n"
    head = parse_response_head(block)
    assert (head.version, head.status, head.reason) == ("HTTP/1.1", 404, "Not  Found")
    assert block[head.head_length :] == b"body: no\r\n\r\n"
    assert head.headers == (("A", "1"), ("a", "2"), ("B", ""))
    assert (head.get("a"), head.get_all("A"), head.get("c"), head.defects) == ("1", ("1", "2"), None, ())


@pytest.mark.parametrize(
    ("block", "status", "reason", "headers", "body"),
    [
        (b"HTTP/1.1 200\r\n\r\nx", 200, "", (), b"x"),
        (b"HTTP/1.1 200 \r\n\r\nx", 200, "", (), b"x"),
        (b"HTTP/1.0  301\tMoved\r\n\r\n", 301, "Moved", (), b""),
        (b"ICY 200 OK\r\nicy-name: x\r\n\r\n", 200, "OK", (("icy-name", "x"),), b""),
        (b"HTTP/1.1 200 OK\nA: 1\n\nx\r\n\r\ny", 200, "OK", (("A", "1"),), b"x\r\n\r\ny"),
        (b"HTTP/1.1 200 OK\r\nA: 1\n\n\r\nx", 200, "OK", (("A", "1"),), b"\r\nx"),
        (b"HTTP/1.1 200 OK\r\nA: 1\n\r\nx", 200, "OK", (("A", "1"),), b"x"),
        (b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx", 200, "OK", (), b"x"),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n  2\r\n\t3\r\nB: 4\r\n\r\n", 200, "OK", (("A", "1 2 3"), ("B", "4")), b""),
        (b"HTTP/1.1 200 OK\r\nno colon\r\nA : 1\r\n\r\n", 200, "OK", (("A", "1"),), b""),
        (b"HTTP/1.1 200 \xe9t\xe9\r\nA: \xff\xfe\r\n\r\n", 200, "\xe9t\xe9", (("A", "\xff\xfe"),), b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\n\r\nx", 200, "OK", (("A", "1"),), b"x"),
        (b"HTTP/1.1 103 Early\r\nLink: <a>\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 404 No\r\n\r\nx", 404, "No", (), b"x"),
        (b"HTTP/1.1 101 Switching\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", 101, "Switching", (), b"HTTP/1.1 200 OK\r\n\r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", 100, "Continue", (), b""),
        (b"HTTP/1.1 0 OK\r\n\r\nx", 200, "OK", (), b"x"),
        (b"HTTP/1.1 200 OK\r\nA: 1:2\r\nCut: va", 200, "OK", (("A", "1:2"), ("Cut", "va")), b""),
    ],
)
def test_heads_that_servers_send(
    block: bytes, status: int, reason: str, headers: tuple[tuple[str, str], ...], body: bytes
) -> None:
    head = parse_response_head(block)
    assert (head.status, head.reason, head.headers) == (status, reason, headers)
    assert block[head.head_length :] == body


@pytest.mark.parametrize(
    ("block", "defect"),
    [
        (b"HTTP/1.1 200 OK\nA: 1\n\n", "bare LF"),
        (b"\r\nHTTP/1.1 200 OK\r\n\r\n", "blank lines"),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n 2\r\n\r\n", "folded"),
        (b"HTTP/1.1 200 OK\r\nabc\r\n\r\n", "colon"),
        (b"HTTP/1.1 200 OK\r\nA : 1\r\n\r\n", "space"),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n", "no end"),
    ],
)
def test_what_was_forgiven_is_said(block: bytes, defect: str) -> None:
    assert any(defect in said for said in parse_response_head(block).defects)


@pytest.mark.parametrize("block", [b"", b"<html>", b"HTTP/1.1 abc OK\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"220 smtp"])
def test_what_is_no_answer(block: bytes) -> None:
    with pytest.raises(NotHTTP):
        parse_response_head(block)


def test_request_heads() -> None:
    head = parse_request_head(
        b"POST /a b?c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
    )
    assert (head.method, head.target, head.version, head.get("host")) == ("POST", "/a b?c", "HTTP/1.1", "x")
    assert is_chunked(head)
    assert head.get_all("HOST") == ("x",)
    assert parse_request_head(b"GET /\r\n").version == ""
    with pytest.raises(NotHTTP):
        parse_request_head(b"\x16\x03\x01")


@pytest.mark.parametrize(
    "block", [b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nbody", b"\r\nPOST / HTTP/1.0\nA: 1\n\n{}", b"GET /\r\n"]
)
def test_the_length_of_a_request_head_is_that_of_the_parsed_one(block: bytes) -> None:
    assert request_head_length(block) == parse_request_head(block).head_length


def test_what_is_no_request_has_no_head() -> None:
    with pytest.raises(NotHTTP):
        request_head_length(b"\x16\x03\x01")


names = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=10)
values = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=20).map(lambda v: v.strip(" \t"))


@given(st.lists(st.tuples(names, values), max_size=8), st.binary(max_size=50))
def test_any_head_is_read_back(headers: list[tuple[str, str]], body: bytes) -> None:
    block = b"HTTP/1.1 200 OK\r\n" + b"".join(f"{n}: {v}\r\n".encode("latin-1") for n, v in headers) + b"\r\n"
    head = parse_response_head(block + body)
    assert head.headers == tuple(headers)
    assert head.head_length == len(block)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parsers(data: bytes) -> None:
    for block in (data, b"HTTP/1.1 200 OK\r\n" + data):
        try:
            head = parse_response_head(block)
        except NotHTTP:
            continue
        assert 0 < head.head_length <= len(block)
    chunks = read_chunks(data)
    assert chunks.length <= len(data)


def frame(pieces: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece) + b"0\r\n\r\n"


@given(st.lists(st.binary(max_size=40), max_size=6), st.data())
def test_chunks_are_undone_and_a_cut_gives_what_is_there(pieces: list[bytes], data: st.DataObject) -> None:
    framed, payload = frame(pieces), b"".join(pieces)
    chunks = read_chunks(framed)
    assert (chunks.payload, chunks.complete, chunks.defect, chunks.length) == (payload, True, None, len(framed))
    cut = read_chunks(framed[: data.draw(st.integers(0, len(framed) - 1))])
    assert payload.startswith(cut.payload)
    assert not cut.complete
    assert cut.defect is None


def test_chunk_extensions_trailers_and_odd_sizes() -> None:
    body = b"0005 ; a=b;c\r\nhello\r\n1\nX\nA;q\r\n0123456789\r\n00\r\nT: 1\r\nU: 2\r\n\r\nnext"
    chunks = read_chunks(body)
    assert (chunks.payload, chunks.trailers, chunks.complete) == (b"helloX0123456789", (("T", "1"), ("U", "2")), True)
    assert body[chunks.length :] == b"next"


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        (b"3\r\nabcd\r\n0\r\n\r\n", b"abc"),
        (b"3\r\nabc\r\nzz\r\n", b"abc"),
        (b"3\r\nabc\r\n-1\r\n", b"abc"),
        (b"0x3\r\nabc\r\n", b"0x3\r\nabc\r\n"),
        (b"<html>not chunked\n</html>", b"<html>not chunked\n</html>"),
        (b"<html>not chunked, in one line", b"<html>not chunked, in one line"),
        (b"3\r\nabc\r\nxy", b"abc"),
        (b"ffffffffffff\r\nabc", b"abc"),
        (b"1234\nalpha\nbeta\n", b"1234\nalpha\nbeta\n"),  # lines of text under an old head
        (b"3\nalpha\nbeta\n", b"3\nalpha\nbeta\n"),
        (b"3\r\nalpha\r\nbeta\r\n", b"3\r\nalpha\r\nbeta\r\n"),
        (b"0\n1\n2\n", b"0\n1\n2\n"),
        (b"0\r\nEND\r\n", b"0\r\nEND\r\n"),
        (b"0\r\n\r\n", b""),
        (b"0\n\n", b""),
        (b"3\nabc\n0\n\n", b"abc"),
        (b"", b""),
    ],
)
def test_broken_chunks(body: bytes, payload: bytes) -> None:
    assert remove_transfer_coding(body, head_of(b"Transfer-Encoding: Chunked")) == payload


def test_only_a_chunked_body_is_unframed() -> None:
    body = b"3\r\nabc\r\n0\r\n\r\n"
    assert remove_transfer_coding(body, head_of()) == body
    assert remove_transfer_coding(body, head_of(b"Transfer-Encoding: chunked, gzip")) == body
    assert remove_transfer_coding(body, head_of(b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked")) == b"abc"


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


CODINGS = {
    "gzip": (b"gzip", gzip.compress(TEXT)),
    "x-gzip": (b"X-GZIP", gzip.compress(TEXT)),
    "two members": (b"gzip", gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:])),
    "padded gzip": (b"gzip", gzip.compress(TEXT) + bytes(10)),
    "deflate": (b"deflate", zlib.compress(TEXT)),
    "raw deflate": (b"deflate", raw_deflate(TEXT)),
    "br": (b"br", brotli.compress(TEXT, quality=4)),
    "zstd": (b"zstd", zstandard.compress(TEXT)),
    "zstd, size unknown": (b"zstd", zstandard.ZstdCompressor(write_content_size=False).compress(TEXT)),
    "two zstd frames": (b"zstd", zstandard.compress(TEXT[:99]) + zstandard.compress(TEXT[99:])),
    "several": (b"gzip, identity,br", brotli.compress(gzip.compress(TEXT), quality=4)),
    "none": (b"identity", TEXT),
}


@pytest.mark.parametrize("name", CODINGS)
def test_content_codings(name: str) -> None:
    coding, payload = CODINGS[name]
    decoded = decode_content(payload, head_of(b"Content-Encoding: " + coding), LIMIT)
    assert decoded.content == TEXT
    assert (decoded.undecodable, decoded.incomplete, decoded.limited) == (False, False, False)


@pytest.mark.parametrize("name", [name for name in CODINGS if name not in ("none", "padded gzip")])
def test_a_cut_stream_gives_what_it_can(name: str) -> None:
    coding, payload = CODINGS[name]
    decoded = decode_content(payload[: len(payload) * 3 // 4], head_of(b"Content-Encoding: " + coding), LIMIT)
    assert TEXT.startswith(decoded.content)
    assert len(decoded.content) < len(TEXT)
    assert decoded.incomplete
    assert not decoded.undecodable
    if name in ("gzip", "x-gzip", "deflate", "raw deflate"):  # the others give what they have by the block
        assert len(decoded.content) > len(TEXT) // 4


@pytest.mark.parametrize("coding", [b"gzip", b"br", b"zstd", b"deflate"])
def test_a_broken_stream_gives_what_comes_before(coding: bytes) -> None:
    checked = zstandard.ZstdCompressor(write_checksum=True).compress(TEXT)  # without it, nothing can tell
    payload = bytearray(checked if coding == b"zstd" else CODINGS[coding.decode()][1])
    payload[len(payload) * 3 // 4] ^= 0xFF
    payload[len(payload) * 3 // 4 + 1] ^= 0xFF
    decoded = decode_content(bytes(payload), head_of(b"Content-Encoding: " + coding), LIMIT)
    assert decoded.incomplete or decoded.undecodable
    assert decoded.content[:1] in (TEXT[:1], bytes(payload[:1]))


@pytest.mark.parametrize("coding", [b"gzip", b"x-gzip", b"br", b"zstd", b"deflate", b"utf-8", b"gzip, br"])
def test_false_codings_leave_the_payload(coding: bytes) -> None:
    decoded = decode_content(b"<html>plain</html>", head_of(b"Content-Encoding: " + coding), LIMIT)
    assert decoded.content == b"<html>plain</html>"
    assert decoded.undecodable


def test_a_coding_named_twice_and_applied_once() -> None:
    decoded = decode_content(gzip.compress(TEXT), head_of(b"Content-Encoding: gzip", b"Content-Encoding: gzip"), LIMIT)
    assert decoded.content == TEXT
    assert decoded.undecodable


def bomb(name: str) -> bytes:
    plain = bytes(200_000_000)
    match name:
        case "gzip":
            return gzip.compress(plain, 6)
        case "br":
            return bytes(brotli.compress(plain, quality=1))
        case "zstd":
            return bytes(zstandard.compress(plain))
        case _:
            return zlib.compress(plain, 6)


@pytest.mark.slow
@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_bombs_stop_at_the_limit(coding: str) -> None:
    decoded = decode_content(bomb(coding), head_of(b"Content-Encoding: " + coding.encode()), 1_000_000)
    assert len(decoded.content) == 1_000_000
    assert decoded.limited
    assert not decoded.undecodable


@pytest.mark.parametrize("name", [name for name in CODINGS if name != "none"])
def test_the_limit_is_exact(name: str) -> None:
    coding, payload = CODINGS[name]
    head = head_of(b"Content-Encoding: " + coding)
    assert decode_content(payload, head, len(TEXT)).limited is False
    short = decode_content(payload, head, len(TEXT) - 1)
    if name != "several":
        assert (short.content, short.limited) == (TEXT[:-1], True)


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"gzip", b"deflate", b"br", b"zstd"]))
def test_no_bytes_break_the_decoders(data: bytes, coding: bytes) -> None:
    prefix = {b"gzip": b"\x1f\x8b\x08\x00", b"deflate": b"\x78\x9c", b"br": b"", b"zstd": b"\x28\xb5\x2f\xfd"}[coding]
    for payload in (data, prefix + data):
        decoded = decode_content(payload, head_of(b"Content-Encoding: " + coding), 1000)
        assert len(decoded.content) <= 1000


@given(st.binary(max_size=60))
def test_a_reference_is_ascii_and_holds_the_same_bytes(value: bytes) -> None:
    reference = url_reference(value.decode("latin-1"))
    assert reference.isascii()
    assert unquote_to_bytes(reference) == unquote_to_bytes(value)


def test_headers_that_hold_urls() -> None:
    head = parse_response_head("HTTP/1.1 301 X\r\nLink: </ä>\r\nLink: </b>\r\nLocation: /ä\r\n\r\n".encode())
    assert head.reference("location") == "/%C3%A4"
    assert head.references("link") == ("</%C3%A4>", "</b>")
    assert head.reference("Refresh") is None
