"""What changed between two versions of an article, for a reader: paragraphs lost, gained and rewritten.

Paragraphs are aligned, and words only within a paragraph that was rewritten: aligning the words of whole texts takes
minutes for long pages (`text_change` says how much changed, in linear time).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

_MOST_PARAGRAPHS = 4000  # of two versions together, beyond what they share at both ends
_MOST_WORDS = 600  # of a paragraph; a longer one is shown as lost and gained
_REWRITTEN = 0.4  # likeness from which a paragraph is another form of one


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph, and whether the other version lacks it."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class ChangedParagraph:
    """A paragraph of only one version: ``before`` or ``after`` is empty when it was gained or lost.

    ``skipped`` paragraphs, the same in both, stand between it and the change before it.
    """

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    skipped: int


def changed_paragraphs(before: str | None, after: str | None) -> list[ChangedParagraph]:
    """What changed from *before* to *after*, texts with a blank line between paragraphs, in their order."""
    changes: list[ChangedParagraph] = []
    skipped = 0
    old, new = _paragraphs(before), _paragraphs(after)
    for tag, lost, gained in _runs(old, new):
        if tag == "equal":
            skipped += len(lost)
            continue
        for one, other in zip_longest(lost, gained, fillvalue=""):
            for pair in _pairs(one, other):
                changes.append(ChangedParagraph(*pair, skipped))
                skipped = 0
    return changes


def _paragraphs(text: str | None) -> list[str]:
    return [" ".join(part.split()) for part in (text or "").split("\n") if part.strip()]


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Runs of equal and other paragraphs; what both share at their ends costs nothing."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    yield "equal", old[:start], new[:start]
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if len(old) + len(new) > _MOST_PARAGRAPHS:
        yield "replace", old, new
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag, old[a:b], new[c:d]


def _pairs(before: str, after: str) -> Iterator[tuple[tuple[Piece, ...], tuple[Piece, ...]]]:
    """Two paragraphs as one that was rewritten, or as one lost and one gained."""
    old, new = before.split(" ") if before else [], after.split(" ") if after else []
    if old and new and max(len(old), len(new)) <= _MOST_WORDS:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        if matcher.ratio() >= _REWRITTEN:
            codes = matcher.get_opcodes()
            yield (
                tuple(Piece(" ".join(old[a:b]), tag != "equal") for tag, a, b, _, _ in codes if b > a),
                tuple(Piece(" ".join(new[c:d]), tag != "equal") for tag, _, _, c, d in codes if d > c),
            )
            return
    if before:
        yield (Piece(before, changed=True),), ()
    if after:
        yield (), (Piece(after, changed=True),)
