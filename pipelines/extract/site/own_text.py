"""Own text: the lines of an article that are surely its own, and no other page's.

Running text that stands on no other article, has no form or headline of another page, and that the block model takes for body.
Everything else that is known of a site is known by where it stands to these lines; so a few sure ones are worth more than all.
"""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from broadsheet.pipelines.extract.site.lines import (
    AUTHORED,
    ECHO,
    FIXED,
    HEADING,
    LINKED,
    OWN_TITLE,
    RUNNING,
    WHOLE_LINK,
    Booleans,
    Integers,
    Lines,
)
from broadsheet.pipelines.extract.site.marks import OwnText

_SURE, _FAIR = (
    127,
    76,
)  # scores from which running text is taken for the article's own: at first, and where nothing reaches that
_WEIGHT = 200  # columns that a line counts for at most
_CARDS, _LED, _DEEP = 4, 0.9, 4  # teasers of a list, share of them below a linked headline, lines from that to a teaser
_DOUBTED, _TRUSTED = 153, 204  # mean scores of the running text in a place
_REST = 3  # what stands behind an end mark is text of the article if it is more than one in this many parts of it


def own_lines(lines: Lines, page: Integers, pages: int, *, foreign: Booleans, biographies: bool) -> Booleans:
    """Which of *lines* are own text of their pages, numbered 0 to *pages*.

    *foreign* are those known to be of the site or of another page; *biographies* says whether the site has such."""
    flags = lines["flags"]
    running = (flags & RUNNING != 0) & (flags & (AUTHORED | OWN_TITLE) == 0) & ~foreign
    if biographies:
        running &= flags & ECHO == 0
    running &= ~are_teasers(lines, page)
    sure = running & (lines["score"] >= _SURE)
    without = np.bincount(page[sure], minlength=pages) == 0
    if without.any():
        sure |= running & without[page] & (lines["score"] >= _FAIR)
    found: Booleans = sure
    return found


def are_teasers(lines: Lines, page: Integers) -> Booleans:
    """Which of *lines* are the teasers of a list of other pages: each stands alone below a headline that is a link, several
    times on its page, in a place that the block model doubts, while it is sure of another."""
    flags, rows = lines["flags"], np.arange(len(lines))
    running = flags & (RUNNING | FIXED | LINKED) == RUNNING
    title = flags & (HEADING | WHOLE_LINK) == HEADING | WHOLE_LINK
    headline = np.maximum.accumulate(np.where(title, rows, -1)) if len(rows) else rows
    above = np.append(-1, np.maximum.accumulate(np.where(running, rows, -1)))[: len(rows)]
    led = running & (headline > above) & (rows - headline <= _DEEP)
    found = np.zeros(len(lines), bool)
    if not led.any():
        return found
    here = np.flatnonzero(running & np.isin(page, np.unique(page[led])))
    slots, of_slot = np.unique(lines["slot"][here], return_inverse=True)
    places, back = np.unique(page[here] * len(slots) + of_slot, return_inverse=True)
    count, teasers = np.bincount(back), np.bincount(back, led[here])
    score = np.bincount(back, lines["score"][here]) / count
    best = np.zeros(int(page[here].max()) + 1)
    np.maximum.at(best, places // len(slots), score)
    doubted = (score < _DOUBTED) & (best[places // len(slots)] >= _TRUSTED)
    listed = (teasers >= _CARDS) & (teasers >= _LED * count) & doubted
    found[here] = listed[back]
    return found


def in_places_of_text(lines: Lines, places: Container[int], *, foreign: Booleans) -> Booleans:
    """Which of *lines* are running text of a page alone in *places* of text: all that tells the article on a page of a
    sentence or two, whose scores are low."""
    flags = lines["flags"]
    running = (flags & (RUNNING | FIXED | LINKED) == RUNNING) & (flags & (AUTHORED | ECHO | OWN_TITLE) == 0) & ~foreign
    found: Booleans = running & are_in(lines["slot"], places)
    return found


def are_in(slots: Integers, places: Container[int]) -> Booleans:
    """Which *slots* are among *places*."""
    return np.array([slot in places for slot in slots.tolist()], bool)


def reach_of(own: Booleans, page: Integers, at: Integers, pages: int) -> OwnText:
    """Where the *own* lines of each page begin and end."""
    none = np.iinfo(np.int64).max
    rows = np.flatnonzero(own)
    first, second, last = np.full(pages, none), np.full(pages, none), np.full(pages, -1)
    np.minimum.at(first, page[rows], at[rows])
    np.maximum.at(last, page[rows], at[rows])
    later = rows[at[rows] > first[page[rows]]]
    np.minimum.at(second, page[later], at[later])
    second = np.where(second == none, first, second)
    first, second = (np.where(last < 0, -1, column) for column in (first, second))
    return OwnText(first, second, last)


def without_what_follows(
    own: Booleans, lines: Lines, page: Integers, at: Integers, reach: OwnText, ending: Booleans
) -> Booleans:
    """*own* without what stands behind the first line that is *ending* the article, where that is a small part of it: comments,
    biographies."""
    pages = len(reach.first)
    end = np.full(pages, np.iinfo(np.int64).max)
    marks = np.flatnonzero(ending & (at > reach.first[page]))
    np.minimum.at(end, page[marks], at[marks])
    weight = np.where(own, np.minimum(lines["columns"], _WEIGHT), 0).astype(np.int64)
    behind = own & (at > end[page])
    total = np.bincount(page, weight, pages)
    small = _REST * np.bincount(page, weight * behind, pages) <= total
    kept: Booleans = own & ~(behind & small[page])
    return kept
