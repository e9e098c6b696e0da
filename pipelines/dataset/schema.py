"""The tables: fixed, documented Arrow schemas.  Never inferred, only added to within a major version.

Names are those that others build on: FineWeb and datatrove (``text``, ``id``, ``url``), Common Crawl's columnar index
(``warc_*``, ``fetch_*``, ``content_*``, ``url_*``), schema.org and zyte (``date_published`` ...).  What a column means
is in its field's metadata.  No binary columns (they break JSON output and JavaScript readers); lists are never null.
"""

from __future__ import annotations

import pyarrow as pa

from pipelines.dataset.manifest import SCHEMA_VERSION

_S, _I64, _I32, _I16, _B, _F32 = pa.string(), pa.int64(), pa.int32(), pa.int16(), pa.bool_(), pa.float32()
_TIME = pa.timestamp("us", tz="UTC")


def _f(name: str, kind: pa.DataType, doc: str = "", *, null: bool = True) -> pa.Field:
    return pa.field(name, kind, null, {"doc": doc} if doc else None)


def _list(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", kind))


_PERSON = pa.struct([_f("name", _S, "as printed"), _f("url", _S)])
_HEADING = pa.struct([_f("level", _I16), _f("text", _S), _f("char_start", _I32, "code-point offset in text")])

_PROVENANCE = [
    _f("warc_filename", _S, "path relative to the archive folder, never absolute", null=False),
    _f("warc_record_offset", _I64, "byte offset of the (compressed) record", null=False),
    _f("warc_record_length", _I64, "compressed length in bytes", null=False),
    _f("warc_record_id", _S, "<urn:uuid:...> of the record", null=False),
    _f("fetch_time", _TIME, "WARC-Date", null=False),
]
_URL = [
    _f("url", _S, "WARC-Target-URI as captured", null=False),
    _f("url_surtkey", _S, "SURT key; equals the CDXJ key", null=False),
    _f("url_host_name", _S, null=False),
    _f("url_host_registered_domain", _S),
]


def _table(name: str, fields: list[pa.Field]) -> pa.Schema:
    return pa.schema(fields, {"schema": name, "schema_version": SCHEMA_VERSION})


ARTICLES = _table(
    "articles",
    [
        _f("id", _S, "= warc_record_id; unique together with extraction_id", null=False),
        *_URL,
        _f("url_canonical", _S, "link rel=canonical or og:url, absolute"),
        *_PROVENANCE,
        _f("content_digest", _S, "WARC-Payload-Digest of the response"),
        _f("refers_to_record_id", _S, "set when the body came from another record (revisit)"),
        _f("fetch_status", _I16, null=False),
        _f("title", _S, "the headline as the page shows it"),
        _f("description", _S, "the page's own summary for others (meta description)"),
        _f("standfirst", _S, "the lead between headline and body"),
        _f("kicker", _S, "the line above the headline"),
        _f("authors", _list(_PERSON), "empty when none is named", null=False),
        _f("byline_raw", _S, "the byline as printed"),
        _f("sitename", _S),
        _f("date_published", _TIME, "null when not known"),
        _f("date_published_raw", _S, "exactly as in the page, with its zone"),
        _f("date_published_precision", _S, "second | minute | day | month | year; day or coarser = midnight UTC"),
        _f("date_published_source", _S, "json-ld | meta | time | url | text | header"),
        _f("date_modified", _TIME),
        _f("date_modified_raw", _S),
        _f("text", _S, "the body only: no captions, no related, no footers; paragraphs split by two line ends"),
        _f("text_markdown", _S, "the body with headings, lists, quotes, links"),
        _f("headings", _list(_HEADING), null=False),
        _f("section", _S),
        _f("breadcrumbs", _list(_S), null=False),
        _f("tags", _list(_S), null=False),
        _f("language", _S, "BCP 47, detected on the text"),
        _f("language_score", _F32),
        _f("language_declared", _S, "html lang or og:locale"),
        _f("page_type", _S, "article | live | gallery | video | listing | other"),
        _f("is_paywalled", _B, "isAccessibleForFree = false, or paywall markup seen"),
        _f("license_url", _S),
        _f("robots_meta", _S, "meta robots and X-Robots-Tag, joined, verbatim"),
        _f("tdm_reservation", _I16, "TDMRep: 1 reserved, 0 not, null not stated"),
        _f("tdm_policy_url", _S),
        _f("robots_txt_allowed", _B, "for this crawler's agent at fetch time; null when not asked (foreign WARC)"),
        _f("main_image_url", _S),
        _f("image_count", _I32, null=False),
        _f("link_count", _I32, null=False),
        _f("segment_count", _I32, null=False),
        _f("word_count", _I32, null=False),
        _f("text_ratio", _F32, "characters of text / characters of all visible text"),
        _f("text_sha256", _S, "hex, of the NFC text; the key of exact duplicates"),
        _f("duplicate_of", _S, "id of the kept row of the cluster; null = kept or not yet clustered"),
        _f("extraction_id", _S, "hash of extractor name, version, configuration, schema version", null=False),
        _f("extractor", _S, "name==version", null=False),
        _f("extraction_status", _S, "ok | empty | timeout | error | undecodable; a failed page is a row", null=False),
        _f("extraction_error", _S),
        _f("quality_flags", _list(_S), null=False),
    ],
)
CAPTURES = _table(
    "captures",
    [
        *_PROVENANCE,
        _f("record_type", _S, "response | revisit | resource | metadata (of an exchange without answer)", null=False),
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
            "bytes of the payload, content coding still on; null when it is too large to be read",
        ),
        _f("content_digest", _S, "WARC-Payload-Digest"),
        _f("content_truncated", _S, "WARC-Truncated: length | time | disconnect | unspecified"),
        _f("refers_to_uri", _S),
        _f("refers_to_date", _TIME),
        _f("http_protocol", _S, "http/1.0 | http/1.1"),
        _f("ip_address", _S),
        _f("etag", _S),
        _f("last_modified", _S),
        _f("x_robots_tag", _S),
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
        _f("extraction_id", _S, null=False),
        _f("ordinal", _I32, null=False),
        _f("image_url", _S, null=False),
        _f("srcset_urls", _list(_S), null=False),
        _f("caption", _S),
        _f("credit", _S),
        _f("alt_text", _S),
        _f("role", _S, "hero | inline | gallery | author | logo | other", null=False),
        _f("width", _I32),
        _f("height", _I32),
        _f("image_record_id", _S, "capture of the image, if archived"),
    ],
)
LINKS = _table(
    "links",
    [
        _f("id", _S, "articles.id", null=False),
        _f("extraction_id", _S, null=False),
        _f("ordinal", _I32, null=False),
        _f("target_url", _S, null=False),
        _f("target_host_registered_domain", _S),
        _f("anchor_text", _S),
        _f("rel", _S),
        _f("segment_ordinal", _I32),
        _f("role", _S, "role of the block that it stands in", null=False),
    ],
)
SEGMENTS = _table(
    "segments",
    [
        _f("id", _S, "articles.id", null=False),
        _f("extraction_id", _S, null=False),
        _f("ordinal", _I32, null=False),
        _f("role", _S, "body | heading | caption | author_bio | related | comment | nav | footer ...", null=False),
        _f("role_score", _F32),
        _f("role_source", _S, "why: rule | markup | trafilatura | site_template | embedded | model"),
        _f("text", _S, null=False),
        _f("tag", _S),
        _f("dom_path", _S),
        _f("char_start", _I32, "offset in articles.text when part of it"),
        _f("link_density", _F32),
        _f("block_hash", _I64, "stable hash of the normalised text, for recurrence over a site", null=False),
        _f("site_page_count", _I32, "pages of the site that had the block when learnt"),
    ],
)
TABLES = {"articles": ARTICLES, "captures": CAPTURES, "segments": SEGMENTS, "images": IMAGES, "links": LINKS}

# Few different values in many rows: a dictionary pays.  Elsewhere it costs memory and gains nothing (measured).
DICTIONARY_COLUMNS = [
    "warc_filename", "url_host_name", "url_host_registered_domain", "sitename", "section", "language",
    "language_declared", "page_type", "date_published_precision", "date_published_source", "extraction_id", "extractor",
    "extraction_status", "record_type", "fetch_error", "content_mime_type", "content_mime_detected", "content_charset",
    "content_truncated", "http_protocol", "ip_address", "crawl_id", "role", "role_source", "tag",
]  # fmt: skip
