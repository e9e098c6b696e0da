"""PageForms: the lines of one page, and what the profile of its site knows of each.

Found out once, in columns; `apply_forms` decides by it what is body, `form_roles` which role the rest has, `form_authors` who
the author is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from broadsheet.pipelines.extract.site.habits import is_loose, is_short
from broadsheet.pipelines.extract.site.labelled import (
    Groups,
    are_in_boxes,
    heads_text,
    lists_words,
    rows_of_boxes,
    rows_of_heads,
)
from broadsheet.pipelines.extract.site.lines import BIOGRAPHY, ECHO, NAME, NAMED, Booleans, Integers, Lines, wording_of
from broadsheet.pipelines.extract.site.marks import BEGINS, ENDS, FEWEST, Keys, Mark, OwnText, keys_of
from broadsheet.pipelines.extract.site.others import others_of
from broadsheet.pipelines.extract.site.own_text import (
    are_in,
    in_places_of_text,
    own_lines,
    reach_of,
    without_what_follows,
)
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.site_forms import Template

_TELLING = 2  # own lines by which a box is known as one of other words

PLACED, TEXT_ALONE, FORM, LABEL, _ = range(len(Keys._fields))


class KnownMark(NamedTuple):
    """A key of a line, its ``mark``, and what that marks (``sides``: bits)."""

    key: int
    mark: Mark
    sides: int


class PageForms:
    """What the site knows of the lines of a page, a list a property.

    ``own`` are lines of the article's own text, from ``first`` to ``last``, ``second`` the second of them (-1: there is none);
    where no line surely is, those that stand where the site's articles have theirs;
    ``count`` says on how many articles a text stands and ``count_of`` of how many, ``other`` of what of another page it is made
    (`others_of`), ``sides`` what its keys mark (bits), ``names`` whether it is an author's name, ``rest_is_name`` whether what
    its label or form leaves is one.
    """

    def __init__(self, lines: Lines, profile: SiteProfile, own_title: int) -> None:
        forms = profile.forms
        self.lines, self.forms = lines, forms
        self.texts: list[int] = wording_of(lines).tolist()
        self.count = [forms.repeated.get(text, 1) for text in self.texts]
        self.count_of = [forms.partly.get(text, forms.site.articles) for text in self.texts]
        known = forms.names | self._names_of_biographies(lines)
        names = np.array([text in known for text in lines["text"].tolist()], bool)
        titles = np.full(len(lines), own_title, np.int64)
        other = others_of(lines, titles, profile.known_headlines, profile.known_starts)
        keys = keys_of(lines, names)
        site = forms.site.marks
        outside = [slot in forms.outside for slot in lines["slot"].tolist()]
        self.furniture = [slot in forms.furniture for slot in lines["slot"].tolist()]
        columns = [kind.tolist() for kind in keys]
        page = np.zeros(len(lines), np.int64)
        self.labelled_boxes = rows_of_boxes(lines, page, forms.labelled)
        labelled = are_in_boxes(self.labelled_boxes, len(lines))
        foreign = (
            (np.array(self.count) > 1)
            | (other != 0)
            | np.array([key in site for key in columns[2]], bool)
            | (lines["flags"] & NAMED != 0) & np.array([key in site for key in columns[3]], bool)
            | np.array(outside, bool)
        )
        own = own_lines(lines, page, 1, foreign=foreign | labelled, biographies=forms.biographies)
        # beside a line or two no words are shared: what stands below a label may be half of the article
        self.spared = bool(labelled.any()) and int(own.sum()) < _TELLING
        if self.spared:
            own = own_lines(lines, page, 1, foreign=foreign, biographies=forms.biographies)
        if not own.any():
            own = in_places_of_text(lines, forms.places, foreign=foreign)
        self.template, self.of_template = self._template_of(own)
        self.keys = list(zip(*columns, strict=True))
        self.marks = self._marks()
        self.sides = [_joined(row) for row in self.marks]
        own, reach = self._up_to_the_end(own, page)
        self.first, self.second, self.last = (int(one[0]) for one in reach)
        self.own = own.tolist()
        self.names, self.other, self.outside = names.tolist(), other.tolist(), outside
        self.flags = lines["flags"].tolist()
        self.columns, self.slots, self.scores = (lines[name].tolist() for name in ("columns", "slot", "score"))
        self.biographies, self.articles = forms.biographies, forms.site.articles
        self.labels = lines["label"].tolist()
        self.rest_is_name = [rest in forms.names for rest in lines["rest"].tolist()]
        self.short, self.loose = is_short(lines).tolist(), is_loose(lines).tolist()
        self.kin: list[int] = lines["kin"].tolist()
        self.habits = self.template.habits
        self.words_listed: list[bool] = lists_words(lines).tolist()
        self.headed = [False] * len(lines)  # lines of the article's own with their label, known by that
        for begin, stop in rows_of_heads(lines, page, forms.heads):
            self.headed[begin:stop] = [True] * (stop - begin)
        self.groups, self.heads_group = Groups(lines, page), heads_text(lines, page).tolist()

    def _up_to_the_end(self, own: Booleans, page: Integers) -> tuple[Booleans, OwnText]:
        """*own* without what follows the line that ends the article, and where it stands."""
        at = np.arange(len(own))
        reach = reach_of(own, page, at, 1)
        bits = np.array(self.sides, np.int64)
        amid = np.array([any(one.mark.amid for one in row) for row in self.marks], bool)
        ending = (bits & ENDS != 0) & (bits & BEGINS == 0) & ~amid
        if ending.any():
            own = without_what_follows(own, self.lines, page, at, reach, ending)
            reach = reach_of(own, page, at, 1)
        return own, reach

    def _names_of_biographies(self, lines: Lines) -> frozenset[int]:
        """The names above the biographies of this page: of authors of it alone, too."""
        if not self.forms.biographies:
            return frozenset()
        above = (
            (lines["flags"][1:] & ECHO != 0) & (lines["columns"][1:] > BIOGRAPHY) & (lines["flags"][:-1] & NAME != 0)
        )
        return frozenset(lines["text"][:-1][above].tolist())

    def recurs(self, at: int, articles: int) -> bool:
        """Whether the form or the label of a line stands on so many *articles*."""
        marks = self.forms.site.marks
        return any(key in marks and marks[key].articles >= articles for key in self.keys[at][2:4] if key)

    def mark_of(self, at: int, kind: int) -> KnownMark | None:
        """What is known of a line's key of that *kind* (`PLACED`, `FORM`, `LABEL`)."""
        key = self.keys[at][kind]
        return next((one for one in self.marks[at] if one.key == key), None)

    def _marks(self) -> list[list[KnownMark]]:
        """What the template knows of each line's keys; what it has seen too seldom the site may know: not of a text without its
        place, which may be furniture in one template and the article's own in another."""
        template, site, of_template = self.template, self.forms.site, self.of_template
        found: list[list[KnownMark]] = []
        for keys in self.keys:
            line: list[KnownMark] = []
            found.append(line)
            if template.marks.keys().isdisjoint(keys) and (not of_template or site.marks.keys().isdisjoint(keys)):
                continue
            for number, key in enumerate(keys):
                mark = template.marks.get(key)
                if mark is not None and (mark.articles >= FEWEST or not of_template):
                    line.append(KnownMark(key, mark, template.sides.get(key, 0)))
                elif of_template and number != TEXT_ALONE and (told := site.marks.get(key)) is not None:
                    line.append(KnownMark(key, told, site.sides.get(key, 0)))
        return found

    def _template_of(self, own: Booleans) -> tuple[Template, bool]:
        """The template of the page, or what all articles of the site have in common; and whether it is one: that in whose place
        of text most own text stands, or, where there is none, most of all lines."""
        rows = np.flatnonzero(own if own.any() else are_in(self.lines["slot"], self.forms.templates))
        if len(rows):
            slots, back = np.unique(self.lines["slot"][rows], return_inverse=True)
            weights = np.bincount(back, np.minimum(self.lines["columns"][rows], 200))
            found = self.forms.templates.get(int(slots[weights.argmax()]))
            if found is not None:
                return found, True
        return self.forms.site, False


def _joined(marks: Sequence[KnownMark]) -> int:
    found = 0
    for one in marks:
        found |= one.sides
    return found
