"""The body of a page that shows none, from what it holds unseen.

Pages that are put together by scripts, or that wait for a paywall's answer, show a headline and little else, and hold the
article elsewhere: in their data for search engines, in markup for browsers without scripts, in the state of the script that
puts them together.  Only a page that shows next to no body is asked, and only for its own article: what is embedded is often
cut, stale or another article's, so what is shown always goes first.  The segments stay what they are, the visible text; the
quality flag ``embedded_text`` says that the body is not among it.

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

SHOWN = 200  # characters of body; a page that shows as many needs no rescue


def embedded_body(root: etree._Element, linked: Linked, titles: Sequence[str]) -> str | None:
    """The article that the page with that *root* holds and does not show, in paragraphs parted by empty lines; None when it
    holds none, or several.  *titles* are what the page calls its article."""
    return linked_body(linked) or unshown_body(root) or state_body(root, titles)
