"""Rows as typed values, a class a table, with the columns of `broadsheet.pipelines.dataset.schema` (a test holds them
together).

A row that was read with ``columns=`` has only these; asking it for another is an error that says so.  A row of ``articles``
or ``captures`` leads back to its WARC record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from broadsheet.pipelines.dataset.record_store import RecordStore, Response, response_of
from broadsheet.pipelines.dataset.schema import TABLES
from broadsheet.pipelines.extract.extraction import Heading, HtmlTable, Person

_STRUCTS: dict[str, type[Person] | type[Heading] | type[HtmlTable]] = {
    "authors": Person,
    "headings": Heading,
    "html_tables": HtmlTable,
}
_LISTS = frozenset(field.name for schema in TABLES.values() for field in schema if pa.types.is_list(field.type))


class Row:
    """What all rows can do."""

    __slots__ = ("_store",)
    _store: RecordStore

    @classmethod
    def of(cls, values: Mapping[str, Any], store: RecordStore) -> Self:
        """The row with these *values*, as Arrow gives them; they may be some of the columns."""
        row = object.__new__(cls)
        object.__setattr__(row, "_store", store)
        for name, value in values.items():
            object.__setattr__(row, name, _typed(name, value))
        return row

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in ("id", "url", "title", "ordinal") if hasattr(self, name))
        return f"{type(self).__name__}({', '.join(shown)})"

    if not TYPE_CHECKING:  # else it would allow every name

        def __getattr__(self, name: str) -> Any:  # only asked for what was not read
            if name in getattr(type(self), "__dataclass_fields__", ()):
                raise AttributeError(f"column {name} was not read: name it in columns=")
            raise AttributeError(f"{type(self).__name__} has no {name}")


class StoredRow(Row):
    """A row that names its WARC record."""

    __slots__ = ()
    if TYPE_CHECKING:
        warc_filename: str
        warc_record_offset: int
        warc_record_length: int
        warc_record_id: str

    def record(self, *, as_stored: bool = False) -> bytes:
        """The exact bytes of the WARC record: header, block and the two line ends after it, uncompressed; with *as_stored* as
        they lie in the file, compressed or not.

        Raises:
            MissingWarc: the WARC is not where it was.
            CorruptArchive: another record lies there, or none.
        """
        if as_stored:
            return self._store.bytes_as_stored(self.warc_filename, self.warc_record_offset, self.warc_record_length)
        record = self._store.record(
            self.warc_filename, self.warc_record_offset, self.warc_record_length, self.warc_record_id
        )
        return record.raw_header + record.block + record.tail

    def response(self) -> Response:
        """The HTTP answer in the record, parsed and decoded; the body of a revisit comes from the record it refers to.

        Raises:
            MissingWarc, CorruptArchive: as `record`.
            BadInput: the record holds no answer (an exchange that failed), or refers to one that is not here.
        """
        record = self._store.record(
            self.warc_filename, self.warc_record_offset, self.warc_record_length, self.warc_record_id
        )
        return response_of(self._store.answer(record))


def _typed(name: str, value: Any) -> Any:
    if isinstance(value, list):
        kind = _STRUCTS.get(name)
        return tuple(value if kind is None else (kind(**item) for item in value))
    if value is None and name in _LISTS:  # a file of a schema that had no such column
        return ()
    return value


@dataclass(frozen=True, slots=True, repr=False)
class ArticleRow(StoredRow):
    """A page and what was read of it.  What each column means: docs/schema.md, table ``articles``."""

    id: str
    url: str
    url_surtkey: str
    url_host_name: str
    url_host_registered_domain: str | None
    url_canonical: str | None
    warc_filename: str
    warc_record_offset: int
    warc_record_length: int
    warc_record_id: str
    fetch_time: datetime | None
    content_digest: str | None
    refers_to_record_id: str | None
    fetch_status: int
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
    robots_txt_allowed: bool | None
    main_image_url: str | None
    image_count: int
    link_count: int
    segment_count: int
    word_count: int
    text_ratio: float | None
    text_sha256: str | None
    duplicate_of: str | None
    extraction_id: str
    extractor: str
    extraction_status: str
    extraction_error: str | None
    quality_flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class CaptureRow(StoredRow):
    """An exchange.  What each column means: docs/schema.md, table ``captures``."""

    warc_filename: str
    warc_record_offset: int
    warc_record_length: int
    warc_record_id: str
    fetch_time: datetime | None
    record_type: str
    url: str
    url_surtkey: str
    url_host_name: str
    url_host_registered_domain: str | None
    fetch_status: int | None
    fetch_error: str | None
    fetch_redirect: str | None
    content_mime_type: str | None
    content_mime_detected: str | None
    content_charset: str | None
    content_length: int | None
    content_digest: str | None
    content_truncated: str | None
    refers_to_uri: str | None
    refers_to_date: datetime | None
    http_protocol: str | None
    ip_address: str | None
    etag: str | None
    last_modified: str | None
    x_robots_tag: str | None
    crawl_id: str | None
    via_url: str | None
    depth: int | None
    is_page: bool


@dataclass(frozen=True, slots=True, repr=False)
class SegmentRow(Row):
    """A block of a page's visible text.  What each column means: docs/schema.md, table ``segments``."""

    id: str
    extraction_id: str
    ordinal: int
    role: str
    role_score: float | None
    role_source: str | None
    text: str
    tag: str | None
    dom_path: str | None
    char_start: int | None
    link_density: float | None
    block_hash: int
    site_page_count: int | None
    url_surtkey: str | None
    fetch_time: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class ImageRow(Row):
    """An image of a page.  What each column means: docs/schema.md, table ``images``."""

    id: str
    extraction_id: str
    ordinal: int
    image_url: str
    srcset_urls: tuple[str, ...]
    caption: str | None
    credit: str | None
    alt_text: str | None
    role: str
    width: int | None
    height: int | None
    image_record_id: str | None
    url_surtkey: str | None
    fetch_time: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class LinkRow(Row):
    """A hyperlink of a page.  What each column means: docs/schema.md, table ``links``."""

    id: str
    extraction_id: str
    ordinal: int
    target_url: str
    target_host_registered_domain: str | None
    anchor_text: str | None
    rel: str | None
    segment_ordinal: int | None
    role: str
    url_surtkey: str | None
    fetch_time: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class SignatureRow(Row):
    """An article's place among its duplicates.  What each column means: docs/schema.md, table ``signatures``."""

    id: str
    extraction_id: str
    duplicate_of: str | None
    relation: str | None
    score: float | None
    cluster_id: str | None
    cluster_size: int
    shingle_count: int
    minhash: bytes | None
