"""The schemas: documented, printed, and only ever added to."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from broadsheet.cli import cli
from broadsheet.pipelines.dataset.publish import write_parquet
from broadsheet.pipelines.dataset.schema import TABLE_DOCS, TABLES, columns
from broadsheet.pipelines.identity import SCHEMA_VERSION

ROOT = Path(__file__).parents[3]
GOLDEN = json.loads((Path(__file__).parent / "schema_golden.json").read_text())


def changes(old: dict[str, Any], new: dict[str, list[list[Any]]]) -> tuple[list[str], list[str]]:
    """What was taken away or changed, and what was added, since *old*."""
    broken, added = [], []
    for table, golden in old["tables"].items():
        now = {name: kind for name, *kind in new.get(table, [])}
        for name, *kind in golden:
            if now.get(name) != kind:
                broken.append(f"{table}.{name}: {kind} -> {now.get(name)}")
        added += [f"{table}.{name}" for name in now if name not in {column[0] for column in golden}]
    return broken, added + [table for table in new if table not in old["tables"]]


def described() -> dict[str, list[list[Any]]]:
    return {table: [[one.name, one.type, one.nullable] for one in columns(table)] for table in TABLES}


def test_columns_are_only_added() -> None:
    """A change that is meant: raise SCHEMA_VERSION, and write the new columns into schema_golden.json."""
    broken, added = changes(GOLDEN, described())
    if SCHEMA_VERSION.partition(".")[0] == GOLDEN["schema_version"].partition(".")[0]:
        assert not broken, "these columns others rely on: that takes a new major version"
    assert not added, "new columns: raise the minor version, and add them to schema_golden.json"
    assert GOLDEN["schema_version"] == SCHEMA_VERSION


def test_the_test_above_sees_each_kind_of_change() -> None:
    golden = {"tables": {"t": [["a", "string", True], ["b", "int16", False]]}}
    assert changes(golden, {"t": [["b", "int16", False]]})[0] == ["t.a: ['string', True] -> None"]
    assert changes(golden, {"t": [["a", "int16", True], ["b", "int16", False]]})[0]
    assert changes(golden, {"t": [["a", "string", False], ["b", "int16", False]]})[0]
    assert changes(golden, {}) == (["t.a: ['string', True] -> None", "t.b: ['int16', False] -> None"], [])
    wider = {"t": [["a", "string", True], ["c", "int8", True], ["b", "int16", False]], "u": []}
    assert changes(golden, wider) == ([], ["t.c", "u"])


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_means(table: str) -> None:
    assert TABLE_DOCS[table]
    assert [one.name for one in columns(table) if len(one.doc) < 4] == []
    assert TABLES[table].metadata[b"schema_version"].decode() == SCHEMA_VERSION


@pytest.mark.parametrize("table", TABLES)
def test_a_file_carries_its_docs_and_version(table: str, tmp_path: Path) -> None:
    schema = TABLES[table]
    with (tmp_path / "x.parquet").open("wb") as file:
        write_parquet(schema.empty_table(), file)
    read = pq.read_schema(tmp_path / "x.parquet")
    assert read.equals(schema, check_metadata=False)
    assert read.metadata[b"schema"].decode() == table
    for field in schema:
        assert read.field(field.name).metadata[b"doc"] == field.metadata[b"doc"]


def test_lists_are_never_null_and_parts_of_structs_may_be() -> None:
    for schema in TABLES.values():
        for field in schema:
            if pa.types.is_list(field.type):
                assert not field.nullable
    assert {one.name: one.nullable for one in columns("articles") if "." in one.name} == {
        "authors[].name": True,
        "authors[].url": True,
        "headings[].level": True,
        "headings[].text": True,
        "headings[].char_start": True,
        "html_tables[].html": True,
        "html_tables[].char_start": True,
    }


def test_the_page_is_true() -> None:
    spec = importlib.util.spec_from_file_location("make_schema", ROOT / "docs" / "make_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.schema_page(), "run: uv run python docs/make_schema.py"


def test_the_command_prints_one_table_or_all() -> None:
    shown = CliRunner().invoke(cli, ["schema", "links"], env={"COLUMNS": "160"})
    assert "target_url" in shown.output
    assert "articles" not in shown.output.partition("\n")[0]
    whole = json.loads(CliRunner().invoke(cli, ["schema", "--json"]).output)
    assert whole["schema_version"] == SCHEMA_VERSION
    assert list(whole["tables"]) == list(TABLES)
    assert whole["tables"]["articles"]["columns"][0] == {
        "name": "id",
        "type": "string",
        "nullable": False,
        "doc": "= warc_record_id, and ~2, ~3 ... where other records have the same; unique together with extraction_id",
    }


def test_the_command_knows_its_tables() -> None:
    result = CliRunner().invoke(cli, ["schema", "article"])
    assert "There are: articles, captures" in str(result.exception)
