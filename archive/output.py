"""What a user names with ``-o``: the one place that decides what it is and how it is written.

| it is | a file is | a folder is |
|---|---|---|
| nothing yet, a regular file | made whole beside it, then renamed | refused, when it is a file |
| a link | made for what the link leads to; the link stays | likewise |
| ``-``, and standard output by any other name | written through | refused |
| a pipe, a character device | written through | refused |
| a folder | refused | filled, if it is empty |
| a block device, a socket | refused | refused |
| ``s3://bucket/key`` | made in a temporary file, then uploaded | refused |

Written through means that the bytes go there as they come, so a failure leaves a part of them; formats that are written with
seeking, or read again, refuse it.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from broadsheet.archive.durable import place_of, temporary_folder, whole_file
from broadsheet.archive.errors import BadInput, BrokenEnvironment, os_errors_of
from broadsheet.archive.storage import is_object, put_file

STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file to write, as it was named: checked by `output_file`.  ``streamed``: it is written through; ``url``: where in S3 it
    goes."""

    path: Path
    replace: bool = True
    streamed: bool = False
    url: str | None = None

    @property
    def is_standard_output(self) -> bool:
        """Whether what is written goes where results are printed."""
        return self.streamed and is_standard_output(self.path)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The file to write to; unless it is streamed it appears when the block ends, whole, or stays what it was.

        Raises:
            BadInput: *path* is no place for it.
            BrokenEnvironment: it cannot be written.
            BrokenPipeError: who read standard output went away.
        """
        if self.url is not None:
            with temporary_folder("upload") as folder:
                made = Path(folder) / "output"
                with os_errors_of(folder), made.open("wb") as file:
                    yield file
                put_file(self.url, made)
        elif self.is_standard_output:
            with os_errors_of("standard output"):
                yield sys.stdout.buffer
                sys.stdout.buffer.flush()
        elif self.streamed:
            with _written_through(self.path) as file:
                yield file
        else:
            with os_errors_of(self.path), whole_file(self.path, replace=self.replace) as file:
                yield file


def named_output(text: str) -> Path | str:
    """What a user typed behind ``-o``: a path, or the URL of an object in S3."""
    return text if is_object(text) else Path(text)


def output_file(path: Path | str, *, inputs: Sequence[Path] = (), replace: bool = True, whole: str = "") -> OutputFile:
    """The file *path*, or the object with that URL, that a user wants to be written, made from *inputs*, files and folders.
    *whole* is what is to be in it, when that cannot be written through.

    Raises:
        BadInput: it is no place for it.
        BrokenEnvironment: it may not be looked at.
    """
    if isinstance(path, str):
        if path.count("/") < 3 or path.endswith("/"):
            raise BadInput(path, "names no object", "Write it like s3://bucket/folder/name.jsonl.")
        return OutputFile(Path(path.rpartition("/")[2]), replace, url=path)
    with os_errors_of(path):
        mode = _mode(path)
        if is_standard_output(path) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
            if whole:
                what = "is standard output" if is_standard_output(path) else "is a pipe or a device"
                raise BadInput(str(path), f"{what}, and {whole} cannot be written piece by piece", "Name a file.")
            return OutputFile(path, replace, streamed=True)
        place = place_of(path, replace=replace)
        if not place.parent.is_dir():
            raise BadInput(str(path), "lies in a folder that is not there", "Make the folder first.")
        if any(place.is_relative_to(one.resolve()) for one in inputs):
            raise BadInput(str(path), "is what the command reads, or lies in it", "Name another file.")
    return OutputFile(path, replace)


def output_folder(path: Path | str, whole: str) -> Path:
    """The folder *path* that a user wants *whole* in; whether it is empty is asked by who fills it.

    Raises:
        BadInput: it is no folder, and none can be made there.
        BrokenEnvironment: it may not be looked at.
    """
    if isinstance(path, str):
        raise BadInput(path, f"is an object, and {whole} is a folder", "Name a new folder.")
    with os_errors_of(path):
        mode = _mode(path)
    if is_standard_output(path) or (mode and not stat.S_ISDIR(mode)):
        what = (
            "standard output" if is_standard_output(path) else "a file" if stat.S_ISREG(mode) else "a pipe or a device"
        )
        raise BadInput(str(path), f"is {what}, and {whole} is a folder", "Name a new folder.")
    if not mode:
        with os_errors_of(path):
            above = next(folder for folder in place_of(path).parents if folder.exists())
        if not above.is_dir():
            raise BadInput(str(path), "lies in what is no folder", "Name a new folder.")
    return path


def is_standard_output(path: Path) -> bool:
    """Whether *path* is standard output: ``-``, ``/dev/stdout`` and the like."""
    if path == STANDARD_OUTPUT:
        return True
    with suppress(OSError, ValueError):
        return os.path.samestat(path.stat(), os.fstat(1))
    return False


def _mode(path: Path) -> int:
    """The type of what *path* leads to; 0 when there is nothing."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as error:
        if error.errno == errno.ELOOP:
            return 0  # `place_of` says it
        raise


@contextmanager
def _written_through(path: Path) -> Iterator[IO[bytes]]:
    with os_errors_of(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)  # never O_CREAT: if it went meanwhile, that is an error
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
        except BrokenPipeError as error:
            raise BrokenEnvironment(str(path), "who read it went away", "Run the same command again.") from error
