"""Each writer of the archive: what is on disk after a power cut at the moments that matter, and what a full disk leaves."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from power_cut import PowerCut
from small_warcs import answered, write_warc

from broadsheet.archive.cdxj.build import write_index
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BrokenEnvironment
from broadsheet.archive.wacz.pack import Contents, pack
from broadsheet.archive.warc.recompress import recompress
from broadsheet.archive.warc.repair import repair
from broadsheet.archive.warc.salvage import truncate_and_close
from broadsheet.archive.warc.source import WarcSource


def test_what_was_synced_of_a_warc_is_on_disk_and_a_closed_one_is_whole(
    lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    with lab.writer(tmp_path) as writer:
        writer.write_exchange(lab.exchange(), lab.provenance)
        (growing,) = disk.present()
        assert disk.survivors() == {}  # its name is durable, its content not yet
        writer.sync()
        assert disk.survivors() == disk.present()
        synced = disk.present()[growing]
        writer.write_exchange(lab.exchange(), lab.provenance)
        assert disk.survivors() == {growing: synced}
    assert disk.torn == []
    assert disk.survivors() == disk.present()
    assert list(disk.present()) == [growing.removesuffix(".open")]


def test_when_a_warc_is_full_it_is_closed_durably_before_the_next_begins(
    lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    with lab.writer(tmp_path, max_size=1) as writer:
        for _ in range(3):
            writer.write_exchange(lab.exchange(), lab.provenance)
            closed = {name: content for name, content in disk.present().items() if not name.endswith(".open")}
            assert len(closed) == len(writer.finished)
            assert disk.survivors() == closed
    assert disk.torn == []
    assert disk.survivors() == disk.present()
    assert len(disk.present()) == 3


def test_a_warc_without_records_leaves_no_name(lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    with lab.writer(tmp_path) as writer:
        writer._begin()
        writer._file.sync()
        assert len(disk.survivors()) == 1
    assert disk.survivors() == disk.present() == {}


def test_a_warc_that_is_cut_and_closed_is_durable(lab: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, captures = lab.write(tmp_path, [lab.exchange(), lab.exchange()])
    path = path.rename(path.with_name(f"{path.name}.open"))
    end = captures[0].metadata.offset + captures[0].metadata.length
    whole = path.read_bytes()
    disk = PowerCut(tmp_path, monkeypatch)
    assert truncate_and_close(path, end) is not None
    assert disk.torn == []
    assert disk.survivors() == disk.present() == {path.name.removesuffix(".open"): whole[:end]}
    (left,) = tmp_path.iterdir()
    assert truncate_and_close(left, captures[0].main.offset) is None
    assert disk.survivors() == disk.present() == {}


class Writers:
    """What writes a file that a user names, each into the folder ``out``, from one WARC."""

    def __init__(self, folder: Path) -> None:
        exchanges = [answered(f"https://a.example/{number}", "<p>x</p>" * 100) for number in range(3)]
        self.warc = write_warc(folder / "in", "w", exchanges)
        self.out = folder / "out"
        self.out.mkdir()

    def index(self) -> None:
        write_index([WarcSource.of(self.warc)], self.out / "index.cdxj", lambda _: None)

    def pack(self) -> None:
        contents = Contents(
            warcs=[WarcSource.of(self.warc)],
            index=lambda: [],
            pages=lambda: [],
            extra_pages=None,
            title="t",
            software="s",
            created=datetime(2026, 11, 29, tzinfo=UTC),
        )
        pack(contents, self.out / "x.wacz")

    def repair(self) -> None:
        repair(WarcSource.of(self.warc), self.out / "x.warc.gz")

    def recompress(self) -> None:
        recompress(WarcSource.of(self.warc), self.out / "x.warc.gz")


@pytest.fixture
def writers(tmp_path: Path) -> Writers:
    return Writers(tmp_path)


NAMES = ["index", "pack", "repair", "recompress"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_made_is_synced_then_renamed_then_its_name_is_synced(
    writers: Writers, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    disk = PowerCut(writers.out, monkeypatch)
    getattr(writers, name)()
    (made,) = disk.present()
    assert disk.calls[1:] == [f"rename {made}", "fsync out"]
    assert disk.calls[0].startswith(f"fsync .{made}.")
    assert disk.torn == []
    assert disk.survivors() == disk.present()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("when", ["written", "synced"])
def test_a_full_disk_leaves_what_was_there_and_says_what_to_do(
    writers: Writers, monkeypatch: pytest.MonkeyPatch, full: Callable[[str], None], name: str, when: str
) -> None:
    (writers.out / "index.cdxj").write_bytes(b"old")
    full(when)
    with pytest.raises(BrokenEnvironment, match=r"out/.*: no space left on the disk\. Make room"):
        getattr(writers, name)()
    assert [(path.name, path.read_bytes()) for path in writers.out.iterdir()] == [("index.cdxj", b"old")]


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Fill the disk: from now on nothing can be ``written``, or nothing ``synced``."""

    def refuse(*_: object) -> int:
        raise OSError(28, "No space left on device")

    def fill(when: str) -> None:
        if when == "synced":
            monkeypatch.setattr(os, "fsync", refuse)
        else:
            monkeypatch.setattr("broadsheet.archive.durable._create", lambda path: Refusing(path, "xb"))

    from io import FileIO

    class Refusing(FileIO):
        def write(self, data: Any) -> int:
            return refuse(data)

    return fill


def test_a_new_collection_has_its_journal_after_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    Collection.create(tmp_path / "c")
    assert disk.calls[-2:] == ["rename collection.sqlite", "fsync c"]
