"""Labelled digests, as WARC-Block-Digest and WARC-Payload-Digest carry them: ``sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ``.

SHA-1 in base32 is what indexes and other tools expect and is our default; SHA-256 costs the same.  Others write hex,
lower case, or ``sha-256``: `verify_digest` compares values, not spellings.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

ALGORITHMS = ("sha1", "sha256")
_READABLE = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}
_SIZES = tuple(hashlib.new(name, usedforsecurity=False).digest_size for name in _READABLE.values())


class StreamingDigest:
    """A digest that grows with `update`; ``str`` gives its labelled value so far."""

    def __init__(self, algorithm: str = "sha1") -> None:
        self._label = algorithm
        self._hash = hashlib.new(algorithm, usedforsecurity=False)

    def update(self, data: bytes | memoryview) -> None:
        """Add *data*."""
        self._hash.update(data)

    def __str__(self) -> str:
        return f"{self._label}:{base64.b32encode(self._hash.digest()).decode('ascii')}"


def labelled_digest(data: bytes | memoryview, algorithm: str = "sha1") -> str:
    """The labelled digest of *data*, value in base32."""
    value = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    return f"{algorithm}:{base64.b32encode(value).decode('ascii')}"


def is_readable(labelled: str) -> bool:
    """Whether `verify_digest` knows the label and the form of *labelled*."""
    return _read(labelled) is not None


def spellings(labelled: str) -> tuple[str, ...]:
    """The ways in which tools write the digest *labelled*, itself first: base32 and hex, in capitals or not."""
    known = _read(labelled)
    if known is None:
        return (labelled,)
    algorithm, value = known
    base32, hexadecimal = base64.b32encode(value).decode("ascii"), value.hex()
    written = (base32, base32.lower(), hexadecimal, hexadecimal.upper())
    return tuple(
        dict.fromkeys(
            (labelled, *(f"{label}:{one}" for label in (algorithm, labelled.partition(":")[0]) for one in written))
        )
    )


def canonical(labelled: str) -> str:
    """*labelled* in the spelling that ours have, so that two of one value are equal; as it is when it cannot be read."""
    known = _read(labelled)
    return labelled if known is None else f"{known[0]}:{base64.b32encode(known[1]).decode('ascii')}"


def value_of(digest: str) -> bytes | None:
    """The bytes of *digest*, with a label or without, as some indexes have it; None when its length is no known algorithm's."""
    value = digest.rpartition(":")[2].strip()
    decoded = (_decode(value, size) for size in _SIZES)
    return next((one for one in decoded if one is not None), None)


def contradict(one: str | None, other: str | None) -> bool:
    """Whether two labelled digests cannot be of the same bytes; those of two algorithms, or that cannot be read, may be."""
    first, second = _read(one or ""), _read(other or "")
    return first is not None and second is not None and first[0] == second[0] and first[1] != second[1]


def verify_digest(labelled: str, parts: Iterable[bytes]) -> bool | None:
    """Whether *labelled* is the digest of *parts* together; None when its label or its form is unknown."""
    known = _read(labelled)
    if known is None:
        return None
    algorithm, expected = known
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return digest.digest() == expected


@lru_cache(maxsize=16)  # a verifier asks several times about the digests of one record
def _read(labelled: str) -> tuple[str, bytes] | None:
    """Algorithm and value of *labelled*."""
    label, _, value = labelled.partition(":")
    algorithm = _READABLE.get(label.strip().lower().replace("-", ""))
    if algorithm is None:
        return None
    expected = _decode(value.strip(), hashlib.new(algorithm, usedforsecurity=False).digest_size)
    return None if expected is None else (algorithm, expected)


def _decode(value: str, size: int) -> bytes | None:
    """The bytes that *value* writes in hex or base32; the length tells which, but for MD5 in base32, padded."""
    if len(value) == size * 2:
        with suppress(ValueError):
            return bytes.fromhex(value)
    try:
        padded = value.upper().rstrip("=")
        padded += "=" * (-len(padded) % 8)
        decoded = base64.b32decode(padded)
    except (ValueError, binascii.Error):
        return None
    return decoded if len(decoded) == size else None
