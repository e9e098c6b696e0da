"""Labelled boxes: what stands below a line that recurs ("Quote of the day") and is of another matter than the text.

A paragraph shares words with the other paragraphs of its page whatever heading it has (`kinship`: of a hundred paragraphs of
news one shares fewer than a tenth of its longer words); a quote of the day, a horoscope, an advertisement's sentence hardly
share any.  So what is below a line that recurs is its box, if it has no words of the text, on the site's articles together.

Where label and lines stand in an element of their own, the box ends where that ends; where they do not, before a line that has
words of the text.  The label may be the first line of a paragraph, too, parted from the rest by a single line break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from broadsheet.pipelines.extract.site.kinship import AKIN, STRANGE, UNKNOWN
from broadsheet.pipelines.extract.site.languages import Languages
from broadsheet.pipelines.extract.site.lines import (
    FIXED,
    FURNITURE,
    HEADED,
    HEADING,
    INTRODUCED,
    LETTERS,
    LINKED,
    LINKING,
    NAMED,
    NUMBERED,
    OWN_TITLE,
    RUNNING,
    STOPPED,
    Booleans,
    Integers,
    Lines,
)
from broadsheet.pipelines.extract.site.marks import FEWEST
from broadsheet.pipelines.extract.site.own_text import are_in

MOST_LINES = 6  # below a label
WRAPPED = 0  # how many lines are below a label that has an element with them; the element says
_SHARE = 0.2  # of the articles
_MANY = 6  # lines
LABEL = 45  # columns
_NEARLY_ALL, _HALF, _SELDOM = 0.9, 0.5, 0.25
_IN_ELEMENT = 1.5  # an element is evidence by itself
_WORDS = 120  # kinship of a list of the text's words
_NO_HEAD = RUNNING | FIXED | OWN_TITLE | FURNITURE | LINKING
_KNOWN = FURNITURE | LINKED | LINKING | NAMED | INTRODUCED


def find_labelled(lines: Lines, page: Integers, counts: Integers, of: Integers, languages: Languages) -> dict[int, int]:
    """By the hash of a text that is the label of a box, how many lines the box has below it, or WRAPPED; *counts* says on how
    many articles each text stands, *of* how many in *languages* that it is in."""
    enough = np.maximum(FEWEST, _SHARE * of)
    flags = lines["flags"]
    recurs = counts >= enough
    label = recurs & (flags & (RUNNING | FIXED | OWN_TITLE) == 0) & (flags & LETTERS != 0) & (lines["columns"] <= LABEL)
    below = _Below(lines, page, recurs, languages)
    found = {}
    for text, rows in _grouped(lines["text"], label, page):
        if len(rows) >= enough[rows[0]] and (size := below.size(rows)) is not None:
            found[text] = size
    for text, rows in _grouped(lines["label"], flags & HEADED != 0, page):
        articles = languages.pages_for(np.zeros(len(rows), np.int64), page[rows], 1)[0]
        if len(rows) >= max(FEWEST, _SHARE * articles) and below.are_strange(rows):
            found[text] = WRAPPED
    return dict(sorted(found.items()))


def find_heads(lines: Lines, page: Integers, counts: Integers, foreign: Booleans) -> frozenset[int]:
    """The texts of several articles that head sentences with words of the text, in an element of both, wherever that stands:
    "In short", "How we reported this"; *foreign* are lines of the site or of other pages."""
    flags, kin = lines["flags"], lines["kin"]
    said = (
        (flags & (STOPPED | RUNNING) != 0) & (flags & (LINKED | OWN_TITLE | NAMED) == 0) & ~foreign & (kin != UNKNOWN)
    )
    below = np.append(said[1:] & (page[1:] == page[:-1]), False)
    label = (counts >= FEWEST) & (flags & _NO_HEAD == 0) & (flags & LETTERS != 0) & (lines["columns"] <= LABEL)
    groups, found = Groups(lines, page), set()
    for text, rows in _grouped(lines["text"], label, page):
        told = [row + 1 for row in rows if below[row] and groups.stop(row) is not None]
        if len(told) >= max(FEWEST, _NEARLY_ALL * len(rows)) and kin[told].mean() >= AKIN:
            found.add(text)
    return frozenset(found)


def rows_of_heads(lines: Lines, page: Integers, heads: Collection[int]) -> list[tuple[int, int]]:
    """The rows of such *heads* and where their elements end."""
    found = []
    groups = Groups(lines, page)
    kin, flags = lines["kin"].tolist(), lines["flags"].tolist()
    for row in np.flatnonzero(np.isin(lines["text"], np.array(sorted(heads), np.int64))).tolist() if heads else ():
        stop = groups.stop(row)
        if stop is not None and AKIN <= kin[row + 1] < UNKNOWN and flags[row + 1] & (STOPPED | RUNNING):
            found.append((row, stop))
    return found


def rows_of_boxes(lines: Lines, page: Integers, labelled: Mapping[int, int]) -> list[tuple[int, int]]:
    """The rows where boxes begin, with their labels, and where they end: with their element, or before a line that has words of
    the text.  A page's own headline is no label on it, though it heads a teaser on many others."""
    if not labelled:
        return []
    headed = (lines["flags"] & HEADED != 0) & are_in(lines["label"], labelled) & (lines["kin"] < AKIN)
    begin = (are_in(lines["text"], labelled) & (lines["flags"] & OWN_TITLE == 0)) | headed
    if not begin.any():
        return []
    kin, found = lines["kin"].tolist(), []
    most_kin = np.where(lines["flags"] & RUNNING != 0, STRANGE, AKIN).tolist()
    groups = Groups(lines, page)
    for row in np.flatnonzero(begin).tolist():
        if headed[row]:
            found.append((row, row + 1))
            continue
        stop, most = row + 1, row + 1 + labelled[int(lines["text"][row])]
        if most == row + 1:
            stop = groups.stop(row) or stop
        while (
            stop < min(most, len(kin))
            and page[stop] == page[row]
            and (kin[stop] < most_kin[stop] or kin[stop] == UNKNOWN)
        ):
            stop += 1
        if stop > row + 1:
            found.append((row, stop))
    return found


def are_in_boxes(boxes: Iterable[tuple[int, int]], lines: int) -> Booleans:
    """Which of so many *lines* stand in *boxes* (`rows_of_boxes`), labels left out."""
    found = np.zeros(lines, bool)
    for row, stop in boxes:
        found[min(row + 1, stop - 1) : stop] = True
    return found


def heads_text(lines: Lines, page: Integers) -> Booleans:
    """Which lines head an element whose next line has words of the text: "In short", "Ingredients"; whatever recurs so is the
    articles' own way of writing.  A line with a word of furniture ("Image source") or a link is none."""
    found = np.zeros(len(lines), bool)
    flags, kin = lines["flags"], lines["kin"]
    akin = (kin >= AKIN) & (kin != UNKNOWN) & (flags & (LINKED | OWN_TITLE) == 0)
    asked = (flags & _NO_HEAD == 0) & (lines["columns"] <= LABEL) & np.append(akin[1:], False)
    groups = Groups(lines, page)
    for row in np.flatnonzero(asked).tolist():
        found[row] = groups.stop(row) is not None
    return found


def lists_words(lines: Lines) -> Booleans:
    """Which lines are a label and words of the text: "Sources: ...", and no word of furniture."""
    kin, flags = lines["kin"], lines["flags"]
    found: Booleans = (kin >= _WORDS) & (kin != UNKNOWN) & (lines["label"] != 0) & (flags & _KNOWN == 0)
    return found


class Groups:
    """The elements that lines head: the innermost in which a line stands with the one below, and not with the one above."""

    def __init__(self, lines: Lines, page: Integers) -> None:
        self._shared, self._page = lines["shared"].tolist(), page.tolist()

    def stop(self, row: int) -> int | None:
        """Where the element ends that a line of *row* heads; None where it heads none, or one of too many lines."""
        on, stop = self._page[row], row + 1
        if stop >= len(self._page) or self._page[stop] != on or self._shared[stop] <= self._shared[row]:
            return None
        shared = self._shared[stop]
        while stop < len(self._page) and self._page[stop] == on and self._shared[stop] >= shared:
            if stop > row + MOST_LINES:
                return None
            stop += 1
        return stop


class _Below:
    """What stands below rows, in lists that are quick to ask."""

    def __init__(self, lines: Lines, page: Integers, recurs: Booleans, languages: Languages) -> None:
        flags = lines["flags"]
        self._page, self._recurs, self._kin = page.tolist(), recurs.tolist(), lines["kin"].tolist()
        amount = (flags & NUMBERED != 0) & (flags & STOPPED == 0)
        labels, times = np.unique(lines["label"], return_counts=True)
        self._amount = (amount & ~np.isin(lines["label"], labels[(labels != 0) & (times >= FEWEST)])).tolist()
        self._running = (flags & RUNNING != 0).tolist()
        self._heading = (flags & HEADING != 0).tolist()
        self._groups = Groups(lines, page)
        text = (flags & (RUNNING | FIXED) == RUNNING) & ~recurs & (lines["kin"] != UNKNOWN)
        spoken = languages.codes[page[text]]
        total = np.bincount(spoken, lines["kin"][text], len(languages.sizes))
        usual = total / np.maximum(1, np.bincount(spoken, minlength=len(languages.sizes)))
        self._strange = np.minimum(STRANGE, usual / 2)[languages.codes].tolist()  # by page

    def size(self, rows: Sequence[int]) -> int | None:
        """How many lines below *rows* are of another matter than the text, or WRAPPED; None for none.

        Without an element, amounts that no other page has (ingredients, results) may be the text's."""
        stops = [self._groups.stop(row) for row in rows]
        if sum(stop is not None for stop in stops) >= _NEARLY_ALL * len(rows):
            inside = [at for row, stop in zip(rows, stops, strict=True) for at in range(row + 1, stop or row)]
            return WRAPPED if self.are_strange(inside, _IN_ELEMENT) else None
        size = 0
        heading = sum(self._heading[row] for row in rows) > _HALF * len(rows)
        for step in range(1, MOST_LINES + 1):
            here = [
                row + step for row in rows if row + step < len(self._page) and self._page[row + step] == self._page[row]
            ]
            told = self._told(here)
            if not self.are_strange(here) or len(told) < _HALF * len(here):
                break
            amounts = sum(self._amount[row] for row in told) >= _HALF * len(told)
            sentences = sum(self._running[row] for row in told) > _HALF * len(told)
            if sentences or (heading and not amounts and self._mean(told) < self._strange_mean(told) / 2):
                size = step
        while 0 < size < MOST_LINES and self._recur(rows, size + 1):
            size += 1
        return size or None

    def _recur(self, rows: Sequence[int], step: int) -> bool:
        """Whether the lines so many below *rows* are nearly all such as recur: the answers of a poll."""
        here = [
            row + step for row in rows if row + step < len(self._page) and self._page[row + step] == self._page[row]
        ]
        recur: int = sum(self._recurs[row] and not self._running[row] for row in here)
        return recur >= _NEARLY_ALL * len(rows)

    def are_strange(self, rows: Iterable[int], weight: float = 1) -> bool:
        """Whether *rows*, on enough pages, have hardly any words with their texts in common, and hardly any is akin to them."""
        told = self._told(rows)
        akin = sum(self._running[row] and self._kin[row] >= AKIN for row in told)
        enough = len({self._page[row] for row in told}) >= FEWEST and akin <= _SELDOM * len(told)
        sure = 1.0 if len(told) >= _MANY else 1 - 1 / max(1, len(told))  # a few may be so by chance
        return enough and self._mean(told) < weight * sure * self._strange_mean(told)

    def _told(self, rows: Iterable[int]) -> list[int]:
        return [row for row in rows if not self._recurs[row] and self._kin[row] != UNKNOWN]

    def _strange_mean(self, rows: Sequence[int]) -> float:
        return float(sum(self._strange[self._page[row]] for row in rows)) / len(rows)

    def _mean(self, rows: Sequence[int]) -> float:
        return float(sum(self._kin[row] for row in rows)) / len(rows)


def _grouped(values: Integers, asked: Booleans, page: Integers) -> list[tuple[int, list[int]]]:
    """The rows that are *asked* for by their values, where a value hardly ever stands twice on a page."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for row, value in zip(np.flatnonzero(asked).tolist(), values[asked].tolist(), strict=True):
        groups[value].append(row)
    return [
        (value, rows)
        for value, rows in groups.items()
        if len(rows) >= FEWEST and len(np.unique(page[rows])) >= _NEARLY_ALL * len(rows)
    ]
