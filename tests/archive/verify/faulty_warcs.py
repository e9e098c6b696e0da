"""WARCs with one thing wrong, and the rule that must find it: shared by the tests and by benchmarks/verify.

Each fault is built from a sound file by one change.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from made_records import (
    CHUNKED,
    GET_A,
    HTML,
    ID_A,
    ID_B,
    ID_C,
    NAME,
    NOT_MODIFIED,
    OK,
    PNG,
    answer,
    original,
    page,
    request,
    response,
    revisit,
)

from broadsheet.archive.digest import labelled_digest

Build = Callable[[Any], bytes]


@dataclass(frozen=True)
class Fault:
    """A WARC with one thing wrong, the rule that finds it, and whether warcio's check finds it too."""

    rule: str
    build: Build
    warcio_sees_it: bool = False
    name: str = NAME


def one(make: Callable[[Any], bytes]) -> Build:
    """A file of a warcinfo and this record."""
    return lambda lab: bytes(lab.gzip(lab.warcinfo(), make(lab)))


def several(*make: Callable[[Any], bytes]) -> Build:
    """A file of a warcinfo and these records."""
    return lambda lab: bytes(lab.gzip(lab.warcinfo(), *(each(lab) for each in make)))


def with_field(name: str, value: str) -> Build:
    """A response with one more field."""
    return one(lambda lab: lab.record(OK, [*lab.fields(OK), (name, value)]))


def flipped(lab: Any, where: float) -> bytes:
    """A file in which one byte of the response's gzip member is another."""
    first, second = bytes(lab.gzip(lab.warcinfo())), bytearray(lab.gzip(answer(lab, HTML * 40)))
    second[int(len(second) * where)] ^= 0x55
    return first + bytes(second) + bytes(lab.gzip(request(lab)))


WARCINFO: dict[str, str | None] = {
    "WARC_Type": "warcinfo",
    "WARC_Target_URI": None,
    "Content_Type": "application/warc-fields",
}


def first_segment(lab: Any) -> bytes:
    """The first 3 bytes of a record of 6."""
    return bytes(
        lab.record(b"abc", lab.fields(b"abc", WARC_Type="resource", Content_Type="a/b", WARC_Segment_Number="1"))
    )


def continuation(lab: Any, number: int, total: str) -> bytes:
    """The last 3 bytes of it."""
    changes: dict[str, str | None] = {
        "WARC_Type": "continuation",
        "WARC_Record_ID": ID_C,
        "Content_Type": None,
        "WARC_Segment_Origin_ID": ID_A,
        "WARC_Segment_Number": str(number),
        "WARC_Segment_Total_Length": total,
    }
    return bytes(lab.record(b"def", lab.fields(b"def", **changes)))


WARC_FAULTS: dict[str, Fault] = {
    "cut in the last record": Fault("truncated", lambda lab: lab.gzip(lab.warcinfo(), response(lab))[:-9]),
    "garbage at the end": Fault("damaged", lambda lab: lab.gzip(lab.warcinfo()) + b"garbage" * 9, warcio_sees_it=True),
    "Content-Length too large": Fault("damaged", one(lambda lab: response(lab, Content_Length="70"))),
    "no Content-Length": Fault("damaged", one(lambda lab: response(lab, Content_Length=None))),
    "no warcinfo": Fault("warcinfo-first", lambda lab: lab.gzip(response(lab))),
    "one id twice": Fault("record-id-unique", lambda lab: lab.gzip(lab.warcinfo(), response(lab), response(lab))),
    "version": Fault(
        "version", one(lambda lab: response(lab).replace(b"WARC/1.1", b"WARC/0.9", 1)), warcio_sees_it=True
    ),
    "line without colon": Fault(
        "header-syntax", one(lambda lab: response(lab).replace(b"\r\n", b"\r\nno colon\r\n", 1))
    ),
    "no type": Fault("mandatory-field", one(lambda lab: response(lab, WARC_Type=None))),
    "no id": Fault("mandatory-field", one(lambda lab: response(lab, WARC_Record_ID=None))),
    "no date": Fault("mandatory-field", one(lambda lab: response(lab, WARC_Date=None))),
    "two dates": Fault("repeated-field", with_field("WARC-Date", "2026-11-24T10:20:31Z")),
    "id without brackets": Fault("record-id-form", one(lambda lab: response(lab, WARC_Record_ID="urn:uuid:1"))),
    "date with an offset": Fault("date-form", one(lambda lab: response(lab, WARC_Date="2026-11-24T10:20:30+01:00"))),
    "unknown type": Fault("record-type", one(lambda lab: response(lab, WARC_Type="answer"))),
    "no content type": Fault("content-type-missing", one(lambda lab: response(lab, Content_Type=None))),
    "no target": Fault("target-uri-missing", one(lambda lab: response(lab, WARC_Target_URI=None)), warcio_sees_it=True),
    "relative target": Fault("target-uri-form", one(lambda lab: response(lab, WARC_Target_URI="/a"))),
    "target in brackets": Fault(
        "target-uri-form", one(lambda lab: response(lab, WARC_Target_URI="<http://news.example/a>"))
    ),
    "a warcinfo's target": Fault(
        "warcinfo-target",
        lambda lab: lab.gzip(lab.warcinfo().replace(b"\r\n", b"\r\nWARC-Target-URI: http://a/\r\n", 1)),
    ),
    "bytes behind the block": Fault(
        "record-end", one(lambda lab: lab.record(OK, lab.fields(OK), tail=b"\r\n\r\nmore bytes")), warcio_sees_it=True
    ),
    "one line end missing": Fault("record-end", one(lambda lab: lab.record(OK, lab.fields(OK), tail=b"\r\n"))),
    "block digest": Fault(
        "block-digest", one(lambda lab: response(lab, WARC_Block_Digest=labelled_digest(b"x"))), warcio_sees_it=True
    ),
    "payload digest": Fault(
        "payload-digest", one(lambda lab: response(lab, WARC_Payload_Digest=labelled_digest(b"x"))), warcio_sees_it=True
    ),
    "payload digest over the chunk framing": Fault(
        "payload-digest-framing",
        one(
            lambda lab: response(
                lab,
                CHUNKED + b"5\r\nhello\r\n0\r\n\r\n",
                WARC_Payload_Digest=labelled_digest(b"5\r\nhello\r\n0\r\n\r\n"),
            )
        ),
    ),
    "unreadable digest": Fault(
        "digest-form", one(lambda lab: response(lab, WARC_Block_Digest="crc32:abcd")), warcio_sees_it=True
    ),
    "no address": Fault("ip-address", with_field("WARC-IP-Address", "news.example")),
    "truncated for a wrong reason": Fault("truncated-value", with_field("WARC-Truncated", "yes")),
    "file name in a response": Fault("filename", with_field("WARC-Filename", "x.warc.gz")),
    "another file's name": Fault(
        "filename-differs",
        lambda lab: lab.gzip(lab.warcinfo().replace(b"\r\n", b"\r\nWARC-Filename: y.warc.gz\r\n", 1)),
    ),
    "revisit without profile": Fault("revisit-profile-missing", one(lambda lab: response(lab, WARC_Type="revisit"))),
    "revisit of nothing": Fault(
        "revisit-refers",
        one(
            lambda lab: response(
                lab,
                WARC_Type="revisit",
                WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
                WARC_Payload_Digest=labelled_digest(b"x"),
            )
        ),
    ),
    "no HTTP in an HTTP record": Fault("http-head", one(lambda lab: response(lab, b"<html></html>"))),
    "odd head": Fault("http-head-form", one(lambda lab: response(lab, b"HTTP/1.1 200 OK\nA: b\n\n"))),
    "103 as the answer": Fault("interim-answer", one(lambda lab: response(lab, b"HTTP/1.1 103 Early Hints\r\n\r\n"))),
    "chunk size wrong": Fault("chunk-framing", one(lambda lab: response(lab, CHUNKED + b"4\r\nhello\r\n0\r\n\r\n"))),
    "chunks without end": Fault("chunk-framing", one(lambda lab: response(lab, CHUNKED + b"5\r\nhello\r\n"))),
    "first chunk size broken": Fault(
        "chunk-framing", one(lambda lab: response(lab, CHUNKED + b"!\r\nhello\r\n0\r\n\r\n"))
    ),
    "dechunked and called chunked": Fault("chunked-decoded", one(lambda lab: response(lab, CHUNKED + b"hello\n"))),
    "dechunked, in one line": Fault("chunked-decoded", one(lambda lab: response(lab, CHUNKED + b"hello"))),
    "bytes behind the last chunk": Fault(
        "chunk-framing", one(lambda lab: response(lab, CHUNKED + b"5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"))
    ),
    "body longer than it says": Fault("body-too-long", one(lambda lab: response(lab, OK + b"HTTP/1.1"))),
    "body shorter than it says": Fault("body-too-short", one(lambda lab: response(lab, OK[:-1]))),
    "body missing after GET": Fault(
        "body-too-short", lambda lab: lab.gzip(lab.warcinfo(), response(lab, OK[:-5]), request(lab, GET_A))
    ),
    "a 304 with a body": Fault("bodiless-status", one(lambda lab: response(lab, OK.replace(b"200 OK", b"304 x")))),
    "another path asked for": Fault(
        "request-target", lambda lab: lab.gzip(lab.warcinfo(), response(lab), request(lab, GET_A.replace(b"/a", b"/b")))
    ),
    "query string dropped": Fault(
        "request-target",
        lambda lab: lab.gzip(lab.warcinfo(), request(lab, GET_A, WARC_Target_URI="http://news.example/a?x=1")),
    ),
    "another host asked": Fault(
        "request-target",
        lambda lab: lab.gzip(lab.warcinfo(), response(lab), request(lab, GET_A.replace(b"news.", b"fake."))),
    ),
    "an answer under another URL": Fault(
        "concurrent-url",
        lambda lab: lab.gzip(
            lab.warcinfo(), response(lab, WARC_Target_URI="http://news.example/z"), request(lab, GET_A)
        ),
    ),
    "another date": Fault(
        "concurrent-date",
        lambda lab: lab.gzip(lab.warcinfo(), request(lab, GET_A, WARC_Date="2026-11-24T10:20:31Z"), response(lab)),
    ),
    "request of nothing": Fault("concurrent-to", one(lambda lab: request(lab, GET_A))),
    "warcinfo of nothing": Fault("warcinfo-id", with_field("WARC-Warcinfo-ID", ID_B)),
    # ---- more than one record, and what a record may say
    "a byte flipped in a gzip member": Fault("damaged", lambda lab: flipped(lab, 0.5), warcio_sees_it=True),
    "a byte flipped in a gzip checksum": Fault("damaged", lambda lab: flipped(lab, 0.99), warcio_sees_it=True),
    "garbage between members": Fault(
        "damaged",
        lambda lab: lab.gzip(lab.warcinfo()) + b"\x1f\x8bxx" * 9 + lab.gzip(response(lab)),
        warcio_sees_it=True,
    ),
    "a byte flipped in a plain block": Fault(
        "block-digest",
        lambda lab: (lab.warcinfo() + response(lab)).replace(b"hello", b"hellp"),
        warcio_sees_it=True,
        name="x.warc",
    ),
    "cut in a plain file": Fault("truncated", lambda lab: (lab.warcinfo() + response(lab))[:-20], name="x.warc"),
    "gzipped and called .warc": Fault("suffix", lambda lab: lab.gzip(lab.warcinfo()), name="x.warc"),
    "control character in a header": Fault("header-syntax", with_field("X-Note", "a\x01b")),
    "Concurrent-To in a warcinfo": Fault(
        "field-place",
        lambda lab: lab.gzip(lab.warcinfo().replace(b"\r\n", b"\r\nWARC-Concurrent-To: <urn:x:1>\r\n", 1)),
    ),
    "Refers-To in a response": Fault("field-place", with_field("WARC-Refers-To", ID_B)),
    "Refers-To-Date in a response": Fault("field-place", with_field("WARC-Refers-To-Date", "2026-11-24T10:20:30Z")),
    "payload digest of a metadata record": Fault(
        "no-payload",
        one(
            lambda lab: response(
                lab,
                b"via: http://a/\r\n",
                WARC_Type="metadata",
                Content_Type="application/warc-fields",
                WARC_Payload_Digest=labelled_digest(b"via: http://a/\r\n"),
            )
        ),
    ),
    "link without brackets": Fault(
        "link-form", several(response, lambda lab: request(lab, WARC_Concurrent_To=ID_A[1:-1]))
    ),
    "no media type": Fault("content-type-form", one(lambda lab: response(lab, Content_Type="http response"))),
    "a response called a request": Fault(
        "http-content-type", one(lambda lab: response(lab, Content_Type="application/http; msgtype=request"))
    ),
    "no address given": Fault("ip-address-missing", one(lambda lab: lab.record(OK, lab.fields(OK)))),
    "a date of 1970": Fault("date-plausible", one(lambda lab: response(lab, WARC_Date="1970-01-01T00:00:10Z"))),
    "unknown revisit profile": Fault(
        "revisit-profile", several(original, lambda lab: revisit(lab, WARC_Profile="http://a.example/profile"))
    ),
    "revisit of the future": Fault(
        "revisit-date", several(original, lambda lab: revisit(lab, WARC_Refers_To_Date="2026-12-24T10:20:30Z"))
    ),
    "revisit with a body": Fault("revisit-body", several(original, lambda lab: revisit(lab, OK))),
    "revisit that says not that it is cut": Fault(
        "revisit-truncated", several(original, lambda lab: revisit(lab, WARC_Truncated=None))
    ),
    "not modified with status 200": Fault(
        "revisit-status",
        several(original, lambda lab: revisit(lab, WARC_Profile=NOT_MODIFIED, WARC_Payload_Digest=None)),
    ),
    "revisit of a record that is not there": Fault("refers-to", several(lambda lab: revisit(lab, WARC_Refers_To=ID_B))),
    "revisit of a capture that is not there": Fault("refers-to", several(revisit)),
    "revisit whose id and URL disagree": Fault(
        "refers-to-contradicts",
        several(original, lambda lab: revisit(lab, WARC_Refers_To=ID_A, WARC_Refers_To_Target_URI="http://b.example/")),
    ),
    "revisit whose id and date disagree": Fault(
        "refers-to-contradicts",
        several(original, lambda lab: revisit(lab, WARC_Refers_To=ID_A, WARC_Refers_To_Date="2026-11-20T10:20:30Z")),
    ),
    "revisit of another digest": Fault(
        "revisit-digest", several(original, lambda lab: revisit(lab, WARC_Payload_Digest=labelled_digest(b"other")))
    ),
    "revisit of a revisit": Fault(
        "revisit-chain",
        several(
            original,
            revisit,
            lambda lab: revisit(
                lab,
                WARC_Record_ID=ID_B,
                WARC_Refers_To=ID_C,
                WARC_Date="2026-11-24T10:20:50Z",
                WARC_Refers_To_Date="2026-11-24T10:20:40Z",
            ),
        ),
    ),
    "conversion of nothing": Fault(
        "conversion-source",
        one(lambda lab: lab.record(b"x", lab.fields(b"x", WARC_Type="conversion", Content_Type="text/plain"))),
    ),
    "continuation without number": Fault(
        "segment", one(lambda lab: lab.record(b"x", lab.fields(b"x", WARC_Type="continuation", Content_Type=None)))
    ),
    "continuation without its origin": Fault("segment-origin", several(lambda lab: continuation(lab, 2, "6"))),
    "a segment left out": Fault("segment-series", several(first_segment, lambda lab: continuation(lab, 3, "6"))),
    "segments of another length": Fault(
        "segment-series", several(first_segment, lambda lab: continuation(lab, 2, "600"))
    ),
    "warc-fields that are none": Fault(
        "warc-fields", lambda lab: lab.gzip(lab.record(b"hello\r\n", lab.fields(b"hello\r\n", **WARCINFO)))
    ),
    "warcinfo of another version": Fault(
        "warcinfo-format",
        lambda lab: lab.gzip(
            lab.record(b"format: WARC File Format 1.0\r\n", lab.fields(b"format: WARC File Format 1.0\r\n", **WARCINFO))
        ),
    ),
    "a revisit's block digest of nothing": Fault(
        "block-digest-of-nothing",
        several(original, lambda lab: revisit(lab, WARC_Block_Digest=labelled_digest(b""))),
    ),
    "a decoded body still called gzip": Fault(
        "content-coding", one(lambda lab: answer(lab, HTML, "Content-Encoding: gzip\r\n"))
    ),
    "a part of another length": Fault(
        "content-range",
        one(lambda lab: answer(lab, b"hello", "Content-Range: bytes 0-99/100\r\n", "206 Partial Content")),
    ),
    "identified as what it is not": Fault(
        "identified-type", one(lambda lab: answer(lab, PNG, WARC_Identified_Payload_Type="text/html"))
    ),
    "a page called a picture": Fault(
        "declared-type", one(lambda lab: answer(lab, HTML, "Content-Type: image/png\r\n"))
    ),
    "a page under a picture's name": Fault(
        "answer-kind",
        one(lambda lab: answer(lab, HTML, "Content-Type: text/html\r\n", WARC_Target_URI="http://news.example/a.png")),
    ),
    "a picture under a style sheet's name": Fault(
        "answer-kind", one(lambda lab: answer(lab, PNG, WARC_Target_URI="http://news.example/a.css"))
    ),
    "another host's cookie": Fault(
        "cookie-domain", one(lambda lab: answer(lab, HTML, "Set-Cookie: a=b; Domain=.fake.example; Path=/\r\n"))
    ),
    "another host's canonical link": Fault(
        "names-another", one(lambda lab: answer(lab, HTML, 'Link: <http://fake.example/a>; rel="canonical"\r\n'))
    ),
    "an answer of last year": Fault(
        "answer-date", one(lambda lab: answer(lab, HTML, "Date: Mon, 24 Nov 2025 10:20:30 GMT\r\nAge: 60\r\n"))
    ),
    "a gzipped page under a picture's name": Fault(
        "answer-kind",
        one(
            lambda lab: answer(
                lab, gzip.compress(HTML), "Content-Encoding: gzip\r\n", WARC_Target_URI="http://news.example/a.png"
            )
        ),
    ),
    "two pages swapped": Fault("page-name", several(page("a", "b"), page("b", "a"))),
    "pages filed one too late": Fault(
        "page-name", several(page("a", "a"), page("b", "a2"), page("a2", "c"), page("c", "b", by="og:url"))
    ),
    "one request's answer under two names": Fault(
        "answer-twice",
        several(page("a", "a", "CF-RAY: 8e7-FRA\r\n"), page("b", "b", "CF-RAY: 8e7-FRA\r\n")),
    ),
    "a body after HEAD": Fault(
        "head-body", several(response, lambda lab: request(lab, GET_A.replace(b"GET", b"HEAD")))
    ),
    "a part that was not asked for": Fault(
        "partial-unasked",
        several(lambda lab: answer(lab, b"hello", "Content-Range: bytes 0-4/9\r\n", "206 Partial Content"), request),
    ),
    "not modified and not asked": Fault(
        "not-modified-unasked", several(request, lambda lab: response(lab, b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    ),
    "not modified for another ETag": Fault(
        "not-modified-unasked",
        several(
            lambda lab: response(lab, b'HTTP/1.1 304 Not Modified\r\nETag: "b"\r\n\r\n'),
            lambda lab: request(lab, GET_A[:-2] + b'If-None-Match: "a"\r\n\r\n'),
        ),
    ),
    "two addresses in one event": Fault(
        "event-address", several(response, lambda lab: request(lab, WARC_IP_Address="192.0.2.8"))
    ),
}
