"""The columns of ``articles`` that come from the page alone, without its record: of a dataset's row, and of an article that a
program extracts from HTML of its own.  No Arrow here: the latter does without."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

from broadsheet.pipelines.dataset.quality import quality_flags
from broadsheet.pipelines.extract.extraction import Extraction


def page_columns(extraction: Extraction) -> dict[str, Any]:
    """Names and values, in no order; authors, headings and tables are dicts."""
    article = extraction.article
    columns = _fields(article)
    embedded, guessed = columns.pop("text_embedded"), columns.pop("encoding_guessed")
    columns["quality_flags"] = article.quality_flags or quality_flags(
        article.text,
        word_count=article.word_count,
        text_ratio=article.text_ratio,
        language=article.language,
        language_score=article.language_score,
        link_share=_link_share(extraction),
        embedded=embedded,
        encoding_guessed=guessed,
    )
    columns["extraction_status"] = columns.pop("status")
    columns["extraction_error"] = columns.pop("error")
    columns["authors"] = [_fields(person) for person in article.authors]
    columns["headings"] = [_fields(heading) for heading in article.headings]
    columns["html_tables"] = [_fields(table) for table in article.html_tables]
    columns["image_count"] = len(extraction.images)
    columns["link_count"] = len(extraction.links)
    columns["segment_count"] = len(extraction.segments)
    columns["text_sha256"] = text_digest(article.text)
    return columns


def _link_share(extraction: Extraction) -> float | None:
    """The share of the body's characters that are in links: of links in blocks that are part of the text."""
    if not extraction.article.text:
        return None
    body = {segment.ordinal for segment in extraction.segments if segment.char_start is not None}
    linked = sum([len(link.anchor_text or "") for link in extraction.links if link.segment_ordinal in body])
    return min(1.0, linked / len(extraction.article.text))


def _fields(item: Any) -> dict[str, Any]:
    """The fields of a slotted dataclass, not looked into any deeper."""
    return {name: getattr(item, name) for name in item.__slots__}


def text_digest(text: str | None) -> str | None:
    """The column ``text_sha256`` of *text*."""
    if text is None:
        return None
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()
