"""Generations of a dataset: a new one is made whole beside the old one, then both folders change places in one step.

    DIR/generations/next/dataset     the new one while it is made; nobody reads it
    DIR/generations/until-N/dataset  an old one, kept until N (seconds since 1970) for those who still read it

Where the system can exchange two folders (Linux: ext4, xfs, btrfs, tmpfs, overlay; macOS: APFS) there is no moment without a
dataset and none with a mixture.  Elsewhere it takes two renames, and in between the folder is missing: a kill there is
mended by the next command that writes.  Writers of the collection keep out by its lock, so nothing is added meanwhile.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from broadsheet.archive.durable import rename, sync_directory, sync_tree, whole_file

_AT_FDCWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2), RENAME_SWAP of renamex_np(2)
_NUMBER = "_generation"
_UNTIL = "until"
_TRIES = 5
_DEFAULT_GRACE = 3600.0  # seconds, when a kill took the note of what was asked for
T = TypeVar("T")


def generations_folder(dataset: Path) -> Path:
    """Where the generations of *dataset* lie: on its file system, also when it is a link."""
    return dataset.resolve().parent / "generations"


def next_folder(dataset: Path) -> Path:
    """The folder in which the next generation of *dataset* is made."""
    return generations_folder(dataset) / "next"


def generation_number(dataset: Path) -> int:
    """How often *dataset* was replaced as a whole."""
    try:
        return int((dataset / _NUMBER).read_text())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return 0


def number_next(dataset: Path) -> None:
    """Tell the next generation of *dataset* from the present one; to be done before anything else of it is made."""
    staged = next_folder(dataset) / "dataset"
    staged.mkdir(parents=True, exist_ok=True)
    _note(staged / _NUMBER, generation_number(dataset) + 1)


def switch(dataset: Path, grace: float) -> None:
    """Put the next generation in the place of *dataset*, and keep that for *grace* seconds.

    Raises:
        OSError: the system refuses; the dataset is what it was.
    """
    folder = next_folder(dataset)
    _note(folder / _UNTIL, time.time() + grace)
    sync_tree(folder, contents=False)  # that of its files is their writers' care
    place = dataset.resolve()
    if not exchange(place, folder / "dataset"):
        away = generations_folder(dataset) / "away"
        rename(place, away)
        rename(folder / "dataset", place)
        rename(away, folder / "dataset")
    for changed in (place.parent, folder):
        sync_directory(changed)
    settle(dataset)


def settle(dataset: Path) -> None:
    """Finish what a kill left of a switch, and remove old generations whose time is over.

    Raises:
        OSError: the disk refuses.
    """
    folder = generations_folder(dataset)
    if not folder.is_dir():
        return
    place, away = dataset.resolve(), folder / "away"
    if away.is_dir():
        if not place.exists() or not any(place.iterdir()):  # empty: made anew by who did not find it
            rename(away, place)
        else:
            rename(away, folder / "next" / "dataset")
    staged = folder / "next"
    if staged.is_dir() and generation_number(staged / "dataset") < generation_number(place):
        rename(staged, folder / f"until-{_until(staged):.0f}-{generation_number(place):06d}")
    for old in folder.glob("until-*"):
        if float(old.name.split("-")[1]) <= time.time():
            shutil.rmtree(old)
    if not any(folder.iterdir()):
        folder.rmdir()


def forget(dataset: Path) -> None:
    """Remove all old generations of *dataset*, whatever their time.

    Raises:
        OSError: the disk refuses.
    """
    for old in generations_folder(dataset).glob("until-*"):
        shutil.rmtree(old)
    settle(dataset)


def present(dataset: Path, path: Path) -> Path:
    """Where the file *path* of *dataset* lies: there, or in an old generation, if it was compacted since *path* was named."""
    if path.exists():
        return path
    try:
        relative = path.relative_to(dataset)
    except ValueError:
        return path
    copies = (folder / "dataset" / relative for folder in sorted(generations_folder(dataset).glob("*"), reverse=True))
    return next((copy for copy in copies if copy.exists()), path)


def opened(dataset: Path, path: Path, opener: Callable[[Path], T]) -> T:
    """What *opener* makes of the file *path* of *dataset*, wherever it lies just now.

    Raises:
        FileNotFoundError: it is neither there nor in an old generation.
    """
    for _ in range(_TRIES):  # it may go between the look and the opening
        try:
            return opener(present(dataset, path))
        except FileNotFoundError:
            continue
    return opener(present(dataset, path))


def exchange(first: Path, second: Path) -> bool:
    """Let two folders change places in one step; False when this system cannot.

    Raises:
        OSError: it can, and refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    names = (os.fsencode(first), os.fsencode(second))
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(*names, _EXCHANGE)
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}:
        return False
    raise OSError(number, os.strerror(number), str(first))


def _until(staged: Path) -> float:
    try:
        return float((staged / _UNTIL).read_text())
    except (OSError, ValueError):
        return time.time() + _DEFAULT_GRACE


def _note(path: Path, number: float) -> None:
    with whole_file(path) as file:
        file.write(f"{number}\n".encode())
