"""The data card: it says what is there, its examples run, and the same rows give the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from data_site import answer, exchanges, page
from small_warcs import write_warc

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BrokenEnvironment, CorruptArchive
from broadsheet.pipelines.dataset.card import write_card
from broadsheet.pipelines.dataset.schema import ARTICLES
from broadsheet.pipelines.dedupe.dedupe import dedupe
from broadsheet.pipelines.derive.extract import extract
from broadsheet.pipelines.derive.worker_pool import WorkerPool
from broadsheet.pipelines.identity import SCHEMA_VERSION

yaml = pytest.importorskip("yaml")


def card(folder: Path) -> tuple[str, dict[str, object]]:
    dataset = folder / "dataset"
    return (dataset / "README.md").read_text("utf-8"), json.loads((dataset / "datapackage.json").read_text("utf-8"))


def test_extract_leaves_it_with_the_counts(made: Path) -> None:
    readme, package = card(made)
    assert package["counts"] == {
        "host": {"b.example": 3, "a.example": 2},
        "language": {"en": 3, "de": 1, "not known": 1},
        "extraction status": {"ok": 4, "empty": 1},
        "page type": package["counts"]["page type"],  # type: ignore[index]
        "TDM reservation": {"1": 3, "0": 1, "not known": 1},
        "behind a paywall": {"not known": 4, "true": 1},
        "licence": {"not known": 4, "https://creativecommons.org/licenses/by/4.0/": 1},
        "month published": {"2026-09": 4, "not known": 1},
        "quality flag": package["counts"]["quality flag"],  # type: ignore[index]
    }
    reasons = {"no answer": 1, "not HTML": 2, "status 301": 1, "status 404": 1}
    assert package["captures_without_article"] == reasons
    assert f"Schema version {SCHEMA_VERSION}" in readme
    assert "| b.example | 3 |" in readme
    assert "| status 404 | 1 |" in readme


def test_the_package_describes_every_file(made: Path) -> None:
    _, package = card(made)
    resources = package["resources"]
    assert isinstance(resources, list)
    assert [one["name"] for one in resources] == ["articles", "captures", "segments", "images", "links"]
    for one in resources:
        assert all((made / "dataset" / path).is_file() for path in one["path"])
        assert set(one["hashes"]) == set(one["path"])
        assert all(not Path(path).is_absolute() and ".." not in path for path in one["path"])
    fields = resources[0]["schema"]["fields"]
    assert [field["name"] for field in fields] == ARTICLES.names
    assert fields[0]["constraints"] == {"required": True}
    kinds = {field["name"]: field["type"] for field in fields}
    assert (kinds["tags"], kinds["fetch_time"], kinds["word_count"], kinds["text_ratio"], kinds["is_paywalled"]) == (
        "array", "datetime", "integer", "number", "boolean",
    )  # fmt: skip


def examples(folder: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", card(folder)[0], re.DOTALL)


def test_its_examples_run(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pandas", "polars"):
        pytest.importorskip(name)
    monkeypatch.chdir(made / "dataset")
    ran = 0
    for code in examples(made, "python"):
        if "datasets import" not in code:
            names: dict[str, object] = {}
            exec(code, names)
            assert len(names["articles"]) == 5  # type: ignore[arg-type]
            ran += 1
    assert ran == 4
    (sql,) = examples(made, "sql")
    assert len(duckdb.execute(sql).fetchall()) == 5


@pytest.mark.slow
def test_its_example_for_hugging_face_runs(made: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    head = yaml.safe_load(card(made)[0].split("---\n")[1])
    assert [one["config_name"] for one in head["configs"]] == ["articles", "captures", "segments", "images", "links"]
    assert any('load_dataset(".", "articles", split="train")' in code for code in examples(made, "python"))
    for name, rows in (("articles", 5), ("captures", 10)):
        loaded = datasets.load_dataset(str(made / "dataset"), name, split="train", cache_dir=str(tmp_path / "cache"))
        assert loaded.num_rows == rows


def test_dedupe_brings_the_card_up_to_date(copied: Callable[[str], Path]) -> None:
    folder = copied("labelled")
    before = card(folder)[0]
    assert "config_name: signatures" not in before
    dedupe(folder)
    assert "config_name: signatures" in card(folder)[0]
    assert "| signatures | 5 |" in card(folder)[0]


@pytest.mark.slow
def test_the_same_rows_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    extract([write_warc(tmp_path / "in", "site", exchanges())], tmp_path / "another", workers=2)
    for name in ("README.md", "datapackage.json"):
        one = (made / "dataset" / name).read_bytes()
        assert (tmp_path / "another" / "dataset" / name).read_bytes() == one


def test_writing_it_again_changes_nothing(copied: Callable[[str], Path]) -> None:
    folder = copied("again")
    before = card(folder)
    write_card(Collection(folder))
    assert card(folder) == before


def test_a_full_disk_leaves_the_old_card(copied: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copied("full")
    before = card(folder)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(BrokenEnvironment, match="no space left"):
            write_card(Collection(folder))
    assert card(folder) == before
    assert not list((folder / "tmp").iterdir())


def test_strangers_words_cannot_break_the_page(tmp_path: Path) -> None:
    head = '<link rel="license" href="https://x.example/|a[b](javascript:c)&lt;script&gt;">'
    warc = write_warc(
        tmp_path / "in", "w", [answer("https://a.example/x", page("T", ["Some text."], head=head), minutes=0)]
    )
    extract([warc], tmp_path / "c", workers=1)
    readme, _ = card(tmp_path / "c")
    assert "<script>" not in readme
    assert "| https://x.example/\\|a\\[b](javascript:c)%3Cscript%3E | 1 |" in readme


def describe_apart(folder: Path) -> None:
    with WorkerPool(Collection(folder)) as pool:
        pool.describe()


def test_it_is_written_by_another_process(copied: Callable[[str], Path]) -> None:
    folder = copied("apart")
    before = card(folder)
    (folder / "dataset" / "README.md").unlink()
    describe_apart(folder)
    assert card(folder) == before
    (path,) = (folder / "dataset" / "articles").rglob("*.parquet")
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(CorruptArchive, match=r"articles/.*\.parquet: cannot be read as Parquet"):
        describe_apart(folder)
    path.unlink()
    with pytest.raises(CorruptArchive, match="lacks a file that its manifest names"):
        describe_apart(folder)


def test_nothing_published_is_no_card(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "c")
    write_card(collection)
    assert not list(collection.dataset.iterdir())
