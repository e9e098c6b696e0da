"""Recurrence: what a site's profile knows of each block of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from broadsheet.pipelines.extract.page.blocks import Block, Layout
from broadsheet.pipelines.extract.page.text_hash import hash_of
from broadsheet.pipelines.extract.page.text_traits import TextTraits
from broadsheet.pipelines.extract.page.words import words_of
from broadsheet.pipelines.extract.roles.role import Role
from broadsheet.pipelines.extract.site.lines import CUT, Lines
from broadsheet.pipelines.extract.site.profile import COMMON, SiteProfile, SlotHabit, placed_key
from broadsheet.pipelines.extract.site.shapes import is_cut, label_of
from broadsheet.pipelines.extract.site.site_name import site_of

_NEARLY_ALL, _HALF, _SOME, _OFTEN = 0.8, 0.5, 0.4, 0.3
_BODY_PLACE, _MANY = 0.9, 0.2  # share of body from which a place is one of articles, and of the pages that have it
_FEW = 5  # pages; a place on fewer is no template
_LINKED = 20  # characters of a link from which it may be a headline


class Recurrence(NamedTuple):
    """What the site knows of a block: on how many pages it stands, and whether it is another page's headline or teaser."""

    pages: int
    share: float
    headline: bool
    teaser: bool
    one_author: bool
    slot_role: Role | None
    slot_body: float | None
    echo: bool = False  # the cut beginning of a paragraph of its own page: lists of other pages name this one, too

    template_share: float = 0.0  # of the pages that have the place it stands in: a site may have several templates
    labelled: float = 0.0  # share of the pages that have a line with its label ("Filed under: ..."), whatever follows
    slot_pages: int = 0  # that have the place it stands in
    here: int = (
        0  # pages that have it in this place, when that is one of articles, and half of the pages have it in another
    )
    slot_most: Role | None = None  # the commonest role of its place, when two in five blocks have it
    leaves: bool = False  # an item of a list that is a link to another site

    @property
    def points_elsewhere(self) -> bool:
        """Whether it is made of another page."""
        return self.headline or self.teaser


def recurrences(
    layout: Layout, traits: Sequence[TextTraits], lines: Lines, profile: SiteProfile, own_title: int
) -> list[Recurrence]:
    """What *profile* knows of each block; *lines* are those of the page."""
    found = []
    whole: list[str] | None = None
    columns = (lines[name].tolist() for name in ("text", "shape", "slot", "start", "flags"))
    for block, own, shape, slot, begun, flags in zip(layout.blocks, *columns, strict=True):
        labelled = shape != 0 and label_of(block.text) != ""
        alike = profile.shapes.get(shape, 0) if shape else 0
        count, of = profile.texts.get(own, 1), profile.pages_for(own)
        if alike >= _HALF * profile.pages_for(shape) and not labelled:  # whatever its numbers
            count, of = alike, profile.pages_for(shape)
        start = begun if flags & CUT and begun and not is_code(block) else 0
        echo = False
        if start:
            if whole is None:
                whole = [
                    one.words
                    for one, other in zip(traits, layout.blocks, strict=True)
                    if other.sentences and not is_cut(other.text)
                ]
            echo = _begins_one_of(block.text, whole)
        habit = profile.slots.get(slot)
        found.append(
            Recurrence(
                count,
                count / of,
                _is_headline_of_another(block, own, own_title, profile),
                start != 0 and profile.starts.get(start, 0) > 0 and not echo,
                own in profile.one_author,
                habit.role if habit is not None and habit.share >= _NEARLY_ALL else None,
                habit.body if habit is not None else None,
                echo,
                count / _pages_of_template(habit, of),
                alike / profile.pages_for(shape) if labelled else 0.0,
                habit.pages if habit is not None else 0,
                _here(own, slot, habit, profile) if profile.texts.get(own, 0) >= COMMON * profile.pages_for(own) else 0,
                habit.role if habit is not None and habit.share >= _SOME else None,
                block.tag == "li" and block.link_density >= _HALF and _leads_away(block, profile.site),
            )
        )
    return found


def is_code(block: Block) -> bool:
    """Whether a block is code, by its markup."""
    return any(node.tag in {"pre", "code"} for node in block.node.up())


def _leads_away(block: Block, site: str) -> bool:
    """Whether all links of a block lead to other sites."""
    return all("://" in run.href and site_of(run.href) != site for run in block.runs if run.href is not None)


def _is_headline_of_another(block: Block, own: int, own_title: int, profile: SiteProfile) -> bool:
    """Whether the block is another article's headline, or a link to it with a word or two before ("Read on: ...")."""
    if own != own_title and own in profile.headlines:
        return True
    if block.link_density < _HALF or len(block.runs) < 2:
        return False
    linked = (hash_of(run.text.strip()) for run in block.runs if run.href and len(run.text) >= _LINKED)
    return any(one != own_title and one in profile.headlines for one in linked)


def _here(own: int, slot: int, habit: SlotHabit | None, profile: SiteProfile) -> int:
    """`Recurrence.here`: a site's motto may end an article, too; what all articles have in their text is no part of it."""
    if habit is None or habit.body < _BODY_PLACE or habit.pages < max(_FEW, _MANY * profile.pages):
        return 0
    pages = profile.placed.get(placed_key(own, slot), 1)
    return pages if pages < _OFTEN * habit.pages else 0


def _pages_of_template(habit: SlotHabit | None, pages: int) -> int:
    """How many of *pages* could hold the text: those that have its place, where it is one of a template of not few pages."""
    if habit is None or habit.pages < max(_FEW, _OFTEN * pages):
        return pages
    return min(habit.pages, pages)


def _begins_one_of(teaser: str, whole: list[str]) -> bool:
    """Whether a cut text is the beginning of a paragraph of its own page."""
    words = words_of(teaser)
    return any(one.startswith(words) for one in whole)
