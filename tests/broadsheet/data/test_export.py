"""Export: each form can be read back, is whole or not there, and is the same each time."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import broadsheet.pipelines.export.files
import broadsheet.pipelines.export.huggingface
from broadsheet import Collection
from broadsheet.archive.durable import whole_file, whole_folder
from broadsheet.archive.errors import BadInput, BrokenEnvironment
from broadsheet.cli import main
from broadsheet.pipelines.dataset.filters import RowFilter
from broadsheet.pipelines.dataset.schema import ARTICLES
from broadsheet.pipelines.dedupe.dedupe import dedupe
from broadsheet.pipelines.export.export import FORMS, export
from broadsheet.pipelines.export.files import write_parquet_file
from broadsheet.pipelines.export.markdown import file_name, markdown_of
from broadsheet.pipelines.export.values import csv_cell, json_bytes

yaml = pytest.importorskip("yaml")


def files(path: Path) -> dict[str, str]:
    every = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return {one.relative_to(path.parent).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() for one in every}


def test_json_lines_hold_every_column(made: Path, tmp_path: Path) -> None:
    summary = export(made, "jsonl", tmp_path / "x.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text("utf-8").split("\n")[:-1]]
    assert summary.rows == len(rows) == 5
    assert all(list(row) == ARTICLES.names for row in rows)
    by_url = {row.url: row for row in Collection.open(made).articles()}
    for row in rows:
        assert row["text"] == by_url[row["url"]].text
        assert row["authors"] == [{"name": one.name, "url": one.url} for one in by_url[row["url"]].authors]
    assert {row["date_published"] for row in rows} >= {"2026-09-01T06:30:00Z", None}


def test_csv_gives_lists_back(made: Path, tmp_path: Path) -> None:
    export(made, "csv", tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ARTICLES.names
    first = next(row for row in rows if row["url"] == "https://a.example/ice")
    assert json.loads(first["authors"]) == [{"name": 'Ann "Ice" Ho', "url": None}]
    assert "\n\n" in first["text"]
    assert first["fetch_time"] == "2026-11-23T12:00:00Z"
    assert next(row for row in rows if row["url"].endswith("empty"))["text"] == ""


@pytest.mark.parametrize("separator", ["a,b", 'a"b', "a\r\nb", "", " a ", "=1+1", "ä\u2028"])
def test_csv_keeps_every_text(separator: str, tmp_path: Path) -> None:
    schema = pa.schema([("x", pa.string()), ("y", pa.list_(pa.string()))])
    batch = pa.record_batch([[separator], [[separator]]], schema)
    with (tmp_path / "x.csv").open("wb") as file:
        broadsheet.pipelines.export.files.write_csv(file, schema, [batch])
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as text:
        _, (x, y) = csv.reader(text)
    assert (x, json.loads(y)) == (separator, [separator])


def test_values_outside_parquet() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 600000, UTC)
    assert csv_cell(moment) == "2026-01-02T03:04:05.600000Z"
    assert (csv_cell(True), csv_cell(None), csv_cell(0.5), csv_cell(b"\x00\xff")) == ("true", "", "0.5", "00ff")
    assert json_bytes({"x": float("nan")}) == b'{"x":null}'


def front_matter(path: Path) -> tuple[dict[str, Any], str]:
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(head), body


def test_markdown_has_front_matter_that_yaml_reads(made: Path, tmp_path: Path) -> None:
    summary = export(made, "markdown", tmp_path / "x")
    assert (summary.rows, summary.without_text) == (4, 1)
    (path,) = (tmp_path / "x" / "a.example").glob("2026-09-05-bakers-count-the-grains-*.md")
    head, body = front_matter(path)
    assert head["title"] == "Bakers count: the grains"
    assert head["authors"] == [{"name": 'Ann "Ice" Ho'}]
    assert head["date_published"] == datetime(2026, 9, 5, 6, 30, tzinfo=UTC)
    assert head["tags"] == ["harbour", "ice: cold"]
    assert "description" not in head
    assert body.startswith("\n# Bakers count: the grains\n\nBakers in the old town")
    assert "## What comes next" in body


def test_the_columns_of_the_front_matter_can_be_chosen(made: Path, tmp_path: Path) -> None:
    export(made, "markdown", tmp_path / "x", columns=["url", "headings"], where=RowFilter(languages=("de",)))
    (path,) = (tmp_path / "x").rglob("*.md")
    head, _ = front_matter(path)
    assert head["headings"] == [
        {"level": 2, "text": "What comes next", "char_start": head["headings"][0]["char_start"]}
    ]
    assert list(head) == ["url", "headings"]


def row_with(**values: Any) -> dict[str, Any]:
    blank = {"title": None, "text": "Body", "text_markdown": None, "date_published": None, "url_host_name": "a.example"}
    return {**blank, "warc_filename": "x.warc.gz", "warc_record_offset": 7, **values}


@settings(max_examples=50)
@given(st.text(min_size=1))
def test_any_string_survives_the_front_matter(text: str) -> None:
    whole = markdown_of(row_with(description=text), ("description",))
    assert yaml.safe_load(whole.removeprefix("---\n").partition("\n---\n")[0]) == {"description": text}


@given(st.text(), st.text())
def test_any_title_gives_a_name_that_any_file_system_takes(title: str, host: str) -> None:
    folder, _, name = file_name(row_with(title=title, url_host_name=host), ".md").partition("/")
    assert len(name.encode()) <= 130
    assert len(folder.encode()) <= 100
    assert folder not in {"", ".", ".."}
    assert name.startswith("undated-")
    assert not set(f"{folder}{name}") & set('/\\:*?"<>|\n\0')


def test_titles_that_are_alike_do_not_collide() -> None:
    names = {file_name(row_with(title="Same", warc_record_offset=place), ".md") for place in range(100)}
    assert len({name.lower() for name in names}) == 100
    long = file_name(row_with(title="ä" * 300), ".md")
    assert "ä" * 40 in long
    assert "ä" * 41 not in long


def test_text(made: Path, tmp_path: Path) -> None:
    export(made, "text", tmp_path / "x", where=RowFilter(languages=("de",)))
    (path,) = (tmp_path / "x").rglob("*.txt")
    assert path.read_text("utf-8").startswith("Hafen friert zu\n\nDer Hafen ist am Montag")


@pytest.mark.slow
def test_hugging_face_opens_it(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(broadsheet.pipelines.export.huggingface, "SHARD_ROWS", 2)
    export(made, "huggingface", tmp_path / "x")
    assert len(list((tmp_path / "x" / "data").iterdir())) == 3
    loaded = datasets.load_dataset(str(tmp_path / "x"), split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded.column_names == ARTICLES.names
    assert loaded["url"][:] == [row.url for row in Collection.open(made).articles()]
    head, body = front_matter(tmp_path / "x" / "README.md")
    assert head["configs"][0]["data_files"][0]["path"] == "data/train-*.parquet"
    assert head["language"] == ["de", "en"]
    assert "5 rows" in body


def test_shards_hold_all_rows_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadsheet.pipelines.export.huggingface, "SHARD_ROWS", 7)
    schema = pa.schema([("n", pa.int64())])
    batches = [pa.record_batch([range(start, start + 5)], schema) for start in range(0, 35, 5)]
    assert broadsheet.pipelines.export.huggingface.write_folder(tmp_path, schema, iter(batches), "") == 35
    shards = [pq.read_table(path)["n"].to_pylist() for path in sorted((tmp_path / "data").iterdir())]
    assert [len(shard) for shard in shards] == [7] * 5
    assert [number for shard in shards for number in shard] == list(range(35))


def test_row_groups_do_not_depend_on_how_rows_came(tmp_path: Path) -> None:
    schema = pa.schema([("n", pa.int64())])
    for name, step in (("a", 7), ("b", 1100)):
        batches = [pa.record_batch([range(at, min(at + step, 2500))], schema) for at in range(0, 2500, step)]
        with (tmp_path / name).open("wb") as file:
            assert write_parquet_file(file, schema, batches) == 2500
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert pq.ParquetFile(tmp_path / "a").num_row_groups == 3


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_are_the_same_bytes(form: str, made: Path, copied: Callable[[str], Path], tmp_path: Path) -> None:
    one, other = tmp_path / "one" / "x", tmp_path / "other" / "x"
    one.parent.mkdir()
    other.parent.mkdir()
    export(made, form, one)
    export(copied("another"), form, other)
    assert files(one) == files(other)
    assert files(one)


def test_duplicates_are_left_out(copied: Callable[[str], Path], tmp_path: Path) -> None:
    folder = copied("labelled")
    with pytest.raises(BadInput, match="duplicates are not labelled"):
        export(folder, "jsonl", tmp_path / "x", no_duplicates=True)
    dedupe(folder)
    summary = export(folder, "jsonl", tmp_path / "x", no_duplicates=True, columns=["url"])
    assert (summary.rows, summary.duplicates) == (4, 1)
    assert "open/ice" not in (tmp_path / "x").read_text()
    (labels,) = (folder / "dataset" / "signatures").rglob("*.parquet")
    pq.write_table(pq.read_table(labels).slice(0, 3), labels)
    with pytest.raises(BadInput, match="articles were added since"):
        export(folder, "jsonl", tmp_path / "x", no_duplicates=True)


def test_what_fails_leaves_what_was_there(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_text("old")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(broadsheet.pipelines.export.files.WRITERS, "csv", full)
    with pytest.raises(BrokenEnvironment, match="no space left"):
        export(made, "csv", tmp_path / "x")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BrokenEnvironment, match="no space left"):
        export(made, "markdown", tmp_path / "y")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_text() == "old"


def test_a_folder_that_is_taken_is_refused(made: Path, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine").touch()
    for form in ("markdown", "text", "huggingface"):
        with pytest.raises(BadInput, match="is there already, and not empty"):
            export(made, form, tmp_path / "x")
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["mine"]


def test_nothing_is_there_before_it_is_whole(tmp_path: Path) -> None:
    with whole_file(tmp_path / "f") as file, whole_folder(tmp_path / "d") as folder:
        file.write(b"x")
        (folder / "in").touch()
        assert not (tmp_path / "f").exists()
        assert not (tmp_path / "d").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d", "f"]


def test_no_rows(made: Path, tmp_path: Path) -> None:
    nobody = RowFilter(hosts=("c.example",))
    assert export(made, "jsonl", tmp_path / "x", where=nobody).rows == 0
    with pytest.raises(BadInput, match="would have no rows"):
        export(made, "huggingface", tmp_path / "y", where=nobody)
    assert not (tmp_path / "y").exists()


def test_the_command(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.csv"
    command = ["export", str(made), "--to", "csv", "-o", str(out), "--columns", "url, title", "--host", "a.example"]
    with pytest.raises(SystemExit) as left:
        main([*command, "--since", "2026-09-02", "--json"])
    assert left.value.code == 0
    assert json.loads(capsys.readouterr().out)["rows"] == 1
    assert out.read_bytes() == b"url,title\r\nhttps://a.example/bakers,Bakers count: the grains\r\n"
    with pytest.raises(SystemExit) as left:
        main([*command, "--columns", "titel"])
    assert left.value.code == 2
    assert "Near it are: title" in capsys.readouterr().err
