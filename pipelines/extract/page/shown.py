"""What a browser shows and the markup says in another way: shadow roots, ruby, signs that link to a heading.

After this the tree says in text and elements what a reader sees: the content of a declarative shadow root stands in its host
(HTML, "template", shadowrootmode), a reading of ruby stands in parentheses, and a heading has no permalink sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml import etree

from broadsheet.pipelines.extract.page.elements import set_text, take_out, text_in

_INLINE = frozenset("a abbr b cite code em font i mark q s small slot span strong sub sup time u".split())  # noqa: SIM905
TABLES = (b'role="table"', b'role="grid"')  # in the source of a page where elements of other names may be a table
_TABLE_PARTS = {
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
    "rowgroup": "tbody",
}
TASKS = (b"task-list", b"tasklist")  # in the source of a page with lists of tasks
# editions in TEI as CETEIcean and TEI Publisher send them: elements of the TEI Guidelines with a prefix
_TEI = {
    "tei-p": "p", "tei-ab": "p", "tei-head": "h3", "tei-list": "ul", "tei-item": "li", "tei-table": "table", "tei-row": "tr",
    "tei-cell": "td", "tei-lb": "br", "tei-quote": "blockquote", "tei-figure": "figure", "tei-figdesc": "figcaption",
}  # fmt: skip
TEI_ELEMENTS = frozenset(_TEI)
_INSIDE = _INLINE | {"style", "link"}
_SIGN = re.compile(r"[\s¶#§🔗⚓∞\ufe0e\ufe0f]+")


def open_shadow_roots(root: etree._Element) -> None:
    """Put the content of each declarative shadow root into its host, and the host's children into its slots."""
    for template in reversed([one for one in root.iter("template") if _is_shadow_root(one)]):
        host = template.getparent()
        if host is None:
            continue
        _fill_slots(host, template)
        for place in (*template.iter("slot"), template):
            place.tag = "span" if _is_inline(place) else "div"


def _is_shadow_root(template: etree._Element) -> bool:
    return (template.get("shadowrootmode") or template.get("shadowroot")) in {"open", "closed"}


def _is_inline(place: etree._Element) -> bool:
    """Whether all that is in a shadow root or a slot is part of a sentence."""
    return all(not isinstance(one.tag, str) or one.tag in _INSIDE for one in place.iterdescendants())


def _fill_slots(host: etree._Element, template: etree._Element) -> None:
    slots: dict[str, etree._Element] = {}
    for slot in template.iter("slot"):
        slots.setdefault(slot.get("name") or "", slot)
    if not slots:
        return
    own = [one for one in host if one is not template]
    words = (host.text or "").strip() or any((one.tail or "").strip() for one in host)
    emptied: set[etree._Element] = set()
    default = slots.get("")
    if default is not None and words:
        _empty(default, emptied)
        default.text, host.text = host.text, None
        _append(default, template.tail)
        template.tail = None
    for child in own:
        place = slots.get(child.get("slot") or "")
        if place is None:
            continue
        _empty(place, emptied)
        tail, child.tail = child.tail, None
        place.append(child)
        _append(default if default is not None else place, tail)


def _empty(slot: etree._Element, emptied: set[etree._Element]) -> None:
    """Take away what a slot shows when nothing is put in it."""
    if slot not in emptied:
        emptied.add(slot)
        set_text(slot, None)


def _append(element: etree._Element, text: str | None) -> None:
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def bracket_readings(root: etree._Element) -> None:
    """Put parentheses around each reading of ruby that brings none."""
    for reading in root.iter("rt"):
        before = reading.getprevious()
        if before is not None and before.tag == "rp" and (before.text or "").strip():
            continue
        text = " ".join(text_in(reading).split())
        if text:
            set_text(reading, f"({text})")


def drop_permalink_signs(headings: Iterable[etree._Element]) -> None:
    """Take the sign away by which each of *headings* links to itself: it is no part of the heading.  The link to edit what is
    below it (MediaWiki) is put behind it."""
    for heading in headings:
        edit = heading[-1] if len(heading) else None
        if edit is not None and edit.tag == "span" and "mw-editsection" in (edit.get("class") or ""):
            edit.tag = "div"
            heading.addnext(edit)
        for link in heading.iter("a"):
            if "#" in (link.get("href") or "") and _SIGN.fullmatch(text_in(link)):
                set_text(link, None)


def name_tables(root: etree._Element) -> None:
    """Give the parts of a table that is one by its roles (ARIA, "table") the elements that say so."""
    for table in [one for one in root.iter("div", "span", "section", "ul") if one.get("role") in {"table", "grid"}]:
        table.tag = "table"
        for part in table.iter("div", "span", "ul", "li", "p"):
            tag = _TABLE_PARTS.get(part.get("role") or "")
            if tag is not None:
                part.tag = tag


def caption_tables(root: etree._Element) -> None:
    """Make the caption of a figure that is a table and no picture that of its table."""
    for table in list(root.iter("table")):
        figure = _figure_of(table)
        caption = figure.find(".//figcaption") if figure is not None and is_captioned(table) else None
        if caption is not None:
            take_out(caption)
            caption.tag = "caption"
            table.insert(0, caption)


def is_captioned(table: etree._Element) -> bool:
    """Whether *table* is all of a figure that has a caption."""
    figure = _figure_of(table)
    if figure is None or figure.find(".//figcaption") is None:
        return False
    return all(one is table for one in figure.iter("img", "table", "picture", "svg"))


def _figure_of(table: etree._Element) -> etree._Element | None:
    return next((one for one in islice(table.iterancestors(), 3) if one.tag == "figure"), None)


def mark_tasks(root: etree._Element) -> None:
    """Write the boxes of lists of tasks as GFM does: "[x] " before what is done, "[ ] " before what is not."""
    for box in root.iter("input"):
        item = next((one for one in islice(box.iterancestors(), 4) if one.tag == "li"), None)
        if item is None or box.get("type") != "checkbox" or "task" not in f"{item.get('class')} {box.get('class')}":
            continue
        box.tail = f"[{' ' if box.get('checked') is None else 'x'}] {(box.tail or '').lstrip()}"


def name_tei(root: etree._Element) -> None:
    """Give paragraphs, headings, lists and tables of TEI the elements of HTML; quotations within a line stay."""
    for element in list(root.iter(*_TEI)):
        if element.tag != "tei-quote" or any(one.tag in {"p", "tei-p"} for one in element):
            element.tag = _TEI[element.tag]
