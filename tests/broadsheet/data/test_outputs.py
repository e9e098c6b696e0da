"""Every command with -o, given links, pipes, devices and standard output: written through or refused, never replaced."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from power_cut import PowerCut

from broadsheet.archive.errors import BrokenEnvironment
from broadsheet.cli import main
from broadsheet.report.make import make_report

SQL = "SELECT url, title FROM articles ORDER BY url"


class Commands:
    """The commands on one collection; each takes where its output goes, and leaves with an exit code."""

    def __init__(self, made: Path) -> None:
        warc = str(next((made.parent / "in").glob("*.warc.gz")))
        self.made = made
        self.streams = {
            "jsonl": ["export", str(made), "--to", "jsonl", "-o"],
            "csv": ["export", str(made), "--to", "csv", "-o"],
            "query": ["query", str(made), SQL, "--format", "jsonl", "-o"],
            "index": ["index", warc, "-o"],
        }
        self.whole = {
            "parquet": ["query", str(made), SQL, "--format", "parquet", "-o"],
            "pack": ["pack", warc, "-o"],
            "repair": ["repair", warc, "-o"],
        }
        self.folders = {
            "markdown": ["export", str(made), "--to", "markdown", "-o"],
            "text": ["export", str(made), "--to", "text", "-o"],
            "huggingface": ["export", str(made), "--to", "huggingface", "-o"],
            "extract": ["extract", warc, "--workers", "1", "-o"],
            "import": ["import", str(made), "-o"],
            "crawl": ["crawl", "http://127.0.0.1:9/", "-o"],
            "demo": ["demo", "-o"],
        }

    def run(self, command: list[str], output: Path | str) -> int:
        with pytest.raises(SystemExit) as left:
            main([*command, str(output)])
        return int(str(left.value.code))


@pytest.fixture
def commands(made: Path) -> Commands:
    return Commands(made)


def through_a_pipe(commands: Commands, command: list[str], pipe: Path) -> bytes:
    pieces: list[bytes] = []
    reader = threading.Thread(target=lambda: pieces.append(pipe.read_bytes()))
    reader.start()
    assert commands.run(command, pipe) == 0
    reader.join(timeout=60)
    return pieces[0]


@pytest.mark.parametrize("name", ["jsonl", "csv", "query", "index"])
def test_a_stream_has_the_bytes_of_the_file(
    commands: Commands, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    command = commands.streams[name]
    assert commands.run(command, tmp_path / "x") == 0
    expected = (tmp_path / "x").read_bytes()
    assert expected
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "to the pipe").symlink_to("pipe")
    assert through_a_pipe(commands, command, tmp_path / "pipe") == expected
    assert through_a_pipe(commands, command, tmp_path / "to the pipe") == expected
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "to the pipe").is_symlink()
    capsysbinary.readouterr()
    assert commands.run(command, "-") == 0
    shown = capsysbinary.readouterr()
    assert shown.out == expected  # and nothing besides: what is said of it goes to standard error
    if name != "query":
        assert b"articles in -" in shown.err or b"-: " in shown.err
    assert not Path("-").exists()


@pytest.mark.parametrize("name", ["jsonl", "index"])
def test_a_device_stays_a_device(commands: Commands, tmp_path: Path, name: str) -> None:
    device = tmp_path / "null"
    try:
        os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root can make a device")
    assert commands.run(commands.streams[name], device) == 0
    assert stat.S_ISCHR(device.stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["null"]


@pytest.mark.parametrize("name", ["jsonl", "index"])
def test_json_and_data_do_not_share_standard_output(
    commands: Commands, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    command = commands.streams[name]
    assert commands.run([*command[:-1], "--json", "-o"], "-") == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "--json: writes to standard output, as -o does. Leave out one of them." in shown.err


@pytest.mark.parametrize("name", ["parquet", "pack", "repair"])
def test_what_is_written_whole_refuses_streams(
    commands: Commands, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    os.mkfifo(tmp_path / "pipe.warc.gz")
    for output, said in ((tmp_path / "pipe.warc.gz", "is a pipe or a device"), ("-", "is standard output")):
        assert commands.run(commands.whole[name], output) == 2
        shown = capsys.readouterr()
        assert f"{output}: {said}, and " in shown.err
        assert shown.err.endswith("cannot be written piece by piece. Name a file.\n")
        assert shown.out == ""
    assert (tmp_path / "pipe.warc.gz").is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe.warc.gz"]


@pytest.mark.parametrize("name", ["markdown", "text", "huggingface", "extract", "import", "crawl", "demo"])
def test_a_folder_is_no_stream(
    commands: Commands,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"mine")
    for output, said in (
        (tmp_path / "pipe", "a pipe or a device"),
        (tmp_path / "file", "a file"),
        ("-", "standard output"),
    ):
        assert commands.run(commands.folders[name], output) == 2
        assert f"{output}: is {said}, and " in capsys.readouterr().err
    (tmp_path / "circle").symlink_to("circle")
    for output, said in (
        (tmp_path / "circle", "is a link that leads to itself"),
        (tmp_path / "file" / "x", "lies in what is no folder"),
    ):
        assert commands.run(commands.folders[name], output) == 2
        assert f"{output}: {said}" in capsys.readouterr().err
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "file").read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["circle", "file", "pipe"]


@pytest.mark.parametrize("name", ["jsonl", "query", "index", "parquet"])
def test_a_link_stays_and_its_file_is_replaced(commands: Commands, tmp_path: Path, name: str) -> None:
    command = {**commands.streams, **commands.whole}[name]
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to("there/file")
    assert commands.run(command, tmp_path / "link") == 0
    assert commands.run(command, tmp_path / "x") == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "file").read_bytes() == (tmp_path / "x").read_bytes()
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["pack", "repair"])
def test_what_overwrites_nothing_overwrites_nothing_by_a_link(commands: Commands, tmp_path: Path, name: str) -> None:
    (tmp_path / "there.warc.gz").write_bytes(b"mine")
    (tmp_path / "link.warc.gz").symlink_to("there.warc.gz")
    (tmp_path / "new.warc.gz").symlink_to("nothing yet.warc.gz")
    assert commands.run(commands.whole[name], tmp_path / "link.warc.gz") == 2
    assert commands.run(commands.whole[name], tmp_path / "new.warc.gz") == 0
    assert (tmp_path / "there.warc.gz").read_bytes() == b"mine"
    assert (tmp_path / "new.warc.gz").is_symlink()
    assert (tmp_path / "nothing yet.warc.gz").stat().st_size > 100


@pytest.mark.parametrize("name", ["jsonl", "query", "index"])
def test_what_is_read_is_not_written_over(commands: Commands, capsys: pytest.CaptureFixture[str], name: str) -> None:
    read = Path(commands.streams["index"][1]) if name == "index" else commands.made / "collection.sqlite"
    before = read.read_bytes()
    assert commands.run(commands.streams[name], read) == 2
    assert f"{read}: is what the command reads" in capsys.readouterr().err
    assert read.read_bytes() == before


def test_json_says_where_the_file_is(commands: Commands, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run([*commands.streams["jsonl"][:-1], "--json", "-o"], tmp_path / "x") == 0
    assert json.loads(capsys.readouterr().out)["path"] == str(tmp_path / "x")


# ---- power cuts and full disks


@pytest.mark.parametrize("name", ["jsonl", "csv", "markdown", "huggingface", "parquet", "pack", "index"])
def test_what_was_written_is_durable(
    commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    disk = PowerCut(tmp_path, monkeypatch)
    assert commands.run({**commands.streams, **commands.whole, **commands.folders}[name], tmp_path / "x") == 0
    assert disk.torn == []
    assert disk.present()
    assert disk.survivors() == disk.present()
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("name", ["jsonl", "csv", "markdown", "huggingface", "parquet", "pack", "index", "repair"])
def test_a_full_disk_leaves_what_was_there(
    commands: Commands,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    output = tmp_path / "x.warc.gz"
    if name in commands.streams:
        output.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert commands.run({**commands.streams, **commands.whole, **commands.folders}[name], output) == 3
    assert (
        f"{output}: no space left on the disk. Make room, then run the same command again." in capsys.readouterr().err
    )
    assert [path.read_bytes() for path in tmp_path.iterdir()] == ([b"old"] if name in commands.streams else [])


def test_a_report_is_durable_and_a_full_disk_leaves_the_old_one(
    copied: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied("c")
    disk = PowerCut(folder, monkeypatch)
    make_report(folder, with_crawl_log=True)
    assert disk.torn == []
    assert disk.survivors().keys() >= {"report.html", "logs/crawl.log"}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = disk.present()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BrokenEnvironment, match=r"report\.html: no space left on the disk"):
        make_report(folder)
    assert disk.present() == before
