"""Settling a page's tree: before it is cut into blocks, its formulas, listings, footnotes, ruby and shadow roots are brought
into the one form in which they are read (docs/markdown.md).

Most pages have none of these, so one pass asks which elements there are that may tell of them, and only what they tell of is
looked for.  A mark that is sought in the source would cost as much as half of the pass.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from broadsheet.pipelines.extract.page.code_lines import is_listing, make_listings_whole
from broadsheet.pipelines.extract.page.footnotes import holds_notes, mark_footnotes
from broadsheet.pipelines.extract.page.formulas import (
    draws_formulas,
    is_formula_picture,
    loads_formulas,
    state_formulas,
)
from broadsheet.pipelines.extract.page.shown import bracket_readings, drop_permalink_signs, open_shadow_roots

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_DELIMITERS = "delimiters"
_FORMULAS = frozenset({"math", "mjx-container", "tex-math", _DELIMITERS})
_LISTINGS = frozenset({"pre", "code"})


def _of_script(script: etree._Element) -> str | None:
    return _DELIMITERS if loads_formulas(script) else "math" if draws_formulas(script) else None


def _of_notes(element: etree._Element) -> str | None:
    return "sup" if holds_notes(element) else None


def _of_picture(image: etree._Element) -> str | None:
    return "math" if is_formula_picture(image) else None


def _of_table(table: etree._Element) -> str | None:
    return "pre" if is_listing(table) else None


def _of_field(field: etree._Element) -> str | None:
    return "pre" if "crayon" in (field.get("class") or "") else None


# elements that tell something by their attributes alone; what they tell is said as the element that tells it always
_ASKED: dict[str, Callable[[etree._Element], str | None]] = {
    "script": _of_script, "section": _of_notes, "aside": _of_notes, "img": _of_picture, "table": _of_table,
    "textarea": _of_field,
}  # fmt: skip
_TELLING = (*_HEADINGS, *_ASKED, "math", "mjx-container", "tex-math", "pre", "code", "sup", "rt", "template")


def settle(root: etree._Element) -> None:
    """Change the tree *root* of a page."""
    told: set[str] = set()
    headings: list[etree._Element] = []
    for element in root.iter(*_TELLING):
        tag = element.tag
        if tag in _HEADINGS:
            if len(element):
                headings.append(element)
        elif tag not in _ASKED:
            told.add(tag)
        elif (kind := _ASKED[tag](element)) is not None:
            told.add(kind)
    if "template" in told:
        open_shadow_roots(root)
    if "rt" in told:
        bracket_readings(root)
    if told & _FORMULAS:
        state_formulas(root, delimiters=_DELIMITERS in told)
    if told & _LISTINGS:
        make_listings_whole(root)
    if "sup" in told:
        mark_footnotes(root)
    drop_permalink_signs(headings)
