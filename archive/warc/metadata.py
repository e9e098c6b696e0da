"""The metadata record of an exchange: why it was made, how it went, what it led to (Heritrix's field names).

    via: URL                  the page that led here
    hopsFromSeed: LLE         the way from the seed, a letter a hop
    importedFrom: page.har   what the records were made from: they are no bytes from the wire
    fetchTimeMs: 120
    fetchError: timeout       and fetchErrorDetail; ``response: none`` when the exchange left no response record
    spider: NAME              and callback, requestId, downloadHandler: the Request of a Scrapy project that it was made for
    fetchStatus: 200          of a resource, whose record cannot say it
    interimResponse: BASE64   the bytes of 1xx answers, which are no answer
    outlink: URL L a/@href    of a sitemap also ``lastmod=2026-11-26``

A WARC therefore holds a crawl's whole memory: the frontier can be made again from it.  Only the writer's fields are
ours; reading takes the fields of others in any order and ignores what it does not know.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from broadsheet.archive.exchange import Exchange, Outlink, Provenance, SpiderRequest
from broadsheet.archive.warc.serialise import text_field, url_field, warc_fields

IMPORTED_FROM = "importedFrom"
_LASTMOD = " lastmod="


@dataclass(frozen=True, slots=True)
class ExchangeMetadata:
    """What the metadata record of an exchange says.  ``error`` is a FetchError's value, or what others wrote there."""

    provenance: Provenance
    fetch_time_ms: int | None = None
    error: str | None = None
    error_detail: str = ""
    without_response: bool = False
    interim: bytes = b""


def metadata_block(exchange: Exchange, provenance: Provenance) -> bytes:
    """The block that says *provenance* and how *exchange* went."""
    fields: list[tuple[str, str]] = []
    if provenance.via is not None:
        fields.append(("via", url_field(provenance.via)))
    if provenance.hops:
        fields.append(("hopsFromSeed", text_field(provenance.hops)))
    if provenance.imported_from is not None:
        fields.append((IMPORTED_FROM, text_field(provenance.imported_from)))
    if provenance.asked_by is not None:
        fields += _request_fields(provenance.asked_by)
    if provenance.imported_from is None or exchange.resource is None:  # a document out of a file was not fetched
        fields.append(("fetchTimeMs", str(round(exchange.duration * 1000))))
    if exchange.error is not None:
        fields.append(("fetchError", str(exchange.error)))
        if exchange.error_detail:
            fields.append(("fetchErrorDetail", text_field(exchange.error_detail)))
    if exchange.resource is not None and exchange.status is not None:
        fields.append(("fetchStatus", str(exchange.status)))
    if not exchange.answered:
        fields.append(("response", "none"))
    if exchange.interim:
        fields.append(("interimResponse", base64.b64encode(exchange.interim).decode("ascii")))
    fields += [("outlink", _outlink_value(outlink)) for outlink in provenance.outlinks]
    return warc_fields(fields)


def _request_fields(request: SpiderRequest) -> list[tuple[str, str]]:
    named = (
        ("spider", request.spider),
        ("callback", request.callback),
        ("requestId", request.request_id),
        ("downloadHandler", request.handler),
    )
    return [(name, text_field(value)) for name, value in named if value]


def _outlink_value(outlink: Outlink) -> str:
    url, context = outlink.url, outlink.context
    if outlink.lastmod:
        context = f"{context}{_LASTMOD}{''.join(outlink.lastmod.split())}"
    if not (url.isascii() and url.isprintable() and " " not in url):  # a page has many links: the usual case is quick
        url = url_field(url)
    if not context:
        return f"{url} {outlink.hop}"
    return f"{url} {outlink.hop} {context if context.isprintable() else text_field(context)}"


def parse_metadata(block: bytes) -> ExchangeMetadata:
    """Read the block of a metadata record: ours, Heritrix's, or another's."""
    via: str | None = None
    hops, error_detail, error = "", "", None
    fetch_time: int | None = None
    without_response, interim = False, b""
    imported_from: str | None = None
    outlinks: list[Outlink] = []
    request: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").split("\n"):
        name, _, value = line.partition(":")
        value = value.strip()
        match name.strip().lower():
            case "via":
                via = value
            case "importedfrom":
                imported_from = value
            case "hopsfromseed":
                hops = value
            case "fetchtimems":
                fetch_time = int(value) if value.isdecimal() else None
            case "fetcherror":
                error = value
            case "fetcherrordetail":
                error_detail = value
            case "response":
                without_response = value == "none"
            case "interimresponse":
                interim = _decoded(value)
            case "spider" | "callback" | "requestid" | "downloadhandler" as field:
                request[field] = value
            case "outlink":
                outlinks.append(_parse_outlink(value))
    provenance = Provenance(via, hops, tuple(outlinks), imported_from, _spider_request(request))
    return ExchangeMetadata(provenance, fetch_time, error, error_detail, without_response, interim)


def _spider_request(fields: dict[str, str]) -> SpiderRequest | None:
    if "spider" not in fields:
        return None
    return SpiderRequest(
        fields["spider"],
        fields.get("callback", ""),
        fields.get("requestid", ""),
        fields.get("downloadhandler", ""),
    )


def _parse_outlink(value: str) -> Outlink:
    url, _, rest = value.partition(" ")
    hop, _, context = rest.partition(" ")
    context, _, lastmod = context.partition(_LASTMOD)
    return Outlink(url, hop, context, lastmod)


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return b""
