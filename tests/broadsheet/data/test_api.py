"""The Python API: tables as typed rows, filters, the way back to the record, and which extraction is read."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import subprocess
import sys
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from warcio.archiveiterator import ArchiveIterator

import broadsheet.pipelines.dataset.table
from broadsheet import Collection
from broadsheet.archive.errors import BadInput, BrokenEnvironment, CorruptArchive, MissingWarc
from broadsheet.pipelines.dataset.records import ArticleRow, CaptureRow, ImageRow, LinkRow, SegmentRow, SignatureRow
from broadsheet.pipelines.dataset.schema import TABLES
from broadsheet.pipelines.extract.extraction import Person

ROWS = {
    "articles": ArticleRow,
    "captures": CaptureRow,
    "segments": SegmentRow,
    "images": ImageRow,
    "links": LinkRow,
    "signatures": SignatureRow,
}


def python_type(field: pa.Field) -> str:
    if pa.types.is_list(field.type):
        return "tuple"
    names = {"string": "str", "bool": "bool", "binary": "bytes", "float": "float"}
    name = names.get(str(field.type)) or ("datetime" if pa.types.is_timestamp(field.type) else "int")
    return f"{name} | None" if field.nullable else name


@pytest.mark.parametrize("table", TABLES)
def test_the_rows_have_the_columns_of_the_schema(table: str) -> None:
    hints = typing.get_type_hints(ROWS[table])
    fields = {field.name: str(field.type).partition("[")[0] for field in dataclasses.fields(ROWS[table])}
    assert list(fields) == TABLES[table].names
    assert fields == {field.name: python_type(field) for field in TABLES[table]}
    assert hints.keys() >= fields.keys()


def test_rows_are_typed(made: Path) -> None:
    (row,) = Collection.open(made).articles(host="a.example", until="2026-09-01")
    assert isinstance(row, ArticleRow)
    assert (row.title, row.language, row.fetch_status) == ("Harbour freezes", "en", 200)
    assert row.authors == (Person('Ann "Ice" Ho'),)
    assert row.date_published == datetime(2026, 9, 1, 6, 30, tzinfo=UTC)
    assert [heading.text for heading in row.headings] == ["What comes next"]
    assert isinstance(row.tags, tuple)
    assert repr(row) == f"ArticleRow(id='{row.id}', url='https://a.example/ice', title='Harbour freezes')"


@pytest.mark.parametrize(
    ("filters", "paths"),
    [
        ({}, {"ice", "bakers", "hafen", "open/ice", "empty"}),
        ({"host": "A.example"}, {"ice", "bakers"}),
        ({"host": ["a.example", "b.example"], "language": ["de"]}, {"hafen"}),
        ({"since": "2026-09-05"}, {"bakers", "hafen", "open/ice"}),
        ({"until": date(2026, 9, 5)}, {"ice", "bakers"}),
        ({"until": "2026-09-05T06:29:59Z"}, {"ice"}),
        (
            {"since": datetime(2026, 9, 5, 6, 30), "until": datetime(2026, 9, 10, 6, 30, tzinfo=UTC)},
            {"bakers", "hafen"},
        ),
        ({"since": "2026-09-10T08:30:00+02:00", "until": "2026-09-10"}, {"hafen"}),
        ({"status": "empty"}, {"empty"}),
        ({"host": "c.example"}, set()),
    ],
)
def test_filters(made: Path, filters: typing.Any, paths: set[str]) -> None:
    table = Collection.open(made).articles(**filters)
    assert {row.url.partition("example/")[2] for row in table} == paths
    assert len(table) == len(paths) == table.to_arrow().num_rows


def test_other_tables_are_filtered_by_their_articles(made: Path) -> None:
    collection = Collection.open(made)
    (german,) = collection.articles(language="de")
    assert {row.id for row in collection.segments(language="de")} == {german.id}
    assert len(collection.segments(language="de")) == german.segment_count
    assert len(collection.images(host="a.example")) == 2
    assert {row.target_url for row in collection.links(since="2026-09-12")} >= {"https://other.example/more"}
    assert len(collection.links(host="c.example")) == 0


def test_captures_are_filtered_by_host_and_fetch_time(made: Path) -> None:
    collection = Collection.open(made)
    assert len(collection.captures()) == 10
    assert {row.fetch_error for row in collection.captures(since="2026-11-23T12:09:00Z")} == {"timeout"}
    with pytest.raises(BadInput, match="is no column of captures"):
        len(collection.captures(language="en"))


def test_columns_that_were_not_read_are_said_so(made: Path) -> None:
    row = next(iter(Collection.open(made).articles(columns=["url", "text"])))
    assert row.text
    with pytest.raises(AttributeError, match="column title was not read: name it in columns="):
        _ = row.title
    with pytest.raises(AttributeError, match="ArticleRow has no titel"):
        _ = row.titel  # type: ignore[attr-defined]
    with pytest.raises(BadInput, match="Near it are: title"):
        Collection.open(made).articles(columns=["titel"])


def test_a_filter_that_does_not_exist_is_not_ignored(made: Path) -> None:
    with pytest.raises(TypeError, match=r"articles\(\) has no argument 'lang'; there are columns, url, host, language"):
        Collection.open(made).articles(lang="en")  # type: ignore[call-arg]


def test_as_data_frames(made: Path) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    table = Collection.open(made).articles(columns=["url", "tags"], host="a.example")
    assert list(table.to_pandas().columns) == ["url", "tags"]
    assert table.to_polars()["url"].to_list() == [row.url for row in table]
    assert table.schema.field("tags").metadata[b"doc"]


def test_a_library_that_is_not_there_is_named(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(BrokenEnvironment, match="Run `pip install polars`"):
        Collection.open(made).articles().to_polars()


def test_a_row_leads_to_its_record(made: Path) -> None:
    with (made.parent / "in" / "site-20261123120000-00000.warc.gz").open("rb") as file:
        warc = {
            record.rec_headers.get_header("WARC-Record-ID"): record.content_stream().read()
            for record in ArchiveIterator(file)
        }
    for row in Collection.open(made).articles():
        record, stored = row.record(), row.record(as_stored=True)
        assert gzip.decompress(stored) == record
        assert record.startswith(b"WARC/1.1\r\n")
        assert len(stored) == row.warc_record_length
        assert f"WARC-Target-URI: {row.url}\r\n".encode() in record
        assert record.endswith(b"\r\n\r\n")
        assert row.response().body.startswith(b"<!doctype html>")
        assert warc[row.id]


def test_a_response_is_decoded(made: Path) -> None:
    (row,) = Collection.open(made).articles(columns=["url", "warc_filename", "warc_record_offset", "warc_record_length",
                                                     "warc_record_id"], since="2026-09-05", until="2026-09-05")  # fmt: skip
    response = row.response()
    assert (response.status, response.is_whole, response.header("content-encoding")) == (200, True, "gzip")
    assert b"<h1>Bakers count: the grains</h1>" in response.body


def test_an_exchange_without_answer_has_no_response(made: Path) -> None:
    (row,) = [row for row in Collection.open(made).captures() if row.fetch_error]
    assert row.record().startswith(b"WARC/1.1")
    with pytest.raises(BadInput, match="is a metadata record, without an HTTP body"):
        row.response()


def test_a_warc_that_is_gone_is_named(tmp_path: Path, made: Path) -> None:
    row = next(iter(Collection.open(made).articles()))
    path = made.parent / "in" / row.warc_filename
    path.rename(tmp_path / "elsewhere")
    try:
        with pytest.raises(MissingWarc, match=f"{row.warc_filename}: is not at .*Put it back"):
            next(iter(Collection.open(made).articles())).record()
    finally:
        (tmp_path / "elsewhere").rename(path)
    assert row.record()


def test_a_row_of_another_file_is_not_given(made: Path) -> None:
    one, other = list(Collection.open(made).articles())[:2]
    wrong = dataclasses.replace(
        one, warc_record_offset=other.warc_record_offset, warc_record_length=other.warc_record_length
    )
    object.__setattr__(wrong, "_store", one._store)
    with pytest.raises(CorruptArchive, match="not <urn:uuid:"):
        wrong.record()


def test_only_the_current_extraction_is_read(copied: Callable[[str], Path]) -> None:
    folder = copied("two")
    (path,) = (folder / "dataset" / "_manifest").rglob("*.json")
    manifest = json.loads(path.read_text())
    current = manifest["extraction_id"]

    def publish(extraction: str, base: str, entries: int, age: int) -> None:
        files = []
        for file in manifest["files"]:
            moved = file["path"].replace(current, extraction)
            (folder / "dataset" / moved).parent.mkdir(parents=True, exist_ok=True)
            table = pa.parquet.read_table(folder / "dataset" / file["path"])
            if "extraction_id" in table.column_names:
                column = pa.array([extraction] * len(table))
                table = table.set_column(table.column_names.index("extraction_id"), "extraction_id", column)
            pa.parquet.write_table(table, folder / "dataset" / moved)
            files.append({**file, "path": moved})
        new = folder / "dataset" / "_manifest" / extraction / path.name
        new.parent.mkdir(exist_ok=True)
        named = {"extraction_id": extraction, "base_id": base, "entries": entries, "files": files}
        new.write_text(json.dumps({**manifest, **named}))
        os.utime(new, (path.stat().st_mtime + age,) * 2)

    def read() -> tuple[str, int]:
        rows = list(Collection.open(folder).articles())
        (extraction,) = {row.extraction_id for row in rows}
        return extraction, len(rows)

    publish("older00000000000", "another", manifest["entries"], -100)
    assert read() == (current, 5)
    publish("partial000000000", "a third", manifest["entries"] - 1, 100)  # a re-extraction that is under way
    assert read() == (current, 5)
    publish("sibling000000000", manifest["base_id"], manifest["entries"], 200)  # killed before it superseded
    assert read() == ("sibling000000000", 5)
    publish("newer00000000000", "a fourth", manifest["entries"], 300)
    assert read() == ("newer00000000000", 5)
    assert {row.extraction_id for row in Collection.open(folder).links(extraction=current)} == {current}
    assert len(Collection.open(folder).captures()) == 10
    with pytest.raises(BadInput, match=r"It has those of: .*older00000000000"):
        Collection.open(folder).articles(extraction="none")


def test_a_folder_without_manifests_is_read(copied: Callable[[str], Path]) -> None:
    import shutil

    folder = copied("bare")
    shutil.rmtree(folder / "dataset" / "_manifest")
    assert len(Collection.open(folder).articles()) == 5
    assert len(Collection.open(folder).captures()) == 10


def test_a_table_that_was_not_made_is_said_so(copied: Callable[[str], Path]) -> None:
    folder = copied("few")
    (path,) = (folder / "dataset" / "_manifest").rglob("*.json")
    manifest = json.loads(path.read_text())
    manifest["tables"].remove("links")
    manifest["files"] = [file for file in manifest["files"] if file["table"] != "links"]
    path.write_text(json.dumps(manifest))
    with pytest.raises(BadInput, match=r"extract .*few --tables links"):
        Collection.open(folder).links()
    with pytest.raises(BadInput, match="Run `broadsheet dedupe"):
        Collection.open(folder).signatures()


def test_a_broken_file_is_named(copied: Callable[[str], Path]) -> None:
    folder = copied("broken")
    (path,) = (folder / "dataset" / "articles").rglob("*.parquet")
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(CorruptArchive, match=r"articles/.*\.parquet: cannot be read as Parquet"):
        list(Collection.open(folder).articles())


def test_what_is_no_collection_or_no_date_is_said_so(tmp_path: Path, made: Path) -> None:
    with pytest.raises(BadInput, match="is not a collection"):
        Collection.open(tmp_path)
    with pytest.raises(BadInput, match="is no date"):
        Collection.open(made).articles(since="last week")


def test_memory_is_bounded(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadsheet.pipelines.dataset.table, "BATCH_ROWS", 2)
    sizes = [batch.num_rows for batch in Collection.open(made).articles().batches(2)]
    assert sum(sizes) == 5
    assert max(sizes) <= 2


def test_the_help_does_without_arrow() -> None:
    code = "import sys, broadsheet.cli; sys.exit('pyarrow' in sys.modules or 'duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
