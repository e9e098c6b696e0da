"""Learning a site's forms from the sketches of its articles: names, then own text and marks by turns, then habits.

All articles are read as one table of lines, a column a property, so that each question is asked of all lines at once.  Own text
and marks are found by turns because each tells the other: what stands after all own text marks the end of articles, and running
text behind such a mark (a reader's comment) is none of the article's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from broadsheet.pipelines.extract.site.boxes import find_boxes
from broadsheet.pipelines.extract.site.habits import count_habits, places_of_furniture, places_outside
from broadsheet.pipelines.extract.site.labelled import (
    are_in_boxes,
    find_heads,
    find_labelled,
    heads_text,
    lists_words,
    rows_of_boxes,
)
from broadsheet.pipelines.extract.site.languages import Languages
from broadsheet.pipelines.extract.site.lines import (
    AUTHORED,
    BIOGRAPHY,
    ECHO,
    FIXED,
    HEADING,
    INTRODUCED,
    LINE_TYPE,
    NAMED,
    RUNNING,
    STOPPED,
    Booleans,
    Integers,
    Lines,
    wording_of,
)
from broadsheet.pipelines.extract.site.marks import (
    FEWEST,
    Keys,
    MarkTable,
    begins,
    count_marks,
    ends,
    is_again,
    is_near,
    keys_of,
)
from broadsheet.pipelines.extract.site.others import others_of
from broadsheet.pipelines.extract.site.own_text import own_lines, reach_of, without_what_follows
from broadsheet.pipelines.extract.site.site_forms import SiteForms, Template
from broadsheet.pipelines.extract.site.sketch import PageSketch

MAX_ARTICLES = 1_000  # that forms are learnt from: more say nothing new, and learning is linear in them
MIN_TEMPLATE = 4  # articles
_ROUNDS = 3
_BYLINES = 2  # articles with a known author by which a form is known as a byline


def learn_forms(articles: Sequence[PageSketch], headlines: Set[int], starts: Iterable[int]) -> SiteForms:
    """The forms of a site's distinct *articles*; *headlines* and *starts* are those of all its articles."""
    taken = articles[:MAX_ARTICLES]
    table = _Table.of(taken)
    wording = wording_of(table.lines)
    counts = table.articles_with(wording)
    names, biographies = _names(table, taken, counts)
    named = np.isin(table.lines["text"], np.array(sorted(names), np.int64))
    titles = np.array([one.title for one in taken], np.int64)[table.page]
    known = (np.array(sorted(one), np.int64) for one in (headlines, starts))
    other = others_of(table.lines, titles, *known)
    foreign = (
        (counts > 1)
        | (other != 0)
        | _recur(table, table.lines["form"], 2)
        | ((table.lines["flags"] & NAMED != 0) & _recur(table, table.lines["label"], FEWEST))
    )
    of = table.languages.pages_for_each(wording, table.page)
    labelled = find_labelled(table.lines, table.page, table.articles_with(table.lines["text"]), of, table.languages)
    heads = find_heads(table.lines, table.page, counts, foreign)
    boxed = are_in_boxes(rows_of_boxes(table.lines, table.page, labelled), len(table.lines))
    foreign |= boxed
    own = own_lines(table.lines, table.page, table.pages, foreign=foreign, biographies=biographies)
    place = _main_places(table, own)
    main = own & (table.lines["slot"] == place[table.page])
    reach = reach_of(main, table.page, table.at, table.pages)
    outside = places_outside(table.lines, table.page, table.at, reach)
    own &= ~np.isin(table.lines["slot"], outside)
    keys = keys_of(table.lines, named)
    whole = _Whole(table, keys, foreign, other, counts)
    slots, sizes = np.unique(place, return_counts=True)
    whole_placed = replace(whole, keys=keys._replace(text=np.zeros_like(keys.text)))
    templates = {
        int(slot): _template(whole_placed, own, place == slot)
        for slot, size in zip(slots, sizes, strict=True)
        if slot and size >= MIN_TEMPLATE and size < table.pages
    }
    places = frozenset(slots[(slots != 0) & (sizes >= FEWEST)].tolist())
    site = _template(whole if templates else whole_placed, own, np.ones(table.pages, bool))
    texts, first = np.unique(wording, return_index=True)
    repeated = {int(text): int(count) for text, count in zip(texts, counts[first], strict=True) if count > 1}
    partly = {int(text): int(of[at]) for text, at in zip(texts, first, strict=True) if 1 < of[at] < table.pages}
    headings = site.habits.headings.union(*(one.habits.headings for one in templates.values()))
    marks = MarkTable.of(site.marks)
    again = _has(keys, marks, is_again(marks))
    reach = reach_of(own, table.page, table.at, table.pages)
    of_text = again | heads_text(table.lines, table.page)
    boxes = find_boxes(
        table.lines, table.page, table.at, reach, own, counts, of, keys, of_text, boxed, headings, table.languages
    )
    furniture = places_of_furniture(table.lines, table.page, table.at, reach, own, counts, again, headings)
    return SiteForms(
        places,
        names,
        repeated,
        partly,
        biographies,
        frozenset(outside.tolist()),
        furniture,
        labelled,
        heads - labelled.keys(),
        boxes,
        site,
        templates,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The lines of all articles: ``page`` numbers the article of each, ``at`` is its place there; ``languages`` are those
    of the articles."""

    lines: Lines
    page: Integers
    at: Integers
    pages: int
    languages: Languages

    @classmethod
    def of(cls, articles: Sequence[PageSketch]) -> _Table:
        lengths = [len(one.blocks) for one in articles]
        lines = np.concatenate([one.blocks for one in articles]) if articles else np.zeros(0, LINE_TYPE)
        page = np.repeat(np.arange(len(articles)), lengths)
        at = np.concatenate([np.arange(length) for length in lengths]) if articles else np.zeros(0, np.int64)
        return cls(lines, page, at, len(articles), Languages.of([one.language for one in articles]))

    def articles_with(self, values: Integers) -> Integers:
        """For each line, on how many articles its value stands."""
        found, back = np.unique(values, return_inverse=True)
        pairs = np.unique(back * self.pages + self.page)
        return np.bincount(pairs // self.pages, minlength=len(found))[back]


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """What is known of all lines whatever their template; ``other`` as `others_of`, ``counts`` of articles with the text."""

    table: _Table
    keys: Keys
    foreign: Booleans
    other: Integers
    counts: Integers


def _recur(table: _Table, values: Integers, fewest: int) -> Booleans:
    found: Booleans = (values != 0) & (table.articles_with(values) >= fewest)
    return found


def _names(table: _Table, articles: Sequence[PageSketch], counts: Integers) -> tuple[frozenset[int], bool]:
    """The names of the site's authors, and whether they have biographies: from metadata; a name above a text that begins with
    it, both on several articles, or sentences that
    begin with the author at the end of articles; what stands for the name in the form of a byline."""
    lines = table.lines
    flags = lines["flags"]
    below = np.flatnonzero(
        (flags[1:] & ECHO != 0) & (lines["columns"][1:] > BIOGRAPHY) & (table.page[1:] == table.page[:-1])
    )
    twice = below[(counts[below] > 1) & (counts[below + 1] > 1)]
    names = {int(text) for text in np.unique(lines["text"][twice])} | {one.author for one in articles if one.author}
    # a form in which authors stand for the slot, on several articles
    formed = np.flatnonzero((lines["form"] != 0) & (lines["rest"] != 0) & (lines["label"] == 0))
    formed_or_labelled = np.flatnonzero((flags & INTRODUCED != 0) & (lines["rest"] != 0))
    known = formed[np.isin(lines["rest"][formed], np.array(sorted(names), np.int64))]
    pairs = np.unique(np.stack([lines["form"][known], table.page[known]]), axis=1)[0] if len(known) else known
    forms, on = np.unique(pairs, return_counts=True)
    bylines = forms[on >= _BYLINES]
    names |= {int(one) for one in np.unique(lines["rest"][formed[np.isin(lines["form"][formed], bylines)]])}
    authored = len(np.unique(table.page[(flags & AUTHORED != 0) & (counts > 1)])) > 1 or _end_with_author(table, counts)
    # or one that is introduced as authors are, on several articles
    said = formed_or_labelled[_recurs_on(table, formed_or_labelled)]
    names |= {int(one) for one in np.unique(lines["rest"][said])}
    return frozenset(names), bool(len(twice)) or authored


def _end_with_author(table: _Table, counts: Integers) -> bool:
    """Whether sentences that begin with the page's author stand below all text that is on no other page, on most articles that
    have such: biographies of which no two are alike ("Ann Lee can be reached at ...")."""
    flags = table.lines["flags"]
    running = (flags & RUNNING != 0) & (counts == 1)
    authored = (flags & AUTHORED != 0) & (table.lines["columns"] > BIOGRAPHY) & (flags & (STOPPED | RUNNING) != 0)
    last = np.full((2, table.pages), -1)
    for row, which in zip(last, (running & ~authored, authored), strict=True):
        np.maximum.at(row, table.page[which], table.at[which])
    having = last[1] >= 0
    ending = having & (last[1] > last[0])
    return int(ending.sum()) >= FEWEST and 3 * int(ending.sum()) >= 2 * int(having.sum())


def _recurs_on(table: _Table, rows: Integers) -> Booleans:
    """Which of *rows* have a form or a label that stands on several articles."""
    lines = table.lines
    recur = _recur(table, lines["form"], FEWEST) | _recur(table, lines["label"], FEWEST)
    found: Booleans = recur[rows]
    return found


def _main_places(table: _Table, own: Booleans) -> Integers:
    """For each article the place in which most of its own text stands, 0 for none."""
    rows = np.flatnonzero(own)
    place = np.zeros(table.pages, np.int64)
    if not len(rows):
        return place
    slots, back = np.unique(table.lines["slot"][rows], return_inverse=True)
    weights = np.zeros((table.pages, len(slots)), np.int64) if table.pages * len(slots) < 1 << 22 else None
    if weights is None:  # places by the hundred thousand are no templates
        return place
    np.add.at(weights, (table.page[rows], back), np.minimum(table.lines["columns"][rows], 200))
    heaviest = weights.argmax(axis=1)
    return np.where(weights.max(axis=1) > 0, slots[heaviest], 0)


def _template(whole: _Whole, own: Booleans, of: Booleans) -> Template:
    """What the articles *of* which it is asked have in common."""
    table = whole.table
    lines, page, at = table.lines, table.page, table.at
    chosen = of[page]
    languages = table.languages.among(of)
    keys = whole.keys
    marks = MarkTable.of({})
    reach = reach_of(own, page, at, table.pages)
    of_text = heads_text(lines, page) | lists_words(lines)
    for number in range(_ROUNDS):
        heading = _heads_own_text(lines, page, own) | of_text
        counted = chosen & ~heading & (lines["flags"] & FIXED == 0)
        marks = count_marks(lines, keys, page, at, reach, np.cumsum(own), counted, languages)
        if number < _ROUNDS - 1:
            ending = _has(keys, marks, ends(marks) & ~begins(marks) & (marks.amid == 0))
            own = without_what_follows(own, lines, page, at, reach, ending)
            reach = reach_of(own, page, at, table.pages)
    telling = _has(keys, marks, begins(marks) | ends(marks) | is_near(marks))
    habits = count_habits(lines, page, at, reach, own, chosen, keys, telling, whole.other, whole.counts, marks)
    kept = marks.articles >= np.minimum(FEWEST, np.maximum(2, marks.of_articles // 2))
    return Template(int(of.sum()), marks.where(kept).to_marks(), habits)


def _has(keys: Keys, marks: MarkTable, which: Booleans) -> Booleans:
    """Which lines have a key among those marks."""
    asked = np.append(which, False)
    found = np.zeros(len(keys.text), bool)
    for kind in keys:
        found |= (kind != 0) & asked[marks.find(kind)]
    return found


def _heads_own_text(lines: Lines, page: Integers, own: Booleans) -> Booleans:
    """Which lines are headings right above own text."""
    below = np.append(own[1:] & (page[1:] == page[:-1]), False)
    found: Booleans = (lines["flags"] & HEADING != 0) & below
    return found
