"""Compaction: the same rows in order in few files; nobody ever meets half of it; it merges, and heals."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from varied_collection import Varied, derive, digests, rows, warc

from broadsheet import Collection as Api
from broadsheet.archive import generations
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.cli import cli
from broadsheet.pipelines.compact.compact import compact
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.defaults import TABLE_NAMES
from broadsheet.pipelines.dataset.manifest import table_folder
from broadsheet.pipelines.reconcile.reconcile import reconcile


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.pipelines.derive.parts.PART_ENTRIES", 7)


@pytest.fixture
def made(tmp_path: Path) -> Collection:
    """60 pages of two WARCs, over two months, in 10 parts."""
    files = [warc(tmp_path / "in", "one", range(0, 60, 2)), warc(tmp_path / "in", "two", range(1, 60, 2))]
    collection: Collection = derive(tmp_path / "c", files)
    return collection


def test_the_same_rows_in_order_in_few_files(made: Collection) -> None:
    before = {table: rows(made, table) for table in TABLE_NAMES}
    api = Api.open(made.directory)
    typed = sorted(map(repr, api.articles()))
    summary = compact(made.directory, grace=0)
    assert (summary.rewritten, summary.untouched) == (10, 0)
    assert {table: rows(made, table) for table in TABLE_NAMES} == before
    assert sorted(map(repr, api.articles())) == typed
    assert sum(1 for _ in made.dataset.rglob("*.parquet")) == 10
    for table in TABLE_NAMES:
        paths = sorted((made.dataset / table).rglob("*.parquet"))
        assert [path.parent.name for path in paths] == ["fetch_month=2026-10", "fetch_month=2026-11"]
        for path in paths:
            found = pq.ParquetFile(path).read(columns=["url_surtkey", "fetch_time"]).to_pylist()
            assert found == sorted(found, key=lambda row: (row["url_surtkey"], row["fetch_time"]))
            assert {row["fetch_time"].strftime("fetch_month=%Y-%m") for row in found} == {path.parent.name}
    assert list(reconcile(made)) == []
    assert not (made.directory / "generations").exists()


def test_settings_of_the_files(made: Collection) -> None:
    compact(made.directory)
    (path, _) = sorted((made.dataset / "articles").rglob("*.parquet"))
    with pq.ParquetFile(path) as file:
        group = file.metadata.row_group(0)
        names = file.schema_arrow.names
        assert [names[one.column_index] for one in group.sorting_columns] == ["url_surtkey", "fetch_time"]
        columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
        assert {one.compression for one in columns.values()} == {"ZSTD"}
        assert all(one.has_offset_index for one in columns.values())
        assert columns["url"].has_column_index
        assert file.schema_arrow.field("text").metadata[b"doc"]
    assert path.stat().st_size > 0


def test_small_files_when_they_are_wanted(made: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.pipelines.compact.files.GROUP_ROWS", {"articles": 3, "captures": 4})
    before = rows(made, "articles")
    compact(made.directory, target_bytes=1)
    paths = sorted((made.dataset / "articles").rglob("*.parquet"))
    assert max(pq.read_metadata(path).num_rows for path in paths) == 3
    assert len(paths) > 10
    assert rows(made, "articles") == before
    november = [path for path in paths if path.parent.name.endswith("11")]
    keys = [key for path in november for key in pq.ParquetFile(path).read(["url_surtkey"])[0].to_pylist()]
    assert keys == sorted(keys)  # the files' names are in the order of their rows


def test_a_growing_collection_has_the_bytes_of_one_that_was_compacted_once(made: Collection, tmp_path: Path) -> None:
    compact(made.directory)
    kept = {path: path.stat().st_ino for path in made.dataset.rglob("fetch_month=2026-10/*.parquet")}
    more = warc(tmp_path / "in", "three", range(100, 130), start=datetime(2026, 11, 2, tzinfo=UTC))
    derive(made.directory, [more])
    assert rows(made, "captures").total() == 90
    assert list(reconcile(made)) == []
    assert len(select(made).manifests) == 15
    summary = compact(made.directory)
    assert (summary.rewritten, summary.untouched) == (5, 5)
    assert {path: path.stat().st_ino for path in made.dataset.rglob("fetch_month=2026-10/*.parquet")} == kept
    at_once = derive(tmp_path / "other", sorted((tmp_path / "in").glob("*.warc.gz")))
    compact(at_once.directory)
    own = {name: digest for name, digest in digests(made).items() if name != "_generation"}
    assert own == {name: digest for name, digest in digests(at_once).items() if name != "_generation"}
    assert list(reconcile(made)) == []


def test_nothing_new_is_nothing_to_do(made: Collection) -> None:
    compact(made.directory)
    before = digests(made)
    summary = compact(made.directory)
    assert summary.rewritten == 0
    assert summary.tables[0].rows == sum(manifest.articles for manifest in select(made).manifests)
    assert digests(made) == before
    assert derive(made.directory, parts=0) == made  # nor has extract
    assert digests(made) == before


def test_who_reads_meanwhile_meets_the_old_rows_or_the_new_ones(made: Collection) -> None:
    whole = {table: rows(made, table).total() for table in TABLE_NAMES}
    other = made.directory / "generations" / "until-99999999999-000001" / "dataset"
    shutil.copytree(made.dataset, other)
    compact(made.directory)
    stop, reads, torn = threading.Event(), [0], list[str]()

    def read() -> None:
        while not stop.is_set():
            for table in ("articles", "captures"):
                with contextlib.suppress(FileNotFoundError):  # listed before, opened after: said, not half read
                    found = ds.dataset(made.dataset / table, format="parquet").to_table(columns=["fetch_time"]).num_rows
                    torn.extend([f"{table}: {found}"] if found != whole[table] else [])
                    reads[0] += 1
                own = len(getattr(Api.open(made.directory), table)())
                torn.extend([f"own {table}: {own}"] if own != whole[table] else [])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        while reads[0] < 20 and reader.is_alive():  # the very step that puts a generation in its place, over and over
            assert generations.exchange(made.dataset, other)
            time.sleep(0.01)
    finally:
        stop.set()
        reader.join()
    assert reads[0] >= 20
    assert torn == []


def test_a_reader_that_began_before_reads_on_for_the_time_of_grace(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = Api.open(made.directory).articles(columns=["url"])
    reading = iter(early.batches(5))
    first = next(reading)
    compact(made.directory, grace=100)
    urls = [*first.column(0).to_pylist(), *(url for batch in reading for url in batch.column(0).to_pylist())]
    assert sorted(urls) == sorted(Api.open(made.directory).articles().to_arrow()["url"].to_pylist())
    assert len(early) == len(urls)
    later = time.time() + 101
    monkeypatch.setattr("broadsheet.archive.generations.time.time", lambda: later)
    with made.locked():
        pass
    assert not (made.directory / "generations").exists()
    with pytest.raises(CorruptArchive, match="lacks a file"):
        len(early)


def test_another_extractor_leaves_what_is_compacted_alone(made: Collection) -> None:
    compact(made.directory)
    derive(made.directory, extractor=Varied("varied0000000002"))
    assert rows(made, "captures").total() == 60  # they are of no extraction: not once more
    assert rows(made, "articles", "varied0000000001").total() == rows(made, "articles", "varied0000000002").total()
    assert select(made).extraction_ids == ("varied0000000002",)
    assert list(reconcile(made)) == []
    assert len(Api.open(made.directory).articles(extraction="varied0000000001")) == len(
        Api.open(made.directory).articles()
    )
    summary = compact(made.directory)
    assert summary.untouched == 2  # captures
    assert list(reconcile(made)) == []


def test_what_was_learnt_since_takes_the_place_of_the_compacted_rows_as_a_whole(tmp_path: Path) -> None:
    files = [warc(tmp_path / "in", "one", range(40))]
    made = derive(tmp_path / "c", files, Varied("first", "base"))
    compact(made.directory)
    count = len(Api.open(made.directory).articles())
    derive(made.directory, extractor=Varied("second", "base"), parts=3)
    assert select(made).extraction_ids == ("first",)
    assert len(Api.open(made.directory).articles()) == count
    assert rows(made, "articles", "first").total() == count
    more = warc(tmp_path / "in", "two", range(40, 50))
    derive(made.directory, [more], Varied("second", "base"), parts=0)
    compact(made.directory)  # what is loose of the second waits with the first
    assert len(Api.open(made.directory).articles()) == count
    assert {finding.rule for finding in reconcile(made)} == {"part-missing"}  # the new WARC was not extracted yet
    derive(made.directory, extractor=Varied("second", "base"))
    assert select(made).extraction_ids == ("second",)
    assert not list((made.dataset / table_folder("articles", "first")).rglob("*.parquet"))
    assert rows(made, "captures").total() == 50
    assert list(reconcile(made)) == []
    compact(made.directory)
    assert list(reconcile(made)) == []


def test_tables_asked_for_later_lie_beside(made: Collection, tmp_path: Path) -> None:
    few = derive(tmp_path / "few", sorted((tmp_path / "in").glob("*.warc.gz")), tables=("articles", "captures"))
    compact(few.directory)
    derive(few.directory)
    for table in TABLE_NAMES:
        assert rows(few, table) == rows(made, table)
    assert list(reconcile(few)) == []
    assert compact(few.directory).untouched == 4
    for table in TABLE_NAMES:
        assert rows(few, table) == rows(made, table)
    assert list(reconcile(few)) == []


@pytest.mark.parametrize("table", ["articles", "captures", "segments"])
def test_a_lost_file_is_made_anew(made: Collection, table: str) -> None:
    before = {name: rows(made, name) for name in TABLE_NAMES}
    compact(made.directory, grace=0)
    lost = sorted((made.dataset / table).rglob("*.parquet"))[0]
    lost.unlink()
    assert {finding.rule for finding in reconcile(made)} >= {"manifest-file", "row-missing"}
    derive(made.directory)
    assert {name: rows(made, name) for name in TABLE_NAMES} == before
    assert list(reconcile(made)) == []
    compact(made.directory)
    assert {name: rows(made, name) for name in TABLE_NAMES} == before
    assert list(reconcile(made)) == []


def test_verify_sees_what_is_not_right_in_compacted_files(made: Collection) -> None:
    compact(made.directory, grace=0)
    path = sorted((made.dataset / "articles").rglob("*.parquet"))[0]
    whole = path.read_bytes()
    table = pq.ParquetFile(path).read()
    for changed, rule in (
        (table.slice(1), "row-missing"),
        (ds.dataset([path, path]).to_table(), "row-doubled"),
        (table.set_column(0, table.schema.field(0), [[f"{n}" for n in range(table.num_rows)]]), "manifest-file"),
        (table.set_column(1, table.schema.field(1), [["http://else/"] * table.num_rows]), "row-dangling"),
    ):
        pq.write_table(changed, path)
        assert rule in {finding.rule for finding in reconcile(made)}
    path.write_bytes(whole)
    path.with_name("stray.parquet").write_bytes(whole)
    assert [finding.rule for finding in reconcile(made)] == ["part-unknown"]
    path.write_bytes(whole[:-1])
    derive(made.directory, [warc(made.directory.parent / "in", "more", range(200, 220))])
    with pytest.raises(CorruptArchive, match="is not what was published"):
        compact(made.directory)  # what is broken is not merged


def test_a_part_that_is_not_what_was_published_stops_it(made: Collection) -> None:
    before = digests(made)
    path = sorted((made.dataset / "segments").rglob("*.parquet"))[3]
    whole = path.read_bytes()
    path.write_bytes(whole[:50] + b"?" + whole[51:])
    with pytest.raises(CorruptArchive, match="is not what was published"):
        compact(made.directory)
    path.write_bytes(whole)
    assert digests(made) == before
    compact(made.directory)
    assert list(reconcile(made)) == []


def test_without_an_exchange_of_folders(made: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(made, "articles")
    monkeypatch.setattr("broadsheet.archive.generations.exchange", lambda *_: False)
    compact(made.directory)
    assert rows(made, "articles") == before
    place = made.dataset.rename(generations.generations_folder(made.dataset) / "away")  # killed between the two renames
    with made.locked():
        assert rows(made, "articles") == before
    assert not place.exists()
    assert list(reconcile(made)) == []


def test_a_dataset_on_another_disk_stays_there(made: Collection, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "dataset"
    elsewhere.parent.mkdir()
    made.dataset.rename(elsewhere)
    made.dataset.symlink_to(elsewhere)
    before = rows(made, "segments")
    compact(made.directory)
    assert made.dataset.is_symlink()
    assert rows(made, "segments") == before
    assert list(elsewhere.rglob("_compacted"))


def test_the_command(made: Collection) -> None:
    shown = CliRunner().invoke(cli, ["compact", str(made.directory), "-q"], catch_exceptions=False)
    assert "10 months of tables were sorted" in " ".join(shown.output.split())
    assert "Nothing is new" in CliRunner().invoke(cli, ["compact", str(made.directory), "-q"]).output
    said = json.loads(CliRunner().invoke(cli, ["compact", str(made.directory), "--json", "--grace", "0"]).output)
    assert said["tables"][0]["files"] == 2
    assert not (made.directory / "generations").exists()
    counted = CliRunner().invoke(cli, ["query", str(made.directory), "SELECT count(*) AS n FROM captures", "--json"])
    assert json.loads(counted.output) == [{"n": 60}]


def test_what_cannot_be_compacted_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        compact(tmp_path / "nowhere")
    Collection.create(tmp_path / "empty")
    with pytest.raises(BadInput, match="broadsheet extract"):
        compact(tmp_path / "empty")
