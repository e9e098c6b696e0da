"""Files with one thing wrong, and the rule that must find it: shared by the tests and by benchmarks/verify.

Each fault is built from a sound file by one change; `build` makes it in a folder and returns what to verify.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from archive.digest import labelled_digest
from archive.surt import surt
from archive.wacz.signature import Signer
from archive.warc.reader import WarcSource, read_records

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
HTML = b"<!doctype html><html><body>x</body></html>"
ID_A = "<urn:uuid:00000000-0000-0000-0000-0000000000aa>"
ID_B = "<urn:uuid:00000000-0000-0000-0000-0000000000bb>"
ID_C = "<urn:uuid:00000000-0000-0000-0000-0000000000cc>"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
GET_A = b"GET /a HTTP/1.1\r\nHost: news.example\r\n\r\n"
NAME = "x.warc.gz"
Build = Callable[[Any], bytes]


def response(lab: Any, block: bytes = OK, **changes: str | None) -> bytes:
    """A sound response record, but for *changes*."""
    return bytes(lab.record(block, lab.fields(block, **({"WARC_IP_Address": "192.0.2.7"} | changes))))


def answer(lab: Any, body: bytes, headers: str = "", status: str = "200 OK", **changes: str | None) -> bytes:
    """A response of *body* with these header lines and a right Content-Length."""
    head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return response(lab, head.encode() + body, **changes)


def request(lab: Any, head: bytes = GET_A, **changes: str | None) -> bytes:
    """The request that `response` answers."""
    usual: dict[str, str | None] = {
        "WARC_Type": "request",
        "WARC_Record_ID": ID_B,
        "Content_Type": "application/http; msgtype=request",
        "WARC_Concurrent_To": ID_A,
    }
    return bytes(lab.record(head, lab.fields(head, **(usual | changes))))


def revisit(lab: Any, block: bytes = b"HTTP/1.1 200 OK\r\n\r\n", **changes: str | None) -> bytes:
    """A revisit of `response`, sound but for *changes*."""
    usual: dict[str, str | None] = {
        "WARC_Type": "revisit",
        "WARC_Record_ID": ID_C,
        "WARC_Date": "2026-11-24T10:20:40Z",
        "WARC_Profile": IDENTICAL,
        "WARC_Payload_Digest": labelled_digest(b"hello"),
        "WARC_Refers_To_Target_URI": "http://news.example/a",
        "WARC_Refers_To_Date": "2026-11-24T10:20:30Z",
        "WARC_Truncated": "length",
    }
    changed = {"WARC_IP_Address": "192.0.2.7"} | usual | changes
    return bytes(lab.record(block, lab.fields(block, **changed)))


def page(name: str, named: str, headers: str = "", *, by: str = "canonical") -> Callable[[Any], bytes]:
    """A page filed as *name* that says it is *named*."""
    url = f"http://news.example/{named}"
    told = f'<link rel="canonical" href="{url}">' if by == "canonical" else f'<meta property="{by}" content="{url}">'

    def make(lab: Any) -> bytes:
        body = f"<!doctype html><html><head>{told}</head><body>x</body></html>".encode()
        identity = f"<urn:uuid:00000000-0000-0000-0000-{name.encode().hex():0>12}>"
        fields = {"WARC_Record_ID": identity, "WARC_Target_URI": f"http://news.example/{name}"}
        return answer(lab, body, f"Content-Type: text/html\r\n{headers}", **fields)

    return make


def original(lab: Any, **changes: str | None) -> bytes:
    """What `revisit` refers to."""
    return response(lab, OK, WARC_Payload_Digest=labelled_digest(b"hello"), **changes)


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


# ---- indexes


def sound_warc(lab: Any) -> bytes:
    """Two pages and a picture, all of one second."""
    pages = [
        answer(
            lab,
            body,
            f"Content-Type: {mime}\r\n",
            WARC_Record_ID=f"<urn:uuid:00000000-0000-0000-0000-00000000000{number}>",
            WARC_Target_URI=f"http://news.example/{path}",
            WARC_Payload_Digest=labelled_digest(body),
        )
        for number, (path, mime, body) in enumerate(
            (("a", "text/html", HTML), ("b", "text/html", HTML * 2), ("c.png", "image/png", PNG)), 2
        )
    ]
    return bytes(lab.gzip(lab.warcinfo(), *pages))


def index_of(warc: Path) -> list[tuple[str, str, dict[str, str]]]:
    """The lines of the CDXJ index of *warc*, sorted, taken apart."""
    lines = []
    for record in read_records(WarcSource.of(warc)):
        head = record.response_head()
        if head is not None and record.url is not None and record.date is not None:
            values = {
                "url": record.url,
                "mime": (head.get("Content-Type") or "").partition(";")[0],
                "status": str(head.status),
                "digest": record.get("WARC-Payload-Digest") or "",
                "length": str(record.length),
                "offset": str(record.offset),
                "filename": warc.name,
            }
            lines.append((surt(record.url), f"{record.date:%Y%m%d%H%M%S}", values))
    return sorted(lines, key=lambda line: line[:2])


def index_text(lines: list[tuple[str, str, dict[str, str]]]) -> bytes:
    """They as a file."""
    return "".join(f"{key} {timestamp} {json.dumps(values)}\n" for key, timestamp, values in lines).encode()


Lines = list[tuple[str, str, dict[str, str]]]


@dataclass(frozen=True)
class IndexFault:
    """An index with one thing wrong beside a sound WARC: *change* gets its lines and returns the file's bytes."""

    rule: str
    change: Callable[[Lines], bytes]

    def build(self, lab: Any, folder: Path) -> Path:
        """Write both; returns the folder."""
        warc = folder / NAME
        warc.write_bytes(sound_warc(lab))
        (folder / "index.cdxj").write_bytes(self.change(index_of(warc)))
        return folder


def edited(**changes: str | None) -> Callable[[Lines], bytes]:
    """The index with these values in its second line."""

    def change(lines: Lines) -> bytes:
        key, timestamp, values = lines[1]
        merged = {name: value for name, value in (values | changes).items() if value is not None}
        return index_text([lines[0], (key, timestamp, merged), lines[2]])

    return change


INDEX_FAULTS: dict[str, IndexFault] = {
    "stale offset": IndexFault("index-offset", edited(offset="17")),
    "wrong length": IndexFault("index-length", edited(length="17")),
    "another URL": IndexFault("index-url", edited(url="http://news.example/B#x?")),
    "wrong digest": IndexFault("index-digest", edited(digest=labelled_digest(b"other"))),
    "wrong status": IndexFault("index-status", edited(status="404")),
    "wrong media type": IndexFault("index-mime", edited(mime="text/css")),
    "a WARC that is not there": IndexFault("index-warc", edited(filename="y.warc.gz")),
    "no offset": IndexFault("index-fields", edited(offset=None)),
    "no digest": IndexFault("index-fields-other", edited(digest=None)),
    "another key": IndexFault(
        "index-key", lambda lines: index_text([lines[0], ("example,news)/bb", *lines[1][1:]), lines[2]])
    ),
    "another time": IndexFault(
        "index-time", lambda lines: index_text([lines[0], (lines[1][0], "20261124102031", lines[1][2]), lines[2]])
    ),
    "no time": IndexFault(
        "index-timestamp", lambda lines: index_text([lines[0], (lines[1][0], "2026", lines[1][2]), lines[2]])
    ),
    "a line missing": IndexFault("index-missing", lambda lines: index_text([lines[0], lines[2]])),
    "a line twice": IndexFault("index-twice", lambda lines: index_text([lines[0], lines[0], lines[1], lines[2]])),
    "not sorted": IndexFault("index-sorted", lambda lines: index_text(lines[::-1])),
    "no JSON": IndexFault("index-syntax", lambda lines: index_text(lines)[:-4] + b"\n"),
    "two parts": IndexFault("index-syntax", lambda lines: b"a b\n" + index_text(lines)),
    "gzip cut": IndexFault("index-damaged", lambda lines: gzip.compress(index_text(lines))[:-12]),
}


# ---- WACZ


def sound_members(lab: Any, folder: Path) -> dict[str, bytes]:
    """The members of a sound WACZ, the manifest left out."""
    warc = folder / NAME
    warc.write_bytes(sound_warc(lab))
    index = index_text(index_of(warc))
    block = gzip.compress(index, mtime=0)
    key, timestamp, _ = index.decode().split(" ", 2)
    place = {"offset": 0, "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
    header = json.dumps({"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"})
    pages = [
        {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"},
        {"id": "1", "url": "http://news.example/a", "ts": "2026-11-24T10:20:30Z", "title": "A"},
        {"id": "2", "url": "http://news.example/b", "ts": "2026-11-24T10:20:30.000Z", "title": "B"},
    ]
    members = {
        f"archive/{NAME}": warc.read_bytes(),
        "indexes/index.cdx.gz": block,
        "indexes/index.idx": f"!meta 0 {header}\n{key} {timestamp} {json.dumps(place)}\n".encode(),
        "pages/pages.jsonl": "".join(json.dumps(page) + "\n" for page in pages).encode(),
    }
    warc.unlink()
    return members


def manifest_of(members: dict[str, bytes]) -> dict[str, Any]:
    """The data package of *members*."""
    resources = [
        {
            "name": path.rpartition("/")[2],
            "path": path,
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "bytes": len(content),
        }
        for path, content in members.items()
    ]
    return {"profile": "data-package", "wacz_version": "1.1.1", "title": "t", "resources": resources}


def write_wacz(
    path: Path,
    members: dict[str, bytes],
    manifest: bytes,
    *,
    digest: bytes | None = None,
    deflate: tuple[str, ...] = (),
) -> Path:
    """Zip *members* with *manifest*, and a digest of that unless another is given; an empty one is left out."""
    if digest is None:
        value = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(manifest).hexdigest()}"}
        digest = json.dumps(value).encode()
    with zipfile.ZipFile(path, "w") as archive:
        every = members | {"datapackage.json": manifest, "datapackage-digest.json": digest}
        for name, content in every.items():
            if content or name not in ("datapackage.json", "datapackage-digest.json"):
                archive.writestr(name, content, zipfile.ZIP_DEFLATED if name in deflate else zipfile.ZIP_STORED)
    return path


@dataclass(frozen=True)
class WaczFault:
    """A WACZ with one thing wrong.

    *members* changes what is packed before the manifest is made, *after* behind its back; *manifest* changes that;
    *raw* the zip's bytes; *digest* is datapackage-digest.json, or makes it of datapackage.json.
    """

    rule: str
    members: Callable[[dict[str, bytes]], dict[str, bytes]] = lambda members: members
    after: Callable[[dict[str, bytes]], dict[str, bytes]] = lambda members: members
    manifest: Callable[[dict[str, Any]], bytes] = lambda manifest: json.dumps(manifest).encode()
    raw: Callable[[bytes], bytes] = lambda data: data
    digest: bytes | Callable[[bytes], bytes] | None = None
    deflate: tuple[str, ...] = ()
    name: str = "x.wacz"

    def build(self, lab: Any, folder: Path) -> Path:
        """Write it; returns its path."""
        members = self.members(sound_members(lab, folder))
        manifest = self.manifest(manifest_of(members))
        digest = self.digest(manifest) if callable(self.digest) else self.digest
        path = write_wacz(folder / self.name, self.after(members), manifest, digest=digest, deflate=self.deflate)
        path.write_bytes(self.raw(path.read_bytes()))
        return path


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """The members but *name*."""
    return lambda members: {path: content for path, content in members.items() if path != name}


def replaced(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """The members, one of them edited (added when *old* is empty)."""
    return lambda members: members | {name: members[name].replace(old, new) if old else new}


def changed(**values: Any) -> Callable[[dict[str, Any]], bytes]:
    """The manifest with these values; None drops one."""
    return lambda manifest: json.dumps({k: v for k, v in (manifest | values).items() if v is not None}).encode()


def restocked(lab_index: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """The members with the index's text changed, and no secondary index."""

    def change(members: dict[str, bytes]) -> dict[str, bytes]:
        text = lab_index(gzip.decompress(members["indexes/index.cdx.gz"]))
        return without("indexes/index.idx")(members) | {"indexes/index.cdx.gz": gzip.compress(text, mtime=0)}

    return change


KEY, OTHER_KEY = (Signer(ec.generate_private_key(ec.SECP384R1())) for _ in range(2))
MOMENT = datetime(2026, 11, 24, tzinfo=UTC)


def signed(of: bytes | None = None, **changes: str | None) -> Callable[[bytes], bytes]:
    """A datapackage-digest.json whose signature is that of the manifest *of*, but for *changes*."""

    def digest(manifest: bytes) -> bytes:
        real, other = (
            f"sha256:{hashlib.sha256(one).hexdigest()}" for one in (manifest, manifest if of is None else of)
        )
        data = KEY.sign(other, MOMENT, "test") | changes
        told = {
            "path": "datapackage.json",
            "hash": real,
            "signedData": {k: v for k, v in data.items() if v is not None},
        }
        return json.dumps(told).encode()

    return digest


_PAGES = "pages/pages.jsonl"


def streamed(data: bytes) -> bytes:
    """The same zip with members whose size was not known before: zip64 in their own headers, not in the directory."""
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(new := io.BytesIO(), "w") as archive:
        for info in old.infolist():
            content, info.extra = old.read(info), b""
            with archive.open(info, "w", force_zip64=True) as member:
                member.write(content)
    return new.getvalue()


WACZ_FAULTS: dict[str, WaczFault] = {
    "no pages": WaczFault("wacz-pages", members=without(_PAGES)),
    "an empty list of pages": WaczFault(
        "wacz-pages-empty", members=lambda members: members | {_PAGES: members[_PAGES].split(b"\n")[0] + b"\n"}
    ),
    "a page without ts": WaczFault("wacz-page-form", members=replaced(_PAGES, b'"ts"', b'"time"')),
    "a page whose ts is a number": WaczFault(
        "wacz-page-form", members=replaced(_PAGES, b'"2026-11-24T10:20:30Z"', b"1")
    ),
    "a page that is no JSON": WaczFault("wacz-page-form", members=replaced(_PAGES, b'"title": "A"}', b'"title"')),
    "a page that was not captured": WaczFault(
        "wacz-page-capture", members=replaced(_PAGES, b"example/b", b"example/z")
    ),
    "a page of another day": WaczFault(
        "wacz-page-time", members=replaced(_PAGES, b"11-24T10:20:30.000", b"11-20T10:20:30")
    ),
    "no index": WaczFault(
        "wacz-indexes", members=lambda m: without("indexes/index.idx")(without("indexes/index.cdx.gz")(m))
    ),
    "an index of another WARC": WaczFault(
        "index-offset", members=restocked(lambda text: text.replace(b'"offset": "', b'"offset": "1'))
    ),
    "an index that lacks a capture": WaczFault(
        "index-missing", members=restocked(lambda text: text.split(b"\n", 1)[1])
    ),
    "an index not sorted": WaczFault(
        "index-sorted", members=restocked(lambda text: b"\n".join(text.split(b"\n")[2::-1]) + b"\n")
    ),
    "a stale secondary index": WaczFault(
        "index-blocks", members=replaced("indexes/index.idx", b'"offset": 0', b'"offset": 7')
    ),
    "no WARC": WaczFault("wacz-archive", members=without(f"archive/{NAME}")),
    "a WARC that is cut": WaczFault("truncated", members=lambda m: m | {f"archive/{NAME}": m[f"archive/{NAME}"][:-9]}),
    "a WARC compressed again": WaczFault("wacz-stored", deflate=(f"archive/{NAME}",)),
    "a WARC that the manifest has not seen": WaczFault(
        "wacz-hash", after=lambda m: m | {f"archive/{NAME}": m[f"archive/{NAME}"] + m[f"archive/{NAME}"][-9:]}
    ),
    "another size than listed": WaczFault("wacz-bytes", after=replaced(_PAGES, b"All Pages", b"All")),
    "a file listed and not there": WaczFault("wacz-resource", after=without("indexes/index.idx")),
    "a file there and not listed": WaczFault("wacz-unlisted", after=replaced("logs/crawl.log", b"", b"x")),
    "a stranger in archive/": WaczFault("wacz-foreign", members=replaced("archive/notes.txt", b"", b"x")),
    "no datapackage.json": WaczFault("wacz-datapackage", manifest=lambda _: b"", digest=b""),
    "a manifest without version": WaczFault("wacz-datapackage", manifest=changed(wacz_version=None)),
    "a manifest without profile": WaczFault("wacz-datapackage", manifest=changed(profile=None)),
    "a manifest without resources": WaczFault("wacz-datapackage", manifest=changed(resources=[])),
    "an unknown version": WaczFault("wacz-version", manifest=changed(wacz_version="7.0")),
    "a main page that was not captured": WaczFault("wacz-main-page", manifest=changed(mainPageUrl="http://z.example/")),
    "no digest of the manifest": WaczFault("wacz-digest-missing", digest=b""),
    "a digest of another manifest": WaczFault(
        "wacz-digest", digest=b'{"path": "datapackage.json", "hash": "sha256:' + b"0" * 64 + b'"}'
    ),
    "a signature by somebody": WaczFault("wacz-signer", digest=signed()),
    "a signature of another manifest": WaczFault("wacz-signature", digest=signed(of=b"{}")),
    "a signature taken from another file": WaczFault(
        "wacz-signature", digest=signed(signature=KEY.sign("sha256:00", MOMENT, "x")["signature"])
    ),
    "a signature by another key": WaczFault(
        "wacz-signature", digest=signed(publicKey=OTHER_KEY.sign("sha256:00", MOMENT, "x")["publicKey"])
    ),
    "a signature without a key": WaczFault("wacz-signature-form", digest=signed(publicKey=None)),
    "a signature that is no base64": WaczFault("wacz-signature-form", digest=signed(signature="?")),
    "a signature with more than there is": WaczFault("wacz-signature-form", digest=signed(purpose="art")),
    "a byte flipped in the zip": WaczFault("wacz-zip", raw=lambda data: data.replace(b'"title": "A"', b'"title": "Z"')),
    "a zip streamed as replayweb.page cannot read it": WaczFault("wacz-extra-field", raw=streamed),
    "a zip that is cut": WaczFault("wacz-zip", raw=lambda data: data[:-40]),
    "a zip called .zip": WaczFault("wacz-suffix", name="x.zip"),
}
