"""Text that a browser with scripts does not show, or not yet: ``noscript``, ``template``, scripts that are templates
(``<script type="text/template">``) or Markdown, the source in a ``textarea``, the document of a frame (``srcdoc``).  Blogs that
fade their article in have it in both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from broadsheet.pipelines.extract.body.embedded.paragraphs import ENOUGH, is_article, paragraphs

_MANY = 50  # elements that are looked into
_HEADING = re.compile(r"^#{1,6}\s+", re.M)
_NOTICE = 1_500  # characters up to which a text that names JavaScript asks for it


def unshown_body(root: etree._Element) -> str | None:
    """The longest running text in such markup; None when there is none."""
    found = [text for markup in _markup(root) if is_article(text := paragraphs(markup)) and not _is_notice(text)]
    return max(found, key=len, default=None)


def _is_notice(text: str) -> bool:
    return len(text) < _NOTICE and "javascript" in text.lower()


def _markup(root: etree._Element) -> Iterator[str]:
    for element, _ in zip(root.iter("noscript", "template"), range(_MANY), strict=False):
        if sum(map(len, element.itertext())) >= ENOUGH:
            yield etree.tostring(element, encoding="unicode", method="html", with_tail=False).partition(">")[2]
    for element, _ in zip(root.iter("script"), range(10 * _MANY), strict=False):
        text, kind = element.text or "", (element.get("type") or "").lower()
        if len(text) >= ENOUGH and ("template" in kind or kind == "text/html"):
            yield text
        elif len(text) >= ENOUGH and "markdown" in kind:
            yield _HEADING.sub("", text)
    for element, _ in zip(root.iter("textarea", "iframe"), range(_MANY), strict=False):
        text = (element.text if element.tag == "textarea" else element.get("srcdoc")) or ""
        if len(text) >= ENOUGH:
            yield text
