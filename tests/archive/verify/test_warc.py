"""The verifier: sound files pass, and every seeded fault is found; most of them warcio's check lets pass."""

from __future__ import annotations

import zlib
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from faulty_warcs import WARC_FAULTS, several
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_records import CHUNKED, GET_A, ID_A, ID_B, OK, original, page, request, response, revisit
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as WarcioWriter

from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.errors import BadInput
from broadsheet.archive.verify.finding import Finding, Severity
from broadsheet.archive.verify.record_rules import RECORD_RULES
from broadsheet.archive.verify.warc import FILE_RULES, WarcReport, verify_warc
from broadsheet.archive.warc.reader import WarcSource


def findings_in(tmp_path: Path, data: bytes, name: str = "x.warc.gz") -> list[Finding]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(verify_warc(WarcSource.of(path)))


@pytest.mark.parametrize("name", WARC_FAULTS)
def test_a_seeded_fault_is_found(lab: Any, tmp_path: Path, name: str) -> None:
    fault = WARC_FAULTS[name]
    found = findings_in(tmp_path, fault.build(lab), fault.name)
    assert fault.rule in {finding.rule for finding in found}
    assert all(finding.source == fault.name and finding.message and finding.clause for finding in found)


@pytest.mark.parametrize("off", [-2, 30])
def test_a_length_that_the_reader_puts_right_is_told(lab: Any, tmp_path: Path, off: int) -> None:
    block = b"a block that is whole " * 20
    wrong = lab.fields(block, Content_Length=str(len(block) + off), WARC_Block_Digest=labelled_digest(block))
    data = lab.warcinfo() + lab.record(block, wrong) + lab.record(block, lab.fields(block))
    told = [finding.offset for finding in findings_in(tmp_path, data, "x.warc") if finding.rule == "damaged"]
    assert told == [len(lab.warcinfo())]


def warcio_passes(path: Path) -> bool:
    """Whether `warcio check` leaves with 0; some faults end it with a traceback, which is a way of seeing them."""
    checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=False))
    try:
        return bool(checker.process_all() == 0)
    except (AttributeError, KeyError, TypeError, ValueError, zlib.error):
        return False


def test_most_faults_pass_warcios_check(lab: Any, tmp_path: Path) -> None:
    passed = set()
    for name, fault in WARC_FAULTS.items():
        path = tmp_path / fault.name
        path.write_bytes(fault.build(lab))
        if warcio_passes(path):
            passed.add(name)
    assert passed == {name for name, fault in WARC_FAULTS.items() if not fault.warcio_sees_it}
    assert len(passed) >= 40


def test_several_records_in_a_member(lab: Any, tmp_path: Path) -> None:
    both = lab.gzip(lab.warcinfo()) + lab.gzip(response(lab) + response(lab, WARC_Record_ID=ID_B))
    assert [finding.rule for finding in findings_in(tmp_path, both)] == ["member-per-record"]


def test_a_file_that_is_one_member_is_not_called_without_records(lab: Any, tmp_path: Path) -> None:
    """Its records can be read by `repair`: to look for another copy would be wrong advice."""
    whole = lab.gzip(lab.warcinfo() + response(lab))
    assert [finding.rule for finding in findings_in(tmp_path, whole)] == ["member-per-record"]


@pytest.mark.parametrize(
    ("data", "rules"), [(b"hello\n", ["damaged", "no-records"]), (b"\x1f\x8b", ["truncated", "no-records"])]
)
def test_a_few_bytes_that_are_no_gzip_are_not_called_cut(tmp_path: Path, data: bytes, rules: list[str]) -> None:
    assert [finding.rule for finding in findings_in(tmp_path, data)] == rules


def test_every_rule_is_seeded_or_named_here(lab: Any) -> None:
    rules = {entry.rule.id for entry in RECORD_RULES} | {rule.id for rule in FILE_RULES}
    elsewhere = {"member-per-record", "no-records", "not-checked"}
    assert rules - elsewhere == {fault.rule for fault in WARC_FAULTS.values()}


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
    found = findings_in(tmp_path, buffer.getvalue())
    assert {(finding.rule, finding.severity) for finding in found} == {("ip-address-missing", Severity.INFO)}


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


def test_a_sound_revisit_is_sound(lab: Any, tmp_path: Path) -> None:
    for changes in ({}, {"WARC_Refers_To": ID_A}, {"WARC_Refers_To": ID_A, "WARC_Refers_To_Target_URI": None}):
        assert findings_in(tmp_path, lab.gzip(lab.warcinfo(), original(lab), revisit(lab, **changes))) == []


def test_what_is_called_http_and_is_not_has_no_payload_to_be_wrong_about(tmp_path: Path) -> None:
    block = b"HTTP/1.1 undefined No Content\r\n\r\n"  # as a browser's crawler has written it
    path = tmp_path / "x.warc"
    path.write_bytes(
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0b0b2a1c-1e1f-4b8f-9c3a-000000000001>\r\n"
        b"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: http://a.example/\r\nWARC-IP-Address: 192.0.2.7\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)
    )
    assert {finding.rule for finding in verify_warc(WarcSource.of(path))} == {"warcinfo-first", "http-head"}


@pytest.mark.parametrize(
    "records",
    [
        (page("a", "a"), page("b", "b"), page("print/a", "a"), page("a?page=2", "a")),  # variants name the page
        (page("a/", "a"), page("index.html", "")),  # the same page, said otherwise
        (page("old", "new"), page("new", "elsewhere")),  # what it leads to in the end is not here
        (page("a", "a", "CF-RAY: 1-FRA\r\n"), page("b", "b", "CF-RAY: 2-FRA\r\nX-Request-Id: 7\r\n")),
        (page("a", "a", "CF-RAY: 1-FRA\r\n"), page("a", "a", "CF-RAY: 1-FRA\r\n")),
        (page("a", "a", "Date: Tue, 24 Nov 2026 09:20:30 GMT\r\n"),),
        (page("a", "a", "Date: Sat, 14 Nov 2026 10:20:30 GMT\r\nAge: 864000\r\n"),),  # of a cache
        (page("a", "a", "Date: Tue, 24 Nov 2026 10:20:30 GMT\r\nAge: 864000\r\n"),),  # of one that dates anew
        (page("a", "a", "Date: yesterday\r\nAge: old\r\n"),),
    ],
)
def test_what_is_no_impostor(lab: Any, tmp_path: Path, records: tuple[Any, ...]) -> None:
    found = {finding.rule for finding in findings_in(tmp_path, several(*records)(lab))}
    assert not found & {"page-name", "answer-twice", "answer-date"}
