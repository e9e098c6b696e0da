"""Shapes: short texts that are the same but for their numbers, or for what follows their label; and texts that are cut off."""

from __future__ import annotations

import re
from functools import lru_cache

from broadsheet.pipelines.extract.page.text_hash import hash_of_words
from broadsheet.pipelines.extract.page.words import words_of

_SHAPE, _MIN_LETTERS = 80, 4  # characters of a text that has a shape, letters that it has at least
_NUMBERS = re.compile(r"\d+")
_LABELLED = re.compile(r"([^\W\d_][^:：\n]{1,29})[:：]\s")  # "Filed under: ", before what is another on each page
_ENDS = frozenset(".!?…。！？")  # of a sentence
_CUT = ("…", "...", "[…]", "[...]", "..", "»", "→")


def shape_of(text: str) -> int:
    """The hash of a short text whatever its numbers ("12 views", "Page 3 of 5"), that of its label where it has one; 0 for one
    without label and numbers, or words."""
    return _shape_of_label(text) if len(text) <= _SHAPE else 0


def label_of(text: str) -> str:
    """The words of the label of a short text that is no sentence but label and value ("Comments: three"); else nothing."""
    found = _LABELLED.match(text) if len(text) <= _SHAPE and text[-1:] not in _ENDS else None
    return words_of(found[1]) if found is not None and any(map(str.isalpha, text[found.end() :])) else ""


@lru_cache(maxsize=8192)
def _shape_of_label(text: str) -> int:
    if label := label_of(text):
        return hash_of_words(f"{label}:")
    if not any(map(str.isdigit, text)) or sum(map(str.isalpha, text)) < _MIN_LETTERS:
        return 0
    return hash_of_words("#" + _NUMBERS.sub("0", words_of(text)))


def is_cut(text: str) -> bool:
    """Whether *text* ends as a teaser does."""
    return text.endswith(_CUT)
