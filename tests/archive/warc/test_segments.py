"""Records that were stored in segments are whole again, or say that they are not."""

from __future__ import annotations

import gzip
from contextlib import closing
from pathlib import Path

import pytest

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.journal import connect
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.replay.request import ReplayRequest
from broadsheet.archive.resolved_response import ResponseResolver
from broadsheet.archive.verify.finding import Severity
from broadsheet.archive.verify.warc import verify_warc
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource
from broadsheet.pipelines.derive.extract import index_files

BODY = b"<p>" + b"a sentence of the page. " * 100
BLOCK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
PARTS = [BLOCK[:800], BLOCK[800:1600], BLOCK[1600:]]


def segment(number: int) -> bytes:
    kind, more = "response", "Content-Type: application/http; msgtype=response\r\n"
    if number > 1:
        kind, more = "continuation", "WARC-Segment-Origin-ID: <urn:uuid:1>\r\n"
    if number == len(PARTS):
        more += f"WARC-Segment-Total-Length: {len(BLOCK)}\r\n"
    header = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2026-11-24T10:00:00Z\r\n"
        f"WARC-Target-URI: http://a.example/\r\nWARC-Segment-Number: {number}\r\n{more}"
        f"Content-Length: {len(PARTS[number - 1])}\r\n\r\n"
    )
    return gzip.compress(header.encode() + PARTS[number - 1] + b"\r\n\r\n", mtime=0)


def answers(folder: Path, files: list[list[int]]) -> tuple[bytes | None, bool, int, bytes]:
    """Files of these segments: what extraction gets and whether it says that it is cut; status and body of the replay."""
    paths = []
    for number, segments in enumerate(files):
        paths.append(folder / f"{number}.warc.gz")
        paths[-1].write_bytes(b"".join(segment(one) for one in segments))
    collection = Collection.create(folder / "c")
    with closing(connect(collection.journal)) as db:
        index_files(collection, Catalogue(db), paths)
    first = next(read_records(WarcSource.of(paths[0])))
    with ResponseResolver(collection) as resolver:
        answer = resolver.resolve(first)
    assert answer is not None
    (folder / "warcs").mkdir()
    for path in paths:
        path.rename(folder / "warcs" / path.name)
    replay = Replay(CaptureIndex.open([folder / "warcs"], folder), Spool(folder))
    shown = replay.answer(ReplayRequest("GET", "http://a.example/"))
    cut = answer.payload_record.get("WARC-Truncated") is not None
    return answer.payload(), cut, shown.status, shown.payload.slice(0, shown.payload.length)


@pytest.mark.parametrize("files", [[[1, 2, 3]], [[1], [2, 3]], [[1, 2], [3]]], ids=str)
def test_segments_are_joined(tmp_path: Path, files: list[list[int]]) -> None:
    assert answers(tmp_path, files) == (BODY, False, 200, BODY)


@pytest.mark.parametrize("files", [[[1]], [[1, 2]], [[1, 3]]], ids=str)
def test_what_is_not_all_there_says_so(tmp_path: Path, files: list[list[int]]) -> None:
    payload, cut, status, page = answers(tmp_path, files)
    assert BODY.startswith(payload or b"x")
    assert (cut, status) == (True, 404)
    assert b"segments" in page


def test_the_verifier_takes_no_segment_for_a_body_that_is_too_short(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(segment(1) + segment(2) + segment(3))
    errors = [one for one in verify_warc(WarcSource.of(path)) if one.severity is Severity.ERROR]
    assert errors == []
