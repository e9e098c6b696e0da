"""Folders that are called by the bare id, as earlier versions made them: read, added to, compacted, superseded."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet import Collection as Api
from broadsheet.archive.collection import Collection
from broadsheet.pipelines.compact.compact import compact
from broadsheet.pipelines.dataset.manifest import (
    earlier_signatures_path,
    published_signatures,
    signatures_path,
    table_folder,
)
from broadsheet.pipelines.dedupe.dedupe import dedupe
from broadsheet.pipelines.reconcile.reconcile import reconcile
from tests.pipelines.compact.varied_collection import Varied, derive, warc


def earlier(table: str, extraction_id: str) -> Path:
    return Path(table) if table == "captures" else Path(table, extraction_id)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection:
    """A WARC in the earlier folders, another one in today's."""
    with monkeypatch.context() as patch:
        patch.setattr("broadsheet.pipelines.dataset.publish.table_folder", earlier)
        derive(tmp_path / "c", [warc(tmp_path / "in", "one", range(8))], Varied("first", "base"))
    dedupe(tmp_path / "c")
    signatures_path(Collection(tmp_path / "c"), "first").parent.rename(
        tmp_path / "c" / "dataset" / "signatures" / "first"
    )
    collection: Collection = derive(
        tmp_path / "c", [warc(tmp_path / "in", "two", range(8, 14))], Varied("first", "base")
    )
    return collection


def test_both_are_one_dataset(made: Collection) -> None:
    assert (made.dataset / "articles" / "first").is_dir()
    assert (made.dataset / table_folder("articles", "first")).is_dir()
    assert len(Api.open(made.directory).articles()) == 13
    assert list(reconcile(made)) == []
    assert published_signatures(made, "first") == earlier_signatures_path(made, "first")
    dedupe(made.directory)
    assert not earlier_signatures_path(made, "first").exists()
    compact(made.directory, grace=0)
    assert not list((made.dataset / "articles" / "first").rglob("*.parquet"))
    assert len(Api.open(made.directory).articles()) == 13
    assert list(reconcile(made)) == []


def test_what_was_learnt_since_takes_the_place_of_both(made: Collection) -> None:
    derive(made.directory, extractor=Varied("second", "base"))
    assert not list((made.dataset / "articles" / "first").rglob("*.parquet"))
    assert not list((made.dataset / table_folder("articles", "first")).rglob("*.parquet"))
    assert len(Api.open(made.directory).articles()) == 13
    assert list(reconcile(made)) == []
