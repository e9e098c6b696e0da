"""The order in which a dataset becomes durable: files, then the manifest that names them; what goes, goes the other way round.

A power cut at any moment then leaves no manifest without its files, and no files that a reader would meet twice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from power_cut import PowerCut
from small_warcs import answered, write_warc

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BroadsheetError, BrokenEnvironment
from broadsheet.archive.warc.source import WarcSource
from broadsheet.pipelines.compact.files import write_files
from broadsheet.pipelines.dataset.card import write_card
from broadsheet.pipelines.dataset.compacted import (
    CompactionManifest,
    compaction_path,
    remove_compaction,
    write_compaction,
)
from broadsheet.pipelines.dataset.defaults import DEFAULT_TABLES
from broadsheet.pipelines.dataset.manifest import (
    Manifest,
    PublishedFile,
    manifest_path,
    parse_manifest,
    publish_manifest,
)
from broadsheet.pipelines.dataset.schema import SIGNATURES
from broadsheet.pipelines.dataset.signatures import publishing_signatures
from broadsheet.pipelines.derive.messages import Task
from broadsheet.pipelines.derive.parts import Part
from broadsheet.pipelines.derive.task import derive_part
from broadsheet.pipelines.extract.extraction import ArticleColumns, Extraction, PageRecord
from broadsheet.pipelines.extract.site.profile import SiteProfile
from broadsheet.pipelines.extract.site.site_forms import Habits, SiteForms, Template
from broadsheet.pipelines.extract.site.store import write_profiles


class Stub:
    """An extractor: the whole page is the text."""

    name = "stub==1"
    base_id = "base"

    def __init__(self, extraction_id: str = "base") -> None:
        self.extraction_id = extraction_id

    def extract(self, record: PageRecord) -> Extraction:
        return Extraction(ArticleColumns(status="ok", title=record.url, text=record.body.decode()))


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection.create(tmp_path / "c")


@pytest.fixture
def part(tmp_path: Path) -> Part:
    moments = (datetime(2026, 10, 30, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC))  # files of two months
    exchanges = [answered(f"http://a.example/{m.month}", f"<p>{m}</p>", moment=m) for m in moments]
    path = write_warc(tmp_path / "in", "w", exchanges)
    return Part(WarcSource.of(path), path.name, 0, 2, 0, path.stat().st_size, own=False)


def derive(collection: Collection, part: Part, extraction_id: str = "base") -> Manifest:
    done = derive_part(collection, Task(part, DEFAULT_TABLES, {}), Stub(extraction_id), lambda _: None)
    assert done.manifest is not None
    return done.manifest


def test_a_part_is_durable_before_its_manifest_and_that_when_it_is_done(
    collection: Collection, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = PowerCut(collection.dataset, monkeypatch)
    seen: list[bool] = []

    def before(call: str, path: Path) -> None:
        if call == "rename" and path.suffix == ".json":
            text = next(collection.temporary.glob(f".{path.name}.*.part")).read_bytes()
            durable = disk.survivors()
            for file in parse_manifest(text, "it").files:
                seen.append(hashlib.sha256(durable[file.path]).hexdigest() == file.sha256)

    disk.before = before
    manifest = derive(collection, part)
    assert seen == [True] * len(manifest.files)
    assert {file.table for file in manifest.files} >= {"articles", "captures"}
    assert len({Path(file.path).parent for file in manifest.files}) >= 4  # two tables, two months
    renames = [call for call in disk.calls if call.startswith("rename")]
    assert [call for call in renames if call.endswith(".json")] == renames[-1:]
    assert disk.torn == []
    assert disk.survivors() == disk.present()
    assert list(collection.temporary.iterdir()) == []


def test_what_is_superseded_is_gone_from_disk_before_its_manifest_is(
    collection: Collection, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = derive(collection, part)
    disk = PowerCut(collection.dataset, monkeypatch)
    files = {file.path for file in old.files if file.table != "captures"}  # captures belong to no extraction
    assert files
    assert files <= disk.present().keys()
    left: list[list[str]] = []

    def before(call: str, path: Path) -> None:
        if call == "unlink" and path == manifest_path(collection, old.extraction_id, old.part):
            left.append([name for name in disk.survivors() if name in files])
            left.append([name for name in disk.survivors() if name == f"_manifest/new/{old.part}.json"])

    disk.before = before
    derive(collection, part, "new")
    assert left == [[], [f"_manifest/new/{old.part}.json"]]
    assert disk.survivors() == disk.present()
    assert not files & disk.present().keys()


def test_compacted_files_are_gone_from_disk_before_their_manifest_is(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = collection.dataset / "articles" / "x" / "fetch_month=2026-11"
    folder.mkdir(parents=True)
    (folder / "a.parquet").write_bytes(b"a")
    compaction = CompactionManifest(
        "articles",
        "x",
        frozenset({"p"}),
        (PublishedFile("articles", "articles/x/fetch_month=2026-11/a.parquet", 1, ""),),
    )
    disk = PowerCut(collection.dataset, monkeypatch)
    path = compaction_path(collection, "articles", "x")
    path.parent.mkdir(parents=True)
    write_compaction(collection, compaction)
    assert (disk.torn, disk.calls[1:]) == ([], [f"rename {path.name}", f"fsync {path.parent.name}"])
    left: list[bool] = []
    disk.before = lambda _, gone: left.append(
        gone == path and "articles/x/fetch_month=2026-11/a.parquet" in disk.survivors()
    )
    remove_compaction(collection, compaction)
    assert left == [False, False]
    assert not path.exists()


def test_compacted_files_are_durable_under_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, collection: Collection, part: Part
) -> None:
    import pyarrow.parquet as pq

    derive(collection, part)
    tables = [pq.ParquetFile(path).read() for path in sorted((collection.dataset / "captures").rglob("*.parquet"))]
    disk = PowerCut(tmp_path, monkeypatch)
    written = list(write_files(tables, "captures", tables[0].schema, tmp_path / "new" / "folder", 1))
    assert disk.torn == []
    assert disk.survivors(tmp_path / "new") == disk.present(tmp_path / "new")
    assert sorted(disk.present(tmp_path / "new")) == [f"folder/{one.name}" for one in written]


# ---- a full disk

NO_FORMS = SiteForms(
    frozenset(),
    frozenset(),
    {},
    {},
    False,
    frozenset(),
    frozenset(),
    {},
    frozenset(),
    {},
    Template(0, {}, Habits()),
    {},
)
PROFILE = SiteProfile("a.example", 1, 1, {}, frozenset(), frozenset(), {}, {}, {}, {}, NO_FORMS, {})


def publish_a_manifest(collection: Collection) -> None:
    publish_manifest(collection, Manifest("p", "w", 0, 0, "x", 0, 0, 0, {}, ()))


_SOME = {"string": "x", "int32": 1, "uint32": 1, "binary": b"x"}


def publish_signatures(collection: Collection) -> None:
    with publishing_signatures(collection, "x", {}, "inputs") as writer:
        writer.write({field.name: [None if field.nullable else _SOME[str(field.type)]] for field in SIGNATURES})


WRITERS: dict[str, Callable[[Collection], object]] = {
    "manifest": publish_a_manifest,
    "card": write_card,
    "signatures": publish_signatures,
    "compaction": lambda collection: write_compaction(collection, CompactionManifest("articles", "x", frozenset(), ())),
    "profiles": lambda collection: write_profiles(str(collection.directory), [PROFILE]),
}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def no_space(*_: object) -> int:
    raise OSError(28, "No space left on device")


class Full(FileIO):
    """A file that takes nothing."""

    def write(self, data: Any) -> int:
        return no_space(data)


@pytest.mark.parametrize("when", ["written", "synced"])
@pytest.mark.parametrize("name", sorted([*WRITERS, "part"]))
def test_a_full_disk_leaves_what_was_there_and_no_temporary_file(
    collection: Collection, part: Part, monkeypatch: pytest.MonkeyPatch, name: str, when: str
) -> None:
    derive(collection, part)
    write_card(collection)
    before = files(collection.directory)
    (collection.dataset / "README.md").write_bytes(b"an old card")
    before["dataset/README.md"] = b"an old card"
    writer = WRITERS.get(name) or partial(derive, part=part, extraction_id="new")
    with monkeypatch.context() as patch:
        if when == "synced":
            patch.setattr(os, "fsync", no_space)
        else:
            patch.setattr("broadsheet.archive.durable._create", lambda path: Full(path, "xb"))
        with pytest.raises((OSError, BroadsheetError)) as refused:
            writer(collection)
    error = refused.value
    assert isinstance(error, BrokenEnvironment) or (
        isinstance(error, OSError) and error.errno == 28
    )  # put in words above
    assert files(collection.directory) == before


def test_profiles_are_durable_and_what_a_kill_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    write_profiles(str(tmp_path), [PROFILE])
    assert disk.torn == []
    assert disk.survivors() == disk.present()
    (name,) = disk.present()
    (tmp_path / "profiles" / f".{Path(name).name}.0123.part").touch()
    write_profiles(str(tmp_path), [])
    assert disk.survivors() == disk.present() == {}
