"""JSON-LD ``articleBody``: the article for search engines."""

from __future__ import annotations

from broadsheet.pipelines.extract.body.embedded.paragraphs import ENOUGH, paragraphs
from broadsheet.pipelines.extract.metadata.jsonld import Linked


def linked_body(linked: Linked) -> str | None:
    """The text of the one article that the data are about; None when they hold none, or several."""
    bodies = [body for node in linked.nodes if isinstance(body := node.get("articleBody"), str)]
    article = linked.article or {}
    if len(bodies) != 1 or article.get("articleBody") != bodies[0]:
        return None
    text = paragraphs(bodies[0])
    return text if len(text) >= ENOUGH else None
