"""Footnotes: a reference becomes ``[^1]``, and the note that it leads to begins with ``[^1]:``, as in Markdown.

A reference is a link within the page that is set as one: in a ``sup``, or named so by its role (DPUB-ARIA ``doc-noteref``,
EPUB ``noteref``) or class, with a short label.  The note is the element that its fragment names.  Arrows that lead back from
a note are no text.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from urllib.parse import unquote

from lxml import etree

from broadsheet.pipelines.extract.page.elements import set_text, take_out, text_in

# a reference, and what begins a note, as texts: Markdown takes them as they are
NOTE = re.compile(r"\[\^[^\]\s]+\]:?")
_LABEL = re.compile(
    r"[\[(（【]?\s*((?:note\s?|n\.?b?\s?)?\d{1,4}|[a-zA-Z]{1,3}|[ivxlc]{1,7}|[*†‡§¶‖]{1,3})\s*[\])）】]?"
)
MARKS = (
    b"footnote",
    b"#_ftnref",
    b"#_ednref",
)  # in the source of a page whose references may be known by their names alone
_NAMED = re.compile(r"footnote|_ftn|_edn|noteref|fnref|cite_ref|sidenote|endnote", re.I)
_BACK = re.compile(r"[\s^↩↵⏎⤴⤶↑↖⇑⬆△▲\ufe0e\ufe0f\u200d\u2060\[\]().]*")
_NO_NOTE = frozenset(
    {"h1", "h2", "h3", "h4", "h5", "h6", "body", "html", "main", "article", "section", "table", "header", "nav"}
)
_HOLDERS = frozenset({"li", "p", "div", "dd", "td", "aside", "tr", "dt"})
_MAX_NOTES = 2_000  # of a page
_MAX_NOTE = 6_000  # characters; what is longer is a chapter


def holds_notes(element: etree._Element) -> bool:
    """Whether *element* says that notes are in it."""
    names = element.get("class") or ""
    return "footnote" in names or "endnote" in names or "note" in (element.get("role") or "")


def mark_footnotes(root: etree._Element) -> None:
    """Change the tree: references and notes get their labels in the way of Markdown."""
    within = [link for link in root.iter("a") if _leads_within(link)]
    references = [(link, found[1]) for link in within if (found := _label_of(link)) is not None]
    if not references:
        return
    targets: dict[str, etree._Element] = {}
    order: dict[etree._Element, int] = {}
    for number, element in enumerate(root.iter()):
        order[element] = number
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                targets.setdefault(name, element)
    labels: dict[etree._Element, str] = {}
    taken: set[str] = set()
    for link, label in references[:_MAX_NOTES]:
        fragment = (link.get("href") or "").partition("#")[2]
        target = targets.get(fragment) if fragment in targets else targets.get(unquote(fragment))
        note = None if target is None or order[target] < order[link] else _note_of(target)
        if note is None or link in set(note.iterancestors()) or note in set(link.iterancestors()):
            continue
        if note not in labels:
            labels[note] = _free(label, taken)
            taken.add(labels[note])
        _set_reference(link, labels[note])
    for note, label in labels.items():
        _set_note(note, label)


def _leads_within(link: etree._Element) -> bool:
    """Whether a link leads to a place of its own page; one with a whole address does if its class names it a reference."""
    href = link.get("href") or ""
    return href[:1] == "#" or (
        "#" in href and _NAMED.search(f"{link.get('class') or ''} {link.get('id') or ''}") is not None
    )


def _label_of(link: etree._Element) -> re.Match[str] | None:
    """The label of a link within the page that is a reference to a note; None for any other link."""
    if link.get("href") == "#":
        return None
    text = text_in(link).strip()
    found = _LABEL.fullmatch(text) if len(text) <= 12 else None
    if found is None:
        return None
    raised = next(link.iter("sup"), None) is not None or next(link.iterancestors("sup"), None) is not None
    names = " ".join(filter(None, map(link.get, ("class", "id", "name", "role", "epub:type"))))
    if not raised and not _NAMED.search(names):
        return None
    return None if link.get("role") == "doc-backlink" else found


def _free(label: str, taken: set[str]) -> str:
    """*label* as it may stand in Markdown, told from those *taken* by other notes."""
    label = label.strip().replace(" ", "-")
    name, number = label, 1
    while name in taken:
        number += 1
        name = f"{label}-{number}"
    return name


def _note_of(target: etree._Element) -> etree._Element | None:
    """The element that holds the note to which a reference leads."""
    note: etree._Element | None = target
    for _ in range(4):
        if note is not None and note.tag == "table" and holds_notes(note):
            note = next(note.iter("tr"), None)
        if note is None or note.tag in _NO_NOTE:
            return None
        if note.tag in _HOLDERS:
            return note if _length(note) <= _MAX_NOTE else None
        note = note.getparent()
    return None


def _length(element: etree._Element) -> int:
    return sum(map(len, element.itertext()))


def _set_reference(link: etree._Element, label: str) -> None:
    """Make the reference, with the ``sup`` and the brackets around it, the text ``[^label]`` in its link."""
    parent = link.getparent()
    set_text(link, f"[^{label}]")
    if parent is not None and parent.tag in {"sup", "span"}:
        at = parent.index(link)
        before = (parent.text if at == 0 else parent[at - 1].tail) or ""
        after = link.tail or ""
        if before.rstrip()[-1:] in {"[", "("} and after.lstrip()[:1] in {"]", ")"}:
            link.tail = after.lstrip()[1:]
            if at == 0:
                parent.text = before.rstrip()[:-1]
            else:
                parent[at - 1].tail = before.rstrip()[:-1]


def _set_note(note: etree._Element, label: str) -> None:
    """Let the note begin with ``[^label]:``, in place of its own number, and take the arrows back away."""
    for link in list(note.iter("a")):
        if _leads_within(link) and _BACK.fullmatch(text_in(link)):
            set_text(link, None)
    number = label.partition("-")[0]
    if note.tag == "tr":
        cells = list(note.iter("td"))
        if len(cells) > 1 and _number_of(number).fullmatch(text_in(cells[0])):
            set_text(cells.pop(0), None)
        note = cells[0] if cells else note
    if not (note.text or "").strip() and len(note) > 1 and _number_of(number).fullmatch(text_in(note[0])):
        take_out(note[0])  # [1], of several elements
    inner = _innermost(note, {"p", "div", "span", "cite"})
    _drop_number(inner, number)
    inner = _innermost(inner, {"p", "div"})  # before which the number may have stood
    mark = etree.Element("a", href="#", role="doc-noteref")
    mark.text, mark.tail = f"[^{label}]:", f" {(inner.text or '').lstrip()}"
    inner.text = None
    inner.insert(0, mark)


def _innermost(element: etree._Element, tags: AbstractSet[str]) -> etree._Element:
    """The element of *tags* in which the text of *element* begins, or it itself."""
    while not (element.text or "").strip() and len(element) and element[0].tag in tags:
        element = element[0]
    return element


def _number_of(label: str) -> re.Pattern[str]:
    """What a note begins with that is its own number."""
    return re.compile(rf"\s*[\[(]?{re.escape(label)}\s*[\])]?[.:]?(?=\s|$)\s*")


def _drop_number(inner: etree._Element, label: str) -> None:
    """Take the note's own number away from its beginning: a text, or a first element of its own."""
    own = _number_of(label)
    text = inner.text or ""
    if text.strip():
        inner.text = own.sub("", text, count=1) if own.match(text) else text
        return
    if len(inner) and inner[0].tag in {"sup", "a", "span", "b", "strong"} and own.fullmatch(text_in(inner[0])):
        first = inner[0]
        tail = re.sub(r"^\s*[.:\])]\s*", "", first.tail or "")
        inner.remove(first)
        inner.text = tail
