"""Words of a text: the form in which texts are compared when punctuation, case and white space say nothing; its full stops."""

from __future__ import annotations

import re

FULL_STOPS = "।॥۔؟։።។៕။"  # of Devanagari and its kin, Arabic, Armenian, Ethiopic, Khmer and Burmese
_WORD = re.compile(r"\w+")
_HASHTAGS = re.compile(r"(?:[#＃][^\W\d_][^\s#＃]*\s*){1,20}")
# of ASCII, which most blocks are, bytes are cut at what is no letter, digit or "_" in half the time of a pattern
_WORD_BYTES = bytes(code if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(128)) + bytes(128)


def words_of(text: str) -> str:
    """The words of *text*, in lower case, with single spaces."""
    if text.isascii():
        return b" ".join(text.lower().encode("ascii").translate(_WORD_BYTES).split()).decode("ascii")
    return " ".join(_WORD.findall(text.casefold()))


def is_hashtags(text: str) -> bool:
    """Whether *text* is hashtags and nothing else."""
    return text[:1] in {"#", "＃"} and _HASHTAGS.fullmatch(text) is not None
