"""MetaTexts: title, description and embedded text of the article, as the page's metadata give them to the block model.

They are compared with blocks and never printed, so they are in lower case with single spaces. Embedded text (JSON-LD
``articleBody``) is often cut, stale or another article's: it is one measure of a block among many.
"""

from __future__ import annotations

import json
import re

from lxml import etree

from broadsheet.pipelines.extract.body.features import MetaTexts

MAX_JSON = 2_000_000  # characters of one script that are read
_MAX_DEPTH = 12
_DESCRIPTIONS = frozenset({"og:description", "description"})
_MARKUP = re.compile(r"<[^<>]{0,500}>")


def read_meta_texts(root: etree._Element) -> MetaTexts:
    """The texts in the metadata of the page with that *root*."""
    title: str | None = None
    page_title: str | None = None
    description = embedded = ""
    for element in root.iter("title", "meta", "script"):
        get = element.get
        if element.tag == "meta":
            name = (get("property") or get("name") or "").lower()
            if name == "og:title" and (content := get("content")):
                title = fold(content[:1000])
            elif name in _DESCRIPTIONS and (content := get("content")) and len(content) > len(description):
                description = fold(content[:5000])
        elif element.tag == "title":
            page_title = element.text or "" if page_title is None else page_title
        elif not embedded and "ld+json" in (get("type") or ""):  # no other script's text is asked for
            text = element.text
            if text and "articleBody" in text and len(text) <= MAX_JSON:
                embedded = fold(_MARKUP.sub(" ", _embedded(text)))
    return MetaTexts(fold(page_title) if title is None else title, description, embedded)


def fold(text: str | None) -> str:
    """*text* in lower case with single spaces."""
    return " ".join((text or "").lower().split())


def _embedded(text: str) -> str:
    try:
        return _article_body(json.loads(text, strict=False), 0)
    except (ValueError, RecursionError):
        return ""


def _article_body(value: object, depth: int) -> str:
    if isinstance(value, dict):
        body = value.get("articleBody")
        if isinstance(body, str):
            return body
        value = list(value.values())
    if isinstance(value, list) and depth < _MAX_DEPTH:
        for part in value:
            if isinstance(part, dict | list) and (found := _article_body(part, depth + 1)):
                return found
    return ""
