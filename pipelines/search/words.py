"""A text -> the tokens that are indexed, and that a query looks up.

Case, compatibility forms and accents are folded away (``Café``, ``CAFE``); vowel signs of Indic scripts stay, they are no
accents.  Scripts that do not part words, and Korean, which glues particles to them, are cut into bigrams, a token at each
character, the last one alone: ``北京大学`` is 北京, 京大, 大学, 学.  A phrase of bigrams finds any substring of two characters
or more, and a prefix of one character finds every place where it stands; measured recall: full (FTS5's own trigrams find
nothing for words of two characters, which most Chinese words are).

What is returned is parted by spaces and ASCII punctuation, so FTS5's tokenizer ``ascii``, for which everything beyond ASCII
is a letter, parts it just so, and a text of ASCII goes in as it is.
"""

from __future__ import annotations

import re
import unicodedata

from broadsheet.pipelines.tokens import SEPARATORS, UNSPACED_LETTERS

_BIGRAMS = f"{UNSPACED_LETTERS}\uac00-\ud7a3\u1100-\u11ff"
_RUN = re.compile(f"[{_BIGRAMS}]+")
_WORD = re.compile(f"[{_BIGRAMS}]+|[^{SEPARATORS}{_BIGRAMS}]+")
_SEPARATOR = re.compile(f"[{SEPARATORS}]+")
# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, and the tatweel, which only stretches a word.
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "ı": "i"})


def folded(text: str) -> str:
    """*text* without case, compatibility forms and accents."""
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", parted)).translate(_STROKES)


def indexed_text(text: str | None) -> str:
    """*text* as it is given to FTS5."""
    if not text or text.isascii():
        return text or ""
    parted = _SEPARATOR.sub(" ", folded(text))
    return _RUN.sub(lambda match: f" {' '.join(_bigrams(match[0]))} ", parted)


def words_of(text: str) -> list[str]:
    """The words of *text*, folded; a run of characters of a script without spaces is one."""
    return _WORD.findall(folded(text))


def is_run(word: str) -> bool:
    """Whether *word*, folded, is of a script that is cut into bigrams."""
    return _RUN.match(word) is not None


def phrase_tokens(words: list[str]) -> tuple[list[str], bool]:
    """The tokens of *words*, one after the other, to look up; and whether the last is a prefix (a character alone)."""
    tokens: list[str] = []
    for number, word in enumerate(words):
        if not is_run(word):
            tokens.append(word)
        elif number + 1 < len(words):
            tokens += _bigrams(word)
        else:
            tokens += _bigrams(word)[:-1] or [word]
            if len(word) == 1:
                return tokens, True
    return tokens, False


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]
