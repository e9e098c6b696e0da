"""What extraction takes and gives: PageRecord -> Extraction(Article, Segments, Images, Links).

These are the types on the border between extraction and the dataset.  The dataset adds where the page came from
(WARC file, offset, digests); extraction knows nothing of that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from broadsheet.pipelines.extract.roles.role import Role

if TYPE_CHECKING:
    from broadsheet.pipelines.extract.site.lines import Lines
    from broadsheet.pipelines.extract.site.sketch import PageSketch


@dataclass(frozen=True, slots=True)
class PageRecord:
    """One captured HTML answer, ready to be read: what an Extractor takes.

    ``fetch_time`` is None where the record does not say when.  ``body`` has transfer and content coding removed;
    ``headers`` are the answer's, in order, names as sent.
    """

    url: str
    fetch_time: datetime | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    body_decision: bytes = (
        b""  # `Extraction.body_decision` of an earlier reading of the same page: saves deciding again
    )
    rows: bool = True  # whether segments, images and links are asked for; an extractor may leave them out where not
    sketch: bool = False  # whether its sketch is asked for, from which the profile of its site is learnt
    lines: Lines | None = None  # of its sketch, made by an earlier reading: saves making them again

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Person:
    """An author, as printed on the page (schema.org Person or Organization)."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body; ``char_start`` is its code-point offset in ``ArticleColumns.text``."""

    level: int
    text: str
    char_start: int


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table of the body as HTML; ``char_start`` is the code-point offset in ``ArticleColumns.text`` at which it begins."""

    html: str
    char_start: int


class Segment(NamedTuple):
    """One block of visible text: its role in the page, and why.  In page order, the segments are the visible text.

    A tuple, as `Link` is: a page has hundreds, and they are made and turned into columns at a tenth of the price."""

    ordinal: int
    role: Role
    role_source: str | None
    text: str
    role_score: float | None = None
    tag: str | None = None
    dom_path: str | None = None
    char_start: int | None = None
    link_density: float | None = None
    block_hash: int = 0
    site_page_count: int | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the article with what the page says about it."""

    ordinal: int
    image_url: str
    role: str
    srcset_urls: tuple[str, ...] = ()
    caption: str | None = None
    credit: str | None = None
    alt_text: str | None = None
    width: int | None = None
    height: int | None = None


class Link(NamedTuple):
    """A hyperlink of the page and the role of the block it stands in."""

    ordinal: int
    target_url: str
    role: Role
    anchor_text: str | None = None
    rel: str | None = None
    segment_ordinal: int | None = None


@dataclass(frozen=True, slots=True)
class ArticleColumns:
    """The article columns that come from the page itself (names: docs/schema.md, table ``articles``)."""

    status: str  # ok | empty | timeout | error | undecodable
    error: str | None = None
    url_canonical: str | None = None
    title: str | None = None
    description: str | None = None
    standfirst: str | None = None
    kicker: str | None = None
    authors: tuple[Person, ...] = ()
    byline_raw: str | None = None
    sitename: str | None = None
    date_published: datetime | None = None
    date_published_raw: str | None = None
    date_published_precision: str | None = None
    date_published_source: str | None = None
    date_modified: datetime | None = None
    date_modified_raw: str | None = None
    text: str | None = None
    text_markdown: str | None = None
    headings: tuple[Heading, ...] = ()
    html_tables: tuple[HtmlTable, ...] = ()
    section: str | None = None
    breadcrumbs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    language_score: float | None = None
    language_declared: str | None = None
    page_type: str | None = None  # article | live | gallery | video | listing | other
    is_paywalled: bool | None = None
    license_url: str | None = None
    robots_meta: str | None = None
    tdm_reservation: int | None = None
    tdm_policy_url: str | None = None
    main_image_url: str | None = None
    word_count: int = 0
    text_ratio: float | None = None
    text_embedded: bool = False  # the body is not on the page but in its data: the quality flag embedded_text
    encoding_guessed: bool = False  # the page's encoding was detected: the quality flag guessed_encoding
    quality_flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one page gives."""

    article: ArticleColumns
    segments: tuple[Segment, ...] = ()
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    sketch: PageSketch | None = field(default=None, compare=False)  # what the profile of its site is learnt from
    body_decision: bytes = field(default=b"", compare=False)  # for a later reading, see PageRecord


class Extractor(Protocol):
    """Turns a page into an Extraction.  Two implementations may stand side by side under different ids.

    ``extract`` never raises for anything a page can hold: a page that fails is an Extraction whose article has a
    ``status`` and an ``error``.  It depends on its arguments alone: no clock, no randomness, no order of pages.
    """

    name: str  # "name==version", goes into the column ``extractor``
    extraction_id: str  # short stable hash of name, version, configuration, schema version and site profiles
    base_id: str  # the same without the site profiles

    def extract(self, record: PageRecord) -> Extraction:
        """Read one page."""
        ...
