"""Changes of lxml elements that keep the text around them: used while a page's tree is settled."""

from __future__ import annotations

from lxml import etree


def text_in(element: etree._Element) -> str:
    """All text in *element*."""
    return "".join(map(str, element.itertext()))


def has_words(text: str | None) -> bool:
    """Whether there is more in *text* than white space."""
    return text is not None and not text.isspace() and text != ""


def set_text(element: etree._Element, text: str | None) -> None:
    """Let *text* be all that is in *element*."""
    for child in list(element):
        element.remove(child)
    element.text = text


def take_out(element: etree._Element) -> None:
    """Take *element* out of its parent, which keeps the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)
