"""Rules about HTTP inside records: does the answer's framing hold, and is the request one for that URL.

An archive can have every digest right and still be wrong: a 103 stored as the answer, the next URL's answer under this
one's name, a body shorter than it says.  Digests are made from what was stored, so they cannot see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from broadsheet.archive.http import (
    ChunkedBody,
    NotHTTP,
    RequestHead,
    ResponseHead,
    is_called_chunked_only,
    is_chunked,
    parse_request_head,
    parse_response_head,
    read_chunks,
)
from broadsheet.archive.internationalised_host import ascii_host
from broadsheet.archive.verify.finding import LOOK, Severity
from broadsheet.archive.verify.record_rules import record_rule
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.segments import is_first_segment
from broadsheet.archive.warc.source import WarcSource

_KEPT = "%/:=&?~#+!$,;'@()*[]|\\^`{}\"<>"
_PORTS = {"http": 80, "https": 443}
BODILESS = (204, 304)


@record_rule("http-head", Severity.WARNING, "6.3.2", types=("request", "response"))
def check_http_head(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A block that is called an HTTP message begins like one."""
    if record.is_http and (record.response_head() or record.request_head()) is None:
        parse = parse_request_head if record.record_type == "request" else parse_response_head
        try:
            parse(record.block)  # for its reason
        except NotHTTP as error:
            yield str(error)


@record_rule("http-head-form", Severity.WARNING, "RFC 9112, 2-5", types=("response", "revisit"))
def check_http_form(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The head is as the standard has it; servers send others, and a wire-true archive keeps them."""
    head = record.response_head()
    yield from sorted(set(head.defects)) if head is not None else ()


@record_rule("interim-answer", Severity.ERROR, "RFC 9110, 15.2", LOOK, types=("response",))
def check_interim(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A 1xx answer is not the answer (101 ends HTTP and is)."""
    head = record.response_head() if record.record_type == "response" else None
    if head is not None and 100 <= head.status < 200 and head.status != 101:
        yield f"the interim answer {head.status} is stored as the response"


@record_rule("chunk-framing", Severity.ERROR, "RFC 9112, 7.1", types=("response",))
def check_chunks(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A chunked body is sound to its last chunk, unless the record says it is cut; nothing follows it."""
    body = _chunked_body(record)
    if not body:  # a HEAD request's answer
        return
    chunks = read_chunks(body)
    cut = record.get("WARC-Truncated") is not None
    if chunks.defect is not None and not (cut and chunks.length):
        if not _is_decoded(body, chunks):
            yield chunks.defect
    elif _is_decoded(body, chunks):
        return
    elif not chunks.complete and not cut:
        yield "the chunked body has no end, and the record no WARC-Truncated"
    elif chunks.complete and chunks.length < len(body):
        yield f"{len(body) - chunks.length} bytes behind the last chunk"


@record_rule("chunked-decoded", Severity.WARNING, "RFC 9112, 7.1", types=("response",))
def check_decoded(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A body that is called chunked is (some writers undo the chunks and leave the head, pywb's recorder for one)."""
    body = _chunked_body(record)
    if body and _is_decoded(body, read_chunks(body)):
        yield "called chunked, and is not: it was decoded under its old head, so whether it is whole cannot be told"


def _chunked_body(record: WarcRecord) -> bytes:
    """The body of an answer that is called chunked; nothing of any other."""
    head = _whole_answer(record)
    return record.block[head.head_length :] if head is not None and is_chunked(head) else b""


def _is_decoded(body: bytes, chunks: ChunkedBody) -> bool:
    """Whether *body* shows no trace of chunks, neither where it begins nor where it ends."""
    return is_called_chunked_only(body, chunks) and not body.endswith(b"\r\n0\r\n\r\n")


@record_rule("body-too-long", Severity.ERROR, "RFC 9112, 6.3", LOOK, types=("response",))
def check_body_too_long(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """There are no more bytes than Content-Length says: they would be another answer's."""
    head = _whole_answer(record)
    declared = None if head is None else declared_length(head)
    if head is not None and declared is not None:
        length = record.block_length - head.head_length
        if length > declared:
            yield f"a body of {length} bytes where Content-Length says {declared}"


@record_rule("bodiless-status", Severity.ERROR, "RFC 9112, 6.3", types=("response",))
def check_bodiless(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """A 204 or 304 has no body."""
    head = _whole_answer(record)
    if head is not None and head.status in BODILESS and record.block_length > head.head_length:
        yield f"a body of {record.block_length - head.head_length} bytes with status {head.status}"


@record_rule("request-target", Severity.ERROR, "6.5.2", LOOK, types=("request",))
def check_request_target(record: WarcRecord, _source: WarcSource) -> Iterator[str]:
    """The request asks for what the record is named after."""
    head = record.request_head()
    if head is None or record.url is None:
        return
    asked = requested_url(head, record.url)
    if asked is not None and asked != comparable_url(record.url):
        yield f"asks for {asked[:120]} under the name of {record.url[:120]}"


def _whole_answer(record: WarcRecord) -> ResponseHead | None:
    """The head of a response whose block was read whole."""
    return record.response_head() if record.record_type == "response" and not record.block_truncated else None


def declared_length(head: ResponseHead) -> int | None:
    """Content-Length when it decides the body's length (RFC 9112, 6.3): single-valued, and not chunked."""
    values = {value.strip() for text in head.get_all("Content-Length") for value in text.split(",")}
    if len(values) != 1 or head.get("Transfer-Encoding") is not None:
        return None
    (value,) = values
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def missing_body_bytes(record: WarcRecord) -> int:
    """How many bytes of the body are missing though the record does not say that it is cut; 0 when none are.

    Whether a wholly missing body is a fault depends on the request: to HEAD there is none.
    """
    head = _whole_answer(record)
    if head is None or record.get("WARC-Truncated") is not None or head.status in BODILESS or head.status < 200:
        return 0
    if is_first_segment(record):  # what is missing is in others
        return 0
    return max(0, (declared_length(head) or 0) - (record.block_length - head.head_length))


def requested_url(head: RequestHead, named: str) -> str | None:
    """What a request asks for, to compare with `comparable_url`; the scheme is that of *named*.  None: unknown."""
    if head.method == "CONNECT" or head.target == "*":
        return None
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", head.target):  # to a proxy
        return comparable_url(head.target)
    host = head.get("Host")
    if host is None:
        return None
    return comparable_url(f"{named.partition(':')[0]}://{host}{head.target}")


def comparable_url(url: str) -> str:
    """*url* so that spellings of one request compare equal: no user, fragment or default port, escapes alike."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    host = ascii_host(host)
    scheme = parts.scheme.lower()
    place = host if port in (None, _PORTS.get(scheme)) else f"{host}:{port}"
    query = f"?{parts.query}" if "?" in url.partition("#")[0] else ""
    path = quote(f"{parts.path or '/'}{query}", safe=_KEPT)
    return f"{scheme}://{place}" + re.sub(
        r"%[0-9a-f]{2}", lambda match: match.group().upper(), path, flags=re.IGNORECASE
    )
