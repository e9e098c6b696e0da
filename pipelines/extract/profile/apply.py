"""Applying a profile: what recurs over the site corrects what was judged of one page alone.

A recurring text is no boilerplate by itself: notebooks share code lines, chapters share headings, articles quote
one another, and a column
opens with the same words every week.  So text is taken out of the body only

- where it stands at an edge of the body (nothing but furniture between it and the body's end), and it recurs on nearly
  all pages, or recurs and is furniture by its looks, or is another page's headline or its cut beginning, or is an
  author's biography (recurs with one author, after the text); or
- where all of the element that it stands in points to other pages.

Text is put into the body where a place of the template that holds body on nearly all pages holds a block that recurs
nowhere and was doubted, or a heading of what is body.  An article that other pages show whole (front page, list of a
month) recurs with them: what is counted then is on how many pages more than the article a text stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.extract.blocks import Block, Layout, Node
from pipelines.extract.keywords import KEYWORD_BIT, keywords_of
from pipelines.extract.profile.recurrence import Recurrence
from pipelines.extract.roles import Filed, Known, words_of

BODY = frozenset({"body", "heading", "list", "quote", "table", "code"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ALL, _NEARLY_ALL = 0.9, 0.8
_OFTEN = 0.3
_FEW = 5  # pages; a place on fewer is no template
_HALF = 0.5
_LINE = 40  # characters from which a text is more than a label
_MOST = 0.6
_FURNITURE_WORDS = sum(
    KEYWORD_BIT[name]
    for name in (
        "newsletter", "share", "legal", "related", "popular", "comment", "cookie", "ad", "biography", "tags", "media",
    )
)  # fmt: skip


def correct_body(
    layout: Layout, body: Sequence[Filed | None], site: Sequence[Recurrence], known: Known
) -> list[Filed | None]:
    """The body after the site was heard: see the module."""
    kept = list(body)
    site = _beyond_the_article(layout, kept, site)
    _put_in(layout, kept, site)
    _take_out_subtrees(layout, kept, site)
    _take_out_what_all_pages_have(layout, kept, site)
    _end_at_mark(layout, kept, site)
    inside = [number for number, filed in enumerate(kept) if filed is not None]
    names = tuple(filter(None, (words_of(name) for name in known.authors)))
    for number in inside:  # from the beginning
        if kept[number] is not None and not (
            _names_the_article(layout.blocks[number], known)
            or _is_furniture(layout.blocks[number], site[number], kept[number], names, at_end=False)
        ):
            break
        kept[number] = None
    for number in reversed(inside):  # from the end
        if kept[number] is not None and not _is_furniture(
            layout.blocks[number], site[number], kept[number], names, at_end=True
        ):
            break
        kept[number] = None
    _put_headings_in(layout, kept, site, known)
    return kept


def _beyond_the_article(
    layout: Layout, body: Sequence[Filed | None], site: Sequence[Recurrence]
) -> Sequence[Recurrence]:
    """*site* without the pages on which the article itself stands, whole, beside its own: front page, lists by month and tag.

    That is on how many pages all but a quarter of its text stands at least: nothing else recurs with a whole article."""
    inside = [number for number, filed in enumerate(body) if filed is not None]
    left = sum(len(layout.blocks[number].text) for number in inside) / 4
    again = 0
    for number in sorted(inside, key=lambda number: site[number].pages):
        again = site[number].pages - 1
        left -= len(layout.blocks[number].text)
        if left <= 0:
            break
    if not again:
        return site
    return [_less(one, again) for one in site]


def _less(one: Recurrence, again: int) -> Recurrence:
    """*one* without *again* of its pages."""
    pages = max(1, one.pages - again)
    left = pages / one.pages
    return replace(one, pages=pages, share=left * one.share, template_share=left * one.template_share)


def _names_the_article(block: Block, known: Known) -> bool:
    """Whether a block is the headline with a few words after it, as a caption is ("... (Photo: Lee)")."""
    title = words_of(known.title or "")
    return len(title) > _LINE // 2 and len(block.text) < len(title) + _LINE and words_of(block.text).startswith(title)


def _is_furniture(block: Block, site: Recurrence, filed: Filed | None, names: tuple[str, ...], *, at_end: bool) -> bool:
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
        or (filed is not None and filed.score is not None and filed.score < 0.5)
        or (site.slot_role is not None and site.slot_role not in BODY)
    )
    if (site.template_share >= _MOST) if at_end else (site.share >= _NEARLY_ALL):
        return True
    if not at_end:
        return site.share >= (_OFTEN if looks else _HALF)
    if looks:
        return True
    words = words_of(block.text[:400])
    return site.one_author and any(name in words for name in names)


def _take_out_what_all_pages_have(layout: Layout, kept: list[Filed | None], site: Sequence[Recurrence]) -> None:
    """Take out sentences that stand in the midst of every article of the site, as pleas do; code and headings may."""
    for number, filed in enumerate(kept):
        block, habit = layout.blocks[number], site[number]
        if (
            filed is not None
            and block.sentences
            and habit.share >= _ALL
            and habit.pages >= _FEW
            and not _is_code(block)
        ):
            kept[number] = None


def _end_at_mark(layout: Layout, kept: list[Filed | None], site: Sequence[Recurrence]) -> None:
    """Take out what follows a line that ends the article on most pages ("Thanks for sharing:", "About this site"), however new
    each page's tags and neighbours after it are; unless text of the article follows."""
    inside = [number for number, filed in enumerate(kept) if filed is not None]
    if not inside:
        return
    last = next((at for at in reversed(inside) if _is_own_text(layout.blocks[at], site[at])), inside[-1])
    for number in range(last + 1, inside[-1] + 1):
        block = layout.blocks[number]
        if site[number].template_share >= _MOST and site[number].pages > 2 and not _is_code(block):
            kept[number:] = [None] * (len(kept) - number)
            return


def _is_own_text(block: Block, site: Recurrence) -> bool:
    """Whether a block of the body is surely the article's own: it recurs nowhere, and stands where articles stand, or is a
    whole line of text where that says little."""
    if site.pages > 2 or site.points_elsewhere:
        return False
    if site.slot_body is not None and not _HALF <= site.slot_body < _NEARLY_ALL:
        return site.slot_body >= _NEARLY_ALL
    return _is_code(block) or len(block.text) >= _LINE


def _is_code(block: Block) -> bool:
    return any(node.tag in {"pre", "code"} for node in block.node.up())


def _take_out_subtrees(layout: Layout, kept: list[Filed | None], site: Sequence[Recurrence]) -> None:
    """Take elements out of the body that are made of other pages: all of their text points there, or nearly recurs
    everywhere."""
    for node in layout.nodes:
        if not node.chars or node.stop - node.first > 60:
            continue
        numbers = range(node.first, node.stop)
        if all(kept[number] is None for number in numbers):
            continue
        elsewhere = sum(len(layout.blocks[number].text) for number in numbers if site[number].points_elsewhere)
        if not elsewhere:
            continue
        recurring = sum(
            len(layout.blocks[number].text)
            for number in numbers
            if site[number].pages > 2 and not site[number].points_elsewhere
        )
        linked = sum(layout.blocks[number].link_chars for number in numbers)
        if elsewhere + recurring >= 0.9 * node.chars and (
            linked > 0.3 * node.chars or any(site[number].teaser for number in numbers)
        ):
            for number in numbers:
                kept[number] = None


def _put_in(layout: Layout, kept: list[Filed | None], site: Sequence[Recurrence]) -> None:
    """Put doubted blocks of body places into the body: they stand between body, recur nowhere, and are running text where
    that stands, or items of a list where those are mostly text."""
    inside = [number for number, filed in enumerate(kept) if filed is not None]
    if not inside:
        return
    for number in range(inside[0], inside[-1]):
        habit, block = site[number], layout.blocks[number]
        if kept[number] is not None or habit.slot_body is None or habit.pages > 1 or habit.points_elsewhere:
            continue
        running = block.sentences and block.link_density < 0.5 and habit.slot_body >= 0.9
        if running or (block.tag == "li" and habit.slot_body >= _HALF):
            kept[number] = Filed("body", "site_template")


def _put_headings_in(layout: Layout, kept: list[Filed | None], site: Sequence[Recurrence], known: Known) -> None:
    """Put the headings of what is body into it, though they recur, as "Introduction" does: beside body, among body."""
    titles = {words_of(title) for title in (known.title or "", *known.titles)}
    for number in range(len(kept) - 2, -1, -1):
        block, habit = layout.blocks[number], site[number]
        if (
            kept[number] is None
            and kept[number + 1] is not None
            and block.tag in _HEADINGS
            and habit.share < _NEARLY_ALL
            and not habit.points_elsewhere
            and block.link_density < 0.5
            and words_of(block.text) not in titles
            and _is_mostly_body(layout, kept, _around(block.node, number + 1))
        ):
            kept[number] = Filed("body", "site_template")


def _around(node: Node, number: int) -> Node:
    """The innermost element around *node* in which block *number*, a later one, stands, too."""
    while node.parent is not None and number >= node.stop:
        node = node.parent
    return node


def _is_mostly_body(layout: Layout, kept: Sequence[Filed | None], node: Node) -> bool:
    inside = sum(len(layout.blocks[at].text) for at in range(node.first, node.stop) if kept[at] is not None)
    return inside >= 0.8 * node.chars
