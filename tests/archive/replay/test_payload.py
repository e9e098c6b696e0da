"""Payloads in memory and on disk: any piece of them, within a budget; chunks undone however they are cut."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.errors import BrokenEnvironment
from broadsheet.archive.replay.payload import PIECE, ChunkDecoder, Payload, Spool

CHUNKED = b"5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n"


def test_any_piece_of_a_payload_is_the_same_in_memory_and_on_disk(tmp_path: Path) -> None:
    data = bytes(range(256)) * 4096
    on_disk = Spool(tmp_path).put(("a", 0), [data[:1000], data[1000:]])
    for payload in (Payload.of(data), on_disk):
        assert payload.length == len(data)
        assert payload.slice(7, 300) == data[7:300]
        pieces = list(payload.pieces(5, len(data)))
        assert (b"".join(pieces), len(pieces[0])) == (data[5:], PIECE)
    assert list(tmp_path.iterdir()) == []  # the file has no name


def test_what_was_not_used_for_longest_goes_first_and_the_newest_stays_however_large(tmp_path: Path) -> None:
    spool = Spool(tmp_path, budget=25)
    for name in "abc":
        spool.put((name, 0), [b"x" * 10])
        spool.get(("a", 0))
    assert [spool.get((name, 0)) is not None for name in "abc"] == [True, False, True]
    large = spool.put(("d", 0), [b"x" * 100])
    assert [spool.get((name, 0)) for name in "acd"] == [None, None, large]


def test_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    def full() -> object:
        raise OSError(28, "No space left on device")

    with pytest.raises(BrokenEnvironment, match="space"):
        Spool(tmp_path).put(("a", 0), (full() for _ in range(1)))  # type: ignore[misc]


@given(st.lists(st.integers(0, len(CHUNKED)), max_size=6))
def test_chunks_are_undone_wherever_they_are_cut(cuts: list[int]) -> None:
    decoder = ChunkDecoder()
    edges = [0, *sorted(cuts), len(CHUNKED)]
    found = b"".join(decoder.feed(CHUNKED[start:end]) for start, end in pairwise(edges))
    assert found == b"hello world"
    assert decoder.feed(b"behind the end") == b""


@pytest.mark.parametrize(
    ("sent", "payload"),
    [
        (b"<html>not chunked</html>\n", b"<html>not chunked</html>\n"),
        (b"5\r\nhello\r\nbroken\r\nmore", b"hello"),
        (b"5\nhello\n0\n\n", b"hello"),
    ],
)
def test_what_is_not_chunked_goes_through_and_a_broken_framing_ends_it(sent: bytes, payload: bytes) -> None:
    decoder = ChunkDecoder()
    assert decoder.feed(sent) == payload
    assert decoder.feed(b"next") == (b"next" if sent == payload else b"")
