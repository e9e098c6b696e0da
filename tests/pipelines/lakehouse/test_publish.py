"""Tables of Iceberg and Delta: two extractions, a kill between, a column more; read back by engines of others."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError
from pyiceberg.catalog.sql import SqlCatalog

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BroadsheetError, CorruptArchive, from_os_error
from broadsheet.cli import main
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.record_store import RecordStore
from broadsheet.pipelines.dataset.records import Row
from broadsheet.pipelines.dataset.schema import TABLES
from broadsheet.pipelines.dataset.table import Table
from broadsheet.pipelines.lakehouse.delta import DeltaTables
from broadsheet.pipelines.lakehouse.iceberg import NAMESPACE, IcebergTables
from broadsheet.pipelines.lakehouse.publish import PublishSummary, publish_extraction
from broadsheet.pipelines.lakehouse.rows import LakehouseRows, lakehouse_rows
from tests.pipelines.compact.varied_collection import Varied, derive, warc

ENGINES = (
    "pysail==0.7.2",
    "pyspark-client==4.1.0",
    "duckdb==1.4.4",
    *(f"duckdb-ext-{one}==1.4.4.20260205" for one in ("avro", "delta", "iceberg")),
)
COLUMNS = ("collection", "base_id", "id", "record_id", "ordinal", "url", "role", "rel", "title", "word_count")
OPENED: dict[str, Callable[[str], Any]] = {"iceberg": IcebergTables, "delta": DeltaTables}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """Two extractions of the same pages, the second of some more."""
    folder = tmp_path_factory.mktemp("made")
    derive(folder / "c", [warc(folder / "in", "one", range(12))], Varied("first", "first"))
    collection: Collection = derive(
        folder / "c", [warc(folder / "in", "two", range(12, 16))], Varied("second", "second")
    )
    return collection


def iceberg(target: Path, table: str) -> Any:
    catalogue = SqlCatalog(NAMESPACE, uri=f"sqlite:///{target / 'catalog.sqlite'}", warehouse=target.as_uri())
    return catalogue.load_table(f"{NAMESPACE}.{table}")


def rows(format_: str, target: Path, table: str) -> list[dict[str, Any]]:
    """As Polars reads them, which DuckDB finds as many of."""
    if format_ == "iceberg":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it would like a plug-in
            frame = pl.scan_iceberg(iceberg(target, table)).collect()
        files = [one.file.file_path.removeprefix("file://") for one in iceberg(target, table).scan().plan_files()]
    else:
        frame = pl.read_delta(str(target / table))
        files = [one.removeprefix("file://") for one in DeltaTable(str(target / table)).file_uris()]
    with duckdb.connect() as database:
        counted = database.execute(f"SELECT count(*) FROM read_parquet({files})").fetchall() if files else [(0,)]
    assert counted == [(len(frame),)]
    found: list[dict[str, Any]] = frame.to_dicts()
    return found


def expected(collection: Collection, extraction: str) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for one in lakehouse_rows(collection, select(collection, extraction), "news"):
        found[one.name] = [row for chunk in one.chunks() for row in chunk.to_pylist()]
    return found


def in_order(found: list[dict[str, Any]]) -> list[str]:
    return sorted(repr(sorted((name, value) for name, value in row.items() if value is not None)) for row in found)


def earlier_links(made: Collection, collection: str) -> LakehouseRows:
    """Links as a schema without two of their columns has them."""
    selection = select(made, "first")
    (now,) = (one for one in lakehouse_rows(made, selection, collection) if one.name == "links")
    columns = [name for name in TABLES["links"].names if name not in ("rel", "role")]
    source = Table("links", Row, selection, RecordStore(made), columns=columns)
    kept = [field for field in now.schema if field.name in {*now.key, *columns}]
    return replace(now, schema=pa.schema(kept, now.schema.metadata), source=source)


@pytest.mark.slow
def test_two_extractions_a_kill_between_and_a_column_more(
    made: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of both formats; read by Polars, and by Spark and DuckDB's own extensions where they can be installed."""
    wanted = {}
    for format_, opened in OPENED.items():
        target = tmp_path / format_
        opened(str(target)).replace(earlier_links(made, "another"))
        publish_twice(made, format_, target, monkeypatch)
        for table in ("articles", "captures", "segments", "images", "links"):
            found = rows(format_, target, table)
            place = str(target / table)
            if format_ == "iceberg":
                place = iceberg(target, table).location().removeprefix("file://")
            wanted[f"{format_}={place}"] = [[row[name] for name in COLUMNS if name in row] for row in found]
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("Spark and DuckDB's extensions need uv, for an environment of their own")
    packages = [word for package in ENGINES for word in ("--with", package)]
    script = str(Path(__file__).parent / "read_with_engines.py")
    command = [uv, "run", "--quiet", "--no-project", "--isolated", "--python", "3.11", *packages, "python", script]
    done = subprocess.run([*command, *wanted], capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    for engine, tables in json.loads(done.stdout.splitlines()[-1]).items():
        assert tables.keys() == wanted.keys()
        for place, found in tables.items():
            assert sorted(map(repr, found)) == sorted(map(repr, wanted[place])), (engine, place)


def publish_twice(made: Collection, format_: str, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish two extractions; the second is killed at its segments, and published again."""

    def publish(extraction: str) -> PublishSummary:
        return publish_extraction(made.directory, format_, str(target), name="news", extraction=extraction)

    publish("first")
    publish_extraction(made.directory, format_, str(target), name="another", extraction="first")
    real = LakehouseRows.chunks

    def killed(self: LakehouseRows, *_: int) -> Iterator[pa.Table]:
        for chunk in real(self):
            yield chunk
            if self.name == "segments":
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(LakehouseRows, "chunks", killed)
        with pytest.raises(BaseException):  # noqa: B017 - as the engine hands it on
            publish("second")
    done = publish("second")
    assert done == publish("second")
    first, second = expected(made, "first"), expected(made, "second")
    assert {one.table: one.rows for one in done.tables} == {name: len(some) for name, some in second.items()}
    for table in ("articles", "segments", "links", "images"):
        found = [row for row in rows(format_, target, table) if row["collection"] == "news"]
        assert in_order(found) == in_order([*first[table], *second[table]]), table
        others = [row for row in rows(format_, target, table) if row["collection"] == "another"]
        assert in_order(others) == in_order([{**row, "collection": "another"} for row in first[table]])
    captures = [row for row in rows(format_, target, "captures") if row["collection"] == "news"]
    assert in_order(captures) == in_order(second["captures"]), "captures are of no extraction"


@pytest.mark.parametrize("format_", OPENED)
def test_a_column_more_keeps_ids_and_documentation(made: Collection, format_: str, tmp_path: Path) -> None:
    """A version before this one, then this one, then that one again."""
    (now,) = (one for one in lakehouse_rows(made, select(made, "first"), "news") if one.name == "links")
    tables = OPENED[format_](str(tmp_path))
    count = tables.replace(earlier_links(made, "earlier"))
    ids = {one.name: one.field_id for one in iceberg(tmp_path, "links").schema().fields} if format_ == "iceberg" else {}
    tables.replace(now)
    found = rows(format_, tmp_path, "links")
    assert [row["rel"] for row in found if row["collection"] == "earlier"] == [None] * count
    assert {row["role"] for row in found if row["collection"] == "news"} == {"body"}
    docs = {field.name: field.metadata[b"doc"].decode() for field in now.schema}
    if format_ == "iceberg":
        schema = iceberg(tmp_path, "links").schema()
        assert {one.name: one.doc for one in schema.fields} == docs
        assert ids.items() <= {one.name: one.field_id for one in schema.fields}.items()
    else:
        fields = DeltaTable(str(tmp_path / "links")).schema().fields
        assert {one.name: one.metadata["comment"] for one in fields} == docs
    tables.replace(earlier_links(made, "again"))
    assert len(rows(format_, tmp_path, "links")) == 3 * count


@pytest.mark.parametrize("format_", OPENED)
def test_a_column_that_may_be_null_now_and_is_described_in_other_words(
    made: Collection, format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = LakehouseRows.chunks
    (now,) = (one for one in lakehouse_rows(made, select(made, "first"), "news") if one.name == "links")
    place = now.schema.get_field_index("role")
    column = now.schema.field(place)
    other = column.with_nullable(False).with_metadata({**column.metadata, b"doc": b"as it was said"})
    before = replace(now, schema=now.schema.set(place, other), key={**now.key, "collection": "earlier"})
    tables = OPENED[format_](str(tmp_path))
    count = tables.replace(before)
    nullable = replace(now, schema=now.schema.set(place, column.with_nullable(True)))
    with monkeypatch.context() as patch:
        patch.setattr(LakehouseRows, "chunks", lambda self: [_without(chunk, place) for chunk in chunks(self)])
        tables.replace(nullable)
    found = [row["role"] for row in rows(format_, tmp_path, "links") if row["collection"] == "news"]
    assert found == [None] * count != []


def _without(chunk: pa.Table, place: int) -> pa.Table:
    """*chunk*, with nothing in the column *place*."""
    return chunk.set_column(place, chunk.schema.field(place), pa.nulls(chunk.num_rows, chunk.schema.field(place).type))


def test_the_command(made: Collection, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["publish", str(made.directory), "--delta", str(tmp_path / "lake"), "-q"])
    assert left.value.code == 0
    assert "articles: 15 rows" in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        main(["publish", str(made.directory)])
    assert left.value.code == 2
    with pytest.raises(BadInput, match="Iceberg needs a catalogue"):
        IcebergTables("s3://bucket/lake")
    with pytest.raises(BadInput, match=r"Configure it in \.pyiceberg\.yaml"):
        IcebergTables("catalog:nowhere")


@pytest.mark.parametrize("format_", OPENED)
def test_a_file_is_no_place_for_tables_and_stays(made: Collection, format_: str, tmp_path: Path) -> None:
    target = tmp_path / "tables"
    target.write_text("mine")
    with pytest.raises(BadInput, match="Name a folder"):
        publish_extraction(made.directory, format_, str(target))
    assert target.read_text() == "mine"


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, OSError), (errno.EROFS, DeltaError)])
def test_what_the_system_says_through_delta_is_told_as_such(
    made: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception]
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise kind(f"Generic LocalFileSystem error: cannot write: {os.strerror(number)} (os error {number})")

    monkeypatch.setattr("deltalake.write_deltalake", failing)
    with pytest.raises(BroadsheetError) as told:
        publish_extraction(made.directory, "delta", str(tmp_path / "lake"))
    assert str(told.value) == str(
        from_os_error(OSError(number, os.strerror(number)), str(tmp_path / "lake" / "articles"))
    )


@pytest.mark.parametrize("format_", OPENED)
def test_a_damaged_file_of_the_dataset_is_told_as_such(
    made: Collection, format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_: LakehouseRows) -> Iterator[pa.Table]:
        yield from ()
        raise CorruptArchive("articles/x.parquet", "is damaged")

    monkeypatch.setattr(LakehouseRows, "chunks", damaged)
    with pytest.raises(CorruptArchive, match="articles/x"):
        publish_extraction(made.directory, format_, str(tmp_path / "lake"))


def test_the_example_of_the_page_reads_what_was_published(
    made: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path(__file__).parents[3] / "docs" / "lakehouse.md"
    (example,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    publish_extraction(made.directory, "delta", str(tmp_path / "news"), name="example", extraction="first")
    publish_extraction(made.directory, "delta", str(tmp_path / "news"), name="other", extraction="first")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example, names)
    assert len(names["articles"].collect()) == len(expected(made, "first")["articles"])
