"""Records and their parts from which the tests build files: sound ones, but for what the caller changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from broadsheet.archive.digest import labelled_digest

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
