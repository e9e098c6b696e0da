"""Every table in every reader, with the declared types and the very values: parts, compacted, and parts beside compacted files.

The pages have nulls, empty lists, dates of 1935 and characters beyond the Basic Multilingual Plane.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from varied_collection import derive, warc

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.compact.compact import compact
from broadsheet.pipelines.dataset.current import select
from broadsheet.pipelines.dataset.manifest import table_folder
from broadsheet.pipelines.dataset.schema import TABLES, type_name
from broadsheet.pipelines.dedupe.dedupe import dedupe

_FOLDERS = ("extraction", "fetch_month")  # columns that readers make of the names of folders
LAYOUTS = ("parts", "compacted", "grown")
HERE = Path(__file__).parent
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PYSPARK = "pyspark==4.3.0"
HYPARQUET = ("hyparquet@1.31.1", "hyparquet-compressors@1.1.1")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Collection]:
    folder = tmp_path_factory.mktemp("readers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("broadsheet.pipelines.derive.parts.PART_ENTRIES", 20)
        parts = derive(folder / "parts", [warc(folder / "in", "one", range(40))])
        compacted = Collection(Path(shutil.copytree(parts.directory, folder / "compacted")))
        compact(compacted.directory, grace=0)
        grown = Collection(Path(shutil.copytree(compacted.directory, folder / "grown")))
        derive(grown.directory, [warc(folder / "in", "two", range(40, 70))])
        for collection in (parts, compacted, grown):
            dedupe(collection.directory)
    return {"parts": parts, "compacted": compacted, "grown": grown}


def folder_of(collection: Collection, table: str) -> Path:
    (extraction_id,) = select(collection).extraction_ids
    return collection.dataset / table_folder(table, extraction_id)


def canonical(rows: list[dict[str, Any]], *, milliseconds: bool = False) -> list[str]:
    """Rows in an order of their own, as text: what is the same in every reader."""

    def plain(value: Any) -> Any:
        if isinstance(value, str) and len(value) > 18 and value[10:11] == "T" and value[:4].isdigit():
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            since = (value - EPOCH) // timedelta(microseconds=1)
            return int(since / 1000) if milliseconds else since  # JavaScript cuts microseconds off towards 1970
        if isinstance(value, bytes | bytearray):
            return value.hex()
        if isinstance(value, float):
            return None if math.isnan(value) else round(value, 5)
        if isinstance(value, dict):
            return {name: plain(item) for name, item in sorted(value.items())}
        return [plain(item) for item in value] if isinstance(value, list) else value

    return sorted(json.dumps({k: plain(v) for k, v in sorted(row.items()) if k not in _FOLDERS}) for row in rows)


def truth(folder: Path, **options: bool) -> list[str]:
    files = sorted(folder.rglob("*.parquet"))
    return canonical([row for path in files for row in pq.ParquetFile(path).read().to_pylist()], **options)


def with_pandas(folder: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    frame = pd.read_parquet(folder, dtype_backend="pyarrow").drop(columns="fetch_month", errors="ignore")
    types = {name: type_name(kind.pyarrow_dtype) for name, kind in frame.dtypes.items()}
    return types, pa.Table.from_pandas(frame, preserve_index=False).to_pylist()


def with_polars(folder: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    frame = pl.scan_parquet(f"{folder}/**/*.parquet").collect()
    names = {
        pl.String(): "string", pl.Int64(): "int64", pl.Int32(): "int32", pl.Int16(): "int16", pl.Boolean(): "bool",
        pl.Float32(): "float", pl.Datetime("us", "UTC"): "timestamp[us, UTC]", pl.List(pl.String): "list<string>",
        pl.Binary(): "binary",
    }  # fmt: skip
    return {name: names.get(kind, "list<struct>") for name, kind in frame.schema.items()}, frame.to_dicts()


def with_duckdb(folder: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    names = {
        "VARCHAR": "string", "BIGINT": "int64", "INTEGER": "int32", "SMALLINT": "int16", "BOOLEAN": "bool", "FLOAT": "float",
        "TIMESTAMP WITH TIME ZONE": "timestamp[us, UTC]", "VARCHAR[]": "list<string>", "BLOB": "binary",
    }  # fmt: skip
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        table = database.sql(f"SELECT * FROM '{folder}/**/*.parquet'")
        types = {name: names.get(str(kind), "list<struct>") for name, kind in zip(table.columns, table.types)}
        return types, table.to_arrow_table().to_pylist()


def test_the_rows_have_what_readers_stumble_over(made: dict[str, Collection]) -> None:
    """Else the tests below would say little."""
    for layout in LAYOUTS:
        for table, column in (("articles", "language"), ("signatures", "minhash"), ("signatures", "duplicate_of")):
            values = pa.concat_tables(
                pq.ParquetFile(path).read() for path in folder_of(made[layout], table).rglob("*.parquet")
            )[column]
            assert 0 < values.null_count < len(values), (layout, table, column)


READERS: dict[str, Callable[[Path], tuple[dict[str, str], list[dict[str, Any]]]]] = {
    "pandas": with_pandas,
    "polars": with_polars,
    "duckdb": with_duckdb,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("reader", READERS)
def test_in_this_process(made: dict[str, Collection], reader: str, layout: str) -> None:
    for table in TABLES:
        folder = folder_of(made[layout], table)
        types, rows = READERS[reader](folder)
        for name in _FOLDERS:
            types.pop(name, None)
        assert types == {field.name: type_name(field.type) for field in TABLES[table]}, table
        assert canonical(rows) == truth(folder), table


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_hugging_face(
    made: dict[str, Collection], layout: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset  # type: ignore[import-untyped]

    for table in TABLES:
        folder = folder_of(made[layout], table)
        files = f"{folder}/**/*.parquet"
        whole = load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path))
        types = {field.name: type_name(field.type) for field in whole.features.arrow_schema}
        assert types == {field.name: type_name(field.type) for field in TABLES[table]}, table
        assert canonical(whole.with_format("arrow")[:].to_pylist()) == truth(folder), table
        stream = load_dataset("parquet", data_files=files, split="train", streaming=True)
        assert canonical([dict(row) for row in stream]) == truth(folder), table


@pytest.mark.slow
def test_spark(made: dict[str, Collection]) -> None:
    """Spark takes folders for partitions: rows beside them it would leave out in silence."""
    uv = shutil.which("uv")
    if uv is None or shutil.which("java") is None:
        pytest.skip("PySpark needs uv and Java")
    layouts = ("parts", "grown")  # the latter has compacted files, too
    folders = {(layout, table): folder_of(made[layout], table) for layout in layouts for table in TABLES}
    script = [str(HERE / "read_with_spark.py"), *map(str, folders.values())]
    command = [
        uv,
        "run",
        "--quiet",
        "--no-project",
        "--isolated",
        "--python",
        "3.11",
        "--with",
        PYSPARK,
        "python",
        *script,
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=280, check=False, env=os.environ | {"TZ": "UTC"}
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    names = {
        "string": "string", "bigint": "int64", "int": "int32", "smallint": "int16", "boolean": "bool", "float": "float",
        "timestamp": "timestamp[us, UTC]", "array<string>": "list<string>", "binary": "binary",
    }  # fmt: skip
    for (layout, table), folder in folders.items():
        types = {name: names.get(kind, "list<struct>") for name, kind in found[str(folder)]["types"].items()}
        assert bool(types.pop("fetch_month", None)) == (table != "signatures")
        types.pop("extraction", None)
        assert types == {field.name: type_name(field.type) for field in TABLES[table]}, (layout, table)
        assert canonical(found[str(folder)]["rows"]) == truth(folder), (layout, table)


@pytest.mark.slow
def test_javascript(made: dict[str, Collection], tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("hyparquet needs Node.js and npm")
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tmp_path), *HYPARQUET]
    subprocess.run(install, check=True, timeout=200, capture_output=True)
    script = Path(shutil.copy(HERE / "read_with_hyparquet.mjs", tmp_path))
    folders = {(layout, table): folder_of(made[layout], table) for layout in LAYOUTS for table in TABLES}
    files = {folder: sorted(folder.rglob("*.parquet")) for folder in folders.values()}
    command = [node, str(script), *(str(path) for some in files.values() for path in some)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    names = {
        "string": "string",
        "int64": "bigint",
        "int32": "number",
        "int16": "number",
        "bool": "boolean",
        "float": "number",
        "binary": "Uint8Array",
    }
    for (layout, table), folder in folders.items():
        for path in files[folder]:
            for name, kinds in found[str(path)]["types"].items():
                field = TABLES[table].field(name)
                declared = names.get(type_name(field.type)) or (
                    "Date" if pa.types.is_timestamp(field.type) else "Array"
                )
                assert set(kinds) <= {declared, *(["null"] if field.nullable else [])}, (layout, table, name)
        rows = [row for path in files[folder] for row in found[str(path)]["rows"]]
        assert canonical(rows, milliseconds=True) == truth(folder, milliseconds=True), (layout, table)
