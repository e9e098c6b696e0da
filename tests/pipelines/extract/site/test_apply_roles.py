"""How the site corrects roles: each correction, from what the profile knows of one block."""

from __future__ import annotations

import pytest

from broadsheet.pipelines.extract.extraction import Person
from broadsheet.pipelines.extract.metadata import Metadata
from broadsheet.pipelines.extract.page.blocks import lay_out
from broadsheet.pipelines.extract.page.page import parse_html
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import Role, RoleSource
from broadsheet.pipelines.extract.site.apply_roles import correct_roles
from broadsheet.pipelines.extract.site.recurrence import Recurrence

HEAD = HeadWords.of(Metadata(title="A ferry stays", authors=(Person("Ines Halloran"),)))
NEW = Recurrence(1, 0.1, headline=False, teaser=False, one_author=False, slot_role=None, slot_body=None)
BIOGRAPHY = "Ines Halloran writes of ships and of what the sea leaves on the shore; she lives in Altona."


def corrected(html: str, role: Role, habit: Recurrence, source: RoleSource = RoleSource.RULE) -> RoleAssignment:
    """The role of the last block of *html*, which stands after a paragraph of the body."""
    root = parse_html(f"<p>The body of the article.</p>{html}")
    assert root is not None
    layout = lay_out(root)
    count = len(layout.blocks)
    roles = [RoleAssignment(Role.BODY, RoleSource.MODEL, 0.9), *[RoleAssignment(role, source)] * (count - 1)]
    return correct_roles(layout, roles, [NEW] * (count - 1) + [habit], HEAD)[-1]


def habit(pages: int = 1, *, headline: bool = False, teaser: bool = False, one_author: bool = False, echo: bool = False,
          most: Role | None = None) -> Recurrence:  # fmt: skip
    return Recurrence(pages, pages / 10, headline, teaser, one_author, None, None, echo, pages / 10, slot_most=most)


@pytest.mark.parametrize(
    ("found", "role"),
    [
        (habit(headline=True), Role.RELATED),
        (habit(teaser=True), Role.RELATED),
        (habit(echo=True), Role.RELATED),
        (habit(8, headline=True), Role.MOST_READ),  # one list for all pages
        (habit(8, headline=True, teaser=True), Role.RELATED),  # teasers are no list of what is read most
        (habit(8), Role.OTHER),
    ],
)
def test_another_page_s_headline_is_most_read_when_it_recurs_else_related(found: Recurrence, role: Role) -> None:
    got = corrected("<p>Eels are counted once again in the harbour</p>", Role.OTHER, found)
    assert got.role is role
    assert got.source is (RoleSource.RULE if role is Role.OTHER else RoleSource.SITE_TEMPLATE)


def test_markup_that_says_which_list_it_is_goes_before_the_site() -> None:
    html, found = "<p>Eels are counted once again in the harbour</p>", habit(8, headline=True)
    assert corrected(html, Role.RELATED, found, RoleSource.MARKUP).role is Role.RELATED
    assert corrected(html, Role.RELATED, found, RoleSource.RULE).role is Role.MOST_READ
    assert corrected(html, Role.NAV, found).role is Role.RELATED


def test_a_short_link_on_nearly_all_pages_is_of_a_menu() -> None:
    menu = "<p><a href=/harbour>Harbour</a></p>"
    assert corrected(menu, Role.RELATED, habit(9)).role is Role.NAV
    assert corrected(menu, Role.BYLINE, habit(9)).role is Role.NAV
    assert corrected(menu, Role.RELATED, habit(4)).role is Role.RELATED
    assert corrected("<p><a href=/harbour>Eels are counted again</a></p>", Role.RELATED, habit(9)).role is Role.RELATED
    assert corrected(menu, Role.RELATED, habit(9), RoleSource.MARKUP).role is Role.RELATED


def test_a_caption_on_half_of_the_pages_is_a_logo_s() -> None:
    assert corrected("<p>The Daily Harbour</p>", Role.CAPTION, habit(6)).role is Role.OTHER
    assert corrected("<p>The Daily Harbour</p>", Role.CAPTION, habit(4)).role is Role.CAPTION


def test_what_recurs_with_one_author_and_names_them_is_a_biography() -> None:
    found = habit(4, one_author=True)
    assert corrected(f"<p>{BIOGRAPHY}</p>", Role.OTHER, found).role is Role.AUTHOR_BIO
    assert (
        corrected(f"<p>{BIOGRAPHY.replace('Ines Halloran', 'Our reporter')}</p>", Role.OTHER, found).role is Role.OTHER
    )
    assert corrected(f"<p>{BIOGRAPHY}</p>", Role.FOOTER, found).role is Role.FOOTER


def test_a_block_without_a_role_gets_that_of_its_place_unless_that_is_body() -> None:
    assert corrected("<p>New</p>", Role.OTHER, habit(most=Role.AD)).role is Role.AD
    assert corrected("<p>New</p>", Role.OTHER, habit(most=Role.BODY)).role is Role.OTHER
    assert corrected("<p>New</p>", Role.SHARE, habit(most=Role.AD)).role is Role.SHARE


def test_a_recurring_line_above_a_list_is_its_heading() -> None:
    root = parse_html("<p>The body of the article.</p><p>From the pier</p><p>Eels are counted once again</p>")
    assert root is not None
    layout = lay_out(root)
    roles = [RoleAssignment(Role.BODY, RoleSource.MODEL, 0.9), *[RoleAssignment(Role.OTHER, RoleSource.RULE)] * 2]
    for pages, wanted in ((9, Role.MOST_READ), (2, Role.OTHER)):
        got = correct_roles(layout, roles, [NEW, habit(pages), habit(8, headline=True)], HEAD)
        assert [one.role for one in got] == [Role.BODY, wanted, Role.MOST_READ]
