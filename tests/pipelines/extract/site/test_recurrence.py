"""What a profile knows of each block of a page: counts of pages, teasers and headlines of others, habits of places."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from broadsheet.pipelines.extract.page.blocks import Layout, lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.page.text_hash import hash_of
from broadsheet.pipelines.extract.page.text_traits import traits_of
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import Role
from broadsheet.pipelines.extract.site.lines import lines_of, slot_of, start_of
from broadsheet.pipelines.extract.site.profile import SiteProfile, SlotHabit
from broadsheet.pipelines.extract.site.recurrence import Recurrence, recurrences
from broadsheet.pipelines.extract.site.shapes import shape_of
from broadsheet.pipelines.extract.site.site_forms import Habits, SiteForms, Template

PARAGRAPH = "The Margarethe came in on a Tuesday with four lorries and a crate of eels, and she never left again."
TEASER = "The Margarethe came in on a Tuesday with four lorries and a crate of eels ..."
NO_FORMS = SiteForms(
    frozenset(),
    frozenset(),
    {},
    {},
    False,
    frozenset(),
    frozenset(),
    {},
    frozenset(),
    {},
    Template(0, {}, Habits()),
    {},
)
NOTHING = SiteProfile(
    site="a.example", pages=10, articles=10, texts={}, one_author=frozenset(), headlines=frozenset(), starts={}, slots={},
    shapes={}, placed={}, forms=NO_FORMS, partly={},
)  # fmt: skip


def layout_of(html: str) -> Layout:
    root = parse_html(html)
    assert root is not None
    return lay_out(root)


def known(html: str, profile: SiteProfile, title: str = "") -> list[Recurrence]:
    layout = layout_of(html)
    traits = [traits_of(block.text) for block in layout.blocks]
    lines = lines_of(layout, traits, np.zeros(len(traits)), HeadWords("", frozenset(), (), ""))
    return recurrences(layout, traits, lines, profile, hash_of(title))


def test_pages_are_counted_and_a_text_that_is_new_stands_on_its_own_page_alone() -> None:
    profile = replace(NOTHING, texts={hash_of("Subscribe"): 9}, one_author=frozenset([hash_of("Subscribe")]))
    often, new = known("<p>Subscribe</p><p>New</p>", profile)
    assert (often.pages, often.share, often.one_author) == (9, 0.9, True)
    assert (new.pages, new.share, new.one_author) == (1, 0.1, False)


def test_texts_that_differ_by_their_numbers_are_one_when_half_of_the_pages_have_them() -> None:
    for pages, counted in ((4, 1), (5, 5)):
        profile = replace(NOTHING, shapes={shape_of("12 views today"): pages})
        assert known("<p>7 views today</p>", profile)[0].pages == counted


def test_a_labelled_line_has_the_share_of_its_label() -> None:
    profile = replace(NOTHING, shapes={shape_of("Filed under: ships"): 8})
    (one,) = known("<p>Filed under: eels</p>", profile)
    assert (one.pages, one.labelled) == (1, 0.8)


def test_headlines_of_others_and_links_to_them_point_elsewhere_but_not_the_page_s_own() -> None:
    titles = ("A ferry stays in the harbour", "Eels are counted once again")
    profile = replace(NOTHING, headlines=frozenset(map(hash_of, titles)))
    html = f"<p>{titles[0]}</p><p>{titles[1]}</p><p>Read on: <a href=/x>{titles[1]}</a></p><p>Read on: <a href=/y>Eels</a></p>"
    assert [one.points_elsewhere for one in known(html, profile, titles[0])] == [False, True, True, False]


def test_a_cut_text_is_a_teaser_of_another_page_or_an_echo_of_its_own() -> None:
    profile = replace(NOTHING, starts={start_of(PARAGRAPH): 1})
    (teaser,) = known(f"<p>{TEASER}</p>", profile)
    assert (teaser.teaser, teaser.echo) == (True, False)
    *_, echo = known(f"<p>{PARAGRAPH}</p><div>{TEASER.removesuffix(' ...')}...</div>", profile)
    assert (echo.teaser, echo.echo) == (False, True)
    (code,) = known(f"<pre>{TEASER}</pre>", profile)
    assert not code.teaser


def test_the_habit_of_a_place_is_told_when_most_of_its_blocks_have_one_role() -> None:
    html = "<div class=box><p>New</p></div>"
    slot = slot_of(layout_of(html).blocks[0].path)
    for share, role, most in ((0.9, Role.AD, Role.AD), (0.5, None, Role.AD), (0.3, None, None)):
        (one,) = known(html, replace(NOTHING, slots={slot: SlotHabit(Role.AD, share, 0.05, 5)}))
        assert (one.slot_role, one.slot_most, one.slot_body, one.slot_pages) == (role, most, 0.05, 5)
        assert one.template_share == 1 / 5  # of the pages that have the place, not of all
    (elsewhere,) = known("<p>New</p>", replace(NOTHING, slots={slot: SlotHabit(Role.AD, 0.9, 0.05, 5)}))
    assert (elsewhere.slot_role, elsewhere.slot_body, elsewhere.slot_pages, elsewhere.template_share) == (
        None,
        None,
        0,
        0.1,
    )


def test_an_item_whose_links_all_lead_to_other_sites_leaves() -> None:
    html = (
        "<ul><li><a href=https://b.example/>Other</a></li><li><a href=https://www.a.example/x>Own</a></li><li><a href=/x>Own</a></li>"
        "</ul><p><a href=https://b.example/>Other</a></p>"
    )
    assert [one.leaves for one in known(html, NOTHING)] == [True, False, False, False]
