"""Boxes amid the text: a line that recurs, and as many lines below it on every page, now here and now there between paragraphs.

A heading that recurs ("Background", "Conclusion") is followed by text, or keeps its distance to the beginning or the end of the
text; a box that a script or an editor puts in has its size, and no place.  So a label is one of a box when it is made as no
heading, the number of paragraphs above it and below it varies, and the number of short lines behind it does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from broadsheet.pipelines.extract.site.lines import HEADING, LETTERS, OWN_TITLE, RUNNING, STOPPED, Lines
from broadsheet.pipelines.extract.site.marks import FEWEST, Booleans, Integers, OwnText

MOST_LINES = 6  # below the label of a box
_SHARE = 0.3  # of the articles
_HALF, _ALIKE, _NEARLY_ALL = 0.5, 0.4, 0.9  # of a place's lines; of boxes: that have its size, that have no less
_PLACES = 3  # different distances to the beginning, and to the end, of the text; fewer where there are few boxes
_DOUBTED = 77  # mean score of labels below which they are none of the text, wherever they stand
_WIDE = 120  # columns of a label, and of a line in a box


def find_boxes(
    lines: Lines,
    page: Integers,
    at: Integers,
    reach: OwnText,
    own: Booleans,
    counts: Integers,
    headings: frozenset[int],
) -> dict[int, int]:
    """The texts that begin boxes, and how many lines each box has below; *counts* says on how many articles each text stands,
    *headings* are places of subheads."""
    pages = len(reach.first)
    flags = lines["flags"]
    amid = (at > reach.first[page]) & (at < reach.last[page])
    label = amid & ~own & (counts >= max(FEWEST, _SHARE * pages)) & (flags & (HEADING | RUNNING | OWN_TITLE) == 0)
    label &= (flags & LETTERS != 0) & (lines["columns"] <= _WIDE)
    label &= ~np.isin(lines["slot"], np.array(sorted(headings), np.int64))
    doubted = _may_be_text(lines, own, label, (at < reach.first[page]) | (at > reach.last[page]))
    above = np.cumsum(own)  # of own lines, up to each line
    seen: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    on: defaultdict[int, set[int]] = defaultdict(set)
    own_list, page_list = own.tolist(), page.tolist()
    stopped = (flags & STOPPED != 0).tolist()  # a sentence says all by itself
    first_row = np.searchsorted(page, np.arange(pages)).tolist()
    last_row = [*first_row[1:], len(page_list)]
    for row in np.flatnonzero(label).tolist():
        here = page_list[row]
        before = int(above[row]) - (int(above[first_row[here] - 1]) if first_row[here] else 0)
        behind = int(above[last_row[here] - 1]) - int(above[row])
        size = 0
        while (
            not stopped[row] and size <= MOST_LINES and row + size + 1 < last_row[here] and not own_list[row + size + 1]
        ):
            size += 1
        seen[int(lines["text"][row])].append((before, behind, size))
        on[int(lines["text"][row])].add(here)
    found = {}
    for text, boxes in seen.items():
        most = _size([size for _, _, size in boxes])
        places = min(_PLACES, max(2, len(boxes) - 1))
        varies = len({before for before, _, _ in boxes}) >= places and len({behind for _, behind, _ in boxes}) >= places
        once = len(on[text]) >= _NEARLY_ALL * len(boxes)  # what stands again and again is a way of writing
        if len(boxes) >= FEWEST and once and varies and most is not None and (most > 0 or text not in doubted):
            found[text] = most
    return dict(sorted(found.items()))


def _may_be_text(lines: Lines, own: Booleans, label: Booleans, outside: Booleans) -> frozenset[int]:
    """The texts of labels that may be text alone: sentences; and headings by their place, which is none of paragraphs and not
    mostly *outside* of the text, that the block model takes for text."""
    where = np.unique(lines["slot"], return_inverse=True)[1]
    of_furniture = np.bincount(where, outside) >= _HALF * np.bincount(where)
    apart = label & ~np.isin(lines["slot"], np.unique(lines["slot"][own])) & ~of_furniture[where]
    sentences = frozenset(np.unique(lines["text"][label & (lines["flags"] & STOPPED != 0)]).tolist())
    texts, back = np.unique(lines["text"][apart], return_inverse=True)
    if not len(texts):
        return sentences
    score = np.bincount(back, lines["score"][apart]) / np.bincount(back)
    return sentences.union(texts[score >= _DOUBTED].tolist())


def _size(sizes: list[int]) -> int | None:
    """How many lines boxes have below their label: the least that many have, since another box may follow at once; None when
    some have less."""
    counts = Counter(sizes)
    size = next((one for one in sorted(counts) if counts[one] >= _ALIKE * len(sizes)), None)
    if size is None or size > MOST_LINES or sum(one >= size for one in sizes) < _NEARLY_ALL * len(sizes):
        return None
    return size
