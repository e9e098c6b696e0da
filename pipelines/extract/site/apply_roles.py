"""The roles of what is not body, after the site was heard: other pages' headlines and teasers, biographies, places' habits."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from broadsheet.pipelines.extract.page.blocks import Block, Layout
from broadsheet.pipelines.extract.roles.roles import Filed, Known, words_of
from broadsheet.pipelines.extract.site.apply import BODY
from broadsheet.pipelines.extract.site.recurrence import Recurrence

_SETTLED = BODY | {"headline", "byline", "dateline", "standfirst", "nav", "breadcrumb"}
_UNTOLD = BODY | {"other"}
_NEARLY_ALL, _HALF, _FEW = 0.8, 0.5, 5
_LABEL = 20  # columns of a menu's item; a headline is longer


def correct_roles(layout: Layout, filed: Sequence[Filed], site: Sequence[Recurrence], known: Known) -> list[Filed]:
    """The roles of what is not body after the site was heard."""
    names = tuple(filter(None, (words_of(name) for name in known.authors)))
    found = list(filed)
    first = next((number for number, one in enumerate(filed) if one.role == "body"), len(filed))
    last = max((number for number, one in enumerate(filed) if one.source != "rule" and one.role == "body"), default=-1)
    for number, (block, one, habit) in enumerate(zip(layout.blocks, filed, site, strict=True)):
        if _is_of_menu(block, one, habit, before=number < first, after=number > last):
            found[number] = Filed("nav", "site_template")
            continue
        if one.role == "caption" and habit.share >= _HALF and habit.pages >= _FEW:  # a logo's, on half of the pages
            found[number] = Filed("nav" if number < first else "other", "site_template")
            continue
        if one.role == "nav" and number > first and habit.points_elsewhere:
            found[number] = Filed("related", "site_template")
            continue
        if one.role in _SETTLED:
            continue
        if (habit.points_elsewhere or (habit.echo and number > last >= 0)) and one.role != "caption":
            recurs = habit.share >= 0.5 and habit.pages > 2
            role = "most_read" if recurs and not (habit.teaser or habit.echo) else "related"
            if not (one.role in {"related", "most_read"} and one.source == "markup"):
                found[number] = Filed(role, "site_template")
        elif (
            one.role in {"other", "related", "byline"}
            and number > last
            and habit.one_author
            and habit.pages > 2
            and len(block.text) > 60
            and (any(name in words_of(block.text[:400]) for name in names))
        ):
            found[number] = Filed("author_bio", "site_template")
        elif one.role == "other" and habit.slot_most is not None and habit.slot_most not in _UNTOLD:
            found[number] = Filed(habit.slot_most, "site_template")
    _file_headings(layout, found, site)
    return found


def _is_of_menu(block: Block, one: Filed, habit: Recurrence, *, before: bool, after: bool) -> bool:
    """Whether a block is the short link of a menu: on nearly all pages, though it may name a page, as that of a category."""
    if max(habit.share, habit.template_share) < _NEARLY_ALL or habit.pages < _FEW or block.link_density < 0.6:
        return False
    if sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in block.text[: _LABEL + 1]) > _LABEL:
        return False
    return (
        one.role in {"nav", "author_bio", "ad"}
        or (one.role == "tags" and before)
        or (one.role in {"byline", "dateline"} and after)
        or (one.role in {"related", "most_read"} and one.source != "markup")
    )


def _file_headings(layout: Layout, found: list[Filed], site: Sequence[Recurrence]) -> None:
    """A short recurring line right above related or most-read things is the heading of their list."""
    for number in range(len(found) - 2, -1, -1):
        following = found[number + 1]
        if (
            found[number].role in {"other", "comment_form"}
            and following.role in {"related", "most_read"}
            and site[number].pages > 2
            and len(layout.blocks[number].text) < 60
            and not layout.blocks[number].sentences
            and found[number].role == "other"
        ):
            found[number] = replace(following, source="site_template")
