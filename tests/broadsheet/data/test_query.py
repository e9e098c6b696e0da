"""SQL over a collection: what it gives, in which formats, and that it can do nothing but read its tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from broadsheet import Collection
from broadsheet.archive.errors import BadInput, CorruptArchive
from broadsheet.cli import main
from broadsheet.pipelines.dataset.query import querying
from broadsheet.pipelines.dedupe.dedupe import dedupe


def ask(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with querying(Collection.open(folder)._folder, sql) as result:
        return [tuple(row.values()) for batch in result.batches for row in batch.to_pylist()]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    shown = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, shown.out, shown.err


def test_the_tables_are_views(made: Path) -> None:
    assert ask(made, "SELECT count(*) FROM articles") == [(5,)]
    assert ask(made, "SELECT fetch_error FROM captures WHERE fetch_status IS NULL") == [("timeout",)]
    joined = "SELECT DISTINCT a.url FROM articles a JOIN images i USING (id, extraction_id) WHERE a.language = 'de'"
    assert ask(made, joined) == [("https://b.example/hafen",)]
    assert ask(made, "SELECT count(*) FROM links JOIN segments USING (id, extraction_id)")[0][0]
    assert len(ask(made, "DESCRIBE articles")) > 50


def test_a_lost_journal_is_said_and_the_dataset_read(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = copied("lost")
    (folder / "collection.lock").touch()
    (folder / "collection.sqlite").unlink()
    for command in (["query", "SELECT url FROM articles"], ["export", "--to", "jsonl", "-o", str(tmp_path / "out")]):
        code, _, said = run(capsys, command[0], str(folder), *command[1:])
        assert code == 0
        assert f"{folder / 'collection.sqlite'} is gone; the dataset is read without it" in said
    assert len((tmp_path / "out").read_text("utf-8").splitlines()) == 5
    code, _, said = run(capsys, "dedupe", str(folder))
    assert code == 1
    assert f"`broadsheet extract {folder / 'archive'} -o NEW`" in said


def test_signatures_are_one_of_them_once_made(copied: Callable[[str], Path]) -> None:
    folder = copied("labelled")
    with pytest.raises(BadInput, match="`broadsheet dedupe` makes that table"):
        ask(folder, "SELECT * FROM signatures")
    dedupe(folder)
    sql = "SELECT a.url, s.relation FROM articles a JOIN signatures s USING (id, extraction_id) WHERE s.duplicate_of NOT NULL"
    assert ask(folder, sql) == [("https://b.example/open/ice", "exact")]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT titel FROM articles", "Near it are: articles.title"),
        ("SELECT a.langage FROM articles a", "Near it are: articles.language"),
        ("SELECT xyzzy FROM articles", "`broadsheet schema` lists the columns"),
        ("SELECT * FROM artikel", "The tables are: articles, captures"),
        ("SELEC 1", "syntax error at or near .* See LINE 1"),
        ("SELECT CAST(title AS INT) FROM articles", "Could not convert"),
        ("SELECT nothing(1)", "nothing does not exist"),
        ("", "is not one SELECT"),
    ],
)
def test_a_wrong_query_is_explained(made: Path, sql: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        ask(made, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "SELECT * FROM '{made}/collection.sqlite'",
        "SELECT * FROM glob('{made}/*')",
        "SELECT * FROM read_parquet('{made}/dataset/**/*.parquet')",
        "COPY articles TO '{made}/stolen.csv'",
        "ATTACH '{made}/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "CREATE TABLE mine AS SELECT 1",
        "DROP VIEW articles",
        "SELECT 1; DROP VIEW articles",
        "EXPORT DATABASE '{made}/out'",
        "SELECT * FROM secret",  # a variable of ours
        "PRAGMA database_list",
    ],
)
def test_a_query_can_only_read_the_tables(made: Path, sql: str) -> None:
    import pyarrow as pa

    secret = pa.table({"x": [1]})
    before = sorted(made.rglob("*"))
    with pytest.raises(BadInput):
        ask(made, sql.format(made=made))
    assert sorted(made.rglob("*")) == before
    assert len(secret) == 1


def test_a_subquery_cannot_open_a_file_either(made: Path) -> None:
    with pytest.raises(BadInput, match="It can read the tables only: articles"):
        ask(made, "WITH x AS (SELECT * FROM read_text('/etc/hostname')) SELECT * FROM x, articles")


def test_columns_of_one_name_are_kept_apart(made: Path) -> None:
    with querying(Collection.open(made)._folder, "SELECT a.id, b.id, 1 AS id FROM articles a, articles b") as result:
        assert result.schema.names == ["id", "id_2", "id_3"]
        assert sum(batch.num_rows for batch in result.batches) == 25


def test_formats(made: Path, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    sql = "SELECT title, tags, date_published, is_paywalled, language_score FROM articles ORDER BY date_published, url"

    def printed(*options: str) -> bytes:
        with pytest.raises(SystemExit) as left:
            main(["query", str(made), sql, *options])
        assert left.value.code == 0
        return capfdbinary.readouterr().out

    rows = json.loads(printed("--format", "json"))
    assert json.loads(printed("--json")) == rows
    assert [json.loads(line) for line in printed("--format", "jsonl").splitlines()] == rows
    assert rows[0]["date_published"] == "2026-09-01T06:30:00Z"
    assert rows[-1]["title"] is None
    cells = list(csv.DictReader(io.StringIO(printed("--format", "csv").decode(), newline="")))
    assert [json.loads(cell["tags"]) for cell in cells] == [row["tags"] for row in rows]
    assert cells[1]["is_paywalled"] == "true"
    assert cells[-1]["title"] == ""
    assert "Harbour" in printed("--format", "table").decode()
    printed("-o", str(tmp_path / "x.parquet"))
    assert pq.read_table(tmp_path / "x.parquet")["title"].to_pylist() == [row["title"] for row in rows]


def test_a_query_that_gives_no_rows_is_a_whole_file(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in (("x.json", b"[]\n"), ("x.jsonl", b""), ("x.csv", b"url\r\n")):
        assert (
            run(capsys, "query", str(made), "SELECT url FROM articles WHERE false", "-o", str(tmp_path / name))[0] == 0
        )
        assert (tmp_path / name).read_bytes() == content


def test_what_fails_leaves_what_was_there(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")
    code, _, err = run(capsys, "query", str(made), "SELECT CAST(title AS INT) FROM articles", "-o", str(path))
    assert (code, path.read_text()) == (2, "old")
    assert "Could not convert" in err
    assert list(tmp_path.iterdir()) == [path]


def test_formats_that_make_no_sense_are_refused(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["--format", "parquet"], ["-o", "x.xlsx"], ["--format", "table", "-o", "x"]):
        assert run(capsys, "query", str(made), "SELECT 1", *options)[0] == 2


def test_damage_that_is_met_while_reading_is_not_the_querys_fault(
    copied: Callable[[str], Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = copied("damaged")
    (path,) = (folder / "dataset" / "articles").rglob("*.parquet")
    group = pq.ParquetFile(path).metadata.row_group(0)
    text = next(one for one in map(group.column, range(group.num_columns)) if one.path_in_schema == "text")
    data = bytearray(path.read_bytes())
    at = text.data_page_offset + text.total_compressed_size // 2
    data[at : at + 40] = bytes(40)
    path.write_bytes(data)
    with pytest.raises(CorruptArchive, match=r"articles/.*\.parquet"):
        ask(folder, "SELECT sum(length(text)) FROM articles")
    for command in (["export", str(folder), "--to", "jsonl", "-o", str(tmp_path / "x")], ["dedupe", str(folder)]):
        code, _, err = run(capsys, *command)
        assert code == 1
        assert f"{path.name}: cannot be read as Parquet" in err.replace("\n", " ")


def test_a_dataset_with_a_file_gone_or_broken_is_said_so(copied: Callable[[str], Path]) -> None:
    folder = copied("torn")
    (path,) = (folder / "dataset" / "articles").rglob("*.parquet")
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(CorruptArchive, match="its tables cannot be read"):
        ask(folder, "SELECT 1")
    path.unlink()
    with pytest.raises(CorruptArchive, match="its tables cannot be read"):
        ask(folder, "SELECT 1")
