"""Boxes: lines that a site puts about and amid its articles' text, whatever they say: a poll, the weather, a word of the day.

A box is known by its first line, by a key of it (`keys_of`: its text, its form, its label), and by how many lines it has below.
A heading that recurs ("Background", "Ingredients") begins no box, though it may be the same evidence to the eye: what is
below it is text, or says words of the text; and it keeps its distance to the beginning or the end.  So a line begins a box when

- it stands now here and now there amid the text, and as many lines are below it on every page; or
- as many lines are below it, wherever it stands, and these recur or have no words with the article in common (`kinship`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from broadsheet.pipelines.extract.site.kinship import AKIN, STRANGE, UNKNOWN
from broadsheet.pipelines.extract.site.languages import Languages
from broadsheet.pipelines.extract.site.lines import (
    FIXED,
    HEADED,
    HEADING,
    LETTERS,
    LINKED,
    NUMBERED,
    OWN_TITLE,
    PICTURED,
    RUNNING,
    STOPPED,
    WORDY,
    Booleans,
    Integers,
    Lines,
)
from broadsheet.pipelines.extract.site.marks import FEWEST, Keys, OwnText

MOST_LINES = 6  # below the first line of a box
_SHARE = 0.2  # of the articles
_HALF, _ALIKE, _NEARLY_ALL = 0.5, 0.4, 0.9  # of a place's lines; of boxes: that have its size, that have no less
_MOSTLY = 0.7
_OUTLIERS = 20  # boxes of which one may be smaller than the others
_PLACES = 3  # different distances to the beginning, and to the end, of the text; fewer where there are few boxes
_DOUBTED = 77  # mean score of first lines below which they are none of the text, wherever they stand
_WIDE = 120  # columns of the first line of a box, and of a line in it
_FIGURES = 3  # lines of amounts that are a list of the text's
_SENTENCES = 5  # boxes from which a sentence that ends them is told by that


class Box(NamedTuple):
    """What stands beside the line that begins a box: whether a heading of its own above, and how many lines below."""

    headed: bool
    below: int


class _Seen(NamedTuple):
    """A line that may begin a box: its page, its row, how many own lines are above and below it, and how many other lines are
    between it and the next own one."""

    page: int
    row: int
    above: int
    behind: int
    run: int


def find_boxes(
    lines: Lines,
    page: Integers,
    at: Integers,
    reach: OwnText,
    own: Booleans,
    counts: Integers,
    of: Integers,
    keys: Keys,
    again: Booleans,
    boxed: Booleans,
    headings: frozenset[int],
    languages: Languages,
) -> dict[int, Box]:
    """The keys of lines that begin boxes; *counts* says on how many articles each text stands, *of* how many (`languages`),
    *again* which lines are a way of writing of their articles, *boxed* are in boxes that are known by their labels,
    *headings* are places of subheads."""
    pages = len(reach.first)
    flags = lines["flags"]
    stays = own | again | (flags & FIXED != 0)
    first = ~stays & (flags & (RUNNING | OWN_TITLE) == 0) & (lines["columns"] <= _WIDE)
    first &= (at < reach.last[page]) & (reach.first[page] >= 0)
    first &= ~np.isin(lines["slot"], np.array(sorted(headings), np.int64))
    outside = (at < reach.first[page]) | (at > reach.last[page])
    table = _Table(lines, page, stays, own, counts, of, pages, keys, boxed)
    doubted = _may_be_text(lines, own, first & ~outside, outside)
    found, rows_of = dict[int, int](), dict[int, list[int]]()
    for kind in (keys.text, keys.form, keys.label):
        numbered = kind is keys.form
        asked = first & (kind != 0) & (flags & (NUMBERED if numbered else LETTERS) != 0)
        for key, rows in _grouped(kind, asked).items():
            seen = table.seen(rows)
            articles = int(languages.pages_for(np.zeros(len(rows), np.int64), page[rows], 1)[0])
            if len(seen) >= max(FEWEST, _SHARE * articles) and key not in found:
                alone = numbered and not keys.label[rows[0]] and len(seen) >= _HALF * articles
                headed = 2 * int((flags[rows] & HEADING != 0).sum()) > len(rows)
                size = table.size_of_box(seen, may_be_text=bool(doubted[rows[0]]), may_be_alone=alone, headed=headed)
                if size is not None:
                    found[key], rows_of[key] = size, rows
    heading = np.append(False, (flags & (HEADING | OWN_TITLE) == HEADING)[:-1] & first[:-1] & (page[1:] == page[:-1]))
    return {key: Box(_is_headed(heading, rows_of[key]), below) for key, below in sorted(found.items())}


def _is_headed(heading: Booleans, rows: Sequence[int]) -> bool:
    """Whether nearly all boxes that begin at *rows* have a heading right above; *heading* says which lines have."""
    return int(heading[rows].sum()) >= len(rows) - len(rows) // _OUTLIERS


def _grouped(kind: Integers, asked: Booleans) -> dict[int, list[int]]:
    """The rows that are *asked* for by their key."""
    groups: defaultdict[int, list[int]] = defaultdict(list)
    rows = np.flatnonzero(asked)
    for key, row in zip(kind[rows].tolist(), rows.tolist(), strict=True):
        groups[key].append(row)
    return {key: rows for key, rows in groups.items() if len(rows) >= FEWEST}


class _Table:
    """All lines, and where the own text of their pages is, in lists that are quick to ask."""

    def __init__(
        self,
        lines: Lines,
        page: Integers,
        kept: Booleans,
        own: Booleans,
        counts: Integers,
        of: Integers,
        pages: int,
        keys: Keys,
        boxed: Booleans,
    ) -> None:
        above = np.cumsum(own)
        first = np.searchsorted(page, np.arange(pages))
        self._before: list[int] = (above[first] - own[first]).tolist() if len(own) else []
        self._stop = [*first.tolist()[1:], len(page)]
        self._above, self._kept, self._page = above.tolist(), kept.tolist(), page.tolist()
        self._total = [self._above[stop - 1] - before for stop, before in zip(self._stop, self._before, strict=True)]
        self._stopped = (lines["flags"] & STOPPED != 0).tolist()
        self._kin = lines["kin"].tolist()
        self._boxed = boxed.tolist()
        self._headed = (lines["flags"] & HEADED != 0).tolist()
        self._labelled = (lines["label"] != 0).tolist()
        self._pictured = (lines["flags"] & PICTURED != 0).tolist()
        self._twice = (counts > 1).tolist()
        self._recurs = ((counts >= np.maximum(FEWEST, _SHARE * of)) & (lines["flags"] & WORDY == 0)).tolist()
        plain, loose = _plain_lines(lines, page, kept, counts, keys)
        self._plain: list[bool] = plain.tolist()
        self._figures: list[bool] = (plain & (lines["flags"] & NUMBERED != 0)).tolist()
        self._has_loose = len(np.unique(page[loose])) >= max(FEWEST, _HALF * pages)

    def seen(self, rows: Sequence[int]) -> list[_Seen]:
        """The lines of *rows*, as they stand on their pages."""
        found = []
        for row in rows:
            page = self._page[row]
            above = self._above[row] - self._before[page]
            run, stop = 0, self._stop[page]
            while run <= MOST_LINES and row + run + 1 < stop and not self._kept[row + run + 1]:
                run += 1
            found.append(_Seen(page, row, above, self._total[page] - above, run))
        return found

    def size_of_box(self, seen: Sequence[_Seen], *, may_be_text: bool, may_be_alone: bool, headed: bool) -> int | None:
        """How many lines the boxes *seen* have below their first, which may be text alone, or, being known by its numbers, be
        the only line; None when they are none."""
        if len({one.page for one in seen}) < _NEARLY_ALL * len(seen):
            return None  # what stands again and again is a way of writing
        if self._headed[seen[0].row] and self._mean_kin([one.row for one in seen]) >= AKIN:
            return None  # a block with a label of its own
        sentence = self._stopped[seen[0].row]
        size = 0 if sentence else self._size(seen)
        if size is None:
            return None
        if headed:
            return size if size and self._varies(seen) and self._is_strange(seen, size) else None
        if self._varies(seen) and (size > 0 or not may_be_text):
            return None if self._is_of_text(seen, size) else size
        if size:
            return self._strange(seen, size)
        alone = may_be_alone and not sentence and self._stands_alone(seen)
        return 0 if alone and self._mean_kin([one.row for one in seen]) < STRANGE / 2 else None

    def _varies(self, seen: Sequence[_Seen]) -> bool:
        amid = [one for one in seen if one.above and one.behind]
        places = min(_PLACES, max(2, len(amid) - 1))
        return (
            len(amid) >= FEWEST
            and len({one.above for one in amid}) >= places
            and len({one.behind for one in amid}) >= places
        )

    def _is_of_text(self, seen: Sequence[_Seen], size: int) -> bool:
        """Whether the lines, their first with them, are mostly said with words of the text, as an article's own list of facts
        is; captions are, too, and known by their images."""
        pictured = sum(any(self._pictured[max(0, one.row - 2) : one.row + 1]) for one in seen)
        rows = [row for one in seen for row in range(one.row, one.row + size + 1)]
        wordless = all(self._kin[row] == UNKNOWN for row in rows)
        listed = size == 0 and wordless and self._labelled[seen[0].row] and not self._stands_alone(seen)
        return pictured <= len(seen) / 2 and (listed or self._mean_kin(rows) >= AKIN)

    def _stands_alone(self, seen: Sequence[_Seen]) -> bool:
        """Whether hardly any stands right beside a line that is neither text nor recurs: a line of a list does."""
        beside = [row for one in seen for row in (one.row - 1, one.row + 1)]
        known: int = sum(self._kept[row] or self._recurs[row] or self._boxed[row] for row in beside)
        return known >= _MOSTLY * len(beside)

    def _is_strange(self, seen: Sequence[_Seen], size: int) -> bool:
        """Whether lines below headings, on several pages, have hardly a word of the text."""
        below = [row for one in seen for row in range(one.row + 1, one.row + size + 1)]
        told = [row for row in below if not self._recurs[row] and self._kin[row] != UNKNOWN]
        several = len({self._page[row] for row in told}) >= FEWEST
        return several and sum(self._kin[row] for row in told) < STRANGE / 2 * len(told)

    def _strange(self, seen: Sequence[_Seen], size: int) -> int | None:
        """The size of boxes whose lines recur, or have nothing to do with the text."""
        ends = [one.row + size for one in seen]
        below = [row for one in seen for row in range(one.row + 1, one.row + size + 1)]
        if size >= _FIGURES and sum(self._figures[row] for row in below) > _MOSTLY * len(below):
            return None  # amounts that no other page has: ingredients, results
        head = sum(one.above == 0 for one in seen) > len(seen) / 2
        if self._mean_kin(below) >= STRANGE:
            return None
        sentences = sum(self._stopped[row] and not self._recurs[row] for row in ends) > len(ends) / 2
        if sentences and (head or len(ends) < _SENTENCES or self._mean_kin(ends) >= STRANGE):
            return size - 1 or None
        return size

    def _mean_kin(self, rows: Sequence[int]) -> float:
        told = [self._kin[row] for row in rows if not self._recurs[row] and self._kin[row] != UNKNOWN]
        return sum(told) / len(told) if told else 0.0

    def _size(self, seen: Sequence[_Seen]) -> int | None:
        """How many lines boxes have below their first: the most that nearly all have; None when few have just as many, but for
        other boxes that follow at once.  Where lines that are like no others of the site also stand amid the text without a
        box, they end none."""
        runs = sorted(one.run for one in seen)
        size = runs[len(runs) // _OUTLIERS]
        if size > MOST_LINES:
            return None
        alike = sum(one.run == size or self._twice[one.row + size + 1] for one in seen)
        if alike < _ALIKE * len(seen):
            return None
        while self._has_loose and size and sum(self._plain[one.row + size] for one in seen) > len(seen) / 2:
            size -= 1
        return size


def _plain_lines(
    lines: Lines, page: Integers, kept: Booleans, counts: Integers, keys: Keys
) -> tuple[Booleans, Booleans]:
    """Which lines are like no other line of the site: neither text nor a link, of no form and with no label that another has;
    and which of them follow text with nothing but such lines until the next text: subheads, verses, where markup does not
    tell them."""
    plain = ~kept & (counts <= 1) & (lines["flags"] & LINKED == 0)
    for kind in (keys.form, keys.label):
        values, times = np.unique(kind, return_counts=True)
        plain &= (kind == 0) | ~np.isin(kind, values[times >= FEWEST])
    loose = np.zeros(len(page), np.bool_)
    inner = np.flatnonzero(plain)
    begins = inner[np.diff(inner, prepend=-2) != 1]
    ends = inner[np.diff(inner, append=len(page) + 1) != 1]
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        amid = begin > 0 and end + 1 < len(page) and page[begin - 1] == page[end + 1]
        if amid and kept[begin - 1] and kept[end + 1]:
            loose[begin : end + 1] = True
    return plain, loose


def _may_be_text(lines: Lines, own: Booleans, label: Booleans, outside: Booleans) -> Booleans:
    """Which lines may be text alone: sentences; and headings by their place, which is none of paragraphs and not mostly
    *outside* of the text, that the block model takes for text."""
    where = np.unique(lines["slot"], return_inverse=True)[1]
    of_furniture = np.bincount(where, outside) >= _HALF * np.bincount(where)
    apart = label & ~np.isin(lines["slot"], np.unique(lines["slot"][own])) & ~of_furniture[where]
    sentences = label & (lines["flags"] & STOPPED != 0)
    back = np.unique(lines["text"], return_inverse=True)[1]
    on = np.bincount(back, apart)
    score = np.bincount(back, lines["score"] * apart) / np.maximum(1, on)
    said = np.bincount(back, sentences) > 0
    found: Booleans = (said | ((on > 0) & (score >= _DOUBTED)))[back]
    return found
