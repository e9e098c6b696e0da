"""From tokens to numbers: the shingles of a text, the passages it can be recognised by, and its digest.

A *shingle* is three tokens in a row, as a 32-bit hash: an unrelated pair of articles shares one by chance in 20,000
pairs, which changes no verdict, and a million articles fit on 2 GB of disk.  A *passage* reaches from one marked shingle
to the next, where one shingle in eight is marked, by its own hash: the same words are cut into the same passages
wherever they stand.  A shared passage is what a cut copy has in common with a much longer original, which MinHash (it
estimates Jaccard, which is then small) misses.  All hashes are the same in every process and on every machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipelines.dedupe.tokens import tokens

SHINGLE_TOKENS = 3
_MARKED = np.uint32(2**32 // 8)
_VOCABULARY = 200_000  # remembered word hashes: 25 MB

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class TextPrint:
    """What is compared of a text.

    ``digest``: 16 bytes over all tokens; equal for equal texts.  ``shingles``: sorted, each once.  ``passages``: a row
    each, of its key and the two shingles that it begins and ends with (in the upper and the lower half of the number).
    """

    digest: bytes
    shingles: U32
    passages: U64


class TextPrinter:
    """Makes prints; remembers the hashes of words."""

    def __init__(self) -> None:
        self._hashes: dict[str, int] = {}

    def print_of(self, text: str) -> TextPrint:
        """The print of *text*."""
        words = tokens(text)
        digest = hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        sequence = _shingle_sequence(self._hash(words))
        return TextPrint(digest, np.unique(sequence), _passages(sequence))

    def _hash(self, words: list[str]) -> U64:
        known = self._hashes
        if len(known) > _VOCABULARY:
            known.clear()
        for word in words:
            if word not in known:
                known[word] = crc32(word.encode("utf-8", "surrogatepass"))
        return np.fromiter(map(known.__getitem__, words), np.uint64, len(words))


def _shingle_sequence(words: U64) -> U32:
    """The shingles in text order."""
    if len(words) < SHINGLE_TOKENS:
        return np.empty(0, np.uint32)
    first, second, third = words[:-2], words[1:-1], words[2:]
    joined = first * np.uint64(0x9E3779B97F4A7C15) + second * np.uint64(0xC2B2AE3D27D4EB4F)
    return (mix(joined + third * np.uint64(0x165667B19E3779F9)) >> np.uint64(32)).astype(np.uint32)


def _passages(sequence: U32) -> U64:
    marks = np.flatnonzero(sequence < _MARKED)
    ends = sequence[marks[:-1]].astype(np.uint64) << np.uint64(32) | sequence[marks[1:]]
    keys = mix(ends + np.diff(marks).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    unique, where = np.unique(keys, return_index=True)
    return np.stack([unique, ends[where]], axis=1)


def mix(values: U64) -> U64:
    """Spread the bits of *values* evenly (the finaliser of SplitMix64); one to one."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
