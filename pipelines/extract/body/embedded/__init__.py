"""The embedded body: the article of a page that does not show it.

Pages that scripts put together, or that wait for a paywall's answer, show a headline and little else. They hold the article in
their data for search engines, in markup for browsers without scripts, or in the state of the script that puts them together.
Embedded text is often cut, stale or another article's: so it is used only on pages that show next to no body, and only if it
is the page's own article. The segments stay the visible text; the quality flag ``embedded_text`` says that the body is not
among them.

paragraphs    markup and plain text to paragraphs; what is running text
linked_data   JSON-LD ``articleBody`` (schema.org)
unshown       noscript, template, and scripts that are templates
app_state     JSON in scripts and attributes: the text in the object that bears the page's title
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from broadsheet.pipelines.extract.body.embedded.app_state import state_body
from broadsheet.pipelines.extract.body.embedded.linked_data import linked_body
from broadsheet.pipelines.extract.body.embedded.unshown import unshown_body
from broadsheet.pipelines.extract.metadata.jsonld import Linked

SHOWN = 200  # characters of body; a page that shows as many has no embedded body


def embedded_body(root: etree._Element, linked: Linked, titles: Sequence[str]) -> str | None:
    """The article that the page with that *root* holds and does not show, with empty lines between its paragraphs; None when
    it holds none, or several.  *titles* are the article's."""
    return linked_body(linked) or unshown_body(root) or state_body(root, titles)
