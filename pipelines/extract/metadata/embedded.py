"""The body of a page that shows none, from its embedded data (JSON-LD ``articleBody``, schema.org).

Pages that are put together by scripts, or that wait for a paywall's answer, show a headline and little else, and hold the
article in their data for search engines.  Only where the page shows next to no body, and where its data are about one article
alone: embedded text is often cut, stale or another article's, so what is shown always goes first.  The segments stay what
they are, the visible text; the quality flag ``embedded_text`` says that the body is not among it.
"""

from __future__ import annotations

import html
import re

from pipelines.extract.metadata.jsonld import Linked

SHOWN = 200  # characters of body; a page that shows as many needs no rescue
_ENOUGH = 400  # characters of embedded text, from which it is an article
_BLOCK = re.compile(r"<\s*/?\s*(?:p|div|br|li|ul|ol|h[1-6]|blockquote|figure|table|tr)\b[^<>]{0,300}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,500}>")


def embedded_body(linked: Linked) -> str | None:
    """The text of the one article that the data are about, in paragraphs parted by empty lines; None when they hold none, or
    several."""
    bodies = [body for node in linked.nodes if isinstance(body := node.get("articleBody"), str)]
    article = linked.article or {}
    if len(bodies) != 1 or article.get("articleBody") != bodies[0]:
        return None
    text = bodies[0]
    if "&lt;" in text and "<" not in text:  # markup that was escaped once more
        text = html.unescape(text)
    text = html.unescape(_TAG.sub(" ", _BLOCK.sub("\n", text)))
    paragraphs = filter(None, (" ".join(line.split()) for line in text.splitlines()))
    text = "\n\n".join(paragraphs)
    return text if len(text) >= _ENOUGH else None
