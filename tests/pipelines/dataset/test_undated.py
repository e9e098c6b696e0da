"""A record that does not say when it was made has a row without a time: never one of 1970, and never as the newest."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.compact.compact import compact
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.query import querying
from broadsheet.pipelines.dedupe.dedupe import dedupe
from broadsheet.pipelines.extract.extraction import ArticleColumns, Extraction, Link, PageRecord
from broadsheet.pipelines.extract.roles.role import Role
from broadsheet.pipelines.reconcile.reconcile import reconcile
from tests.pipelines.compact.varied_collection import derive, warc


class TimeTeller:
    """An extractor whose articles say when their pages were fetched."""

    name, extraction_id, base_id = "times==1", "times00000000001", ""

    def extract(self, record: PageRecord) -> Extraction:
        text = f"{record.fetch_time}"
        return Extraction(
            ArticleColumns(status="ok", text=text), links=(Link(0, "https://b.example/", Role.BODY, anchor_text="b"),)
        )


@pytest.fixture
def made(tmp_path: Path) -> Collection:
    """Four pages, of which the last has no date."""
    whole = gzip.decompress(warc(tmp_path, "dated", range(4)).read_bytes())
    records = re.split(rb"(?=WARC/1\.1\r\n)", whole)
    file = tmp_path / "undated.warc"
    undated = [re.sub(rb"WARC-Date: \S+", b"WARC-Date: yesterday", one) if b"/3\r\n" in one else one for one in records]
    file.write_bytes(b"".join(undated))
    return derive(tmp_path / "c", [file], TimeTeller())


def rows(made: Collection, sql: str) -> list[tuple[object, ...]]:
    with querying(made, sql) as result:
        return [tuple(row.values()) for batch in result.batches for row in batch.to_pylist()]


def assert_undated(made: Collection) -> None:
    sql = "SELECT text, fetch_month FROM articles WHERE fetch_time IS NULL"
    assert rows(made, sql) == [("None", None)]
    assert rows(made, "SELECT count(*) FROM captures WHERE fetch_time IS NULL") == [(1,)]
    assert rows(made, "SELECT count(*) FROM articles WHERE fetch_month = '2026-10'") == [(3,)]
    folder = made.dataset / "articles" / "extraction=times00000000001"
    read = ds.dataset(folder, partitioning="hive").to_table(columns=["fetch_time", "fetch_month"])
    assert sorted(map(str, read["fetch_month"].to_pylist())) == ["2026-10"] * 3 + ["None"]
    assert list(reconcile(made)) == []


def test_it_has_no_time_in_any_table_and_no_month(made: Collection) -> None:
    assert_undated(made)
    paths = [path for files in select(made).files.values() for path in map(str, files)]
    assert sum("fetch_month=__HIVE_DEFAULT_PARTITION__/" in path for path in paths) == 3  # articles, captures, links
    assert not any("1970" in path for path in paths)


def test_it_is_compacted_labelled_and_counted_as_the_oldest(made: Collection) -> None:
    dedupe(made.directory)
    compact(made.directory, grace=0)
    assert_undated(made)
    assert len(rows(made, "SELECT url FROM articles_latest")) == 4


def test_files_of_the_schema_before_which_had_a_time_in_every_row_are_read_beside_these(made: Collection) -> None:
    earlier = 0
    for path in made.dataset.rglob("fetch_month=2026-10/*.parquet"):
        table = pq.ParquetFile(path).read()
        at = table.schema.get_field_index("fetch_time")
        if at < 0:
            continue
        field = table.schema.field(at).with_nullable(False)
        schema = table.schema.set(at, field).with_metadata({**table.schema.metadata, b"schema_version": b"1.1.0"})
        published = hashlib.sha256(path.read_bytes()).hexdigest()
        pq.write_table(table.cast(schema), path)
        for manifest in (made.dataset / "_manifest").rglob("*.json"):
            said = manifest.read_text()
            manifest.write_text(said.replace(published, hashlib.sha256(path.read_bytes()).hexdigest()))
        earlier += 1
    assert earlier >= 2  # of articles and captures
    counted = "SELECT count(*), count(fetch_time) FROM {}"
    for _ in range(2):
        assert rows(made, counted.format("articles")) == rows(made, counted.format("captures")) == [(4, 3)]
        assert len(rows(made, "SELECT url FROM articles_latest")) == 4
        compact(made.directory, grace=0)
