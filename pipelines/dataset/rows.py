"""From a record and what was extracted from it to the rows of the tables: the one place where columns are filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import pyarrow as pa

from broadsheet.archive.http import ResponseHead
from broadsheet.archive.public_suffix import registered_domain
from broadsheet.archive.repeats import row_id
from broadsheet.archive.resolved_response import ResolvedResponse
from broadsheet.archive.resource import DOCUMENT_TYPES
from broadsheet.archive.surt import surt
from broadsheet.archive.warc.metadata import ExchangeMetadata
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.pipelines.dataset.columns import Same, TableBuilder, batch_of, batch_of_one
from broadsheet.pipelines.dataset.page_columns import page_columns
from broadsheet.pipelines.dataset.schema import TABLES
from broadsheet.pipelines.extract.extraction import Extraction, Extractor, Image, Link, Segment


class PartRows:
    """The rows of one part, for the tables that were asked for."""

    def __init__(
        self,
        tables: tuple[str, ...],
        warc_filename: str,
        extractor: Extractor,
        repeats: Mapping[int, int] | None = None,
    ) -> None:
        self.builders = {name: TableBuilder(TABLES[name]) for name in tables}
        self._warc_filename = warc_filename
        self._extractor = extractor
        self._repeats = repeats or {}  # by offset: the number of a record whose id an earlier one has

    def add_capture(
        self,
        record: WarcRecord,
        answer: ResolvedResponse | None,
        metadata: ExchangeMetadata | None,
        *,
        crawl_id: str | None,
    ) -> None:
        """The row of an exchange.  *answer* is what it got, *metadata* that of its metadata record, None when there is none."""
        builder = self.builders.get("captures")
        if builder is None:
            return
        provenance = None if metadata is None else metadata.provenance
        document = provenance is None or provenance.document
        is_page = answer is not None and document and answer.is_page
        head = record.response_head()
        builder.append(
            **self._provenance(record),
            record_type=record.record_type,
            **_url_columns(record.url or ""),
            fetch_status=None if head is None else _int16(head.status),
            fetch_error=None if metadata is None else metadata.error,
            fetch_redirect=_redirect(record.url or "", head),
            **_content_columns(record, _head_of(record, head, answer), answer),
            refers_to_uri=record.get("WARC-Refers-To-Target-URI"),
            refers_to_date=_moment(record.get("WARC-Refers-To-Date")),
            http_protocol=None if head is None else head.version.lower(),
            ip_address=record.get("WARC-IP-Address"),
            etag=_header(head, "ETag"),
            last_modified=_header(head, "Last-Modified"),
            x_robots_tag=_header(head, "X-Robots-Tag"),
            crawl_id=crawl_id,
            via_url=None if provenance is None else provenance.via,
            depth=None if provenance is None else min(provenance.hops.count("L"), 32767),
            is_page=is_page,
        )

    def add_page(self, answer: ResolvedResponse, extraction: Extraction) -> None:
        """The rows of a page: its article, and whatever of segments, images and links is asked for; all or none.

        Raises:
            ValueError, TypeError, OverflowError: the extraction holds a value that does not fit its column.
        """
        # made into Arrow now: what does not fit costs this page; when the part is published, it would cost the part
        batches = [
            (builder, batch)
            for name, builder in self.builders.items()
            if (batch := self._batch(name, answer, extraction)) is not None
        ]
        for builder, batch in batches:
            builder.add(batch)

    def _batch(self, table: str, answer: ResolvedResponse, extraction: Extraction) -> pa.RecordBatch | None:
        """What the page adds to *table*; None when it adds no rows."""
        if table == "articles":
            return batch_of_one(TABLES[table], self._article(answer, extraction))
        columns = self._part_columns(table, answer, extraction)
        return batch_of(TABLES[table], columns) if columns else None

    def _part_columns(self, table: str, answer: ResolvedResponse, extraction: Extraction) -> dict[str, Sequence[Any]]:
        """What the parts of a page add to *table*, by column; nothing when it adds no rows."""
        match table:
            case "segments":
                columns = _by_column(extraction.segments, Segment)
            case "images":
                columns = {
                    field.name: [getattr(one, field.name) for one in extraction.images] for field in fields(Image)
                }
                columns["image_record_id"] = Same(None, len(extraction.images))
            case "links":
                columns = _by_column(extraction.links, Link)
                columns["target_host_registered_domain"] = [_domain_of(link.target_url) for link in extraction.links]
            case _:
                return {}
        count = len(columns["ordinal"])
        columns["id"] = Same(self._id(answer.record), count)
        columns["extraction_id"] = Same(self._extractor.extraction_id, count)
        columns["url_surtkey"] = Same(_surt(answer.record.url or ""), count)
        columns["fetch_time"] = Same(answer.record.date, count)
        return columns if count else {}

    def _article(self, answer: ResolvedResponse, extraction: Extraction) -> dict[str, Any]:
        record = answer.record
        return {
            "id": self._id(record),
            "extraction_id": self._extractor.extraction_id,
            **_url_columns(record.url or ""),
            **self._provenance(record),
            "content_digest": record.get("WARC-Payload-Digest"),
            "refers_to_record_id": answer.original_id,
            "fetch_status": answer.head.status,
            **page_columns(extraction),
            "robots_txt_allowed": None,
            "duplicate_of": None,
            "extractor": self._extractor.name,
        }

    def _id(self, record: WarcRecord) -> str:
        return row_id(record.record_id, self._repeats.get(record.offset))

    def _provenance(self, record: WarcRecord) -> dict[str, Any]:
        return {
            "warc_filename": self._warc_filename,
            "warc_record_offset": record.offset,
            "warc_record_length": record.length,
            "warc_record_id": record.record_id or "",
            "fetch_time": record.date,
        }


def host_name(url: str) -> str:
    """The host of *url*, lower case, without port; empty when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _url_columns(url: str) -> dict[str, Any]:
    host = host_name(url)
    return {
        "url": url,
        "url_surtkey": _surt(url),
        "url_host_name": host,
        "url_host_registered_domain": registered_domain(host),
    }


def _content_columns(record: WarcRecord, head: ResponseHead | None, answer: ResolvedResponse | None) -> dict[str, Any]:
    """What is said of the content; of a revisit's, which lies elsewhere, what was read of it there."""
    declared = _header(head, "Content-Type") or ""
    mime, _, parameters = declared.partition(";")
    charset = parameters.lower().partition("charset=")[2].strip(" \t\"';").partition(";")[0]
    stored = record if answer is None else answer.payload_record
    elsewhere = record.record_type == "revisit" and answer is None
    payload = None if head is None or elsewhere or stored.block_truncated else stored.payload()
    return {
        "content_mime_type": mime.strip().lower() or None,
        "content_mime_detected": stored.get("WARC-Identified-Payload-Type"),
        "content_charset": charset or None,
        "content_length": None if payload is None else len(payload),
        "content_digest": record.get("WARC-Payload-Digest"),
        "content_truncated": None if elsewhere else stored.get("WARC-Truncated"),
    }


def _by_column(items: Sequence[Any], kind: type[Segment | Link]) -> dict[str, Sequence[Any]]:
    """The fields of *items*, all tuples of that *kind*, by name."""
    return dict(zip(kind._fields, zip(*items, strict=True) if items else ((),) * len(kind._fields), strict=True))


_surt = lru_cache(maxsize=4)(surt)  # the tables of a page ask for the same one


def _domain_of(url: str) -> str | None:
    """The registered domain of an absolute URL; quick for hosts that were met before."""
    scheme, _, rest = url.partition("://")
    return _domain_of_authority(scheme, rest.partition("/")[0].partition("?")[0].partition("#")[0])


@lru_cache(maxsize=4096)
def _domain_of_authority(scheme: str, authority: str) -> str | None:
    return registered_domain(host_name(f"{scheme}://{authority}"))


def _head_of(record: WarcRecord, head: ResponseHead | None, answer: ResolvedResponse | None) -> ResponseHead | None:
    """The head that says what the content is: of a resource record, its Content-Type in place of one."""
    return answer.head if record.record_type in DOCUMENT_TYPES and answer is not None else head


def _redirect(url: str, head: ResponseHead | None) -> str | None:
    location = None if head is None else head.reference("Location")
    if head is None or location is None or not 300 <= head.status < 400:
        return None
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _header(head: ResponseHead | None, name: str) -> str | None:
    return None if head is None else head.get(name)


def _moment(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _int16(status: int) -> int:
    return min(status, 32767)
