"""What -o names: files are made whole, pipes and devices written through or refused; nothing but a file is ever replaced."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from broadsheet.archive import output
from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment
from broadsheet.archive.output import STANDARD_OUTPUT, output_file, output_folder


def null_device(path: Path) -> Path:
    """A device of our own that swallows all, as /dev/null does."""
    try:
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root can make a device")
    return path


class Reader:
    """Who reads a pipe; `content` waits for its end."""

    def __init__(self, pipe: Path) -> None:
        self._pieces: list[bytes] = []
        self._thread = threading.Thread(target=lambda: self._pieces.append(pipe.read_bytes()))
        self._thread.start()

    def content(self) -> bytes:
        self._thread.join(timeout=30)
        return b"".join(self._pieces)


def test_a_new_file_and_one_that_is_there_are_made_whole(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        output = output_file(tmp_path / "x")
        assert not output.streamed
        with output.open() as file:
            file.write(content)
        assert (tmp_path / "x").read_bytes() == content
    with pytest.raises(BadInput, match="is there already"):
        output_file(tmp_path / "x", replace=False)


def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        reader = Reader(tmp_path / "pipe")
        with output_file(tmp_path / name).open() as file:
            file.write(b"through")
        assert reader.content() == b"through"
    assert (tmp_path / "pipe").is_fifo()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "pipe"]


def test_a_device_is_written_through_and_stays_a_device(tmp_path: Path) -> None:
    device = null_device(tmp_path / "null")
    with output_file(device).open() as file:
        file.write(b"gone")
    assert stat.S_ISCHR(device.stat().st_mode)
    assert device.stat().st_rdev == os.makedev(1, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["null"]


def test_a_reader_that_goes_away_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)

    def write() -> None:
        with output_file(tmp_path / "pipe").open() as file:
            os.close(reading)
            file.write(b"x" * 100_000)

    with pytest.raises(BrokenEnvironment, match="pipe: who read it went away"):
        write()


def test_standard_output_is_a_dash_or_its_own_name(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    output = output_file(STANDARD_OUTPUT)
    assert output.is_standard_output
    with output.open() as file:
        file.write(b"rows\n")
    assert capfdbinary.readouterr().out == b"rows\n"
    assert not Path("-").exists()


@pytest.mark.parametrize("to_a_pipe", [True, False])
def test_dev_stdout_is_standard_output(tmp_path: Path, to_a_pipe: bool) -> None:
    """By a link of our own to /proc/self/fd/1, as /dev/stdout is one."""
    (tmp_path / "stdout").symlink_to("/proc/self/fd/1")
    code = (
        "import sys; from pathlib import Path; from broadsheet.archive.output import output_file\n"
        "output = output_file(Path(sys.argv[1])); assert output.is_standard_output\n"
        "with output.open() as file: file.write(b'rows')\n"
        "print(' and more')"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "stdout")]
    if to_a_pipe:
        assert subprocess.run(command, check=True, capture_output=True, timeout=60).stdout == b"rows and more\n"
    else:
        with (tmp_path / "out").open("wb") as out:
            subprocess.run(command, check=True, stdout=out, timeout=60)
        assert (tmp_path / "out").read_bytes() == b"rows and more\n"
    assert (tmp_path / "stdout").is_symlink()


def test_what_cannot_be_written_piece_by_piece_refuses_streams(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, said in (
        (tmp_path / "pipe", "is a pipe or a device, and a WACZ"),
        (STANDARD_OUTPUT, "is standard output, and"),
    ):
        with pytest.raises(BadInput, match=f"{said}.* cannot be written piece by piece. Name a file"):
            output_file(path, whole="a WACZ")


def test_a_folder_is_no_stream_and_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    (tmp_path / "to the pipe").symlink_to("pipe")
    for path, what in (
        (tmp_path / "pipe", "a pipe or a device"),
        (tmp_path / "to the pipe", "a pipe or a device"),
        (tmp_path / "file", "a file"),
        (STANDARD_OUTPUT, "standard output"),
    ):
        with pytest.raises(BadInput, match=f"is {what}, and a collection is a folder. Name a new folder"):
            output_folder(path, "a collection")
    (tmp_path / "circle").symlink_to("circle")
    for path, said in (
        (tmp_path / "circle", "is a link that leads to itself"),
        (tmp_path / "file" / "x", r"lies in what is no folder\. Name a new folder"),
        (tmp_path / "pipe" / "x" / "y", "lies in what is no folder"),
    ):
        with pytest.raises(BadInput, match=said):
            output_folder(path, "a collection")
    (tmp_path / "to be").symlink_to("new")
    for path in (tmp_path / "new", tmp_path / "to be", tmp_path / "new" / "deep", Path(), Path("/")):
        assert output_folder(path, "a collection") == path
    assert output_folder(tmp_path, "a collection") == tmp_path


def test_no_place_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "file").touch()
    for path, said in (
        (tmp_path, "is a folder, which is never replaced by a file. Name a file"),
        (tmp_path / "none" / "x", "lies in a folder that is not there. Make the folder first"),
        (tmp_path / "file" / "x", "lies in a folder that is not there"),
        (tmp_path / "circle", "is a link that leads to itself"),
    ):
        with pytest.raises(BadInput, match=said):
            output_file(path)


def test_what_is_read_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x").write_bytes(b"read")
    (tmp_path / "link").symlink_to("in/x")
    for path in (
        tmp_path / "in" / "x",
        tmp_path / "link",
        tmp_path / "in" / ".." / "in" / "x",
        tmp_path / "in" / "new",
    ):
        with pytest.raises(BadInput, match=r"is what the command reads, or lies in it\. Name another file"):
            output_file(path, inputs=[tmp_path / "in"])
    with pytest.raises(BadInput, match="is what the command reads"):
        output_file(tmp_path / "link", inputs=[tmp_path / "in" / "x"])
    assert not output_file(tmp_path / "in" / "new", inputs=[tmp_path / "in" / "x"]).streamed


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """As root all folders can be written: a file system that refuses is one that says so."""
    read_only = Path("/proc/sys/kernel")  # where no file can be made, not even by root
    if not read_only.is_dir():
        pytest.skip("there is no /proc/sys here")
    with pytest.raises(BroadsheetError) as refused, output_file(read_only / "broadsheet-test").open() as file:
        file.write(b"x")
    assert "broadsheet-test" in str(refused.value)
    assert ".part" not in str(refused.value)


def test_an_object_is_uploaded_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    uploaded: dict[str, bytes] = {}
    monkeypatch.setattr(output, "put_file", lambda url, path: uploaded.update({url: path.read_bytes()}))
    named = output.named_output("s3://bucket/folder/rows.csv")
    with output.output_file(named).open() as file:
        file.write(b"rows")
        assert not uploaded
    assert uploaded == {"s3://bucket/folder/rows.csv": b"rows"}
    uploaded.clear()
    with suppress(ZeroDivisionError), output.output_file(named).open():
        raise ZeroDivisionError
    assert not uploaded
    for nothing in ("s3://bucket", "s3://bucket/folder/"):
        with pytest.raises(BadInput, match="names no object"):
            output.output_file(output.named_output(nothing))
    assert output.named_output("rows.csv") == Path("rows.csv")
