"""Deduplication in the capture log: what becomes a revisit, of what, and that the journal alone knows it."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange, FetchError, Provenance, Truncation
from broadsheet.archive.journal import connect
from broadsheet.archive.resolved_response import ResponseResolver
from broadsheet.archive.warc.reader import read_record_at, read_records
from broadsheet.archive.warc.record import WarcRecord
from broadsheet.archive.warc.revisit import IDENTICAL_PAYLOAD, NOT_MODIFIED, Original
from broadsheet.archive.warc.salvage import salvage
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.writer import WarcInfo
from broadsheet.pipelines.capture.log import CaptureLog, WarcOptions
from broadsheet.pipelines.capture.originals import original_of
from broadsheet.pipelines.capture.submission import Submission
from tests.pipelines.capture.test_log import exchange

SIZE = 1200


def answered(name: str, body: bytes, *, chunked: bool = False, second: int = 0) -> Exchange:
    framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Name: {name}\r\n{framing}\r\n\r\n".encode()
    wire = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked else body
    made = exchange(0)
    return replace(
        made, url=f"http://example.org/{name}", response=head + wire, head_length=len(head),
        started=made.started + timedelta(seconds=second),
    )  # fmt: skip


def log_all(
    collection: Collection, entries: list[Submission], minimum: int | None = 1000, max_size: int = 10**9
) -> None:
    failures: list[object] = []
    options = WarcOptions("test", WarcInfo(software="test"), max_size, dedupe_from=minimum)
    log = CaptureLog(collection, options, on_commit=lambda _: None, on_failure=failures.append)
    log.start()
    for entry in entries:
        log.submit(entry)
    log.close()
    assert not failures


def captures(collection: Collection) -> list[Capture]:
    with closing(connect(collection.journal, read_only=True)) as db:
        catalogue = Catalogue(db)
        return [capture for warc in catalogue.warcs() for capture in catalogue.captures(warc)]


def record(collection: Collection, capture: Capture) -> WarcRecord:
    return read_record_at(WarcSource.of(collection.warc_path(capture.warc_filename)), capture.offset, capture.length)


def test_the_second_of_a_payload_is_a_revisit_of_the_first_in_any_framing(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    body = b"x" * SIZE
    sent = [answered("a", body), answered("b", body, chunked=True, second=1), answered("a", body, second=2)]
    log_all(collection, [Submission(None, one) for one in sent])
    first, second, third = captures(collection)
    assert [one.record_type for one in (first, second, third)] == ["response", "revisit", "revisit"]
    for capture, one in zip((second, third), sent[1:], strict=True):
        revisit = record(collection, capture)
        assert revisit.block == one.head
        assert revisit.get("WARC-Profile") == IDENTICAL_PAYLOAD
        assert revisit.get("WARC-Refers-To") == first.record_id
        assert revisit.get("WARC-Refers-To-Target-URI") == "http://example.org/a"
        assert revisit.get("WARC-Refers-To-Date") == record(collection, first).get("WARC-Date")
        assert revisit.get("WARC-Truncated") == "length"
        assert revisit.get("WARC-Payload-Digest") == first.payload_digest == capture.payload_digest
        with ResponseResolver(collection) as resolver:
            answer = resolver.resolve(revisit)
        assert answer is not None
        assert answer.head.get("X-Name") == one.url[-1]
        assert answer.payload() == body
        assert answer.original_id == first.record_id
    path = collection.archive / first.warc_filename
    with path.open("rb") as file:
        kinds = Counter(found.rec_type for found in ArchiveIterator(file, check_digests="raise"))
    assert kinds == {"warcinfo": 1, "response": 1, "revisit": 2, "request": 3, "metadata": 3}


@pytest.mark.parametrize(
    ("minimum", "change"),
    [
        (None, {}),
        (SIZE + 1, {}),
        (1000, {"truncated": Truncation.DISCONNECT, "error": FetchError.DISCONNECT}),
    ],
    ids=["off", "too small", "cut"],
)
def test_what_is_stored_again(tmp_path: Path, minimum: int | None, change: dict[str, object]) -> None:
    collection = Collection.create(tmp_path / "c")
    one = replace(answered("a", b"x" * SIZE), **change)  # type: ignore[arg-type]
    log_all(collection, [Submission(None, one), Submission(None, one)], minimum)
    assert [capture.record_type for capture in captures(collection)] == ["response", "response"]


def test_a_cut_answer_is_no_original_and_what_must_be_kept_whole_is(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    whole = answered("a", b"x" * SIZE)
    cut = replace(whole, truncated=Truncation.LENGTH, error=FetchError.TOO_LARGE)
    log_all(collection, [Submission(None, cut), Submission(None, whole), Submission(None, whole, dedupe=False)])
    assert [capture.record_type for capture in captures(collection)] == ["response"] * 3


def test_a_cut_answer_is_stored_though_what_came_of_it_is_known(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    whole = answered("a", b"x" * SIZE)
    cut = replace(answered("b", b"x" * SIZE, second=1), truncated=Truncation.TIME, error=FetchError.TIMEOUT)
    log_all(collection, [Submission(None, whole), Submission(None, cut)])
    assert [(one.record_type, one.truncated) for one in captures(collection)] == [
        ("response", None),
        ("response", "time"),
    ]


def test_what_has_changed_is_stored_though_it_was_asked_about_with_a_condition(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    log_all(collection, [Submission(None, answered("a", b"x" * SIZE))])
    (first,) = captures(collection)
    log_all(collection, [Submission(None, answered("a", b"y" * SIZE, second=1), unmodified=original_of(first))])
    assert [one.record_type for one in captures(collection)] == ["response", "response"]


def test_nothing_is_the_same_as_what_came_after_it(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    sent = [answered("b", b"x" * SIZE, second=1), answered("a", b"x" * SIZE), answered("c", b"x" * SIZE, second=2)]
    log_all(collection, [Submission(None, one) for one in sent])
    assert [capture.record_type for capture in captures(collection)] == ["response", "response", "revisit"]


def test_later_logs_refer_to_the_first_ones_record_over_files(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    bodies = [bytes([65 + number]) * SIZE for number in range(9)]
    for turn in range(3):
        sent = [answered(f"{turn}-{number}", body, second=turn) for number, body in enumerate(bodies)]
        log_all(collection, [Submission(None, one) for one in sent], max_size=1500)
    found = captures(collection)
    originals = {capture.payload_digest: capture for capture in found if capture.record_type == "response"}
    revisits = [capture for capture in found if capture.record_type == "revisit"]
    assert len(originals) == 9
    assert len(revisits) == 18
    assert len({capture.warc_filename for capture in found}) > 3
    assert all((originals[one.payload_digest].url or "").startswith("http://example.org/0-") for one in revisits)
    assert all(
        record(collection, one).get("WARC-Refers-To") == originals[one.payload_digest].record_id for one in revisits
    )


def test_many_equal_ones_in_a_hurry_have_one_original(tmp_path: Path) -> None:
    """Between memory and journal nothing falls through, whenever the committer comes by."""
    collection = Collection.create(tmp_path / "c")
    options = WarcOptions("test", WarcInfo(software="test"), dedupe_from=1000)
    log = CaptureLog(collection, options, on_commit=lambda _: None, on_failure=lambda _: None)
    log.start()
    pause = threading.Event()
    for number in range(300):
        log.submit(Submission(None, answered(str(number), b"%d" % (number % 3) * SIZE)))
        pause.wait(0.002 if number % 10 else 0)
    log.close()
    assert Counter(one.record_type for one in captures(collection)) == {"response": 3, "revisit": 297}


def test_a_304_is_a_revisit_of_what_was_asked_about(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    whole = answered("a", b"x" * 20)
    log_all(collection, [Submission(None, whole)])
    (first,) = captures(collection)
    original = Original(first.record_id, first.url or "", first.date, first.payload_digest)
    head = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    same = replace(whole, response=head, head_length=len(head), status=304)
    log_all(collection, [Submission(None, same, unmodified=original), Submission(None, same)])
    _, revisit, unasked = captures(collection)
    assert (revisit.record_type, revisit.status, revisit.payload_digest) == ("revisit", 304, first.payload_digest)
    assert unasked.record_type == "response"
    found = record(collection, revisit)
    assert found.get("WARC-Profile") == NOT_MODIFIED
    assert found.get("WARC-Truncated") is None
    assert found.block == head
    with ResponseResolver(collection) as resolver:
        answer = resolver.resolve(found)
    assert answer is not None
    assert answer.head.status == 200
    assert answer.payload() == b"x" * 20


def asked_again(original: Capture, second: int) -> Submission:
    """The server says of *original*, which lies in an earlier file, that it has not changed."""
    head = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    same = replace(answered("a", b"", second=second), response=head, head_length=len(head), status=304)
    return Submission(None, same, unmodified=original_of(original))


def test_what_comes_after_a_revisit_refers_to_the_original_and_not_to_the_revisit(tmp_path: Path) -> None:
    """A 304 has its original's payload digest, and here it is all that memory has of that payload."""
    collection = Collection.create(tmp_path / "c")
    body = b"x" * SIZE
    log_all(collection, [Submission(None, answered("a", body))])
    (first,) = captures(collection)
    for second in (1, 2):  # once the revisit is in memory, once in the journal
        log_all(
            collection, [asked_again(first, 3 * second), Submission(None, answered("b", body, second=3 * second + 1))]
        )
    assert [one.record_type for one in captures(collection)] == ["response"] + ["revisit"] * 4
    assert {record(collection, one).get("WARC-Refers-To") for one in captures(collection)[1:]} == {first.record_id}


def foreign(collection: Collection) -> None:
    """Let the collection's files so far be somebody else's, which may go away without a word."""
    with closing(connect(collection.journal)) as db:
        db.execute("UPDATE warcs SET source = '/elsewhere/' || filename")


def test_an_original_lies_in_the_collections_own_files(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    body = b"x" * SIZE
    log_all(collection, [Submission(None, answered("a", body))])
    foreign(collection)
    (theirs,) = captures(collection)
    log_all(collection, [asked_again(theirs, 1)])  # its digest is known, and it is no response
    log_all(collection, [Submission(None, answered(name, body, second=2)) for name in "bc"])
    kept = captures(collection)
    assert [one.record_type for one in kept] == ["response", "revisit", "response", "revisit"]
    assert record(collection, kept[3]).get("WARC-Refers-To") == kept[2].record_id


def test_a_cut_answer_is_no_original_for_a_later_log_either(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    whole = answered("a", b"x" * SIZE)
    cut = replace(whole, truncated=Truncation.LENGTH, error=FetchError.TOO_LARGE)
    log_all(collection, [Submission(None, cut)])
    log_all(collection, [Submission(None, answered("b", b"x" * SIZE, second=1))])
    log_all(collection, [Submission(None, answered("c", b"x" * SIZE, second=2))])
    cut_one, first, again = captures(collection)
    assert cut_one.payload_digest == first.payload_digest
    assert [one.record_type for one in (cut_one, first, again)] == ["response", "response", "revisit"]
    assert record(collection, again).get("WARC-Refers-To") == first.record_id


def test_salvage_gives_revisits_as_they_were_written(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    body = b"x" * SIZE
    log_all(collection, [Submission(None, answered(name, body), Provenance(None, "L")) for name in "ab"])
    journalled = captures(collection)
    path = collection.archive / journalled[0].warc_filename
    found = salvage(path, 0)
    assert found.lost_bytes == 0
    assert [group.captures.main for group in found.groups] == [
        replace(one, block_digest=found.groups[number].captures.main.block_digest)
        for number, one in enumerate(journalled)
    ]
    torn = path.with_name("torn.warc.gz.open")
    torn.write_bytes(path.read_bytes()[:-1])
    assert [group.captures.main.record_type for group in salvage(torn, 0).groups] == ["response"]


def test_a_revisit_of_nothing_has_no_answer(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    original = Original("<urn:uuid:0>", "http://example.org/gone", exchange(0).started, "sha1:AAAA")
    head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    same = replace(exchange(0), response=head, head_length=len(head), status=304)
    log_all(collection, [Submission(None, same, unmodified=original)])
    (capture,) = captures(collection)
    with ResponseResolver(collection) as resolver:
        assert resolver.resolve(record(collection, capture)) is None
    records = list(read_records(WarcSource.of(collection.archive / capture.warc_filename)))
    assert [one.record_type for one in records] == ["warcinfo", "revisit", "request", "metadata"]
