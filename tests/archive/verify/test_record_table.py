"""Keys of digests: by their values, and only those of one algorithm contradict each other."""

from __future__ import annotations

import hashlib

import pytest

from broadsheet.archive.digest import labelled_digest, spellings
from broadsheet.archive.verify.record_table import digest_key, digests_contradict

HERE, ELSEWHERE = b"what was sent", b"what was sent to another"


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha384", "sha512"])
def test_a_digest_has_one_key_in_every_spelling(algorithm: str) -> None:
    labelled = labelled_digest(HERE, algorithm)
    hexadecimal = f"{algorithm}:{hashlib.new(algorithm, HERE).hexdigest()}"
    written = [labelled, *spellings(labelled), labelled.rpartition(":")[2], hexadecimal]
    assert len({digest_key(one) for one in written}) == 1
    assert digests_contradict(digest_key(labelled), digest_key(labelled_digest(ELSEWHERE, algorithm)))


@pytest.mark.parametrize("other", ["md5", "sha1", "sha384", "sha512"])
def test_digests_of_two_algorithms_contradict_nothing(other: str) -> None:
    assert not digests_contradict(
        digest_key(labelled_digest(HERE, "sha256")), digest_key(labelled_digest(ELSEWHERE, other))
    )


@pytest.mark.parametrize("unreadable", ["", "sha1:-", "crc32:12345678", None])
def test_what_is_no_digest_contradicts_none(unreadable: str | None) -> None:
    assert not digests_contradict(digest_key(unreadable), digest_key(labelled_digest(HERE)))
