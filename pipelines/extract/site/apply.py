"""Applying a profile: what recurs over the site corrects what was decided from one page alone.

A recurring text is no boilerplate by itself: notebooks share code lines, tables their cells, chapters share headings,
articles quote one another, and a column opens with the same words every week.  So text is taken out of the body only

- where it stands at an edge of the body (nothing but furniture between it and the body's end), and it recurs on nearly
  all pages, or recurs and is furniture by its looks, or is another page's headline or its cut beginning, or is an
  author's biography (recurs with one author, after the text); or
- where all body of the element that it stands in points to other pages.

The cells of a table of data are taken out together or not at all.  Text is put into the body where a place of the
template that holds body on nearly all pages holds a block that recurs nowhere and was doubted, or a heading of what is
body.  An article that other pages show whole (front page, list of a month) recurs with them: what is counted then is on
how many pages more than the article a text stands.  A site's motto may end an article: where articles stand, what counts
is how many have it there.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import accumulate

from broadsheet.pipelines.extract.body.body import BodyDecision
from broadsheet.pipelines.extract.body.features import Scores
from broadsheet.pipelines.extract.page.blocks import Block, Layout, Node
from broadsheet.pipelines.extract.page.keywords import KEYWORD_BIT, keywords_of
from broadsheet.pipelines.extract.page.words import words_of
from broadsheet.pipelines.extract.roles.assign import is_data_table
from broadsheet.pipelines.extract.roles.assignment import RoleAssignment, by_site_template
from broadsheet.pipelines.extract.roles.head_words import HeadWords
from broadsheet.pipelines.extract.roles.role import BODY_ROLES, Role
from broadsheet.pipelines.extract.site.recurrence import Recurrence

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NEARLY_ALL = 0.8
_OFTEN = 0.3
_FEW = 5  # pages; a place on fewer is no template
_MANY = 10  # pages; no article stands on so many others in a site of twice as many
_HALF = 0.5
_LINE = 40  # characters from which a text is more than a label
_MOST = 0.6
_CERTAIN = 0.9  # probability from which a paragraph amid the body is one, whatever other page it may be of
# probability from which a heading is one of the body: when the site knows nothing of it, and when it does
_FAIR, _LOW = 0.35, 0.15
_FURNITURE_WORDS = sum(
    KEYWORD_BIT[name]
    for name in (
        "newsletter", "share", "legal", "related", "popular", "comment", "cookie", "ad", "biography", "tags", "media",
    )
)  # fmt: skip


def correct_body(
    layout: Layout,
    body: Sequence[RoleAssignment | None],
    decision: BodyDecision,
    site: Sequence[Recurrence],
    head: HeadWords,
) -> list[RoleAssignment | None]:
    """The body as the site corrects it: see the module.  *body* is what trimming the head left of the *decision*'s body."""
    kept = list(body)
    site = _beyond_the_article(layout, kept, [_less(one, one.pages - one.here) if one.here else one for one in site])
    _put_in(layout, kept, site)
    _take_out_subtrees(layout, kept, site)
    inside = [number for number, one in enumerate(kept) if one is not None]
    for at_end in (False, True):
        for number in reversed(inside) if at_end else inside:
            if kept[number] is None:
                continue
            together = [one for one in _together(layout.blocks[number]) if kept[one] is not None]
            if not all(
                (not at_end and _names_the_article(layout.blocks[one], head))
                or _is_furniture(layout.blocks[one], site[one], kept[one], head.authors, at_end=at_end)
                for one in together
            ):
                break
            for one in together:
                kept[one] = None
    trimmed = {at for at, one in enumerate(body) if one is None and decision.body[at] is not None}
    _put_headings_in(layout, kept, trimmed, decision.scores, site, head)
    return kept


def _together(block: Block) -> range:
    """The blocks that are furniture with a block, or are not: the cells of its table, when that holds data."""
    table = _data_table(block)
    return range(block.ordinal, block.ordinal + 1) if table is None else range(table.first, table.stop)


def _data_table(block: Block) -> Node | None:
    if block.tag not in {"td", "th"}:
        return None
    table = next((node for node in block.node.up() if node.tag == "table"), None)
    return table if table is not None and is_data_table(table) else None


def _beyond_the_article(
    layout: Layout, body: Sequence[RoleAssignment | None], site: Sequence[Recurrence]
) -> Sequence[Recurrence]:
    """*site* without the pages on which the article itself stands, whole, beside its own: front page, lists by month and tag.

    That is on how many pages all but a quarter of its text stands at least: nothing else recurs with a whole article."""
    inside = [number for number, one in enumerate(body) if one is not None]
    left = sum(len(layout.blocks[number].text) for number in inside) / 4
    again = 0
    for number in sorted(inside, key=lambda number: site[number].pages):
        again = site[number].pages - 1
        left -= len(layout.blocks[number].text)
        if left <= 0:
            break
    if not again or (again >= _MANY and again >= _HALF * site[inside[0]].pages / site[inside[0]].share):
        return site  # on half of the site's pages stands its furniture, which may be all that was taken for body
    return [_less(one, again) for one in site]


def _less(one: Recurrence, again: int) -> Recurrence:
    """*one* without *again* of its pages."""
    pages = max(1, one.pages - again)
    left = pages / one.pages
    return one._replace(pages=pages, share=left * one.share, template_share=left * one.template_share)


def _names_the_article(block: Block, head: HeadWords) -> bool:
    """Whether a block is the headline with a few words after it, as a caption is ("... (Photo: Lee)")."""
    title = head.title
    return len(title) > _LINE // 2 and len(block.text) < len(title) + _LINE and words_of(block.text).startswith(title)


def _is_furniture(
    block: Block, site: Recurrence, one: RoleAssignment | None, names: tuple[str, ...], *, at_end: bool
) -> bool:
    """Whether a block at the edge of the body is furniture of the site."""
    if site.points_elsewhere or (at_end and site.echo):
        return True
    if site.labelled >= _HALF:
        return True
    if site.pages < 3:
        return False
    looks = (
        block.link_density > 0.6
        or keywords_of(block.text) & _FURNITURE_WORDS != 0
        or (one is not None and one.score is not None and one.score < 0.5)
        or (site.slot_role is not None and site.slot_role not in BODY_ROLES)
    )
    if (site.template_share >= _MOST) if at_end else (site.share >= _NEARLY_ALL):
        return True
    if not at_end:
        return site.share >= (_OFTEN if looks else _HALF)
    if looks:
        return True
    words = words_of(block.text[:400])
    return site.one_author and any(name in words for name in names)


def _take_out_subtrees(layout: Layout, kept: list[RoleAssignment | None], site: Sequence[Recurrence]) -> None:
    """Take elements out of the body that are made of other pages: all of their body points there, or nearly recurs
    everywhere."""
    pointing = list(accumulate([one.points_elsewhere for one in site], initial=0))
    for node in layout.nodes:
        if pointing[node.first] == pointing[node.stop] or node.stop - node.first > 60:
            continue
        numbers = range(node.first, node.stop)
        inside = [number for number in numbers if kept[number] is not None]
        if not inside:
            continue
        if len(inside) == 1 and _is_amid(layout, kept, site, inside[0]):
            continue
        linked = sum(layout.blocks[number].link_chars for number in numbers)
        if (
            _is_of_others(layout, site, numbers)
            and _is_of_others(layout, site, inside)  # what is out already must not speak for what is in
            and (linked > 0.3 * node.chars or any(site[number].teaser for number in numbers))
        ):
            for number in numbers:
                kept[number] = None


def _is_of_others(layout: Layout, site: Sequence[Recurrence], numbers: Sequence[int]) -> bool:
    """Whether nearly all text of these blocks is of other pages, or recurs."""
    lengths = [(len(layout.blocks[at].text), site[at].points_elsewhere or site[at].pages > 2) for at in numbers]
    return sum(length for length, others in lengths if others) >= 0.9 * sum(length for length, _ in lengths)


def _is_amid(layout: Layout, kept: Sequence[RoleAssignment | None], site: Sequence[Recurrence], number: int) -> bool:
    """Whether a block is surely a paragraph between two of the article's own, in a place where body stands: it trails off as
    a teaser does, or mentions another article."""
    one, habit = kept[number], site[number]
    if not 0 < number < len(kept) - 1 or one is None or one.score is None or one.score < _CERTAIN:
        return False
    around = (number - 1, number + 1)
    return (
        habit.slot_pages >= _FEW
        and (habit.slot_body or 0.0) >= _NEARLY_ALL
        and (habit.teaser or layout.blocks[number].link_density < 1)
        and all(kept[at] is not None and not site[at].points_elsewhere and site[at].pages < 3 for at in around)
    )


def _put_in(layout: Layout, kept: list[RoleAssignment | None], site: Sequence[Recurrence]) -> None:
    """Put doubted blocks of body places into the body: they stand between body, recur nowhere, and are running text where
    that stands, or items of a list where those are mostly text; links within the site only right between two of the body."""
    body = tuple(kept)
    inside = [number for number, one in enumerate(kept) if one is not None]
    if not inside:
        return
    for number in range(inside[0], inside[-1]):
        habit, block = site[number], layout.blocks[number]
        if kept[number] is not None or habit.slot_body is None or habit.pages > 1 or habit.points_elsewhere:
            continue
        amid = body[number - 1] is not None and body[number + 1] is not None
        if habit.slot_pages < _FEW or (block.link_density >= 0.5 and not (amid or habit.leaves)):
            continue
        if (block.sentences and block.link_density < 0.5 and habit.slot_body >= 0.9) or (
            block.tag == "li" and habit.slot_body >= _HALF
        ):
            kept[number] = by_site_template(
                Role.BODY, f"amid the text, in a place that holds text on {habit.slot_pages} pages"
            )


def _put_headings_in(
    layout: Layout,
    kept: list[RoleAssignment | None],
    trimmed: Set[int],
    scores: Scores,
    site: Sequence[Recurrence],
    head: HeadWords,
) -> None:
    """Put the headings of what is body into it, though they recur, as "Introduction" does: beside body, among body; not what
    was *trimmed* as the head's."""
    for number in range(len(kept) - 2, -1, -1):
        block, habit = layout.blocks[number], site[number]
        if (
            kept[number] is None
            and number not in trimmed
            and kept[number + 1] is not None
            and block.tag in _HEADINGS
            and (habit.pages > 2 or habit.slot_body is not None)
            and scores[number] >= (_LOW if habit.pages > 2 or (habit.slot_body or 0.0) >= _HALF else _FAIR)
            and habit.share < _NEARLY_ALL
            and not habit.points_elsewhere
            and block.link_density < 0.5
            and words_of(block.text) not in head.titles
            and _is_mostly_body(layout, kept, _around(block.node, number + 1))
        ):
            kept[number] = by_site_template(Role.BODY, "a heading right above text, among text")


def _around(node: Node, number: int) -> Node:
    """The innermost element around *node* in which block *number*, a later one, stands, too."""
    while node.parent is not None and number >= node.stop:
        node = node.parent
    return node


def _is_mostly_body(layout: Layout, kept: Sequence[RoleAssignment | None], node: Node) -> bool:
    inside = sum(len(layout.blocks[at].text) for at in range(node.first, node.stop) if kept[at] is not None)
    return inside >= 0.8 * node.chars
