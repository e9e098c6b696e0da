"""The records of one exchange, field by field, as they lie in the file and as the catalogue is told of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.capture import Capture
from broadsheet.archive.digest import labelled_digest
from broadsheet.archive.exchange import Exchange, FetchError, Truncation
from broadsheet.archive.warc.group import RecordGroup
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.revisit import IDENTICAL_PAYLOAD, NOT_MODIFIED, Original
from broadsheet.archive.warc.source import WarcSource

URL = "http://news.example/a"
ID, INFO = "<urn:uuid:1>", "<urn:uuid:0>"


@pytest.fixture
def group() -> RecordGroup:
    return RecordGroup("x.warc.gz", 0, INFO, 6, "sha1")


def written(group: RecordGroup, folder: Path) -> list[WarcRecord]:
    path = folder / "x.warc.gz"
    path.write_bytes(b"".join(group.pieces))
    return list(read_records(WarcSource.of(path)))


def same_place(record: WarcRecord, capture: Capture) -> bool:
    return (record.offset, record.length, record.record_id) == (capture.offset, capture.length, capture.record_id)


def test_an_answer_and_its_request_have_what_the_connection_told(lab: Any, group: RecordGroup, tmp_path: Path) -> None:
    exchange = lab.exchange(URL)
    captures = [
        group.add_answer(ID, exchange, None, None),
        group.add_request("<urn:uuid:2>", exchange, [("WARC-Concurrent-To", ID)]),
    ]
    answer, request = written(group, tmp_path)
    assert same_place(answer, captures[0])
    assert same_place(request, captures[1])
    for record in (answer, request):
        assert (record.get("WARC-Warcinfo-ID"), record.get("WARC-IP-Address"), record.url) == (INFO, "192.0.2.7", URL)
        assert record.get_all("WARC-Protocol") == ("http/1.1", "tls/1.3")
        assert record.get("WARC-Cipher-Suite") == "TLS_AES_128_GCM_SHA256"
        assert record.get("WARC-Block-Digest") == labelled_digest(record.block)
    assert answer.block == exchange.response
    assert answer.get("WARC-Payload-Digest") == labelled_digest(exchange.response[exchange.head_length :])
    assert answer.content_type == "application/http; msgtype=response"
    assert (request.content_type, request.get("WARC-Concurrent-To")) == ("application/http; msgtype=request", ID)
    assert request.get("WARC-Payload-Digest") is None
    assert [one.is_page for one in captures] == [True, False]
    assert (captures[0].status, captures[0].mime, captures[0].truncated, captures[0].error) == (
        200,
        "text/html",
        None,
        None,
    )


def test_what_was_cut_off_says_so_and_is_never_a_revisit(lab: Any, group: RecordGroup, tmp_path: Path) -> None:
    cut = lab.exchange(URL, truncated=Truncation.DISCONNECT, error=FetchError.DISCONNECT)
    capture = group.add_answer(ID, cut, None, lambda *_: pytest.fail("a cut answer was looked up"))
    (record,) = written(group, tmp_path)
    assert (record.record_type, record.get("WARC-Truncated")) == ("response", "disconnect")
    assert (capture.truncated, capture.error) == ("disconnect", "disconnect")


def test_a_payload_that_is_known_is_referred_to_with_its_own_head(lab: Any, group: RecordGroup, tmp_path: Path) -> None:
    exchange = lab.exchange(URL)
    payload = exchange.response[exchange.head_length :]
    original = Original("<urn:uuid:9>", "http://news.example/first", lab.moment, labelled_digest(payload))
    asked: list[tuple[object, ...]] = []

    def find(*question: object) -> Original:
        asked.append(question)
        return original

    capture = group.add_answer(ID, exchange, None, find)
    (record,) = written(group, tmp_path)
    assert asked == [(labelled_digest(payload), len(payload), exchange.started)]
    assert (record.record_type, record.block) == ("revisit", exchange.response[: exchange.head_length])
    assert record.get("WARC-Profile") == IDENTICAL_PAYLOAD
    assert (record.get("WARC-Refers-To"), record.get("WARC-Refers-To-Target-URI")) == ("<urn:uuid:9>", original.url)
    assert (capture.record_type, capture.payload_digest, capture.is_page) == ("revisit", original.payload_digest, True)


@pytest.mark.parametrize(("document", "is_page"), [(True, None), (False, False)])
def test_a_304_refers_to_what_the_request_asked_about(
    lab: Any, group: RecordGroup, tmp_path: Path, document: bool, is_page: bool | None
) -> None:
    original = Original("<urn:uuid:9>", URL, lab.moment, "sha1:X")
    exchange = replace(lab.exchange(URL, head=b"HTTP/1.1 304 Not Modified\r\n\r\n", body=b""), status=304)
    capture = group.add_answer(ID, exchange, original, None, document=document)
    (record,) = written(group, tmp_path)
    assert (record.get("WARC-Profile"), record.get("WARC-Payload-Digest")) == (NOT_MODIFIED, "sha1:X")
    assert capture.is_page is is_page  # None: it is one if its original is


def test_what_is_no_http_is_kept_as_it_came(lab: Any, group: RecordGroup, tmp_path: Path) -> None:
    made = lab.exchange(URL)
    strange = replace(made, request=b"\x16\x03\x01", response=b"SSH-2.0\r\n", head_length=0, status=None)
    group.add_answer(ID, strange, None, None)
    group.add_request("<urn:uuid:2>", strange, [])
    assert [(one.content_type, one.block) for one in written(group, tmp_path)] == [
        ("application/octet-stream", strange.response), ("application/octet-stream", strange.request),
    ]  # fmt: skip


def test_the_body_of_a_request_has_its_digest(lab: Any, group: RecordGroup, tmp_path: Path) -> None:
    posted = replace(lab.exchange(URL), request=b"POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nq=1")
    group.add_request(ID, posted, [])
    (record,) = written(group, tmp_path)
    assert record.get("WARC-Payload-Digest") == labelled_digest(b"q=1")


def test_a_lookup_is_a_resource_in_the_form_of_a_master_file(lab: Any, group: RecordGroup, tmp_path: Path) -> None:
    exchange: Exchange = replace(lab.exchange(URL), addresses=("192.0.2.7", "2001:db8::1%eth0"))
    group.add_lookup(ID, exchange, "news.example")
    (record,) = written(group, tmp_path)
    assert (record.record_type, record.url, record.content_type) == ("resource", "dns:news.example", "text/dns")
    assert record.block.splitlines()[1:] == [
        b"news.example.\tIN\tA\t192.0.2.7",
        b"news.example.\tIN\tAAAA\t2001:db8::1",
    ]


def test_only_the_entry_of_an_exchange_has_its_error(lab: Any, group: RecordGroup) -> None:
    mute = lab.unanswered()
    request = group.add_request(ID, mute, [])
    metadata = group.add_metadata("<urn:uuid:2>", mute, b"x: y\r\n", [("WARC-Concurrent-To", ID)])
    assert (request.error, metadata.error) == (None, "timeout")
    answered = group.add_metadata("<urn:uuid:3>", lab.exchange(URL), b"x: y\r\n", [])
    assert answered.error is None
    assert metadata.offset == request.offset + request.length
