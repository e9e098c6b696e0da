"""Whatever comes in twice has one row: the same records by another name, in another container, or in another call."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.compact.compact import compact
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.manifest import REPEATED
from broadsheet.pipelines.dataset.query import querying
from broadsheet.pipelines.dedupe.dedupe import dedupe
from broadsheet.pipelines.reconcile.reconcile import reconcile
from broadsheet.warcs.packing import pack_inputs
from tests.archive.warc.damaged_containers import RECORDS, Container
from tests.pipelines.compact.varied_collection import Varied, derive, warc

PAGES = 9


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = warc(tmp_path_factory.mktemp("in"), "one", range(PAGES))
    return path


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, one: Path) -> Collection:
    collection: Collection = derive(tmp_path_factory.mktemp("once") / "c", [one])
    return collection


def other_name(one: Path, folder: Path) -> Path:
    return Path(shutil.copy(one, folder / "again.warc.gz"))


def link(one: Path, folder: Path) -> Path:
    (folder / "link.warc.gz").symlink_to(one)
    return folder / "link.warc.gz"


def plain(one: Path, folder: Path) -> Path:
    (folder / "one.warc").write_bytes(gzip.decompress(one.read_bytes()))
    return folder / "one.warc"


def one_member(one: Path, folder: Path) -> Path:
    (folder / "whole.warc.gz").write_bytes(gzip.compress(gzip.decompress(one.read_bytes()), mtime=0))
    return folder / "whole.warc.gz"


def frames(one: Path, folder: Path) -> Path:
    (folder / "one.warc.zst").write_bytes(zstandard.compress(gzip.decompress(one.read_bytes())))
    return folder / "one.warc.zst"


def joined(one: Path, folder: Path) -> Path:
    (folder / "joined.warc.gz").write_bytes(one.read_bytes() * 2)
    return folder / "joined.warc.gz"


def packed(one: Path, folder: Path) -> Path:
    pack_inputs([one], folder / "one.wacz")
    return folder / "one.wacz"


def before_it(one: Path, folder: Path) -> Path:
    """Its beginning, which is found before it."""
    cut = folder.parent / "0"
    cut.mkdir()
    (cut / "cut.warc.gz").write_bytes(one.read_bytes()[: os.path.getsize(one) // 2])
    return cut / "cut.warc.gz"


@pytest.mark.parametrize("way", [other_name, link, plain, one_member, frames, joined, packed, before_it])
def test_one_row_of_each_record(tmp_path: Path, one: Path, once: Collection, way: Callable[[Path, Path], Path]) -> None:
    (tmp_path / "other").mkdir()
    other = way(one, tmp_path / "other")
    assert_one_row_each(derive(tmp_path / "twice", sorted([one, other], key=str)), once)


def test_one_row_of_each_record_of_an_arc(tmp_path: Path) -> None:
    """Its records have no ids: those that are made are the same however the file is compressed."""
    files = []
    for kind in ("plain.arc", "record.arc.gz", "whole.arc.gz"):
        made = Container.made(kind)
        files.append(tmp_path / kind)
        files[-1].write_bytes(b"".join(piece for piece, _ in made.pieces))
    thrice = derive(tmp_path / "c", files)
    assert len(ids(thrice, "articles")) == RECORDS
    reasons = [one.reasons.get(REPEATED, 0) for one in select(thrice).manifests]
    assert sorted(reasons) == [0, RECORDS, RECORDS]
    assert list(reconcile(thrice)) == []


def test_in_another_call_and_after_compaction(tmp_path: Path, one: Path, once: Collection) -> None:
    made = derive(derive(tmp_path / "c", [one]).directory, [packed(one, tmp_path)])
    assert_one_row_each(made, once)
    dedupe(made.directory)
    compact(made.directory, grace=0)
    assert_one_row_each(made, once)


def assert_one_row_each(made: Collection, once: Collection) -> None:
    for table in ("articles", "captures", "segments", "links", "images"):
        assert ids(made, table) == ids(once, table), table
    sql = "SELECT count(*) FROM articles a JOIN captures c ON c.warc_record_id = a.id"
    with querying(made, sql) as result:
        assert next(result.batches).column(0)[0].as_py() == len(ids(once, "articles"))
    manifests = select(made).manifests
    assert all(one.entries == one.articles + sum(one.reasons.values()) for one in manifests)
    assert sum(one.reasons.get(REPEATED, 0) for one in manifests)
    assert list(reconcile(made)) == []


def ids(made: Collection, table: str) -> list[str]:
    name = "warc_record_id" if table == "captures" else "id"
    files = select(made).files[table]
    return sorted(one for path in files for one in pq.ParquetFile(path).read(columns=[name]).column(0).to_pylist())


def test_other_records_of_one_id_have_rows_of_their_own(tmp_path: Path) -> None:
    """Two files of a writer that counts its ids from 0 in each."""
    first = warc(tmp_path / "a", "same", range(4))
    second = warc(tmp_path / "b", "same", range(4, 8))
    made = derive(tmp_path / "c", [first, second], Varied())
    found = ids(made, "articles")
    assert len(set(found)) == len(found) == 8
    assert sum(one.endswith("~2") for one in found) == 4
    assert set(ids(made, "segments")) <= set(found)
    assert list(reconcile(made)) == []
