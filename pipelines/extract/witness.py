"""Witnesses: what the page says of its article beside the article: title, description, and its text in embedded data.

They are compared with blocks, never printed: folded to lower case and single spaces.  Embedded text (JSON-LD ``articleBody``)
is often cut, stale or another article's; it raises or lowers a block's chances and decides nothing alone.
"""

from __future__ import annotations

import json
import re

from lxml import etree

from pipelines.extract.features import Witness

MAX_JSON = 2_000_000  # characters of one script that are read
_MAX_DEPTH = 12
_MARKUP = re.compile(r"<[^<>]{0,500}>")


def read_witness(root: etree._Element) -> Witness:
    """The witnesses of the page with that *root*."""
    title = fold(root.findtext(".//title"))
    description = embedded = ""
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        content = meta.get("content") or ""
        if name == "og:title" and content:
            title = fold(content[:1000])
        elif name in {"og:description", "description"} and len(content) > len(description):
            description = fold(content[:5000])
    for script in root.iter("script"):
        text = script.text
        if (
            not embedded
            and text
            and "articleBody" in text
            and "ld+json" in (script.get("type") or "")
            and len(text) <= MAX_JSON
        ):
            embedded = fold(_MARKUP.sub(" ", _embedded(text)))
    return Witness(title, description, embedded)


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
