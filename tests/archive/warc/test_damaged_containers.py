"""Every container, cut and flipped at random: all that lies whole is found by extraction, index, replay and repair alike."""

from __future__ import annotations

import gzip
import random
from contextlib import closing
from pathlib import Path

import pytest

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput
from broadsheet.archive.journal import connect
from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.repair import repair
from broadsheet.archive.warc.source import WarcSource
from broadsheet.pipelines.derive.extract import index_files
from tests.archive.warc.damaged_containers import KINDS, RECORDS, Container, are_apart, broken, seen_by_all


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_file_is_read_whole_by_all(tmp_path: Path, kind: str) -> None:
    container = Container.made(kind)
    path = tmp_path / container.filename
    path.write_bytes(container.prefix + b"".join(piece for piece, _ in container.pieces))
    everything = frozenset(f"http://a.example/{number}" for number in range(1, RECORDS + 1))
    assert set(seen_by_all(path, tmp_path).values()) == {everything}


@pytest.mark.parametrize("damage", ["cut", "flip"])
@pytest.mark.parametrize("kind", KINDS)
def test_damage_costs_the_record_that_it_is_in(tmp_path: Path, kind: str, damage: str) -> None:
    container, dice = Container.made(kind), random.Random(f"{kind} {damage}")
    for number in range(4):
        place = tmp_path / str(number)
        place.mkdir()
        data, intact = broken(container, damage, dice)
        path = place / container.filename
        path.write_bytes(data)
        try:
            seen = seen_by_all(path, place)
        except BadInput:
            assert not intact
            continue
        for reader, urls in seen.items():
            assert intact <= urls, reader
        assert not are_apart(seen)


def test_an_arc_is_copied_as_it_lies_or_becomes_a_warc(tmp_path: Path) -> None:
    for kind, name in (("plain.arc", "x.arc"), ("record.arc.gz", "x.arc.gz")):
        container = Container.made(kind)
        data = container.prefix + b"".join(piece for piece, _ in container.pieces)
        path = tmp_path / kind
        path.write_bytes(data)
        assert repair(WarcSource.of(path), tmp_path / name).losses == []
        assert (tmp_path / name).read_bytes() == data
        with pytest.raises(BadInput, match=r"Name a file that ends in \.arc"):
            repair(WarcSource.of(path), tmp_path / "x.warc")


LENGTHS = {"less": -20, "one less": -1, "into the next address": 3, "more": 20}


@pytest.mark.parametrize("off", LENGTHS.values(), ids=LENGTHS)
@pytest.mark.parametrize("kind", ["plain.arc", "record.arc.gz"])
def test_an_arcs_length_that_is_wrong_by_little_is_put_right(tmp_path: Path, kind: str, off: int) -> None:
    page = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>a page of some length</p>"
    records = [b"filedesc://x.arc 10.0.0.1 20010203040506 text/plain 3\nabc\n"]
    for number in range(3):
        length = len(page) + (off if number == 1 else 0)
        records.append(b"http://a.example/%d 10.0.0.1 20010203 text/html; charset=x %d\n%s\n" % (number, length, page))
    path = tmp_path / kind
    path.write_bytes(b"".join(gzip.compress(one) for one in records) if kind.endswith("gz") else b"".join(records))
    found = list(read_records(WarcSource.of(path), max_block=1000))
    assert [record.block for record in found[1:]] == [page] * 3
    assert [record.url for record in found[1:]] == [f"http://a.example/{number}" for number in range(3)]
    assert [record.get("WARC-Date") for record in found[1:]] == ["2001-02-03"] * 3


@pytest.mark.parametrize(
    ("line", "url", "date", "kind"),
    [
        (b"http://a.example/caf\xe9 1.2.3.4 20010203040506 text/html", "http://a.example/caf%E9", True, "response"),
        ("http://a.example/café 1.2.3.4 20010203040506 text/html".encode(), "http://a.example/café", True, "response"),
        (b"http://a.example/x y 1.2.3.4 20010203040506 text/html", "http://a.example/x%20y", True, "response"),
        (b"http://a.example/ 1.2.3.4 00000000000000 no-type", "http://a.example/", False, "response"),
        (b"http://a.example/ ::1 200102030405 text/html", "http://a.example/", True, "response"),
        (b"http://a.example/ - 20010203040506 text/html 200 ABC - 77 x.arc", "http://a.example/", True, "response"),
        (b"dns:a.example 1.2.3.4 20010203040506 text/dns", "dns:a.example", True, "resource"),
    ],
)
def test_arc_lines_as_they_are_found(tmp_path: Path, line: bytes, url: str, date: bool, kind: str) -> None:
    page = b"HTTP/1.0 200 OK\r\n\r\n<p>"
    path = tmp_path / "x.arc"
    path.write_bytes(b"filedesc://x.arc 0.0.0.0 2001 text/plain 3\nabc\n%s %d\n%s\n" % (line, len(page), page))
    _, record = read_records(WarcSource.of(path))
    assert (record.url, record.date is not None, record.record_type, record.block) == (url, date, kind, page)


def indexed(collection: Collection, path: Path) -> tuple[int, list[str]]:
    """How many entries of *path* the journal has after it was named to extraction, and the damage told."""
    with closing(connect(collection.journal)) as db:
        damage = index_files(collection, Catalogue(db), [path])
        return sum(warc.entries for warc in Catalogue(db).warcs()), damage


@pytest.mark.parametrize("kind", ["whole.warc.gz", "whole.arc.gz", "block.warc.gz"])
def test_damage_in_a_file_of_which_a_copy_is_kept_is_told_by_each_run(tmp_path: Path, kind: str) -> None:
    container = Container.made(kind)
    path = tmp_path / kind
    path.write_bytes(b"".join(piece for piece, _ in container.pieces)[:-400])
    collection = Collection.create(tmp_path / "c")
    first, second = indexed(collection, path), indexed(collection, path)
    assert first == second
    assert first[0] >= RECORDS - 2
    assert "cut off" in first[1][0]


@pytest.mark.parametrize("content", [b"", b"WARC/1.0\r\nWARC-Type: response\r\n", bytes(500)])
@pytest.mark.parametrize("name", ["x.warc", "x.warc.gz", "x.arc.gz", "x.warc.zst"])
def test_a_file_of_which_nothing_can_be_read_is_an_error(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    collection = Collection.create(tmp_path / "c")
    for _ in range(2):
        with pytest.raises(BadInput):
            indexed(collection, path)
    with pytest.raises(BadInput):
        repair(WarcSource.of(path), tmp_path / f"mended-{name}")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["c", name])
