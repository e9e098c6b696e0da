"""The records of one exchange, built and compressed in memory, not yet written.

Knows what the standard wants of each record type; knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from broadsheet.archive.capture import Capture
from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.exchange import Exchange
from broadsheet.archive.http import NotHTTP, request_head_length
from broadsheet.archive.http_answer import Answer
from broadsheet.archive.resource import is_page_resource
from broadsheet.archive.warc.revisit import IDENTICAL_PAYLOAD, NOT_MODIFIED, Original, revisit_fields
from broadsheet.archive.warc.serialise import (
    HTTP_REQUEST,
    HTTP_RESPONSE,
    UNKNOWN,
    WARC_FIELDS,
    Fields,
    gzip_member,
    record_bytes,
    text_field,
    url_field,
    warc_date,
)

LOOKUP_SCHEME = "dns:"  # RFC 4501
TEXT_DNS = "text/dns"  # RFC 4027
FindOriginal = Callable[[str, int, datetime], Original | None]  # by payload digest, its size in bytes, and until when


class RecordGroup:
    """The records of one exchange, or a warcinfo, compressed and not yet written."""

    def __init__(self, filename: str, offset: int, warcinfo_id: str, level: int, digest: str) -> None:
        self.pieces: list[bytes] = []
        self._filename = filename
        self._offset = offset
        self._warcinfo_id = warcinfo_id
        self._level = level
        self._algorithm = digest

    def add_warcinfo(self, date: datetime, block: bytes) -> None:
        """A warcinfo record with this block; it is the file's first."""
        fields = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", self._warcinfo_id),
            ("WARC-Date", warc_date(date)),
            ("WARC-Filename", self._filename),
            ("Content-Type", WARC_FIELDS),
            ("WARC-Block-Digest", labelled_digest(block, self._algorithm)),
        ]
        self._add(fields, block)

    def add_lookup(self, record_id: str, exchange: Exchange, host: str) -> Capture:
        """What *host* resolved to when the exchange was made (ISO 28500:2017, 6.4.4): resource record, master file format.

        The moment stands in the first line, as Heritrix writes it.  The operating system does not say for how long an
        answer holds, nor which server gave it, so neither is made up.
        """
        lines = [f"{exchange.started:%Y%m%d%H%M%S}"]
        for address in exchange.addresses:
            lines.append(f"{host}.\tIN\t{'AAAA' if ':' in address else 'A'}\t{address.partition('%')[0]}")
        block = "".join(f"{line}\n" for line in lines).encode("ascii")
        fields = [
            *self._common("resource", record_id, exchange, url=f"{LOOKUP_SCHEME}{host}"),
            ("Content-Type", TEXT_DNS),
        ]
        return self._add_capture(
            fields, block, exchange, labelled_digest(block, self._algorithm), resource_type=TEXT_DNS
        )

    def add_answer(
        self,
        record_id: str,
        exchange: Exchange,
        unmodified: Original | None,
        find_original: FindOriginal | None,
        *,
        document: bool = True,
    ) -> Capture:
        """The record of the final answer: a response as it came; a revisit when the payload is that of an original.

        *unmodified* is what the request asked about with a condition; a 304 refers to it.  *document*: it was asked for its
        own sake, so it may be a page.
        """
        answer = exchange.answer
        if answer is None:
            return self._add_response(record_id, exchange, None, None, is_page=False)
        if answer.head.status == 304 and unmodified is not None:
            again = None if document else False  # a page if that was one
            return self._add_revisit(record_id, exchange, answer, unmodified, NOT_MODIFIED, is_page=again)
        is_page = document and answer.is_page
        payload = answer.payload
        digest = labelled_digest(payload, self._algorithm)
        whole = exchange.error is None and exchange.truncated is None
        original = None
        if whole and find_original is not None:
            original = find_original(digest, len(payload), exchange.started)
        if original is not None:
            return self._add_revisit(record_id, exchange, answer, original, IDENTICAL_PAYLOAD, is_page=is_page)
        return self._add_response(record_id, exchange, answer, digest, is_page=is_page)

    def add_resource(self, record_id: str, exchange: Exchange, media_type: str, *, document: bool) -> Capture:
        """The record of what we did not fetch, or somebody else did (ISO 28500:2017, 6.4.4): the content alone, said to be
        nothing more."""
        fields = [*self._common("resource", record_id, exchange), ("Content-Type", text_field(media_type))]
        digest = labelled_digest(exchange.response, self._algorithm)
        is_page = document and is_page_resource(exchange.url, media_type)
        return self._add_capture(fields, exchange.response, exchange, digest, is_page=is_page, resource_type=media_type)

    def _add_revisit(
        self,
        record_id: str,
        exchange: Exchange,
        answer: Answer,
        original: Original,
        profile: str,
        *,
        is_page: bool | None,
    ) -> Capture:
        fields = self._common("revisit", record_id, exchange)
        fields.append(("Content-Type", HTTP_RESPONSE))
        fields += _connection_fields(exchange)
        fields += revisit_fields(original, profile)
        return self._add_capture(fields, exchange.head, exchange, original.payload_digest, answer, is_page=is_page)

    def _add_response(
        self, record_id: str, exchange: Exchange, answer: Answer | None, digest: str | None, *, is_page: bool
    ) -> Capture:
        fields = self._common("response", record_id, exchange)
        fields.append(("Content-Type", UNKNOWN if answer is None else HTTP_RESPONSE))
        fields += _connection_fields(exchange)
        if answer is not None and answer.identified is not None:
            fields.append(("WARC-Identified-Payload-Type", answer.identified))
        if exchange.truncated is not None:
            fields.append(("WARC-Truncated", str(exchange.truncated)))
        return self._add_capture(fields, exchange.response, exchange, digest, answer, is_page=is_page)

    def add_request(self, record_id: str, exchange: Exchange, links: Fields) -> Capture:
        """The request record: what was sent."""
        fields = [*self._common("request", record_id, exchange), *links]
        try:
            head_length = request_head_length(exchange.request)
            fields.append(("Content-Type", HTTP_REQUEST))
        except NotHTTP:
            head_length = len(exchange.request)
            fields.append(("Content-Type", UNKNOWN))
        fields += _connection_fields(exchange)
        body = exchange.request[head_length:]
        return self._add_capture(
            fields, exchange.request, exchange, labelled_digest(body, self._algorithm) if body else None
        )

    def add_metadata(self, record_id: str, exchange: Exchange, block: bytes, links: Fields) -> Capture:
        """The metadata record with this *block*, which closes the group."""
        fields = [*self._common("metadata", record_id, exchange), *links, ("Content-Type", WARC_FIELDS)]
        return self._add_capture(fields, block, exchange)

    def _common(self, record_type: str, record_id: str, exchange: Exchange, url: str | None = None) -> Fields:
        return [
            ("WARC-Type", record_type),
            ("WARC-Record-ID", record_id),
            ("WARC-Warcinfo-ID", self._warcinfo_id),
            ("WARC-Date", warc_date(exchange.started)),
            ("WARC-Target-URI", url_field(url or exchange.url)),
        ]

    def _add_capture(
        self,
        fields: Fields,
        block: bytes,
        exchange: Exchange,
        payload_digest: str | None = None,
        answer: Answer | None = None,
        *,
        is_page: bool | None = False,
        resource_type: str | None = None,
    ) -> Capture:
        block_digest = labelled_digest(block, self._algorithm)
        fields.append(("WARC-Block-Digest", block_digest))
        if payload_digest is not None:
            fields.append(("WARC-Payload-Digest", payload_digest))
        offset = self._offset
        self._add(fields, block)
        record_type, record_id = fields[0][1], fields[1][1]
        is_answer = record_type in ("response", "revisit")
        is_entry = is_answer or (record_type == "metadata" and not exchange.answered)
        return Capture(
            warc_filename=self._filename,
            offset=offset,
            length=self._offset - offset,
            record_id=record_id,
            record_type=record_type,
            date=exchange.started,
            url=dict(fields)["WARC-Target-URI"],
            status=None if answer is None else answer.head.status,
            mime=_mime(resource_type) if answer is None else answer.declared or None,
            block_digest=block_digest,
            payload_digest=payload_digest,
            truncated=dict(fields).get("WARC-Truncated") if is_answer else None,
            error=str(exchange.error) if is_entry and exchange.error else None,
            is_page=is_page,
        )

    def _add(self, fields: Fields, block: bytes) -> None:
        member = gzip_member(record_bytes(fields, block), self._level)
        self.pieces += member
        self._offset += sum(map(len, member))


def _mime(content_type: str | None) -> str | None:
    return (content_type or "").partition(";")[0].strip().lower() or None


def _connection_fields(exchange: Exchange) -> Fields:
    fields: Fields = []
    if exchange.ip is not None:
        fields.append(("WARC-IP-Address", exchange.ip))
    fields += [("WARC-Protocol", protocol) for protocol in exchange.protocols]
    if exchange.cipher_suite is not None:
        fields.append(("WARC-Cipher-Suite", exchange.cipher_suite))
    return fields
