"""Durable files: whole or not there, after a power cut, a kill and on a full disk; what is no file is never replaced."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from power_cut import PowerCut

from broadsheet.archive.durable import (
    AppendFile,
    empty_folder,
    make_folders,
    remove,
    scratch_folder,
    sync_tree,
    whole_file,
    whole_folder,
)
from broadsheet.archive.errors import BadInput
from broadsheet.archive.generations import exchange, next_folder, number_next, switch


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- after a power cut


def test_a_whole_file_is_synced_renamed_and_its_name_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    with whole_file(tmp_path / "x") as file:
        file.write(b"all of it")
        (unnamed,) = names(tmp_path)
    assert disk.calls == [f"fsync {unnamed}", "rename x", f"fsync {tmp_path.name}"]
    assert disk.survivors() == disk.present() == {"x": b"all of it"}


def test_a_file_that_is_replaced_is_the_old_one_until_it_is_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").write_bytes(b"old")
    disk = PowerCut(tmp_path, monkeypatch)
    at: list[dict[str, bytes]] = []
    disk.before = lambda _call, _path: at.append(disk.survivors())
    with whole_file(tmp_path / "x") as file:
        file.write(b"new")
        at.append(disk.survivors())
    assert [one["x"] for one in at] == [b"old", b"old"]
    assert disk.torn == []
    assert disk.survivors() == {"x": b"new"}


def test_a_whole_folder_is_there_with_all_that_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    with whole_folder(tmp_path / "new" / "x") as folder:
        (folder / "in").mkdir()
        (folder / "in" / "a").write_bytes(b"a")
        (folder / "b").write_bytes(b"b")
        assert disk.survivors(tmp_path) == {}
    assert disk.survivors() == disk.present() == {"new/x/in/a": b"a", "new/x/b": b"b"}
    assert disk.calls.index("fsync a") < disk.calls.index("rename x")


def test_folders_that_are_made_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    make_folders(tmp_path / "a" / "b" / "c")
    with whole_file(tmp_path / "a" / "b" / "c" / "x") as file:
        file.write(b"x")
    assert disk.survivors() == {"a/b/c/x": b"x"}


def test_what_is_removed_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_bytes(b"x")
    disk = PowerCut(tmp_path, monkeypatch)
    remove([tmp_path / "one" / "x", tmp_path / "other" / "x", tmp_path / "one" / "none"])
    assert disk.survivors() == {}


def test_a_file_that_grows_is_there_as_far_as_it_was_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    file = AppendFile(tmp_path / "x", growing=tmp_path / "x.open")
    assert disk.calls == [f"fsync {tmp_path.name}"]
    file.append([b"a", b"b"])
    file.sync()
    file.append([b"c"] * 10)
    assert disk.survivors() == {"x.open": b"ab"}
    file.sync()
    file.sync()
    assert disk.calls.count("fsync x.open") == 2  # nothing was appended between the last two
    file.append([b"d"])
    file.finish()
    assert (disk.torn, disk.survivors()) == ([], {"x": b"ab" + b"c" * 10 + b"d"})


def test_a_file_that_grew_and_is_not_wanted_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    AppendFile(tmp_path / "x", growing=tmp_path / "x.open").discard()
    assert (disk.survivors(), names(tmp_path)) == ({}, [])


@pytest.mark.parametrize("at_once", [True, False])
def test_a_generation_is_there_before_it_takes_the_place_and_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    dataset = tmp_path / "dataset"
    dataset.mkdir()
    (dataset / "old").write_bytes(b"old")
    disk = PowerCut(tmp_path, monkeypatch)
    staged: list[dict[str, bytes]] = []

    def switching(first: Path, second: Path) -> bool:
        staged.append(disk.survivors(next_folder(dataset)))
        return at_once and exchange(first, second)

    monkeypatch.setattr("broadsheet.archive.generations.exchange", switching)
    number_next(dataset)
    made = next_folder(dataset) / "dataset" / "table" / "new"
    made.parent.mkdir()
    with made.open("wb") as file:
        file.write(b"new")
        file.flush()
        os.fsync(file.fileno())
    switch(dataset, 3600)
    assert staged[0].keys() == {"until", "dataset/_generation", "dataset/table/new"}
    assert disk.survivors() == disk.present()
    assert disk.survivors(dataset) == {"_generation": b"1\n", "table/new": b"new"}


def test_a_tree_is_synced_with_or_without_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    (tmp_path / "x").write_bytes(b"x")
    sync_tree(tmp_path, contents=False)
    assert disk.survivors() == {}  # the name of a file without its content
    sync_tree(tmp_path)
    assert disk.survivors() == {"x": b"x"}


# ---- on a full disk, and after any other failure


class FullDisk(FileIO):
    """A file that takes nothing."""

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def no_space(_: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr("broadsheet.archive.durable._create", lambda path: FullDisk(path, "xb"))
        for size in (1, 5_000_000):  # one that is noticed when it is flushed, one while it is written
            with pytest.raises(OSError, match="No space"), whole_file(tmp_path / "x") as file:
                file.write(b"x" * size)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_space)
        with pytest.raises(OSError, match="No space"), whole_file(tmp_path / "x") as file:
            file.write(b"x")
        with pytest.raises(OSError, match="No space"), whole_folder(tmp_path / "d") as folder:
            (folder / "in").touch()
        with pytest.raises(OSError, match="No space"):
            AppendFile(tmp_path / "y", growing=tmp_path / "y.open")
    assert (names(tmp_path), (tmp_path / "x").read_bytes()) == (["x"], b"old")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_of_the_writer_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    (tmp_path / "x").write_bytes(b"old")

    def fail(folder: Path) -> None:
        with whole_file(folder / "x") as file, whole_folder(folder / "d") as new:
            file.write(b"half of")
            (new / "in").touch()
            raise error

    with pytest.raises(error):
        fail(tmp_path)
    assert (names(tmp_path), (tmp_path / "x").read_bytes()) == (["x"], b"old")


def test_what_is_appended_is_whole_or_not_there(tmp_path: Path) -> None:
    class Room(FileIO):
        room = 6

        def write(self, data: Any) -> int:
            space = self.room - self.tell()
            if space <= 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data[:space])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("broadsheet.archive.durable._create", lambda path: Room(path, "xb"))
        file = AppendFile(tmp_path / "x", growing=tmp_path / "x.open")
    file.append([b"abc"])
    for pieces in ([b"defg"], [b"d"] * 7):
        with pytest.raises(OSError, match="No space"):
            file.append(pieces)
        assert (file.size, (tmp_path / "x.open").read_bytes()) == (3, b"abc")
    file.append([b"def"])
    file.finish()
    assert (tmp_path / "x").read_bytes() == b"abcdef"


# ---- after a kill

KILLED = """
import os, signal, sys
from pathlib import Path
from broadsheet.archive.durable import scratch_folder, whole_file, whole_folder
path = Path(sys.argv[1])
with whole_file(path / "x") as file, whole_folder(path / "d") as folder, scratch_folder(path / "s") as scratch:
    (folder / "in").touch()
    (scratch / "in").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_kill_left_is_recognised_and_swept_by_the_next_run(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=60)
    left = names(tmp_path)
    assert [name.split(".")[1] for name in left] == ["d", "s", "x"]
    assert all(name.startswith(".") and name.endswith(".part") for name in left)
    with whole_file(tmp_path / "other"), scratch_folder(tmp_path / "s"):
        pass
    assert names(tmp_path) == [left[0], left[2], "other"]
    with whole_file(tmp_path / "x"), whole_folder(tmp_path / "d"):
        pass
    assert names(tmp_path) == ["d", "other", "x"]


def test_what_somebody_writes_now_is_not_swept(tmp_path: Path) -> None:
    with whole_file(tmp_path / "x") as first:
        with whole_file(tmp_path / "x") as second, scratch_folder(tmp_path / "x"), scratch_folder(tmp_path / "x"):
            second.write(b"second")
        first.write(b"first")
        assert (tmp_path / "x").read_bytes() == b"second"
    assert (tmp_path / "x").read_bytes() == b"first"
    assert names(tmp_path) == ["x"]


def test_a_folder_of_work_in_progress_is_emptied(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").touch()
    work = tmp_path / "tmp"
    (work / "folder" / "in").mkdir(parents=True)
    (work / ".x.part").touch()
    (work / "link").symlink_to(tmp_path / "elsewhere")
    empty_folder(work)
    assert names(work) == []
    assert names(tmp_path / "elsewhere") == ["kept"]


# ---- what stands in the place


def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("there/file")
    (tmp_path / "dangling").symlink_to("there/none")
    (tmp_path / "folder").symlink_to("there/empty")
    (tmp_path / "there" / "empty").mkdir()
    for name in ("link", "dangling"):
        with whole_file(tmp_path / name) as file:
            file.write(b"new")
    with whole_folder(tmp_path / "folder") as folder:
        (folder / "in").touch()
    assert [(tmp_path / name).is_symlink() for name in ("link", "dangling", "folder")] == [True] * 3
    assert (tmp_path / "there" / "file").read_bytes() == (tmp_path / "there" / "none").read_bytes() == b"new"
    assert names(tmp_path / "there" / "empty") == ["in"]
    assert names(tmp_path) == ["dangling", "folder", "link", "there"]


def test_what_is_no_file_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "to the fifo").symlink_to("fifo")
    before = names(tmp_path)
    for name, said in (
        ("fifo", "pipe"),
        ("to the fifo", "pipe"),
        ("folder", "a folder"),
        ("circle", "leads to itself"),
    ):
        with pytest.raises(BadInput, match=said), whole_file(tmp_path / name) as file:
            file.write(b"x")
    assert names(tmp_path) == before
    assert (tmp_path / "fifo").is_fifo()


def test_a_file_is_not_replaced_when_that_is_not_wanted_however_late_it_came(tmp_path: Path) -> None:

    def write_while_another_does(path: Path) -> None:
        with whole_file(path, replace=False) as file:
            file.write(b"mine")
            path.write_bytes(b"another's")

    with pytest.raises(BadInput, match="is there already"):
        write_while_another_does(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == b"another's"
    with pytest.raises(BadInput, match="is there already"), whole_file(tmp_path / "x", replace=False):
        pytest.fail("it was there before")
    assert names(tmp_path) == ["x"]


def test_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    name = "ü" * 127
    with whole_file(tmp_path / name) as file:
        file.write(b"x")
    assert names(tmp_path) == [name]
