"""Settling a page's tree: before it is cut into blocks, its formulas, listings, footnotes, ruby and shadow roots are brought
into the one form in which they are read (docs/markdown.md).

Most pages have none of these, so one pass asks which elements there are that may tell of them, and only what they tell of is
looked for.  What stands in elements that are too many to be asked (spans, links) is told by a mark in the source, sought where
the paragraphs stand: a mark costs a twentieth of the pass, to ask every span and link half of it.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from broadsheet.pipelines.extract.page import code_lines, footnotes, formulas, shown
from broadsheet.pipelines.extract.page.code_lines import is_listing, make_listings_whole
from broadsheet.pipelines.extract.page.footnotes import holds_notes, mark_footnotes
from broadsheet.pipelines.extract.page.formulas import (
    draws_formulas,
    is_formula_code,
    is_formula_picture,
    loads_formulas,
    state_formulas,
)
from broadsheet.pipelines.extract.page.shown import (
    TEI_ELEMENTS,
    bracket_readings,
    caption_tables,
    drop_permalink_signs,
    is_captioned,
    mark_tasks,
    name_tables,
    name_tei,
    open_shadow_roots,
)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_DELIMITERS = "delimiters"
_FORMULAS = frozenset({"math", "mjx-container", "tex-math", "amp-mathml", "math-renderer", _DELIMITERS})
_LISTINGS = frozenset({"pre", "code"})


def _of_script(script: etree._Element) -> str | None:
    return _DELIMITERS if loads_formulas(script) else "math" if draws_formulas(script) else None


def _of_notes(element: etree._Element) -> str | None:
    return "sup" if holds_notes(element) else None


def _of_picture(image: etree._Element) -> str | None:
    return "math" if is_formula_picture(image) else None


def _of_table(table: etree._Element) -> str | None:
    return "pre" if is_listing(table) else "figure" if is_captioned(table) else None


def _of_field(field: etree._Element) -> str | None:
    return "pre" if "crayon" in (field.get("class") or "") else None


def _of_code(code: etree._Element) -> str | None:
    return "math" if is_formula_code(code) else "code"


# elements that tell something by their attributes alone; what they tell is said as the element that tells it always
_ASKED: dict[str, Callable[[etree._Element], str | None]] = {
    "script": _of_script, "section": _of_notes, "aside": _of_notes, "img": _of_picture, "table": _of_table,
    "textarea": _of_field, "code": _of_code,
}  # fmt: skip
_MARKS = tuple(
    (mark, kind)
    for marks, kind in (
        (formulas.MARKS, "math"), (code_lines.MARKS, "pre"), (shown.TABLES, "table"), (shown.TASKS, "task"),
        (footnotes.MARKS, "sup"),
    )
    for mark in marks
)  # fmt: skip
_CHANGES: tuple[tuple[str, Callable[[etree._Element], None]], ...] = (
    ("table", name_tables), ("figure", caption_tables), ("task", mark_tasks), ("template", open_shadow_roots),
    ("rt", bracket_readings),
)  # fmt: skip
_TELLING = (
    *_HEADINGS, *_ASKED, "math", "mjx-container", "tex-math", "amp-mathml", "math-renderer", "pre", "sup", "rt", "template",
    *sorted(TEI_ELEMENTS),
)  # fmt: skip


def settle(root: etree._Element, source: bytes) -> None:
    """Change the tree *root* of a page, which was read from *source*."""
    told, headings = _told_by_elements(root)
    if told & TEI_ELEMENTS:
        name_tei(root)
        told, headings = _told_by_elements(root)
    begin, end = source.find(b"<p"), source.rfind(b"</p>")
    told |= {kind for mark, kind in _MARKS if source.find(mark, max(begin, 0), max(end, begin)) >= 0}
    for kind, change in _CHANGES:
        if kind in told:
            change(root)
    if told & _FORMULAS:
        state_formulas(root, delimiters=_DELIMITERS in told)
    if told & _LISTINGS:
        make_listings_whole(root)
    if "sup" in told:
        mark_footnotes(root)
    drop_permalink_signs(headings)


def _told_by_elements(root: etree._Element) -> tuple[set[str], list[etree._Element]]:
    """What the elements of the page tell of, and its headings that hold elements."""
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
    return told, headings
