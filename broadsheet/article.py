"""The Article of the Python API: all that is read of one page, under the names that its columns have in the dataset."""

from __future__ import annotations

import json
from ctypes import c_float
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self

from broadsheet.pipelines.dataset.page_columns import page_columns
from broadsheet.pipelines.extract.extraction import Extraction, Heading, HtmlTable, Image, Link, Person, Segment

PARTS = ("images", "links", "segments")
_FLOATS = ("language_score", "text_ratio")  # 32 bits wide in the dataset


@dataclass(frozen=True, slots=True, repr=False)
class Article:
    """What was read of a page.  What each field means: docs/schema.md, table ``articles``; there are no other names.

    ``url`` is None where it was not told.  Of the fields that say whether the page could be read, ``extraction_status`` is
    ``ok``, ``empty`` (no article in it), ``undecodable`` or ``error``, and ``extraction_error`` says why.  ``images``,
    ``links`` and ``segments`` are the rows that the tables of these names have of the page; of a segment, ``role`` says what
    it is to the page.
    """

    url: str | None
    fetch_time: datetime | None
    extraction_status: str
    extraction_error: str | None
    url_canonical: str | None
    title: str | None
    description: str | None
    standfirst: str | None
    kicker: str | None
    authors: tuple[Person, ...]
    byline_raw: str | None
    sitename: str | None
    date_published: datetime | None
    date_published_raw: str | None
    date_published_precision: str | None
    date_published_source: str | None
    date_modified: datetime | None
    date_modified_raw: str | None
    text: str | None
    text_markdown: str | None
    headings: tuple[Heading, ...]
    html_tables: tuple[HtmlTable, ...]
    section: str | None
    breadcrumbs: tuple[str, ...]
    tags: tuple[str, ...]
    language: str | None
    language_score: float | None
    language_declared: str | None
    page_type: str | None
    is_paywalled: bool | None
    license_url: str | None
    robots_meta: str | None
    tdm_reservation: int | None
    tdm_policy_url: str | None
    main_image_url: str | None
    image_count: int
    link_count: int
    segment_count: int
    word_count: int
    text_ratio: float | None
    text_sha256: str | None
    quality_flags: tuple[str, ...]
    extractor: str
    extraction_id: str
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    segments: tuple[Segment, ...] = ()

    @classmethod
    def of(
        cls, extraction: Extraction, *, url: str | None, fetch_time: datetime | None, extractor: str, extraction_id: str
    ) -> Self:
        """The article that *extraction* is, of the page at *url* as it was at *fetch_time*, None where that is not known."""
        values = page_columns(extraction)
        for name in _FLOATS:
            values[name] = None if values[name] is None else c_float(values[name]).value
        values["authors"], values["headings"] = extraction.article.authors, extraction.article.headings
        values["html_tables"] = extraction.article.html_tables
        values["quality_flags"] = tuple(values["quality_flags"])
        return cls(
            url=url,
            fetch_time=fetch_time,
            extractor=extractor,
            extraction_id=extraction_id,
            images=extraction.images,
            links=extraction.links,
            segments=extraction.segments,
            **values,
        )

    @property
    def markdown(self) -> str | None:
        """``text_markdown``: the body with headings, lists, quotes and links."""
        return self.text_markdown

    def to_dict(self, *, parts: bool = True) -> dict[str, Any]:
        """All fields by name, in plain values: dicts, lists, strings, numbers, ``datetime``.  Without *parts* no images,
        links and segments: the columns that a row of ``articles`` has of the page."""
        names = [field.name for field in fields(self) if parts or field.name not in PARTS]
        return {name: _plain(getattr(self, name)) for name in names}

    def to_json(self, *, parts: bool = True, indent: int | None = None) -> str:
        """`to_dict` as one JSON object; times are ISO 8601 with Z, as `broadsheet export` writes them."""
        return json.dumps(self.to_dict(parts=parts), ensure_ascii=False, indent=indent, default=_text_of)

    def __repr__(self) -> str:
        return f"Article(url={self.url!r}, title={self.title!r}, {self.word_count} words, {self.extraction_status})"


def _plain(value: Any) -> Any:
    if isinstance(value, Link | Segment):
        return {name: _plain(item) for name, item in value._asdict().items()}
    if isinstance(value, Person | Heading | Image):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _text_of(value: Any) -> str:
    assert isinstance(value, datetime)
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
