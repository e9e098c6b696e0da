"""The tables: fixed, documented Arrow schemas.  Never inferred, only added to within a major version.

Names are those that others build on: FineWeb and datatrove (``text``, ``id``, ``url``), Common Crawl's columnar index
(``warc_*``, ``fetch_*``, ``content_*``, ``url_*``), schema.org and zyte (``date_published`` ...).  What a column means
is in its field's metadata, and `columns` gives it to whoever prints it (docs/schema.md is made so).  No binary columns
but the MinHash of ``signatures`` (they break JSON output and JavaScript readers); lists are never null.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from broadsheet.pipelines.extract.roles.role import Role, RoleSource
from broadsheet.pipelines.identity import SCHEMA_VERSION

_S, _I64, _I32, _I16, _B, _F32 = pa.string(), pa.int64(), pa.int32(), pa.int16(), pa.bool_(), pa.float32()
_TIME = pa.timestamp("us", tz="UTC")


def _f(name: str, kind: pa.DataType, doc: str, *, null: bool = True) -> pa.Field:
    return pa.field(name, kind, null, {"doc": doc})


def _list(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", kind))


_PERSON = pa.struct([_f("name", _S, "as printed"), _f("url", _S, "their page, absolute")])
_HEADING = pa.struct(
    [_f("level", _I16, "1 to 6"), _f("text", _S, "as shown"), _f("char_start", _I32, "code-point offset in text")]
)
_HTML_TABLE = pa.struct(
    [_f("html", _S, "the table, written anew; docs/markdown.md"), _f("char_start", _I32, "code-point offset in text")]
)

_PROVENANCE = [
    _f("warc_filename", _S, "path relative to the archive folder, never absolute", null=False),
    _f("warc_record_offset", _I64, "byte offset of the (compressed) record", null=False),
    _f("warc_record_length", _I64, "compressed length in bytes", null=False),
    _f("warc_record_id", _S, "<urn:uuid:...> of the record", null=False),
    _f("fetch_time", _TIME, "WARC-Date; null: the record has none that says a moment"),
]
_URL = [
    _f("url", _S, "WARC-Target-URI as captured", null=False),
    _f("url_surtkey", _S, "SURT key; equals the CDXJ key", null=False),
    _f("url_host_name", _S, "lower case, without port", null=False),
    _f("url_host_registered_domain", _S, "the domain under a public suffix; null for addresses"),
]
_PAGE = [  # of the tables about a page's parts: one site, or one month, is found without a join
    _f("url_surtkey", _S, "articles.url_surtkey; null before schema version 1.1"),
    _f("fetch_time", _TIME, "articles.fetch_time; null where that is, and before schema version 1.1"),
]


def _table(name: str, fields: list[pa.Field]) -> pa.Schema:
    return pa.schema(fields, {"schema": name, "schema_version": SCHEMA_VERSION})


ARTICLES = _table(
    "articles",
    [
        _f(
            "id",
            _S,
            "= warc_record_id, and ~2, ~3 ... where other records have the same; unique together with extraction_id",
            null=False,
        ),
        *_URL,
        _f("url_canonical", _S, "link rel=canonical or og:url, absolute"),
        *_PROVENANCE,
        _f("content_digest", _S, "WARC-Payload-Digest of the response"),
        _f("refers_to_record_id", _S, "of a revisit: the response whose payload this row is made of; null: its own"),
        _f(
            "fetch_status",
            _I16,
            "HTTP status; pages are those with 200; of a 304 (revisit) its original's; 200 of a resource record",
            null=False,
        ),
        _f("title", _S, "the headline as the page shows it"),
        _f("description", _S, "the page's own summary for others (meta description)"),
        _f("standfirst", _S, "the lead between headline and body"),
        _f("kicker", _S, "the line above the headline"),
        _f("authors", _list(_PERSON), "empty when none is named", null=False),
        _f("byline_raw", _S, "the byline as printed"),
        _f("sitename", _S, "what the site calls itself"),
        _f("date_published", _TIME, "null when not known"),
        _f("date_published_raw", _S, "exactly as in the page, with its zone; also where no date could be read from it"),
        _f(
            "date_published_precision",
            _S,
            "second | minute | hour | day | week | month | year; day or coarser = midnight UTC",
        ),
        _f("date_published_source", _S, "json-ld | meta | time | url | text | header"),
        _f("date_modified", _TIME, "last change that the page states; null when it states none"),
        _f("date_modified_raw", _S, "exactly as in the page"),
        _f("text", _S, "the body only: no captions, no related, no footers; paragraphs split by two line ends"),
        _f("text_markdown", _S, "the body with headings, lists, quotes, links"),
        _f("headings", _list(_HEADING), "the headings in the body, in order", null=False),
        _f(
            "html_tables",
            _list(_HTML_TABLE),
            "tables of the body with merged cells, tables in cells, or heads beside the first row; empty before 1.3",
            null=False,
        ),
        _f("section", _S, "the part of the site it stands in"),
        _f("breadcrumbs", _list(_S), "the path of sections that the page shows", null=False),
        _f("tags", _list(_S), "keywords that the page states", null=False),
        _f("language", _S, "BCP 47, detected on the text"),
        _f("language_score", _F32, "the detector's probability, 0 to 1; null: too little text"),
        _f("language_declared", _S, "html lang or og:locale"),
        _f("page_type", _S, "article | live | gallery | video | listing | other"),
        _f("is_paywalled", _B, "isAccessibleForFree = false, or paywall markup seen"),
        _f("license_url", _S, "rel=license, JSON-LD license, or a Creative Commons link"),
        _f("robots_meta", _S, "meta robots and X-Robots-Tag, joined by commas, verbatim (noindex, noai ...)"),
        _f("tdm_reservation", _I16, "TDMRep (header, meta, tdmrep.json): 1 reserved, 0 not, null not stated"),
        _f("tdm_policy_url", _S, "TDMRep: where the terms of a licence are"),
        _f(
            "robots_txt_allowed",
            _B,
            "always null: no WARC says it; a crawl asks for what is allowed, unless told to --ignore-robots",
        ),
        _f("main_image_url", _S, "the image that the page gives to others (og:image, JSON-LD)"),
        _f("image_count", _I32, "rows in images", null=False),
        _f("link_count", _I32, "rows in links", null=False),
        _f("segment_count", _I32, "rows in segments", null=False),
        _f("word_count", _I32, "words of text, split at white space", null=False),
        _f("text_ratio", _F32, "characters of text / characters of all visible text"),
        _f("text_sha256", _S, "hex, of the NFC text; the key of exact duplicates"),
        _f(
            "duplicate_of",
            _S,
            "id of the row of this article's primary URL (canonical, or the same title and text on the host); null: primary",
        ),
        _f("extraction_id", _S, "hash of extractor name, version, configuration, schema version", null=False),
        _f("extractor", _S, "name==version", null=False),
        _f("extraction_status", _S, "ok | empty | timeout | error | undecodable; a failed page is a row", null=False),
        _f("extraction_error", _S, "what went wrong, when the status is neither ok nor empty"),
        _f("quality_flags", _list(_S), "rules of published filters that the text breaks; docs/schema.md", null=False),
    ],
)
CAPTURES = _table(
    "captures",
    [
        *_PROVENANCE,
        _f(
            "record_type",
            _S,
            "response | revisit | resource | conversion | metadata (of an exchange without answer)",
            null=False,
        ),
        *_URL,
        _f("fetch_status", _I16, "null for an exchange without answer"),
        _f("fetch_error", _S, "dns | connect | tls | timeout | disconnect | protocol | too-large ..."),
        _f("fetch_redirect", _S, "where a redirect leads, absolute"),
        _f("content_mime_type", _S, "as declared, without parameters"),
        _f("content_mime_detected", _S, "WARC-Identified-Payload-Type"),
        _f("content_charset", _S, "as declared"),
        _f(
            "content_length",
            _I64,
            "bytes of the payload, content coding still on; null when it is too large, or lies elsewhere and was not read",
        ),
        _f("content_digest", _S, "WARC-Payload-Digest"),
        _f(
            "content_truncated",
            _S,
            "WARC-Truncated of the record with the body: length | time | disconnect | unspecified",
        ),
        _f("refers_to_uri", _S, "of a revisit: the URL of the record that has the body"),
        _f("refers_to_date", _TIME, "of a revisit: the WARC-Date of the record that has the body"),
        _f("http_protocol", _S, "http/1.0 | http/1.1"),
        _f("ip_address", _S, "WARC-IP-Address"),
        _f("etag", _S, "ETag header"),
        _f("last_modified", _S, "Last-Modified header, as sent"),
        _f("x_robots_tag", _S, "X-Robots-Tag header, the first"),
        _f("crawl_id", _S, "isPartOf of the file's warcinfo"),
        _f("via_url", _S, "the URL whose answer named this one"),
        _f("depth", _I16, "links followed from the seed"),
        _f("is_page", _B, "an HTML answer with status 200: it has a row in articles", null=False),
    ],
)
IMAGES = _table(
    "images",
    [
        _f("id", _S, "articles.id", null=False),
        _f("extraction_id", _S, "articles.extraction_id", null=False),
        _f("ordinal", _I32, "place among the images of the page, from 0", null=False),
        _f("image_url", _S, "the size that a reader would want, absolute", null=False),
        _f("srcset_urls", _list(_S), "other sizes of it, absolute", null=False),
        _f("caption", _S, "its caption, without the credit"),
        _f("credit", _S, "who made or owns it, as printed"),
        _f("alt_text", _S, "alt attribute"),
        _f("role", _S, "hero | inline | gallery | author | logo | other", null=False),
        _f("width", _I32, "pixels, as the page states"),
        _f("height", _I32, "pixels, as the page states"),
        _f("image_record_id", _S, "always null: join captures.url = images.image_url"),
        *_PAGE,
    ],
)
LINKS = _table(
    "links",
    [
        _f("id", _S, "articles.id", null=False),
        _f("extraction_id", _S, "articles.extraction_id", null=False),
        _f("ordinal", _I32, "place among the links of the page, from 0", null=False),
        _f("target_url", _S, "where it leads, absolute", null=False),
        _f("target_host_registered_domain", _S, "the domain under a public suffix of target_url"),
        _f("anchor_text", _S, "the text of the link"),
        _f("rel", _S, "rel attribute (nofollow, sponsored ...)"),
        _f("segment_ordinal", _I32, "segments.ordinal of the block that it stands in"),
        _f("role", _S, "role of the block that it stands in", null=False),
        *_PAGE,
    ],
)
SEGMENTS = _table(
    "segments",
    [
        _f("id", _S, "articles.id", null=False),
        _f("extraction_id", _S, "articles.extraction_id", null=False),
        _f("ordinal", _I32, "place in the page, from 0", null=False),
        _f("role", _S, " | ".join(Role), null=False),
        _f("role_score", _F32, "how sure the role is, 0 to 1; null: not measured"),
        _f("role_source", _S, f"why: {' | '.join(RoleSource)}; where the site decided, in words behind a colon"),
        _f("text", _S, "the block's visible text", null=False),
        _f("tag", _S, "the block's HTML element"),
        _f("dom_path", _S, "where it stands in the document"),
        _f("char_start", _I32, "offset in articles.text when part of it"),
        _f("link_density", _F32, "share of its characters that are in links"),
        _f("block_hash", _I64, "stable hash of the normalised text, for recurrence over a site", null=False),
        _f("site_page_count", _I32, "pages of the site that had the block when learnt"),
        *_PAGE,
    ],
)
SIGNATURES = _table(
    "signatures",
    [
        _f("id", _S, "articles.id", null=False),
        _f("extraction_id", _S, "articles.extraction_id", null=False),
        _f("duplicate_of", _S, "id of the kept row of the cluster; null = this row is kept"),
        _f("relation", _S, "to duplicate_of: exact | near | contained | linked; null = this row is kept"),
        _f("score", _F32, "exact 1; near, linked: Jaccard; contained: share of the shorter's shingles"),
        _f("cluster_id", _S, "id of the kept row, on all rows of its cluster; null = no duplicates"),
        _f("cluster_size", _I32, "rows in the cluster; 1 = no duplicates", null=False),
        _f("shingle_count", _I32, "different shingles that were compared, boilerplate left out", null=False),
        _f("minhash", pa.binary(), "uint32 x 128, little-endian; null = too little text. Method: file metadata"),
    ],
)
TABLES = {
    "articles": ARTICLES,
    "captures": CAPTURES,
    "segments": SEGMENTS,
    "images": IMAGES,
    "links": LINKS,
    "signatures": SIGNATURES,
}
TABLE_DOCS = {
    "articles": "One row for each HTML page that was answered with status 200, whatever became of its extraction.",
    "captures": "One row for each exchange, also failed ones, redirects and revisits. Belongs to no extraction.",
    "segments": "Every block of visible text of a page, with its role: nothing of the page is thrown away.",
    "images": "The images of a page, with what it says about them.",
    "links": "The hyperlinks of a page that have a text, with the role of the block they stand in.",
    "signatures": "One row for each article, made by `broadsheet dedupe`: its MinHash and its cluster of duplicates.",
}

# Few different values in many rows: a dictionary pays.  Elsewhere it costs memory and gains nothing (measured).
DICTIONARY_COLUMNS = [
    "warc_filename", "url_host_name", "url_host_registered_domain", "sitename", "section", "language",
    "language_declared", "page_type", "date_published_precision", "date_published_source", "extraction_id", "extractor",
    "extraction_status", "record_type", "fetch_error", "content_mime_type", "content_mime_detected", "content_charset",
    "content_truncated", "http_protocol", "ip_address", "crawl_id", "role", "role_source", "tag",
]  # fmt: skip


def dictionary_columns(schema: pa.Schema) -> list[str]:
    """The columns of *schema* to be written with a dictionary: listed ones, and of a page's parts what all of them repeat."""
    repeated = ("id", "url_surtkey", "fetch_time") if "ordinal" in schema.names else ()
    return [name for name in schema.names if name in DICTIONARY_COLUMNS or name in repeated]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as documented.  ``name`` of a part of a struct is ``authors[].name``."""

    name: str
    type: str
    nullable: bool
    doc: str


def columns(table: str) -> tuple[Column, ...]:
    """The columns of *table*, the parts of structs after theirs.

    Raises:
        KeyError: there is no such table.
    """
    return tuple(column for field in TABLES[table] for column in _described(field, field.name))


def type_name(kind: pa.DataType) -> str:
    """A short name of an Arrow type: ``list<struct>``, ``timestamp[us, UTC]``, ``string``."""
    if pa.types.is_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_timestamp(kind):
        return f"timestamp[{kind.unit}, {kind.tz}]"
    return "struct" if pa.types.is_struct(kind) else str(kind)


def _described(field: pa.Field, name: str) -> Iterator[Column]:
    doc = (field.metadata or {}).get(b"doc", b"").decode()
    yield Column(name, type_name(field.type), field.nullable, doc)
    inner = field.type.value_type if pa.types.is_list(field.type) else field.type
    if pa.types.is_struct(inner):
        for part in inner:
            yield from _described(part, f"{name}{'[]' if inner is not field.type else ''}.{part.name}")
