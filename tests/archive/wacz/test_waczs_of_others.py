"""WACZ files as other tools make them, and WACZs of WACZs: each WARC is found, under a name of its own."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.verify.file_sets import file_sets
from broadsheet.archive.verify.finding import Severity
from broadsheet.archive.verify.run import verify_sets
from broadsheet.archive.wacz import is_wacz, warc_sources
from broadsheet.archive.warc.reader import read_records
from broadsheet.warcs.packing import pack_inputs


def warc(number: int) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>%d" % number
    header = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nWARC-Date: 2026-11-24T10:00:00Z\r\n"
        f"WARC-Target-URI: http://a.example/{number}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(header.encode() + block + b"\r\n\r\n", mtime=0)


ARC_PAGE = b"HTTP/1.0 200 OK\r\n\r\n<p>1"
ARC = (
    b"filedesc://x.arc 0.0.0.0 20010101000000 text/plain 3\nabc\nhttp://a.example/1 1.2.3.4 2001 text/html %d\n%s\n"
    % (
        len(ARC_PAGE),
        ARC_PAGE,
    )
)


def packed(members: list[tuple[str, bytes]], method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


FORMS = {
    "dot": ([("./archive/a.warc.gz", warc(1))], ["a.warc.gz"]),
    "backslashes": ([("archive\\a.warc.gz", warc(1))], ["a.warc.gz"]),
    "in a folder": ([("crawl-7/archive/a.warc.gz", warc(1))], ["a.warc.gz"]),
    "capitals": ([("archive/A.WARC.GZ", warc(1))], ["A.WARC.GZ"]),
    "one file name": (
        [("archive/x/a.warc.gz", warc(1)), ("archive/y/a.warc.gz", warc(2))],
        ["x/a.warc.gz", "y/a.warc.gz"],
    ),
    "an ARC": ([("archive/a.arc", ARC)], ["a.arc"]),
    "a WACZ inside": (
        [
            ("one.wacz", packed([("archive/a.warc.gz", warc(1))], 0)),
            ("two.wacz", packed([("archive/a.warc.gz", warc(2))], 8)),
        ],
        ["one.wacz/a.warc.gz", "two.wacz/a.warc.gz"],
    ),
}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
@pytest.mark.parametrize("form", FORMS)
def test_the_warcs_are_found(tmp_path: Path, form: str, method: int) -> None:
    members, names = FORMS[form]
    wacz = tmp_path / "x.wacz"
    wacz.write_bytes(packed(members, method))
    sources = warc_sources(wacz, tmp_path)
    assert [source.name for source in sources] == names
    urls = [record.url for source in sources for record in read_records(source) if record.record_type == "response"]
    assert urls == [f"http://a.example/{number + 1}" for number in range(len(names))]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_the_very_same_name_are_two(tmp_path: Path) -> None:
    wacz = tmp_path / "x.wacz"
    wacz.write_bytes(packed([("archive/a.warc.gz", warc(1)), ("archive/a.warc.gz", warc(2))], zipfile.ZIP_DEFLATED))
    sources = warc_sources(wacz, tmp_path)
    assert [next(read_records(source)).url for source in sources] == ["http://a.example/1", "http://a.example/2"]


def test_the_json_of_a_collection_names_waczs_beside_it(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.wacz").write_bytes(packed([("archive/a.warc.gz", warc(number))], zipfile.ZIP_STORED))
    listed = tmp_path / "collection.json"
    resources = [{"name": f"{number}", "path": f"{number}.wacz"} for number in (1, 2)]
    listed.write_text(json.dumps({"profile": "multi-wacz-package", "resources": resources}))
    assert is_wacz(listed)
    assert [source.name for source in warc_sources(listed, tmp_path)] == ["1.wacz/a.warc.gz", "2.wacz/a.warc.gz"]
    listed.write_text(json.dumps({"resources": [{"path": "https://a.example/1.wacz"}]}))
    with pytest.raises(BadInput, match="not beside it"):
        is_wacz(listed)
    listed.write_text('{"resources": [{"path": "notes.txt"}]}')
    assert not is_wacz(listed)


def test_two_waczs_of_one_name_are_replayed_beside_each_other(tmp_path: Path) -> None:
    paths = []
    for number in (1, 2):
        paths.append(tmp_path / str(number) / "crawl.wacz")
        paths[-1].parent.mkdir()
        paths[-1].write_bytes(packed([("archive/a.warc.gz", warc(number))], zipfile.ZIP_DEFLATED))
    index = CaptureIndex.open(paths, tmp_path)
    assert sorted(capture.line.url for capture in index.captures()) == ["http://a.example/1", "http://a.example/2"]
    assert len({capture.source.path for capture in index.captures()}) == 2


def test_the_verifier_takes_a_multi_wacz_for_the_waczs_that_it_is_made_of(tmp_path: Path) -> None:
    pages = []
    for number in (1, 2):
        source = tmp_path / f"{number}.warc.gz"
        source.write_bytes(warc(number))
        pack_inputs([source], tmp_path / f"{number}.wacz")
        pages.append((tmp_path / f"{number}.wacz").read_bytes())
    multi = tmp_path / "multi.wacz"
    multi.write_bytes(packed([("one.wacz", pages[0]), ("two.wacz", pages[1])], zipfile.ZIP_STORED))
    listed = tmp_path / "collection.json"
    listed.write_text(json.dumps({"resources": [{"path": "1.wacz"}, {"path": "2.wacz"}]}))
    for path in (multi, listed):
        sets = file_sets([path], tmp_path)
        assert [len(one.warcs) for one in sets] == [1, 1]
        found = verify_sets(sets).log.kept
        assert [one for one in found if one.severity is Severity.ERROR] == []
