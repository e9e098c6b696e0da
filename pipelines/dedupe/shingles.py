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

from broadsheet.pipelines.tokens import is_dense, tokens

SHINGLE_TOKENS = 3
_THIN = np.uint32(3)  # where several shingles begin in a word one in four is kept, by its own hash: about one a word
_MARKED = np.uint32(2**32 // 8)

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


def print_of(text: str) -> TextPrint:
    """The print of *text*, which is valid Unicode (as all text in Parquet is)."""
    words = tokens(text)
    digest = hashlib.blake2b(" ".join(words).encode(), digest_size=16).digest()
    # hashing each word anew is as quick as remembering the hashes of a vocabulary, and takes no memory
    hashes = np.array([crc32(word.encode()) for word in words], np.uint64)
    sequence = _shingle_sequence(hashes)
    if is_dense(text):
        dense = np.array([is_dense(word) for word in words[: len(sequence)]], np.bool_)
        sequence = sequence[~dense | (sequence & _THIN == 0)]
    return TextPrint(digest, _unique(sequence), _passages(sequence))


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


def _unique(values: U32) -> U32:
    ordered = np.sort(values)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def mix(values: U64) -> U64:
    """Spread the bits of *values* evenly (the finaliser of SplitMix64); one to one."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
