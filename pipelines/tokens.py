"""From a text to the tokens that duplicates are judged by.

Two copies of an article differ in typography before they differ in words: quotes, dashes, capitals, full-width forms.  So
a text is folded (NFKC, case) and cut at white space and punctuation; what is left are its words.  `\\w` is not used: it
cuts Indic words at every vowel sign.  Scripts without spaces have no words to cut at: there a token is a window that
begins at every character, of three characters in Chinese and Japanese, of six in Thai, Lao, Khmer and Burmese; so
three tokens in a row span five or eight characters, a few words.  In the latter several tokens begin in one word
(`is_dense`): a part of them is enough to compare by.
"""

from __future__ import annotations

import re
import unicodedata

MAX_TOKENS = 100_000  # what comes after is not compared: bounds the memory for one monstrous page

_HAN, _SOUTH_EAST_ASIAN = 3, 6  # characters a token spans, where words are not parted
_UNSPACED = (
    (_HAN, "\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"),
    (_SOUTH_EAST_ASIAN, "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0edf\u1000-\u109f\u1780-\u17d3\uaa60-\uaa7f"),
)
SEPARATORS = (  # of words; what may stand in the brackets of a pattern, as UNSPACED_LETTERS
    "\\s\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb\u00bf\u00d7\u00f7"
    "\u02c2-\u02df\u037e\u0387\u055a-\u055f\u0589\u05be\u05c0\u05c3\u05f3\u05f4\u060c\u060d\u061b\u061e\u061f\u066a-\u066d\u06d4"
    "\u0964\u0965\u0e2f\u0e4f\u0e5a\u0e5b\u104a-\u104f\u10fb\u1360-\u1368\u166e\u17d4-\u17da"
    "\u2000-\u206f\u20a0-\u20cf\u2100-\u2bff\u2e00-\u2e7f\u3000-\u3020\u3030\u30fb\ufe10-\ufe6f\ufeff\uff00-\uff0f\uff1a-\uff20"
)
UNSPACED_LETTERS = "".join(letters for _, letters in _UNSPACED)
_PARTED = f"[^{SEPARATORS}{UNSPACED_LETTERS}]+"
_PARTED_WORD = re.compile(_PARTED)
_WORD = re.compile("|".join((*(f"[{letters}]+" for _, letters in _UNSPACED), _PARTED)))
_WIDTHS = tuple((re.compile(f"[{letters}]"), width) for width, letters in _UNSPACED)
_DENSE = re.compile(f"[{_UNSPACED[1][1]}]")
_ANY_UNSPACED = re.compile(f"[{UNSPACED_LETTERS}]")


def tokens(text: str) -> list[str]:
    """The tokens of *text*, folded, in order; at most MAX_TOKENS."""
    folded = fold(text)
    if _ANY_UNSPACED.search(folded) is None:
        return _PARTED_WORD.findall(folded)[:MAX_TOKENS]
    return [token for word in _WORD.findall(folded)[:MAX_TOKENS] for token in _windows(word)][:MAX_TOKENS]


def is_dense(text: str) -> bool:
    """Whether there are characters in *text* of scripts in which several tokens begin in one word."""
    return _DENSE.search(text) is not None


def words(text: str) -> list[str]:
    """The words of *text* as they are written, without punctuation; single characters where words are not parted."""
    if _ANY_UNSPACED.search(text) is None:
        return _PARTED_WORD.findall(text)
    return [unit for word in _WORD.findall(text) for unit in (word if _ANY_UNSPACED.match(word) else (word,))]


def fold(text: str) -> str:
    """*text* without differences of case and of compatibility forms."""
    if text.isascii():
        return text.lower()
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return text.casefold()


def _windows(word: str) -> list[str]:
    for letters, width in _WIDTHS:
        if letters.match(word):
            return [word[start : start + width] for start in range(max(1, len(word) - width + 1))]
    return [word]
