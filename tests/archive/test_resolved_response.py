"""A revisit has the payload of its original, however it names it; and that of no other."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.resolved_response import ResponseResolver
from broadsheet.archive.warc.reader import WarcRecord, WarcSource, capture_of, is_entry, read_records

ID = "<urn:uuid:00000000-0000-0000-0000-000000000001>"
BODY = b"<p>the story</p>"
SHA1 = hashlib.sha1(BODY, usedforsecurity=False)
BASE32, HEX = base64.b32encode(SHA1.digest()).decode(), SHA1.hexdigest()
PAGE, OTHER = "http://news.example/a", "http://news.example/b"
DAY = "2026-11-20T10:00:00Z"
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\n\r\n"


def collection_of(
    lab: Any, folder: Path, original: dict[str, str | None], revisit: dict[str, str | None], head: bytes
) -> Any:
    """A collection with an earlier and a later answer of PAGE, one of OTHER, and a revisit; the revisit's record."""
    older = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>older</p>"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + BODY
    none: dict[str, str | None] = {"WARC_Payload_Digest": None}
    records = [
        lab.record(older, lab.fields(older, WARC_Target_URI=PAGE, WARC_Date="2026-11-19T10:00:00Z", **none)),
        lab.record(block, lab.fields(block, WARC_Record_ID=ID, WARC_Target_URI=PAGE, WARC_Date=DAY, **none | original)),
        lab.record(older, lab.fields(older, WARC_Target_URI=OTHER, WARC_Date=DAY, **none)),
    ]
    fields = {"WARC_Type": "revisit", "WARC_Target_URI": PAGE, "WARC_Date": "2026-11-21T10:00:00Z"}
    records.append(lab.record(head, lab.fields(head, **none | fields | revisit)))
    collection = Collection.create(folder)
    path = collection.warc_path("x.warc.gz")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lab.gzip(*records))
    read = [record for record in read_records(WarcSource.of(path)) if is_entry(record)]
    with Catalogue.open(collection.journal) as catalogue:
        captures = [capture_of(record, "x.warc.gz") for record in read]
        catalogue.append(catalogue.add_warc("x.warc.gz"), captures, size=path.stat().st_size, closed=True)
    return collection, read[-1]


def payload_of(collection: Collection, revisit: WarcRecord) -> bytes | None:
    with ResponseResolver(collection) as resolver:
        found = resolver.resolve(revisit)
        assert found is None or (found.head.status, found.is_page) == (200, True)
        return None if found is None else found.payload()


@pytest.mark.parametrize(
    ("original", "revisit"),
    [
        pytest.param(
            {"WARC_Payload_Digest": f"sha1:{BASE32}"}, {"WARC_Payload_Digest": f"sha1:{BASE32.lower()}"}, id="case"
        ),
        pytest.param({"WARC_Payload_Digest": f"sha1:{BASE32}"}, {"WARC_Payload_Digest": f"sha1:{HEX}"}, id="hex"),
        pytest.param({"WARC_Payload_Digest": f"sha1:{HEX}"}, {"WARC_Payload_Digest": f"SHA-1:{BASE32}"}, id="base32"),
        pytest.param({}, {"WARC_Refers_To": ID, "WARC_Target_URI": "http://elsewhere.example/"}, id="id"),
        pytest.param({}, {"WARC_Refers_To_Target_URI": PAGE, "WARC_Refers_To_Date": DAY}, id="URI and date"),
        pytest.param(
            {}, {"WARC_Refers_To_Date": DAY, "WARC_Payload_Digest": f"sha1:{BASE32}"}, id="original without digest"
        ),
        pytest.param({}, {}, id="nothing: the last before it"),
    ],
)
def test_the_original_is_found_by_what_names_it(
    lab: Any, tmp_path: Path, original: dict[str, str | None], revisit: dict[str, str | None]
) -> None:
    assert payload_of(*collection_of(lab, tmp_path / "c", original, revisit, NOT_MODIFIED)) == BODY


@pytest.mark.parametrize(
    ("original", "revisit", "head"),
    [
        pytest.param(
            {"WARC_Payload_Digest": f"sha1:{BASE32}"},
            {"WARC_Payload_Digest": "sha1:" + "A" * 32},
            NOT_MODIFIED,
            id="digest",
        ),
        pytest.param(
            {"WARC_Payload_Digest": f"sha1:{BASE32}"},
            {"WARC_Payload_Digest": "sha1:" + "A" * 32, "WARC_Refers_To": ID},
            NOT_MODIFIED,
            id="an id that the digest contradicts",
        ),
        pytest.param({}, {"WARC_Refers_To_Date": "2026-11-18T00:00:00Z"}, NOT_MODIFIED, id="date"),
        pytest.param({}, {}, b"HTTP/1.1 200 OK\r\n\r\n", id="a 200 that names nothing"),
        pytest.param({}, {"WARC_Date": "2026-11-01T00:00:00Z"}, NOT_MODIFIED, id="nothing before it"),
    ],
)
def test_no_other_stands_for_it(
    lab: Any, tmp_path: Path, original: dict[str, str | None], revisit: dict[str, str | None], head: bytes
) -> None:
    assert payload_of(*collection_of(lab, tmp_path / "c", original, revisit, head)) is None
