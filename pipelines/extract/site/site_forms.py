"""SiteForms: what is learnt of a site beyond texts that recur: names, marks, habits; for each of its templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from broadsheet.pipelines.extract.site.boxes import Box
from broadsheet.pipelines.extract.site.marks import (
    AGAIN,
    BEGINS,
    ENDS,
    NEAR,
    Mark,
    MarkTable,
    begins,
    ends,
    is_again,
    is_near,
)

_WHERE = {BEGINS: "always before the text", ENDS: "never before text", NEAR: "near the head"}


def stands_on(mark: Mark, side: int) -> str:
    """What *mark* says of its *side* (BEGINS, ENDS, NEAR) in words."""
    return f"stands on {mark.articles} of {mark.of_articles} articles, {_WHERE[side]}"


@dataclass(frozen=True, slots=True)
class Habits:
    """How the articles of a template are made; counts of articles.

    ``pictured``: with an image amid the text; ``captioned``: whose images are all followed by a short line;
    ``own_title``: that repeat their headline there; ``others``: that name another page there; ``other_labels``: by the label
    before another page's headline; ``credits``: by the label of a line behind an image; ``slots``: by `slot_key`, that have a
    short line beside a mark, and how often that is a name, a form or recurs; ``headings``: places of subheads;
    ``paragraphs``: places of running text; ``strange``: at which ends of the text (`habits.HEAD`, `TAIL`; `APART`: in places
    not its own) lines stand that have no words with it in common; ``listed``: labels that stand behind the text of several
    articles before words of it ("Sources: ...").
    """

    pictured: int = 0
    captioned: int = 0
    own_title: int = 0
    others: int = 0
    other_labels: Mapping[int, int] = field(default_factory=dict)
    credits: Mapping[int, int] = field(default_factory=dict)
    slots: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    headings: frozenset[int] = frozenset()
    paragraphs: frozenset[int] = frozenset()
    strange: frozenset[int] = frozenset()
    listed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Template:
    """What the articles whose text stands in one place have in common, or all of a site; ``articles`` says how many."""

    articles: int
    marks: Mapping[int, Mark]
    habits: Habits

    @cached_property
    def sides(self) -> Mapping[int, int]:
        """What each key marks: bits BEGINS, ENDS, NEAR, AGAIN; keys that mark nothing are left out."""
        table = MarkTable.of(self.marks)
        bits = BEGINS * begins(table) | ENDS * ends(table) | NEAR * is_near(table) | AGAIN * is_again(table)
        return {key: side for key, side in zip(table.keys.tolist(), bits.tolist(), strict=True) if side}


@dataclass(frozen=True, slots=True)
class SiteForms:
    """``places`` that hold most own text of several articles each; ``names`` of authors; ``repeated``: texts on more than one
    article, and on how many; ``partly``: of how many, where those in the text's languages are not all (`languages`);
    ``biographies``: whether authors have them; ``outside``: places that hold nothing but what stands before or after the text;
    ``furniture``: places that hold no text, though they may be amid it; ``labelled``: by a text that is the label of a box of
    sentences, how many lines that has below; ``heads``: texts that head sentences of the articles' own; ``boxes``: by a key of
    the line that begins one, how many lines it has below; ``site``: what all articles have in common; ``templates``: by the
    place of their text, those of enough articles."""

    places: frozenset[int]
    names: frozenset[int]
    repeated: Mapping[int, int]
    partly: Mapping[int, int]
    biographies: bool
    outside: frozenset[int]
    furniture: frozenset[int]
    labelled: Mapping[int, int]
    heads: frozenset[int]
    boxes: Mapping[int, Box]
    site: Template
    templates: Mapping[int, Template]

    def to_values(self) -> dict[str, Any]:
        """The same as values of JSON, in one order."""
        return {
            "places": sorted(self.places),
            "names": sorted(self.names),
            "repeated": sorted(self.repeated.items()),
            "partly": sorted(self.partly.items()),
            "biographies": self.biographies,
            "outside": sorted(self.outside),
            "furniture": sorted(self.furniture),
            "labelled": sorted(self.labelled.items()),
            "heads": sorted(self.heads),
            "boxes": sorted(self.boxes.items()),
            "site": _values(self.site),
            "templates": [(slot, _values(one)) for slot, one in sorted(self.templates.items())],
        }

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> SiteForms:
        """What `to_values` gave.

        Raises:
            KeyError, TypeError, ValueError: it is none.
        """
        return cls(
            frozenset(values["places"]),
            frozenset(values["names"]),
            dict(values["repeated"]),
            dict(values["partly"]),
            values["biographies"],
            frozenset(values["outside"]),
            frozenset(values["furniture"]),
            dict(values["labelled"]),
            frozenset(values["heads"]),
            {key: Box(*box) for key, box in values["boxes"]},
            _template(values["site"]),
            {slot: _template(one) for slot, one in values["templates"]},
        )


def _values(template: Template) -> dict[str, Any]:
    habits = template.habits
    return {
        "articles": template.articles,
        "marks": [(key, *map(int, mark)) for key, mark in sorted(template.marks.items())],
        "pictured": habits.pictured,
        "captioned": habits.captioned,
        "own_title": habits.own_title,
        "others": habits.others,
        "other_labels": sorted(habits.other_labels.items()),
        "credits": sorted(habits.credits.items()),
        "slots": [(key, *counts) for key, counts in sorted(habits.slots.items())],
        "headings": sorted(habits.headings),
        "paragraphs": sorted(habits.paragraphs),
        "strange": sorted(habits.strange),
        "listed": sorted(habits.listed),
    }


def _template(values: Mapping[str, Any]) -> Template:
    return Template(
        values["articles"],
        {key: Mark._make((*counts, bool(sentence), of)) for key, *counts, sentence, of in values["marks"]},
        Habits(
            values["pictured"],
            values["captioned"],
            values["own_title"],
            values["others"],
            dict(values["other_labels"]),
            dict(values["credits"]),
            {key: (articles, told) for key, articles, told in values["slots"]},
            frozenset(values["headings"]),
            frozenset(values["paragraphs"]),
            frozenset(values["strange"]),
            frozenset(values["listed"]),
        ),
    )
