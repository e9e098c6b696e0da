"""Habits: how the articles of a template are made, beside lines that recur.

Captions and credits behind images, the headline again amid the text, links to other articles, short lines that always stand
right beside a mark (an author's name that nothing introduces), places of subheads, and places that hold nothing but furniture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from broadsheet.pipelines.extract.page.text_hash import hash64
from broadsheet.pipelines.extract.site.kinship import STRANGE, UNKNOWN
from broadsheet.pipelines.extract.site.labelled import lists_words
from broadsheet.pipelines.extract.site.lines import (
    FIXED,
    FURNITURE,
    HEADING,
    LETTERS,
    LINKED,
    LINKING,
    NAME,
    NUMBERED,
    OWN_TITLE,
    PICTURED,
    RUNNING,
    STOPPED,
    Booleans,
    Integers,
    Lines,
)
from broadsheet.pipelines.extract.site.marks import FEWEST, Keys, MarkTable, OwnText, is_again
from broadsheet.pipelines.extract.site.others import LABELLED
from broadsheet.pipelines.extract.site.site_forms import Habits

SHORT, NARROW = 120, 45  # columns of a caption, of a line beside a mark
CREDIT, BYLINE = 100, 80  # columns
_OF_ONE_KIND = 0.75  # share of a place's lines that head text, or are text, from which it is a place of such
_OUTSIDE, _HALF, _SELDOM = 0.9, 0.5, 0.03
_LIKELY = 128  # score of what is rather text than not
_DOUBTED = 153  # mean score of the lines of a place below which it is outside of the text
_MOSTLY, _FIGURES = (
    0.7,
    3,
)  # of a place's lines amid the text: share of amounts, and how many on a page, that are a list
PASSED = 3  # lines between a heading and its text, at most
HEAD, TAIL = 0, 1
APART = 2  # added to these: in a place that holds none of the article's own text
_SIDES = tuple(
    tuple(np.int64(hash64(f"{zone} {side}")) for side in ("above", "below")) for zone in ("the head", "the tail")
)
TEXT_KEY = hash64("the article's own text")


def slot_key(key: int, zone: int, side: int) -> int:
    """What a line is known by that stands in *zone* (HEAD, TAIL) with the mark *key* on *side* of it: 0 above, 1 below."""
    return int(key ^ _SIDES[zone][side])


def is_short(lines: Lines) -> Booleans:
    """Which lines are neither running text nor code or data."""
    short: Booleans = (lines["flags"] & (RUNNING | FIXED) == 0) & (lines["columns"] <= SHORT)
    return short


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Where lines stand to the own text of their pages: about its head (before its second line), behind it, or amid."""

    head: Booleans
    tail: Booleans
    amid: Booleans


def zones_of(page: Integers, at: Integers, reach: OwnText) -> Zones:
    """The zones of lines by their *page* and where they stand there."""
    has = reach.first[page] >= 0
    first, second, last = reach.first[page], reach.second[page], reach.last[page]
    return Zones(has & (at < second), has & (at > last), has & (at > first) & (at < last))


def count_habits(
    lines: Lines,
    page: Integers,
    at: Integers,
    reach: OwnText,
    own: Booleans,
    chosen: Booleans,
    keys: Keys,
    telling: Booleans,
    other: Integers,
    counts: Integers,
    marks: MarkTable,
) -> Habits:
    """The habits of the articles whose lines are *chosen*; *telling* are lines of marks, *other* as `others_of` says, *counts*
    on how many articles each text stands."""
    zones = zones_of(page, at, reach)
    flags, short = lines["flags"], is_short(lines)
    amid = chosen & zones.amid
    around = chosen & (at >= reach.first[page] - 3) & (at <= reach.last[page]) & (reach.first[page] >= 0)
    again, formed = _any_again(keys, marks), _recur(keys.form, marks) & _varies(keys.form, lines["text"])
    pages = len(reach.first)

    def articles(which: Booleans) -> Integers:
        return np.unique(page[which])

    pictured = around & (flags & PICTURED != 0)
    captions = short & (flags & HEADING == 0) & (flags & STOPPED == 0) | (flags & OWN_TITLE != 0)
    uncaptioned = articles(pictured & ~captions)
    with_pictures = articles(pictured)
    behind = flags & PICTURED != 0
    for _ in range(2):
        behind = behind | np.append(False, behind[:-1] & (page[1:] == page[:-1]) & ~own[1:])
    credit = around & behind & short & (keys.label != 0) & (lines["columns"] < CREDIT)
    named = chosen & (other == LABELLED) & (zones.amid | zones.tail | zones.head)
    return Habits(
        pictured=len(with_pictures),
        captioned=len(np.setdiff1d(with_pictures, uncaptioned)),
        own_title=len(articles(amid & (flags & OWN_TITLE != 0) & (flags & HEADING == 0))),
        others=len(articles(amid & (other != 0))),
        other_labels=_by_value(lines["label"], page, named, pages),
        credits=_by_value(lines["label"], page, credit, pages),
        slots=_slots(lines, page, zones, own, chosen, keys, telling, formed, other, again, pages),
        headings=_places_of_headings(lines, page, own, amid, short & ~formed, other, counts),
        paragraphs=_places_of_paragraphs(lines, page, amid, other, counts),
        strange=_strange_zones(lines, page, at, reach, own, chosen & (counts == 1) & (other == 0), chosen & telling),
        listed=frozenset(_by_value(lines["label"], page, chosen & zones.tail & lists_words(lines), pages)),
    )


def is_loose(lines: Lines) -> Booleans:
    """Which lines may be none of the text where they stand right at its beginning or end: short ones that end as no sentence,
    and are neither headings nor links."""
    loose: Booleans = is_short(lines) & (lines["flags"] & (STOPPED | HEADING | LINKED | OWN_TITLE) == 0)
    return loose


def _strange_zones(
    lines: Lines, page: Integers, at: Integers, reach: OwnText, own: Booleans, alone: Booleans, telling: Booleans
) -> frozenset[int]:
    """In which of HEAD and TAIL, or of these APART, the articles have lines between their marks and their text that have no
    words with it in common; *alone* are lines of one article, *telling* lines of marks."""
    pages = len(reach.first)
    begun, ended = np.full(pages, -1), np.full(pages, np.iinfo(np.int64).max)
    above, below = telling & (at < reach.first[page]), telling & (at > reach.last[page])
    np.maximum.at(begun, page[above], at[above])
    np.minimum.at(ended, page[below], at[below])
    loose = alone & is_loose(lines) & (lines["kin"] != UNKNOWN)
    of_text = np.isin(lines["slot"], np.unique(lines["slot"][own]))
    found = set()
    for zone, here in (
        (HEAD, (at > begun[page]) & (at < reach.first[page]) & (begun[page] >= 0)),
        (TAIL, (at < ended[page]) & (at > reach.last[page]) & (reach.last[page] >= 0)),
    ):
        for apart in (0, APART):
            rows = np.flatnonzero(loose & here & (of_text == (apart == 0)))
            if len(np.unique(page[rows])) >= FEWEST and lines["kin"][rows].mean() < STRANGE:
                found.add(zone + apart)
    return frozenset(found)


def _by_value(values: Integers, page: Integers, which: Booleans, pages: int) -> dict[int, int]:
    """On how many articles each value stands among *which*, when on several."""
    rows = np.flatnonzero(which & (values != 0))
    found, back = np.unique(values[rows], return_inverse=True)
    pairs = np.unique(back * pages + page[rows])
    on = np.bincount(pairs // pages, minlength=len(found)) if len(found) else np.zeros(0, int)
    return {int(value): int(count) for value, count in zip(found, on, strict=True) if count > 1}


def _recur(kind: Integers, marks: MarkTable) -> Booleans:
    """Which keys of that kind stand on several articles."""
    found: Booleans = (kind != 0) & np.append(marks.articles >= FEWEST, False)[marks.find(kind)]
    return found


def _varies(forms: Integers, texts: Integers) -> Booleans:
    """Which lines have a form that several texts have: one text again and again is a text that recurs, and no form."""
    forms, back = np.unique(forms, return_inverse=True)
    order = np.lexsort((texts, back))
    form, text = back[order], texts[order]
    new = np.append(True, (form[1:] != form[:-1]) | (text[1:] != text[:-1]))[: len(form)]
    found: Booleans = np.bincount(form[new], minlength=len(forms))[back] > 1
    return found


def _any_again(keys: Keys, marks: MarkTable) -> Booleans:
    asked = np.append(is_again(marks), False)
    found = np.zeros(len(keys.text), bool)
    for kind in keys:
        found |= (kind != 0) & asked[marks.find(kind)]
    return found


def _slots(
    lines: Lines,
    page: Integers,
    zones: Zones,
    own: Booleans,
    chosen: Booleans,
    keys: Keys,
    telling: Booleans,
    formed: Booleans,
    other: Integers,
    again: Booleans,
    pages: int,
) -> dict[int, tuple[int, int]]:
    """Short lines right above or below a mark, or the text itself (`TEXT_KEY`), in head and tail: on how many articles, and on
    how many they tell what they are; beside the text only names do."""
    flags = lines["flags"]
    asked = (
        chosen
        & is_short(lines)
        & (flags & (STOPPED | HEADING | LINKED | OWN_TITLE) == 0)
        & ~own
        & (other == 0)
        & ~again
    )
    asked &= (lines["columns"] <= NARROW) | telling
    names = flags & NAME != 0
    tells = names | telling | formed
    of_text = np.flatnonzero(own)
    edges = np.full((2, pages), -1)  # the first row of own text of each page, and the last
    edges[HEAD][page[of_text[::-1]]] = of_text[::-1]
    edges[TAIL][page[of_text]] = of_text
    parts: list[tuple[Integers, Integers, Booleans]] = []
    for zone, where in ((HEAD, zones.head), (TAIL, zones.tail & ~zones.head)):
        rows = np.flatnonzero(asked & where)
        for side, step in ((0, -1), (1, 1)):
            beside = rows + step
            right = (beside >= 0) & (beside < len(page))
            here, there = rows[right], beside[right]
            same = page[here] == page[there]
            here, there = here[same], there[same]
            ends = there == edges[zone][page[there]]
            parts.append((np.full(int(ends.sum()), TEXT_KEY ^ _SIDES[zone][side]), here[ends], names[here[ends]]))
            marked = telling[there]
            here, there = here[marked], there[marked]
            for kind in (keys.placed, keys.form, keys.label, keys.name):
                known = kind[there] != 0
                parts.append((kind[there][known] ^ _SIDES[zone][side], here[known], tells[here[known]]))
    key, row, told = (np.concatenate(column) for column in zip(*parts, strict=True))
    found, back = np.unique(key, return_inverse=True)
    pairs = np.unique(back * pages + page[row])
    on = np.bincount(pairs // pages, minlength=len(found)) if len(found) else np.zeros(0, int)
    told_pairs = np.unique((back * pages + page[row])[told])
    told_on = np.bincount(told_pairs // pages, minlength=len(found)) if len(found) else on
    return {int(k): (int(a), int(b)) for k, a, b in zip(found, on, told_on, strict=True) if a > FEWEST}


def _places_of_headings(
    lines: Lines,
    page: Integers,
    own: Booleans,
    amid: Booleans,
    short: Booleans,
    other: Integers,
    counts: Integers,
) -> frozenset[int]:
    """Places whose lines are short and stand right above own text, and are not always the same line."""
    flags, slot = lines["flags"], lines["slot"]
    of_text = np.isin(slot, np.unique(slot[own]))
    texts = own | (amid & (counts <= 1) & (other == 0) & of_text)
    passed = amid & ~texts & ((counts >= FEWEST) | (other != 0))  # a box may stand between a heading and its text
    above = np.zeros(len(page), bool)
    for _ in range(PASSED):
        above = np.append((texts | (passed & above))[1:] & (page[1:] == page[:-1]), False)
    heads = amid & short & above & (other == 0)
    heads &= (flags & (STOPPED | LINKING | FURNITURE | PICTURED | OWN_TITLE) == 0) & (lines["label"] == 0)
    places, back = np.unique(slot[amid], return_inverse=True)
    total = np.bincount(back, minlength=len(places))
    good = np.bincount(back, heads[amid], minlength=len(places))
    found = set()
    for number in np.flatnonzero((total >= FEWEST) & (good >= _OF_ONE_KIND * total)).tolist():
        here = heads & (slot == places[number])
        if len(np.unique(page[here])) >= FEWEST and len(np.unique(lines["text"][here])) > 1:
            found.add(int(places[number]))
    return frozenset(found)


def _places_of_paragraphs(
    lines: Lines, page: Integers, amid: Booleans, other: Integers, counts: Integers
) -> frozenset[int]:
    """Places that hold little amid the text but running text of one article alone."""
    places, back = np.unique(lines["slot"][amid], return_inverse=True)
    running = (lines["flags"] & (RUNNING | FIXED | LINKED) == RUNNING) & (counts <= 1) & (other == 0)
    share = np.bincount(back, running[amid], minlength=len(places)) / np.maximum(1, np.bincount(back))
    pairs = np.unique(np.stack([back[running[amid]], page[amid & running]]), axis=1)[0]
    on = np.bincount(pairs, minlength=len(places))
    return frozenset(places[(on > FEWEST) & (share >= _OF_ONE_KIND)].tolist())


def places_outside(lines: Lines, page: Integers, at: Integers, reach: OwnText) -> Integers:
    """Places that hold nothing but what stands before or after the text, on several articles, and that the block model doubts,
    in order; *reach* is that of the text in its main place."""
    pages = len(reach.first)
    has = reach.first[page] >= 0
    places, back = np.unique(lines["slot"][has], return_inverse=True)
    if not len(places):
        return places
    out = (at[has] < reach.first[page[has]]) | (at[has] > reach.last[page[has]])
    on = np.bincount(np.unique(back * pages + page[has]) // pages, minlength=len(places))
    total = np.bincount(back, minlength=len(places))
    share = np.bincount(back, out, minlength=len(places)) / total
    score = np.bincount(back, lines["score"][has], minlength=len(places)) / total
    found: Integers = places[(on >= FEWEST) & (share >= _OUTSIDE) & (score < _DOUBTED)]
    return found


def places_of_furniture(
    lines: Lines,
    page: Integers,
    at: Integers,
    reach: OwnText,
    own: Booleans,
    counts: Integers,
    again: Booleans,
    headings: frozenset[int],
) -> frozenset[int]:
    """Places of several articles that hold no text, though they may be amid it: all lines there are short, and mostly stand
    outside of the text or have no words with it in common; *counts*, *again* and *headings* as `find_boxes` has them."""
    flags, pages = lines["flags"], len(reach.first)
    has = reach.first[page] >= 0
    places, back = np.unique(lines["slot"], return_inverse=True)
    recurs = counts >= FEWEST

    def on_page(which: Booleans) -> Integers:
        return np.bincount(np.unique(back[which] * pages + page[which]) // pages, minlength=len(places))

    def lines_there(which: Booleans) -> Integers:
        return np.bincount(back[which], minlength=len(places))

    text = own | again | (flags & (HEADING | FIXED | OWN_TITLE) != 0) | ((flags & RUNNING != 0) & ~recurs)
    outside = has & ((at < reach.first[page]) | (at > reach.last[page]))
    changing = has & ~recurs & (lines["kin"] != UNKNOWN)
    kin = np.bincount(back[changing], lines["kin"][changing], minlength=len(places))
    strange = kin < STRANGE * np.maximum(1, lines_there(changing))
    akin = (
        ~recurs & (lines["score"] >= _LIKELY) & (lines["kin"] >= STRANGE) & (lines["kin"] != UNKNOWN)
    )  # items of a list
    below = (own | akin)[1:] & (page[1:] == page[:-1])
    may_head = has & ~recurs & (flags & NUMBERED == 0)
    heads = lines_there(may_head & np.append(below, False))  # what stands right above text may be its subhead
    few_heads = (heads < _OF_ONE_KIND * lines_there(may_head)) | (heads <= _HALF * lines_there(has))
    inside = changing & ~outside
    figures = (flags & NUMBERED != 0) | (flags & LETTERS == 0)
    amounts = inside & figures & (flags & STOPPED == 0)  # ingredients, results, cells
    listed = (lines_there(amounts) > _MOSTLY * lines_there(inside)) & (on_page(inside) >= FEWEST)
    listed &= lines_there(inside) >= _FIGURES * np.maximum(1, on_page(inside))
    little_text = lines_there(text & has) <= _SELDOM * lines_there(has)
    mostly_outside = (lines_there(outside) >= _HALF * lines_there(has)) & (on_page(has) >= FEWEST)
    found = little_text & few_heads & ~listed & strange & (mostly_outside | (on_page(changing) >= FEWEST))
    return frozenset(places[found].tolist()) - headings
