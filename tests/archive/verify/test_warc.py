"""The verifier: sound files pass, and every seeded fault is found; most of them warcio's check lets pass."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as WarcioWriter

from archive.digest import labelled_digest
from archive.errors import BadInput
from archive.verify.finding import Finding, Severity
from archive.verify.record_rules import RECORD_RULES
from archive.verify.warc import FILE_RULES, WarcReport, verify_warc
from archive.warc.reader import WarcSource

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ID_B = "<urn:uuid:00000000-0000-0000-0000-0000000000bb>"
ID_A = "<urn:uuid:00000000-0000-0000-0000-0000000000aa>"


def findings_in(tmp_path: Path, data: bytes, name: str = "x.warc.gz") -> list[Finding]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(verify_warc(WarcSource.of(path)))


def response(lab: Any, block: bytes = OK, **changes: str | None) -> bytes:
    return bytes(lab.record(block, lab.fields(block, **({"WARC_IP_Address": "192.0.2.7"} | changes))))


def request(lab: Any, head: bytes, **changes: str | None) -> bytes:
    usual: dict[str, str | None] = {
        "WARC_Type": "request",
        "WARC_Record_ID": ID_B,
        "Content_Type": "application/http; msgtype=request",
        "WARC_Concurrent_To": ID_A,
    }
    return bytes(lab.record(head, lab.fields(head, **(usual | changes))))


GET_A = b"GET /a HTTP/1.1\r\nHost: news.example\r\n\r\n"
Build = Callable[[Any], bytes]


@dataclass(frozen=True)
class Fault:
    """A file with one thing wrong, the rule that finds it, and whether warcio's check finds it too."""

    rule: str
    build: Build
    warcio_sees_it: bool = False


def one(make: Callable[[Any], bytes]) -> Build:
    """A file of a warcinfo and this record."""
    return lambda lab: bytes(lab.gzip(lab.warcinfo(), make(lab)))


def with_field(name: str, value: str) -> Build:
    return one(lambda lab: lab.record(OK, [*lab.fields(OK), (name, value)]))


FAULTS: dict[str, Fault] = {
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
        "payload-digest",
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
    "dechunked and called chunked": Fault("chunk-framing", one(lambda lab: response(lab, CHUNKED + b"hello\n"))),
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
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_found(lab: Any, tmp_path: Path, name: str) -> None:
    fault = FAULTS[name]
    found = findings_in(tmp_path, fault.build(lab))
    assert fault.rule in {finding.rule for finding in found}
    assert all(finding.source == "x.warc.gz" and finding.message and finding.clause for finding in found)


def warcio_passes(path: Path) -> bool:
    """Whether `warcio check` leaves with 0; some faults end it with a traceback, which is a way of seeing them."""
    checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=False))
    try:
        return bool(checker.process_all() == 0)
    except (AttributeError, KeyError, TypeError, ValueError, zlib.error):
        return False


def test_most_faults_pass_warcios_check(lab: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    passed = set()
    for name, fault in FAULTS.items():
        path.write_bytes(fault.build(lab))
        if warcio_passes(path):
            passed.add(name)
    assert passed == {name for name, fault in FAULTS.items() if not fault.warcio_sees_it}
    assert len(passed) >= 15


def test_several_records_in_a_member(lab: Any, tmp_path: Path) -> None:
    both = lab.gzip(lab.warcinfo()) + lab.gzip(response(lab) + response(lab, WARC_Record_ID=ID_B))
    assert [finding.rule for finding in findings_in(tmp_path, both)] == ["member-per-record"]


def test_every_rule_is_seeded_or_named_here(lab: Any) -> None:
    rules = {entry.rule.id for entry in RECORD_RULES} | {rule.id for rule in FILE_RULES}
    elsewhere = {"member-per-record", "no-records", "not-checked"}
    assert rules - elsewhere == {fault.rule for fault in FAULTS.values()}


def test_our_own_files_are_sound(lab: Any, warc: Any) -> None:
    path, groups = warc
    report = WarcReport()
    assert list(verify_warc(WarcSource.of(path), report)) == []
    assert report.records["warcinfo"] == 1
    assert sum(report.records.values()) == 1 + sum(len(group.records) for group in groups)
    assert (report.size, report.errors, report.warnings) == (path.stat().st_size, 0, 0)


def test_warcios_files_are_sound(tmp_path: Path) -> None:
    buffer = BytesIO()
    writer = WarcioWriter(buffer, gzip=True, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "warcio"}))
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.example")], is_http_request=True)
    answer = writer.create_warc_record("http://a.example/", "response", BytesIO(b"<p>"), http_headers=headers)
    question = writer.create_warc_record("http://a.example/", "request", BytesIO(b""), http_headers=asked)
    writer.write_request_response_pair(question, answer)
    assert findings_in(tmp_path, buffer.getvalue()) == []


@pytest.mark.parametrize(
    ("url", "target", "host"),
    [
        ("http://news.example", "/", "news.example"),
        ("http://news.example:80/a#part", "/a", "NEWS.example"),
        ("http://news.example:8080/a", "/a", "news.example:8080"),
        ("http://user:word@news.example/a", "/a", "news.example"),
        ("http://news.example/%c3%a9?a=%2f", "/%C3%A9?a=%2F", "news.example"),
        ("http://bücher.example/é", "/%C3%A9", "xn--bcher-kva.example"),
        ("http://news.example/a", "http://news.example/a", "news.example"),
        ("http://news.example/?", "/?", "news.example"),
    ],
)
def test_spellings_of_one_request_are_one(lab: Any, tmp_path: Path, url: str, target: str, host: str) -> None:
    head = f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    data = lab.gzip(lab.warcinfo(), response(lab, WARC_Target_URI=url), request(lab, head, WARC_Target_URI=url))
    assert findings_in(tmp_path, data) == []


@pytest.mark.parametrize("question_first", [True, False])
def test_a_head_request_has_no_body(lab: Any, tmp_path: Path, question_first: bool) -> None:
    pair = [request(lab, GET_A.replace(b"GET", b"HEAD")), response(lab, OK[:-5])]
    data = lab.gzip(lab.warcinfo(), *(pair if question_first else pair[::-1]))
    assert findings_in(tmp_path, data) == []


def test_what_says_that_it_is_cut_may_be_short(lab: Any, tmp_path: Path) -> None:
    for block in (OK[:-2], CHUNKED + b"5\r\nhel", CHUNKED + b"5\r\nhello\r\n"):
        assert findings_in(tmp_path, lab.gzip(lab.warcinfo(), response(lab, block, WARC_Truncated="disconnect"))) == []


def test_plain_files_too(lab: Any, tmp_path: Path) -> None:
    assert findings_in(tmp_path, lab.warcinfo() + response(lab), "x.warc") == []
    found = findings_in(tmp_path, lab.warcinfo() + response(lab)[:-20], "x.warc")
    assert [(finding.rule, finding.severity) for finding in found] == [("truncated", Severity.ERROR)]


def test_nothing_readable_and_no_warc(lab: Any, tmp_path: Path) -> None:
    rules = {finding.rule for finding in findings_in(tmp_path, lab.gzip(lab.warcinfo())[:50])}
    assert rules == {"truncated", "no-records"}
    with pytest.raises(BadInput):
        findings_in(tmp_path, b"<html>", "x.html")


def test_findings_say_where(lab: Any, tmp_path: Path) -> None:
    sound, broken = lab.warcinfo(), response(lab, WARC_Truncated="yes")
    (found,) = findings_in(tmp_path, lab.gzip(sound, broken))
    assert found.offset == len(lab.gzip(sound))
    assert found.record_id == ID_A
    assert (found.clause, found.severity) == ("ISO 28500:2017, 5.15", Severity.WARNING)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_ends_the_verifier(lab: Any, tmp_path: Path, data: st.DataObject) -> None:
    plain = [lab.warcinfo(), response(lab), response(lab, CHUNKED + b"5\r\nhello\r\n0\r\n\r\n"), request(lab, GET_A)]
    which = data.draw(st.integers(0, len(plain) - 1))
    start = data.draw(st.integers(0, len(plain[which]) - 1))
    stop = start + data.draw(st.integers(0, 20))
    plain[which] = plain[which][:start] + data.draw(st.binary(max_size=20)) + plain[which][stop:]
    for name, content in (("x.warc.gz", lab.gzip(*plain)), ("x.warc", b"".join(plain))):
        try:
            findings_in(tmp_path, content, name)
        except BadInput:  # only a broken beginning makes it no WARC at all
            if which != 0:
                raise


@pytest.mark.parametrize("url", ["http://[::1", "http://a:b:c/", "http://a.example:99999/", "x:"])
def test_urls_that_are_none(lab: Any, tmp_path: Path, url: str) -> None:
    found = findings_in(tmp_path, lab.gzip(lab.warcinfo(), request(lab, GET_A, WARC_Target_URI=url)))
    assert "request-target" in {finding.rule for finding in found}
