"""Kinship: how much of a line's vocabulary the running text of its page has, too.

A subhead, a standfirst, a caption say words of the article; a poll, a word of the day, a line of the weather do not.  An entry
of a table of contents, which only repeats the beginning of a line further down, counts as one that does not.  One line tells
little by it; the lines of one box, on all pages of a site, tell much.  Words are compared by their beginnings, since languages
inflect their ends; where words are not spaced, two letters at a time are, which are half as often the same as words are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

_STEM = 5  # letters of a word that are compared; shorter words are in all texts
_LETTERS = 2  # of a text without spaces
_ENTRY = 120  # letters of an entry of a table of contents
_MOST = 40  # words of a line that are looked at
ALL = 200  # kinship of a line all of whose words others have
UNKNOWN = 255  # a line that has no such word
STRANGE = 40  # mean below which lines are of another matter than the text
AKIN = 80  # from which a line may be of the text, where others in its place are not


def kinship(
    words: Sequence[str],
    columns: Sequence[int],
    running: Sequence[bool],
    entries: Mapping[int, Sequence[str]] = MappingProxyType({}),
) -> list[int]:
    """For each line the share of its longer words that another running line of the page has, 0 to 200; UNKNOWN for one that
    has none.  *words* as `words_of`, *columns* as `forms.columns`, *running* says which lines are running text, *entries* are
    those below the label of a block of several lines, by its number."""
    stems = [_stems(one, width) for one, width in zip(words, columns, strict=True)]
    said: set[str] = set()
    again: set[str] = set()  # said by another running line, too
    for one, runs in zip(stems, running, strict=True):
        if runs:
            again |= said & one
            said |= one
    found = []
    for one, runs, line, width in zip(stems, running, words, columns, strict=True):
        if not one:
            found.append(UNKNOWN)
            continue
        shared = len(one & (again if runs else said))
        found.append(min(ALL, (1 + _is_unspaced(line, width)) * ALL * shared // len(one)))
    for at in _repeated_below(words, running, entries):
        found[at] = 0
    return found


def _repeated_below(words: Sequence[str], running: Sequence[bool], entries: Mapping[int, Sequence[str]]) -> list[int]:
    """The lines of two words and more that are no running text and with which a line further down begins; not the one right
    below, which such a line may be the subhead of; and the blocks all of whose *entries*, several, are such."""
    below: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    found = []
    for at in range(len(words) - 1, -1, -1):
        one = words[at]
        first = _first_words(one)
        if not first:
            continue
        if at in entries:
            listed = len(entries[at]) > 1 and all(_begins_below(entry, at, below) for entry in entries[at])
        else:
            listed = not running[at] and at + 1 < len(words) and _begins_below(one, at + 1, below)
        if listed:
            found.append(at)
        below[first].append((at, one))
    return found


def _begins_below(entry: str, at: int, below: Mapping[str, Sequence[tuple[int, str]]]) -> bool:
    """Whether a line further down than *at* begins with an *entry*."""
    first = _first_words(entry)
    lines = below.get(first, ()) if first and len(entry) <= _ENTRY else ()
    return any(number > at and f"{other} ".startswith(f"{entry} ") for number, other in lines)


def _first_words(words: str) -> str:
    """The first two words, "" where there are fewer."""
    end = words.find(" ", words.find(" ") + 1) if " " in words else 0
    return words[:end] if end > 0 else words if end < 0 else ""


def _is_unspaced(words: str, columns: int) -> bool:
    """Whether a text is Chinese, Japanese or of another script without spaces, by how wide it is."""
    return columns > len(words) + len(words) // 2


def _stems(words: str, columns: int) -> set[str]:
    if _is_unspaced(words, columns):
        text = words.replace(" ", "")[: 4 * _MOST]
        return {text[at : at + _LETTERS] for at in range(len(text) - _LETTERS + 1)}
    return {
        word[:_STEM]
        for word in words[: 20 * _MOST].split()
        if len(word) >= _STEM and ("9" < word[0] <= "z" or not word[0].isdigit())  # the first is half as dear
    }
