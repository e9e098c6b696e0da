"""The hash by which a block's text is found again on other pages: 64 bits of BLAKE2b over its words."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from broadsheet.pipelines.extract.page.words import words_of

MAX_WORDS = 4000  # characters of a block that are compared
_LABEL = 100  # characters of a text whose hash is remembered: short texts stand on many pages


def hash_of(text: str) -> int:
    """The hash of a block's text: of its words alone, where it has any."""
    return hash_of_words(words_of(text[:MAX_WORDS]) or text)


def hash_of_words(words: str) -> int:
    """`hash_of` for a text whose words are known."""
    return _hash_of_label(words) if len(words) <= _LABEL else hash64(words)


def hash64(text: str) -> int:
    """A stable hash of *text* as a signed integer of 64 bits."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little", signed=True)


_hash_of_label = lru_cache(maxsize=8192)(hash64)
