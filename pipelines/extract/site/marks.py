"""Marks: lines that stand on many of a site's articles, and on which side of the articles' own text they stand.

A line is known by its *keys*: its text in its place, its text, its form, its label, or being an author's name.  What no own
text ever follows ends the article, whatever stands behind it; what no own text ever precedes begins it.  That order needs no
alignment of pages with one another: a key is counted once for each article, so all costs are linear in the lines.

A key that stands twice amid the text of one article (times of a live blog, a question's label, a refrain) is the article's own
way of writing and marks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from broadsheet.pipelines.extract.page.text_hash import hash64
from broadsheet.pipelines.extract.site.forms import Form
from broadsheet.pipelines.extract.site.languages import Languages
from broadsheet.pipelines.extract.site.lines import (
    AMOUNT,
    FURNITURE,
    NAMED,
    NUMBERED,
    RUNNING,
    STOPPED,
    Booleans,
    Integers,
    Lines,
    wording_of,
)

_TEXT, _FORM, _LABEL = (np.int64(hash64(f"a line's {kind}")) for kind in ("text", "form", "label"))
NAME_KEY = np.int64(hash64("a line that is a name"))
FEWEST, _MANY = 3, 4  # articles
BEGINS, ENDS, NEAR, AGAIN = 1, 2, 4, 8
_HALF, _THIRD, _MOST = 0.5, 0.3, 0.6
_NEARLY_ALWAYS, _SELDOM = 0.9, 0.2
_AGAIN = 0.1  # share of its articles on which a key stands several times amid the text, from which it marks nothing


class Mark(NamedTuple):
    """What is known of a key: on how many ``articles`` it stands, and of how many (``of_articles``: those in its
    languages); on how many ``before`` the first own text, ``after`` the last, ``near`` the head (not further down than the
    second own line), further ``down``, ``amid`` own text, ``again`` amid it with own text between, or as amounts; ``score``
    is the mean probability of body (0 to 255), ``sentence`` whether it is one and says no word of furniture."""

    articles: int
    before: int
    after: int
    near: int
    down: int
    amid: int
    again: int
    score: int
    sentence: bool
    of_articles: int


class Keys(NamedTuple):
    """The keys of lines, a column each, 0 for none: text in its place, text, form, label, name."""

    placed: Integers
    text: Integers
    form: Integers
    label: Integers
    name: Integers


def keys_of(lines: Lines, names: Booleans) -> Keys:
    """The keys of *lines*; *names* says which are an author's name."""
    flags = lines["flags"]
    alike = (lines["form"] != 0) & (
        (flags & STOPPED == 0) | (flags & (NUMBERED | FURNITURE) != 0)
    )  # sentences may begin alike
    told = (lines["label"] != 0) & ((flags & (RUNNING | STOPPED) == 0) | (flags & NAMED != 0))
    nothing = np.int64(0)
    return Keys(
        *keys_of_texts(wording_of(lines), lines["slot"]),
        np.where(alike, lines["form"] ^ _FORM, nothing),
        np.where(told, lines["label"] ^ _LABEL, nothing),
        np.where(names, NAME_KEY, nothing),
    )


def keys_of_texts(texts: Integers, slots: Integers) -> tuple[Integers, Integers]:
    """The keys of texts in their places, and of the texts alone, by their hashes (`wording_of`)."""
    return texts ^ slots, texts ^ _TEXT


def keys_of_form(form: Form) -> tuple[int, int]:
    """The keys of a form and of its label, 0 for none."""
    return int(form.form ^ _FORM) if form.form else 0, int(form.label ^ _LABEL) if form.label else 0


class MarkTable(NamedTuple):
    """Marks as columns, ``keys`` in order."""

    keys: Integers
    articles: Integers
    before: Integers
    after: Integers
    near: Integers
    down: Integers
    amid: Integers
    again: Integers
    score: Integers
    sentence: Booleans
    of_articles: Integers

    def find(self, keys: Integers) -> Integers:
        """Where in the table each of *keys* is; len(self.keys) for those that are not."""
        at = np.searchsorted(self.keys, keys)
        at[at >= len(self.keys)] = 0
        return np.where(self.keys[at] == keys, at, len(self.keys)) if len(self.keys) else at

    @classmethod
    def of(cls, marks: Mapping[int, Mark]) -> MarkTable:
        """*marks* as columns."""
        rows = np.array([(key, *mark) for key, mark in sorted(marks.items())], np.int64).reshape(-1, 11)
        key, articles, before, after, near, down, amid, again, score, sentence, of = rows.T
        return cls(key, articles, before, after, near, down, amid, again, score, sentence > 0, of)

    def where(self, which: Booleans) -> MarkTable:
        """Those rows alone."""
        numbers = (column[which] for column in (*self[:-2], self.of_articles))
        key, articles, before, after, near, down, amid, again, score, of = numbers
        return MarkTable(key, articles, before, after, near, down, amid, again, score, self.sentence[which], of)

    def to_marks(self) -> Mapping[int, Mark]:
        """The same as numbers of Python."""
        columns = [column.tolist() for column in self[1:]]
        return dict(zip(self.keys.tolist(), map(Mark._make, zip(*columns, strict=True)), strict=True))


def is_again(marks: MarkTable) -> Booleans:
    """Which keys are an article's own way of writing."""
    found: Booleans = (marks.again >= 2) & (marks.again >= _AGAIN * marks.articles)
    return found


def begins(marks: MarkTable) -> Booleans:
    """Which keys no own text precedes."""
    enough = marks.articles >= np.maximum(FEWEST, _HALF * marks.of_articles)
    found: Booleans = enough & (marks.before >= _NEARLY_ALWAYS * marks.articles) & ~is_again(marks)
    return found


def ends(marks: MarkTable) -> Booleans:
    """Which keys no own text follows."""
    fewest = np.where(
        marks.sentence, np.minimum(_MANY, marks.of_articles), FEWEST
    )  # a columnist signs off with a sentence
    enough = marks.articles >= np.maximum(fewest, np.where(marks.sentence, _MOST, _THIRD) * marks.of_articles)
    found: Booleans = enough & (marks.after >= _NEARLY_ALWAYS * marks.articles) & ~is_again(marks)
    return found


def is_near(marks: MarkTable) -> Booleans:
    """Which keys stand about the head, be it after a standfirst."""
    enough = marks.articles >= np.maximum(FEWEST, _THIRD * marks.of_articles)
    near = (marks.near >= _NEARLY_ALWAYS * marks.articles) & (marks.down <= _SELDOM * marks.articles)
    found: Booleans = enough & near & ~is_again(marks)
    return found


class OwnText(NamedTuple):
    """For each page where its own text stands: the first line, the second, the last; -1 where there is none."""

    first: Integers
    second: Integers
    last: Integers


def count_marks(
    lines: Lines,
    keys: Keys,
    page: Integers,
    at: Integers,
    own: OwnText,
    own_above: Integers,
    counted: Booleans,
    languages: Languages,
) -> MarkTable:
    """Where the lines that are *counted* stand to the own text of their pages, by their keys; *own_above* says how many own
    lines are above each, *languages* are those of the pages."""
    counted = counted & (own.first[page] >= 0)
    columns = []
    for kind in keys:
        here = np.flatnonzero(counted & (kind != 0))
        columns.append((kind[here], here))
    key, row = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    order = np.lexsort((at[row], page[row], key))
    key, row = key[order], row[order]
    starts = _starts(key, page[row])
    if not len(starts):
        return MarkTable.of({})
    stops = np.append(starts[1:], len(key)) - 1
    on = page[row[starts]]
    first, last = at[row[starts]], at[row[stops]]
    head, second, tail = own.first[on], own.second[on], own.last[on]
    inside = (at[row] > own.first[page[row]]) & (at[row] < own.last[page[row]])
    down = (at[row] > own.second[page[row]]) & inside
    amid = np.add.reduceat(inside, starts, dtype=np.int64)
    gaps = own_above[row]  # lines of a list have no own text between them
    parted = inside & np.append(False, inside[:-1] & (gaps[1:] > gaps[:-1]))
    parted[starts] = False
    amounts = inside & (lines["flags"][row] & AMOUNT != 0)  # ingredients are the article's, in one list, too
    listed = np.add.reduceat(amounts, starts, dtype=np.int64) > 1
    again = listed + np.add.reduceat(parted, starts, dtype=np.int64)
    further = np.add.reduceat(down, starts, dtype=np.int64) > 0
    of_page = key[starts]
    groups = _starts(of_page)
    lengths = np.diff(np.append(starts[groups], len(key)))

    def total(values: npt.NDArray[Any]) -> Integers:
        return np.add.reduceat(values.astype(np.int64), groups)

    told = lines["flags"][row]
    quoted = (told & NAMED != 0) & (key == keys.label[row])  # "Ann Lee wrote:" is no sentence, whatever follows
    sentences = ((told & (STOPPED | RUNNING)) != 0) & (told & FURNITURE == 0) & ~quoted
    return MarkTable(
        of_page[groups],
        total(np.ones(len(of_page))),
        total(first < head),
        total(last > tail),
        total(first < second),
        total(further),
        total(amid > 0),
        total(again > 0),
        np.add.reduceat(lines["score"][row].astype(np.int64), starts[groups]) // lengths,
        np.add.reduceat(sentences.astype(np.int64), starts[groups]) > 0,
        languages.pages_for(np.repeat(np.arange(len(groups)), np.diff(np.append(groups, len(on)))), on, len(groups)),
    )


def _starts(*columns: Integers) -> Integers:
    """Where in sorted columns a new value begins."""
    if not len(columns[0]):
        return np.zeros(0, np.int64)
    new = np.zeros(len(columns[0]), bool)
    new[0] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)
