"""How much one text is not another: words gained and lost, whether only their order or the typography changed.

Words are compared as a bag: exact, linear in the length, and blind to moved paragraphs, which are therefore told as a
kind of their own.  An alignment (difflib) takes minutes for the long pages that matter most here, and was dropped.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from broadsheet.pipelines.tokens import words

_SAMPLE = 120  # characters


class ChangeKind(StrEnum):
    """What is different.  The first that holds."""

    APPEARED = "appeared"  # there was no text
    VANISHED = "vanished"  # there is no text any more
    WORDS = "words"
    ORDER = "order"  # the same words elsewhere
    TYPOGRAPHY = "typography"  # the same words in the same order: spaces, punctuation, paragraphs


@dataclass(frozen=True, slots=True)
class TextMeasure:
    """``similarity``: 2 x shared words / all words of both, 0 to 1.  Words are counted as often as they stand; in scripts
    that do not part words each character counts.  The samples are the first paragraphs that only one of the two has."""

    kind: ChangeKind
    similarity: float
    words_before: int
    words_after: int
    words_added: int
    words_removed: int
    added_sample: str | None
    removed_sample: str | None


def measure(before: str | None, after: str | None) -> TextMeasure:
    """The change from *before* to *after*, which are not the same."""
    old, new = words(before or ""), words(after or "")
    shared = sum((Counter(old) & Counter(new)).values())
    return TextMeasure(
        kind=_kind(before, after, old, new),
        similarity=2 * shared / (len(old) + len(new)) if old or new else 1.0,
        words_before=len(old),
        words_after=len(new),
        words_added=len(new) - shared,
        words_removed=len(old) - shared,
        added_sample=_sample(after, before),
        removed_sample=_sample(before, after),
    )


def _kind(before: str | None, after: str | None, old: list[str], new: list[str]) -> ChangeKind:
    if not before:
        return ChangeKind.APPEARED
    if not after:
        return ChangeKind.VANISHED
    if old == new:
        return ChangeKind.TYPOGRAPHY
    return ChangeKind.ORDER if Counter(old) == Counter(new) else ChangeKind.WORDS


def _sample(text: str | None, other: str | None) -> str | None:
    known = {_squeezed(line) for line in (other or "").split("\n")}
    for line in (text or "").split("\n"):
        if (squeezed := _squeezed(line)) and squeezed not in known:
            return squeezed if len(squeezed) <= _SAMPLE else f"{squeezed[: _SAMPLE - 1]}…"
    return None


def _squeezed(line: str) -> str:
    return " ".join(line.split())
