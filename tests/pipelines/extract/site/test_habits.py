"""How the articles of a site are made: images and what stands behind them, headlines again, other articles, places of subheads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from reading import HOST, read, sketches
from synthetic_site import Story, stories

from broadsheet.pipelines.extract.page.text_hash import hash64, hash_of
from broadsheet.pipelines.extract.site.habits import (
    APART,
    HEAD,
    TAIL,
    places_of_furniture,
    places_outside,
    slot_key,
    zones_of,
)
from broadsheet.pipelines.extract.site.kinship import AKIN
from broadsheet.pipelines.extract.site.learn import learn_profile
from broadsheet.pipelines.extract.site.lines import HEADING, LINE_TYPE, NUMBERED, RUNNING
from broadsheet.pipelines.extract.site.marks import OwnText
from broadsheet.pipelines.extract.site.profile import SiteProfile

SITE = stories()[:8]
Lines = Callable[[int, Story], Sequence[str]]


def learnt(lines: Lines) -> SiteProfile:
    """What is learnt of a site whose articles have *lines* after each first paragraph."""
    pages = []
    for number, story in enumerate(SITE):
        first, *rest = (f"<p>{one}</p>" for one in story.paragraphs)
        inside = "".join((first, *lines(number, story), *rest))
        html = f"<html><head><title>{story.title}</title></head><body><div><h1>{story.title}</h1>{inside}</div></body></html>"
        pages.append((story.path, html))
    profile = learn_profile(HOST, sketches(read(pages)))
    assert profile is not None
    return profile


def test_images_are_counted_and_whether_a_short_line_always_follows() -> None:
    def lines(number: int, story: Story) -> Sequence[str]:
        image = "<img src='/a.png' width=600 height=400>"
        if number < 6:
            return (f"<p>{story.paragraphs[1]}</p>", image, f"<p>The quay of basin {'abcdefgh'[number]}</p>")
        return (f"<p>{story.paragraphs[1]}</p>", image, f"<p>{story.paragraphs[2]}</p>") if number < 7 else ()

    habits = learnt(lines).forms.site.habits
    assert (habits.pictured, habits.captioned) == (7, 6)
    assert (habits.own_title, habits.others) == (0, 0)


def test_credits_are_known_by_their_labels() -> None:
    def lines(number: int, story: Story) -> Sequence[str]:
        image = "<img src='/a.png' width=600 height=400>"
        return (f"<p>{story.paragraphs[1]}</p>", image, f"<p>Foto: Haus {'ABCDEFGH'[number]}lm und Söhne</p>")

    assert set(learnt(lines).forms.site.habits.credits.values()) == {8}


def test_the_headline_again_and_the_headlines_of_others_are_counted_by_articles() -> None:
    def lines(number: int, story: Story) -> Sequence[str]:
        other = SITE[(number + 3) % 8].title
        again = [f"<p>{story.title}</p>"] * 2 if number < 5 else []
        return (f"<p>{story.paragraphs[1]}</p>", *again, f"<p>See also: {other}</p>", f"<p>See also: {SITE[(number + 2) % 8].title}</p>")  # fmt: skip

    habits = learnt(lines).forms.site.habits
    assert (habits.own_title, habits.others) == (5, 8)
    assert set(habits.other_labels.values()) == {8}


def test_a_place_whose_lines_head_text_is_one_of_subheads() -> None:
    def lines(number: int, story: Story) -> Sequence[str]:
        return (f"<p>{story.paragraphs[1]}</p>", f"<h3>The {'abcdefgh'[number]} of it</h3>", f"<p>{story.paragraphs[2]}</p>")  # fmt: skip

    forms = learnt(lines).forms
    assert len(forms.site.habits.headings) == 1
    assert not forms.site.habits.headings & forms.outside
    assert forms.site.habits.paragraphs


TEXT, ASIDE, FOOT = 11, 22, 33  # places


@dataclass(frozen=True)
class Made:
    """The lines of four pages: a line of text, one of an aside amid it, two of text, one behind."""

    lines: npt.NDArray[np.void]
    page: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    own: npt.NDArray[np.bool_]
    reach: OwnText

    @classmethod
    def of(cls, **aside: object) -> Made:
        """Pages whose asides have those fields."""
        slots = [TEXT, ASIDE, TEXT, TEXT, FOOT] * 4
        lines = np.zeros(len(slots), LINE_TYPE)
        lines["slot"], lines["text"], lines["columns"], lines["kin"] = slots, np.arange(len(slots)), 30, 0
        own = lines["slot"] == TEXT
        lines["flags"][own] |= RUNNING
        lines["score"][own] = 230
        for name, value in aside.items():
            lines[name][lines["slot"] == ASIDE] = value
        page, at = np.repeat(np.arange(4), 5), np.tile(np.arange(5), 4)
        return cls(lines, page, at, own, OwnText(np.zeros(4, int), np.full(4, 2), np.full(4, 3)))

    def outside(self) -> list[int]:
        places: list[int] = places_outside(self.lines, self.page, self.at, self.reach).tolist()
        return places

    def furniture(self, headings: frozenset[int] = frozenset()) -> frozenset[int]:
        nothing = np.zeros(len(self.lines), bool)
        counts = np.ones(len(self.lines), int)
        return places_of_furniture(self.lines, self.page, self.at, self.reach, self.own, counts, nothing, headings)


def test_a_place_is_outside_when_nearly_all_of_it_stands_about_the_text_and_the_model_doubts_it() -> None:
    assert Made.of().outside() == [FOOT]
    sure = Made.of()
    sure.lines["score"][sure.lines["slot"] == FOOT] = 200
    assert sure.outside() == []
    seldom = Made.of()
    seldom.lines["slot"][[9, 14, 19]] = TEXT  # on one page alone
    assert FOOT not in seldom.outside()


@pytest.mark.parametrize(
    ("aside", "is_furniture"),
    [
        ({}, False),  # right above own text: it may be a subhead
        ({"flags": NUMBERED}, True),  # the same with numbers heads nothing
        ({"flags": NUMBERED | HEADING}, False),
        ({"flags": NUMBERED | RUNNING}, False),
        ({"flags": NUMBERED, "kin": AKIN}, False),  # it shares words with the text
    ],
)
def test_a_place_amid_the_text_is_furniture_when_it_holds_no_text_and_no_subheads(
    aside: dict[str, object], is_furniture: bool
) -> None:
    assert (ASIDE in Made.of(**aside).furniture()) is is_furniture
    assert FOOT in Made.of().furniture()
    assert FOOT not in Made.of().furniture(frozenset({FOOT}))
    assert TEXT not in Made.of(**aside).furniture()


@pytest.mark.parametrize(("at", "zone"), [(0, "head"), (1, "head"), (2, "amid"), (3, None), (4, "tail")])
def test_zones_are_about_the_first_two_own_lines_amid_them_and_behind_the_last(at: int, zone: str | None) -> None:
    reach = OwnText(np.array([0, -1]), np.array([2, -1]), np.array([3, -1]))
    zones = zones_of(np.array([0, 1]), np.array([at, at]), reach)
    found = [name for name in ("head", "tail", "amid") if getattr(zones, name)[0]]
    assert found == ([] if zone is None else [zone] if at != 1 else ["head", "amid"])
    assert not (zones.head | zones.tail | zones.amid)[1]  # a page without own text has none


def test_the_four_sides_of_a_mark_have_keys_of_their_own() -> None:
    key = hash64("a line")
    keys = {slot_key(key, zone, side) for zone in (HEAD, TAIL) for side in (0, 1)}
    assert len(keys | {key, hash_of("a line")}) in (5, 6)
    assert slot_key(slot_key(key, HEAD, 1), HEAD, 1) == key


@pytest.mark.parametrize(("tag", "zone"), [("i", TAIL + APART), ("p", TAIL)])
def test_lines_of_another_matter_behind_the_text_are_told_by_whether_paragraphs_stand_in_their_place(
    tag: str, zone: int
) -> None:
    odd = ("zero : zero", "phones and tablets", "landscape display", "portrait width")
    pages = []
    for number, story in enumerate(SITE[:4]):
        lines = (
            *(f"<p>{one}</p>" for one in story.paragraphs),
            f"<{tag}>{odd[number]}</{tag}>",
            "<p>All rights reserved</p>",
        )
        html = f"<title>{story.title}</title><body><div><h1>{story.title}</h1>{''.join(lines)}</div>"
        pages.append((story.path, html))
    profile = learn_profile(HOST, sketches(read(pages)))
    assert profile is not None
    assert profile.forms.site.habits.strange == {zone}


def test_labels_of_words_of_the_text_behind_it_are_of_the_site_when_two_articles_have_them() -> None:
    def end(number: int, story: Story, articles: int) -> str:
        words = [word.strip(".,") for word in story.paragraphs[0].split() if len(word.strip(".,")) > 5][:3]
        return f"<p>Sources: {', '.join(words)}</p>" if number < articles else ""

    def listed(articles: int) -> int:
        pages = []
        for number, story in enumerate(SITE[:4]):
            text = "".join(f"<p>{one}</p>" for one in story.paragraphs)
            html = f"<title>{story.title}</title><body><h1>{story.title}</h1>{text}{end(number, story, articles)}"
            pages.append((story.path, html))
        profile = learn_profile(HOST, sketches(read(pages)))
        assert profile is not None
        return len(profile.forms.site.habits.listed)

    assert [listed(articles) for articles in (1, 2, 4)] == [0, 1, 1]
