"""The examples of docs/data.md run, in their order, against a collection called `example`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from broadsheet.cli import main

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "data.md").read_text("utf-8")


@pytest.mark.slow
def test_the_examples_run(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("pandas", "polars", "datasets"):
        pytest.importorskip(library)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    (tmp_path / "example").symlink_to(made)
    names: dict[str, object] = {}
    examples = re.findall(r"```(python|console)\n(.*?)```", PAGE, re.DOTALL)
    assert [language for language, _ in examples].count("python") == 5
    for language, code in examples:
        if language == "python":
            exec(compile(code.replace('split="train"', 'split="train", cache_dir="cache"'), "data.md", "exec"), names)
            continue
        for line in code.splitlines():
            prompt, program, *arguments = shlex.split(line)
            assert (prompt, program) == ("$", "broadsheet")
            with pytest.raises(SystemExit) as left:
                main(arguments)
            assert left.value.code == 0, line
    assert names["articles"].num_rows == 2  # type: ignore[attr-defined]
    assert {path.name for path in tmp_path.iterdir()} >= {
        "images.parquet",
        "articles.jsonl",
        "articles.csv",
        "articles-text",
    }


def test_every_option_of_the_commands_that_it_names_exists() -> None:
    from broadsheet.cli import cli

    known = {option for command in cli.commands.values() for one in command.params for option in one.opts}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE))
    assert named
    assert named <= known


def test_the_pages_that_it_links_to_are_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)[^)]*\)", PAGE)
    assert links
    assert all((Path(__file__).parents[3] / "docs" / link).is_file() for link in links)


def test_the_sql_about_duplicates_runs(copied: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """That of docs/dedupe.md, in DuckDB without broadsheet."""
    collection = copied("DIR")
    with pytest.raises(SystemExit) as left:
        main(["dedupe", str(collection), "-q"])
    assert left.value.code == 0
    monkeypatch.chdir(collection.parent)
    (sql,) = re.findall(r"```sql\n(.*?)```", (DOCS / "dedupe.md").read_text("utf-8"), re.DOTALL)
    kept = duckdb.execute(sql).fetchall()
    assert 0 < len(kept) <= len(duckdb.execute("FROM 'DIR/dataset/articles/**/*.parquet'").fetchall())
