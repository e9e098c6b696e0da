"""The roles of what is not body, as the site corrects them: other pages' headlines and teasers, biographies, places' habits."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from broadsheet.pipelines.extract.page.blocks import Block, Layout
from broadsheet.pipelines.extract.page.words import words_of
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment, by_site_template
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role, RoleSource
from broadsheet.pipelines.extract.site.recurrence import Recurrence

# an enum's member costs ten times as much as a global in Python 3.11, and these are asked for of every block
_BODY, _OTHER, _CAPTION, _NAV, _RULE = Role.BODY, Role.OTHER, Role.CAPTION, Role.NAV, RoleSource.RULE
_LISTS = frozenset({Role.RELATED, Role.MOST_READ})
_SETTLED = BODY_ROLES | {Role.HEADLINE, Role.BYLINE, Role.DATELINE, Role.STANDFIRST, Role.NAV, Role.BREADCRUMB}
_UNDECIDED = BODY_ROLES | {Role.OTHER}
_MAY_BE_BIOGRAPHY = frozenset({Role.OTHER, Role.RELATED, Role.BYLINE})
_MAY_BE_MENU = frozenset({Role.NAV, Role.AUTHOR_BIO, Role.AD})
_HEAD_LINES = frozenset({Role.BYLINE, Role.DATELINE})
_NEARLY_ALL, _HALF, _FEW = 0.8, 0.5, 5
_LABEL = 20  # columns of a menu's item; a headline is longer


def correct_roles(
    layout: Layout, roles: Sequence[RoleAssignment], site: Sequence[Recurrence], head: HeadWords
) -> list[RoleAssignment]:
    """The roles of what is not body, as the site corrects them."""
    found = list(roles)
    first = next((number for number, one in enumerate(roles) if one.role is _BODY), len(roles))
    last = max(
        (number for number, one in enumerate(roles) if one.source is not _RULE and one.role is _BODY), default=-1
    )
    for number, (block, one, habit) in enumerate(zip(layout.blocks, roles, site, strict=True)):
        if _is_of_menu(block, one, habit, before=number < first, after=number > last):
            found[number] = by_site_template(_NAV, f"a short link on {habit.pages} pages, as of a menu")
            continue
        if one.role is _CAPTION and habit.share >= _HALF and habit.pages >= _FEW:  # a logo's, on half of the pages
            found[number] = by_site_template(_NAV if number < first else _OTHER, f"stands on {habit.pages} pages")
            continue
        if one.role is _NAV and number > first and habit.points_elsewhere:
            found[number] = by_site_template(Role.RELATED, "is another page's headline or beginning")
            continue
        if one.role in _SETTLED:
            continue
        if (habit.points_elsewhere or (habit.echo and number > last >= 0)) and one.role is not _CAPTION:
            recurs = habit.share >= 0.5 and habit.pages > 2
            role = Role.MOST_READ if recurs and not (habit.teaser or habit.echo) else Role.RELATED
            if not (one.role in _LISTS and one.source is RoleSource.MARKUP):
                recurring = f", on {habit.pages} pages" if recurs else ""
                found[number] = by_site_template(role, f"is a page's headline or beginning{recurring}")
        elif (
            one.role in _MAY_BE_BIOGRAPHY
            and number > last
            and habit.one_author
            and habit.pages > 2
            and len(block.text) > 60
            and (any(name in words_of(block.text[:400]) for name in head.authors))
        ):
            why = f"names the author behind the text, on {habit.pages} pages, all of that author"
            found[number] = by_site_template(Role.AUTHOR_BIO, why)
        elif one.role is _OTHER and habit.slot_most is not None and habit.slot_most not in _UNDECIDED:
            found[number] = by_site_template(habit.slot_most, f"most lines in its place are {habit.slot_most}")
    _file_headings(layout, found, site)
    return found


def _is_of_menu(block: Block, one: RoleAssignment, habit: Recurrence, *, before: bool, after: bool) -> bool:
    """Whether a block is the short link of a menu: on nearly all pages, though it may name a page, as that of a category."""
    if max(habit.share, habit.template_share) < _NEARLY_ALL or habit.pages < _FEW or block.link_density < 0.6:
        return False
    if sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in block.text[: _LABEL + 1]) > _LABEL:
        return False
    return (
        one.role in _MAY_BE_MENU
        or (one.role is Role.TAGS and before)
        or (one.role in _HEAD_LINES and after)
        or (one.role in _LISTS and one.source is not RoleSource.MARKUP)
    )


def _file_headings(layout: Layout, found: list[RoleAssignment], site: Sequence[Recurrence]) -> None:
    """A short recurring line right above related or most-read things is the heading of their list."""
    for number in range(len(found) - 2, -1, -1):
        following = found[number + 1]
        if (
            following.role in _LISTS
            and site[number].pages > 2
            and len(layout.blocks[number].text) < 60
            and not layout.blocks[number].sentences
            and found[number].role is _OTHER
        ):
            why = f"stands on {site[number].pages} pages, above a list of other pages"
            found[number] = replace(following, source=RoleSource.SITE_TEMPLATE, why=why)
