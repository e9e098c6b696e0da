"""Decoders of content: exact limits, what comes before a fault, and None for bytes that are in no such coding."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from broadsheet.archive.coding import DECODERS, DecodedContent

# More than a block of zstd, at most 128 kB: of one that is not whole it gives nothing.
TEXT = b" ".join(b"%x" % number for number in random.Random(3).choices(range(1 << 40), k=40_000))
ENOUGH = 10 * len(TEXT)


def raw_deflate(data: bytes) -> bytes:
    made = zlib.compressobj(wbits=-15)
    return made.compress(data) + made.flush()


def quick_brotli(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=5))


def checked_zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


CODED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw": ("deflate", raw_deflate),
    "brotli": ("br", quick_brotli),
    "zstd": ("zstd", checked_zstd),
}
every_coding = pytest.mark.parametrize("name", CODED)


def decoded(name: str, payload: bytes, limit: int = ENOUGH) -> DecodedContent | None:
    return DECODERS[CODED[name][0]](payload, limit)


def coded(name: str, content: bytes = TEXT) -> bytes:
    return CODED[name][1](content)


@every_coding
def test_the_limit_is_exact(name: str) -> None:
    assert decoded(name, coded(name), len(TEXT)) == DecodedContent(TEXT)
    assert decoded(name, coded(name), len(TEXT) - 1) == DecodedContent(TEXT[:-1], limited=True)
    assert decoded(name, coded(name), 0) == DecodedContent(b"", limited=True)
    assert decoded(name, coded(name, b"")) == DecodedContent(b"")


@every_coding
def test_wherever_a_stream_is_cut_it_is_incomplete_and_gives_what_it_has(name: str) -> None:
    payload = coded(name)
    for length in {*range(12), *range(100, len(payload), 49_973), len(payload) // 2, len(payload) - 1}:
        found = decoded(name, payload[:length])
        if length < 12 and found is None:
            continue  # no more than a header
        assert found is not None
        assert TEXT.startswith(found.content)
        assert found.incomplete or not length
        assert len(found.content) >= len(TEXT) * length // len(payload) - 160_000


@every_coding
def test_a_fault_costs_what_comes_after_it(name: str) -> None:
    payload = bytearray(coded(name))
    for position in range(len(payload) * 3 // 4, len(payload) * 3 // 4 + 64):
        payload[position] ^= 0xFF
    found = decoded(name, bytes(payload))
    assert found is not None
    assert found.content[:1000] == TEXT[:1000]
    assert found.incomplete or name == "raw"  # which has no checksum
    assert decoded(name, bytes(payload), 1000) in (
        DecodedContent(TEXT[:1000], limited=True),
        DecodedContent(TEXT[:1000], incomplete=True, limited=True),
        DecodedContent(TEXT[:1000], incomplete=True),
    )


@pytest.mark.parametrize("name", ["gzip", "zstd", "zlib"])
def test_other_bytes_are_in_no_coding(name: str) -> None:
    assert decoded(name, b"<html>plain</html>") is None


def test_members_and_frames_follow_each_other_and_padding_does_not_count() -> None:
    assert decoded("gzip", gzip.compress(b"one ") + gzip.compress(b"two")) == DecodedContent(b"one two")
    assert decoded("gzip", gzip.compress(b"one") + b"\0" * 50) == DecodedContent(b"one")
    assert decoded("zlib", zlib.compress(b"one") + b"\r\n") == DecodedContent(b"one")
    assert decoded("zstd", checked_zstd(b"one ") + checked_zstd(b"two")) == DecodedContent(b"one two")
    assert decoded("gzip", gzip.compress(b"one ") + gzip.compress(TEXT)[:2000]) is not None
    second_cut = decoded("zstd", checked_zstd(b"one ") + checked_zstd(TEXT)[:-1])
    assert second_cut is not None
    assert second_cut.incomplete


def test_a_raw_stream_that_looks_like_a_zlib_header_is_read() -> None:
    """A stored block of 29,440 bytes (RFC 1951, 3.2.4) whose unused bits make RFC 1950's check come out right."""
    content = TEXT[:0x7300]
    size = len(content).to_bytes(2, "little")
    block = size + bytes(byte ^ 0xFF for byte in size) + content
    first = next(byte for byte in range(0x08, 0x100, 0x10) if (byte << 8 | block[0]) % 31 == 0)
    payload = bytes([first]) + block + b"\x01\x00\x00\xff\xff"
    assert decoded("raw", payload) == DecodedContent(content)


def test_a_bomb_is_cut_at_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(bytes(200_000_000), 1), 9)
    once = decoded("gzip", bomb)
    assert once is not None
    found = decoded("gzip", once.content, 1_000_000)
    assert found == DecodedContent(bytes(1_000_000), limited=True)
