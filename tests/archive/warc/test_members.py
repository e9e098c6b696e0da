"""Gzip members one by one: where each begins and ends, what is wrong with one, and where to go on behind it."""

from __future__ import annotations

import gzip
import io

import pytest

from broadsheet.archive.warc.members import PIECE, BrokenMember, GzipMembers, content_before_damage

CONTENTS = [b"WARC/1.1\r\nfirst", bytes(3 * PIECE + 5), b"WARC/1.1\r\nthird" * 500]
MEMBERS = [gzip.compress(content, mtime=0) for content in CONTENTS]


def content_of(members: GzipMembers) -> bytes:
    pieces = list(iter(members.read, b""))
    assert all(len(piece) <= PIECE for piece in pieces)
    return b"".join(pieces)


def test_each_member_has_its_content_and_its_place() -> None:
    members = GzipMembers(io.BytesIO(b"".join(MEMBERS)))
    at = 0
    for content, member in zip(CONTENTS, MEMBERS, strict=True):
        assert members.next_member()
        assert members.offset == at
        assert content_of(members) == content
        at += len(member)
        assert members.end == at
    assert not members.next_member()


def test_a_walk_may_begin_at_any_member() -> None:
    members = GzipMembers(io.BytesIO(b"".join(MEMBERS)), len(MEMBERS[0]))
    assert members.next_member()
    assert content_of(members) == CONTENTS[1]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (MEMBERS[0][:-3], "cut off: the file ends within the gzip member"),
        (MEMBERS[0][:2], "cut off"),
        (b"<html>not gzip</html>", "not a gzip member"),
        (MEMBERS[0][:-8] + b"\0\0\0\0" + MEMBERS[0][-4:], "damaged gzip data"),
    ],
)
def test_what_is_wrong_with_a_member_is_told(data: bytes, reason: str) -> None:
    members = GzipMembers(io.BytesIO(data))
    assert members.next_member()
    with pytest.raises(BrokenMember, match=reason):
        content_of(members)


def test_behind_a_broken_member_the_next_that_begins_a_record_is_found() -> None:
    other = gzip.compress(b"no record", mtime=0)
    members = GzipMembers(io.BytesIO(MEMBERS[0][:20] + b"\x1f\x8b\x08" + other + MEMBERS[2]))
    assert members.next_member()
    with pytest.raises(BrokenMember):
        content_of(members)
    assert members.resynchronise()
    assert members.next_member()
    assert members.offset == 20 + 3 + len(other)
    assert content_of(members) == CONTENTS[2]


def test_without_another_record_the_walk_is_at_the_end_of_the_file() -> None:
    data = MEMBERS[2][:40]
    members = GzipMembers(io.BytesIO(data))
    assert members.next_member()
    assert not members.resynchronise()
    assert members.end == len(data)


def test_what_stands_before_the_damage_is_given() -> None:
    content = b"".join(b"line %d\n" % number for number in range(30_000))
    data = bytearray(gzip.compress(content, mtime=0))
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    before = b"".join(content_before_damage(io.BytesIO(bytes(data)), 0))
    sound = len(content) // 3  # what a decoder makes of the damage before it sees it comes behind
    assert before[:sound] == content[:sound]
    assert b"".join(content_before_damage(io.BytesIO(bytes(data)), 0, skip=7)) == before[7:]
