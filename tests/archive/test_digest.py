"""Labelled digests: ours, and the spellings of others."""

from __future__ import annotations

import hashlib

import pytest

from broadsheet.archive.digest import StreamingDigest, canonical, contradict, labelled_digest, verify_digest

SHA256 = hashlib.sha256(b"abc").hexdigest()


def test_known_values() -> None:
    assert labelled_digest(b"") == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
    assert labelled_digest(b"abc", "sha256") == "sha256:XJ4BNP4PAHH6UQKBIDPF3LRCEOYAGYNDSYLXVHFUCD7WD4QACWWQ===="


def test_a_streaming_digest_is_the_digest() -> None:
    digest = StreamingDigest()
    for piece in (b"a", memoryview(b"b"), b"", b"c"):
        digest.update(piece)
    assert str(digest) == labelled_digest(b"abc")


@pytest.mark.parametrize(
    ("labelled", "expected"),
    [
        (labelled_digest(b"abc"), True),
        (labelled_digest(b"abc").lower(), True),
        (labelled_digest(b"abd"), False),
        (labelled_digest(b"abc", "sha256"), True),
        (labelled_digest(b"abc", "sha256").rstrip("="), True),
        ("sha256:" + SHA256, True),
        ("SHA-256: " + SHA256.upper(), True),
        ("sha1:" + hashlib.sha1(b"abc").hexdigest(), True),
        ("md5:" + hashlib.md5(b"abc").hexdigest(), True),
        ("crc32:00000000", None),
        ("sha1:short", None),
        ("sha1:!!I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", None),
        ("3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", None),
    ],
)
def test_digests_of_others_compare_by_value(labelled: str, expected: bool | None) -> None:
    assert verify_digest(labelled, (b"a", b"bc")) is expected


def test_digests_of_one_value_are_one_and_of_two_algorithms_say_nothing_of_each_other() -> None:
    hexadecimal = "SHA-1:86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"
    assert labelled_digest(b"a") == canonical(hexadecimal)
    assert canonical("crc32:9") == "crc32:9"
    assert contradict(labelled_digest(b"a"), labelled_digest(b"b"))
    for other in (hexadecimal, labelled_digest(b"b", "sha256"), "crc32:9", None):
        assert not contradict(labelled_digest(b"a"), other)
