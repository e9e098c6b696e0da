"""Parts follow from the WARC alone: what is settled stays as it is, and no two files have parts of one name."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.pipelines.derive.parts import PART_ENTRIES, part_stem, settled_parts

NAME = "w-00000.warc.gz"


def captures(first: int, stop: int) -> list[Capture]:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    return [
        Capture(NAME, 100 + 10 * n, 10, f"<urn:uuid:{n}>", "response", moment, f"http://a/{n}", 200, "text/html")
        for n in range(first, stop)
    ]


def parts(collection: Collection, first: int, stop: int, *, closed: bool) -> list[tuple[int, int, int, int]]:
    """Bounds in entries and in bytes after the entries *first* to *stop* were journalled."""
    with Catalogue.open(collection.journal) as catalogue:
        with catalogue.transaction():
            warc = catalogue.add_warc(NAME)
            warc = catalogue.append(warc, captures(first, stop), size=100 + 10 * stop, closed=closed)
        return [(one.first, one.stop, one.start, one.end) for one in settled_parts(collection, catalogue, warc)]


def test_a_part_is_settled_when_the_next_begins_or_the_file_is_closed(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    whole = (0, PART_ENTRIES, 0, 100 + 10 * PART_ENTRIES)
    assert parts(collection, 0, PART_ENTRIES, closed=False) == []  # what belongs to its last entry may yet come
    assert parts(collection, PART_ENTRIES, PART_ENTRIES + 3, closed=False) == [whole]
    last = (PART_ENTRIES, PART_ENTRIES + 4, whole[3], 100 + 10 * (PART_ENTRIES + 4))
    assert parts(collection, PART_ENTRIES + 3, PART_ENTRIES + 4, closed=True) == [whole, last]


@pytest.mark.parametrize(
    ("filename", "stem"),
    [
        ("x.warc.gz", "x"),
        ("x.warc", "x.warc~"),
        ("_x.warc.gz", "~5fx"),
        (".x.warc.gz", "~2ex"),
        ("a=b.warc.gz", "a~3db"),
        ("a~3db.warc.gz", "a~7e3db"),
        ("deep/_er/x.arc.gz", "deep/~5fer/x.arc.gz~"),
        ("all.json/one.wacz/x.json.warc.gz", "all~2ejson/one.wacz/x.json"),
        ("a.parquet/b.npz/x.warc", "a~2eparquet/b~2enpz/x.warc~"),
        (".json/x.warc.gz", "~2ejson/x"),
        (f"{'x' * 200}.warc.gz", "x" * 200),
        (f"{'x' * 247}.warc.gz", f"{'x' * 160}~{hashlib.sha256(b'x' * 247).hexdigest()[:32]}"),
    ],
)
def test_what_parts_are_called(filename: str, stem: str) -> None:
    assert part_stem(filename) == stem


names = st.text(st.sampled_from("ab~=_./357de"), min_size=1, max_size=6).map(lambda text: text.strip("/") or "x")
endings = st.sampled_from([".warc.gz", ".warc", ".warc.zst", ".arc.gz", ""])


@given(st.lists(st.tuples(names, endings).map("".join), min_size=2, max_size=8, unique=True))
def test_no_two_files_share_a_stem(filenames: list[str]) -> None:
    assert len({part_stem(filename) for filename in filenames}) == len(filenames)
