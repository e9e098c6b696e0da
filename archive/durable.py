"""Files that are there whole or not at all, also after a kill, a full disk or a power cut: the one place that makes them.

A file that readers look for is written under another name and synced, renamed, and its folder is synced.  POSIX makes the
rename atomic, and nothing else: without the first fsync a power cut can leave an empty file under the final name, without the
last one the old file, or none (fsync(2), rename(2); Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014).

The name for the meantime is ``.NAME.RANDOM.part``.  Its writer holds a lock on it (flock), which dies with the process; so
the next one that makes the same file removes what a kill left, and never what somebody writes now.

Links are followed: the file that a link leads to is replaced, the link stays.  A pipe, a device or a folder is never replaced.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import IO

from broadsheet.archive.errors import BadInput

PART_SUFFIX = ".part"
_BUFFER = 1024 * 1024
_SYNCS = 8  # at a time: a file system writes its journal once for all that wait for it
_FEW = 4  # pieces that are joined, to be written with one call
_LONGEST = 150  # bytes of a name that its temporary name begins with; 255 is the limit of most file systems


@contextmanager
def whole_file(path: Path, *, made_in: Path | None = None, replace: bool = True) -> Iterator[IO[bytes]]:
    """A binary file to write; when the block ends it is *path*, durably.  If anything fails *path* is what it was.

    It is made beside *path*, or in the folder *made_in* of the same file system, whose owner sweeps it (`empty_folder`).

    Raises:
        BadInput: *path* is a pipe, a device or a folder; or it is there, and not to be replaced.
        OSError: the disk refuses.
    """
    place = place_of(path, replace=replace)
    if made_in is None:
        _sweep(place)
    temporary, file = _begin(made_in or place.parent, place.name)
    try:
        yield file
        file.flush()
        os.fsync(file.fileno())
        place_of(path, replace=replace)  # it may have come meanwhile
        rename(temporary, place)  # before the file is closed: its lock keeps others from taking it for left behind
    except BaseException:
        with suppress(OSError):  # the first error is the one to tell
            temporary.unlink(missing_ok=True)
        with suppress(OSError):
            file.close()
        raise
    file.close()


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill; when the block ends it is *path*, which must not exist or be empty, and all in it is durable.

    Raises:
        BadInput: something is there.
        OSError: the disk refuses.
    """
    place = path.resolve()
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise BadInput(str(path), "is there already, and not empty", "Choose another name, or delete it.")
    make_folders(place.parent)
    with scratch_folder(place) as temporary:
        folder = temporary / "whole"
        folder.mkdir()
        yield folder
        sync_tree(folder)
        if place.exists():
            place.rmdir()
        rename(folder, place)


@contextmanager
def scratch_folder(path: Path) -> Iterator[Path]:
    """A folder beside *path* for what is needed while that is made; it goes when the block ends, or after a kill the next time.

    Raises:
        OSError: the disk refuses.
    """
    _sweep(path)
    temporary, descriptor = _begin_folder(path)
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        os.close(descriptor)


@contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """A folder for what is needed meanwhile, where the system has its temporary files; what a killed run left of the same
    *purpose* goes first.

    Raises:
        OSError: the disk refuses.
    """
    with scratch_folder(Path(tempfile.gettempdir()) / f"broadsheet-{purpose}") as folder:
        yield folder


class AppendFile:
    """A file that only grows, under the name *growing*, and gets the name *path* when it is finished.

    Both names are made durable; what it holds is durable up to the last `sync`.  One thread appends; another may sync.

    Raises:
        OSError: the disk refuses; nothing is left.  Also when *growing* exists.
    """

    def __init__(self, path: Path, growing: Path) -> None:
        self.path, self._growing = path, growing
        self.size = 0  # bytes
        self._unsynced = False
        self._file = _create(growing)
        try:
            sync_directory(growing.parent)
        except OSError:
            with suppress(OSError):  # the first error is the one to tell
                self.discard()
            raise

    def append(self, pieces: Sequence[bytes]) -> None:
        """Write all of *pieces* at the end, or nothing of them.

        Raises:
            OSError: the disk refuses; the file ends where it did.
        """
        start = self.size
        self._unsynced = True
        try:
            for piece in [b"".join(pieces)] if len(pieces) <= _FEW else pieces:
                view = memoryview(piece)
                while view:
                    view = view[self._file.write(view) :]
                self.size += len(piece)
        except OSError:
            self.size = start
            self._file.truncate(start)
            self._file.seek(start)
            raise

    def sync(self) -> None:
        """Make all that was appended durable; does nothing when nothing was since.

        Raises:
            OSError: the disk failed: what was appended since the last sync may or may not be there.
        """
        if self._unsynced:
            self._unsynced = False  # before: what another thread appends meanwhile is for the next sync
            os.fsync(self._file.fileno())

    def finish(self) -> None:
        """Sync, close, and give the file its final name, durably."""
        self.sync()
        self._file.close()
        rename(self._growing, self.path)

    def close(self) -> None:
        """Close it and leave it under the name that it grows by."""
        self._file.close()

    def discard(self) -> None:
        """Close it and remove it."""
        self._file.close()
        remove([self._growing])


def place_of(path: Path, *, replace: bool = True) -> Path:
    """Where a file that is made for *path* goes: the file that a link leads to, or *path* itself.

    Raises:
        BadInput: what is there can or must not be replaced.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return path.resolve()  # of a link to nothing: what it leads to
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise BadInput(str(path), "is a link that leads to itself", "Choose another name, or delete it.") from error
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe, a socket or a device"
        raise BadInput(str(path), f"is {what}, which is never replaced by a file", "Name a file.")
    if not replace:
        raise BadInput(str(path), "is there already", "Choose another name, or delete it: nothing is ever overwritten.")
    return path.resolve()


def rename(path: Path, place: Path) -> None:
    """Give *path*, whose content is durable, the name *place*, durably."""
    path.rename(place)
    sync_directory(place.parent)


def remove(paths: Iterable[Path]) -> None:
    """Remove files, durably: they are gone before what is done next is on disk.  One that is gone already is no fault."""
    folders = {}
    for path in paths:
        with suppress(FileNotFoundError):
            path.unlink()
            folders[path.parent] = True
    for folder in folders:
        sync_directory(folder)


def make_folders(folder: Path) -> None:
    """Make *folder* and those above it that are missing, durably."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        sync_directory(one.parent)


@contextmanager
def folders_kept_if_used(folder: Path) -> Iterator[None]:
    """*folder* and those above it may be made in the block; when it fails, what is new of them and still empty goes again."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        yield
    except BaseException:
        for one in missing:
            with suppress(OSError):  # it was not made, or holds something
                one.rmdir()
        raise


def empty_folder(folder: Path) -> None:
    """Remove all that lies in *folder*, which is one of work in progress, and nobody's now."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Make the content of the file *path* durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(directory: Path) -> None:
    """Make the names in *directory* durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path, *, contents: bool = True) -> None:
    """Make all names below *folder* durable, and with *contents* what the files hold: without it their writers did that."""
    tree = [(Path(directory), names) for directory, _, names in os.walk(folder)]
    if contents:
        with ThreadPoolExecutor(_SYNCS) as pool:
            for _ in pool.map(sync_file, (directory / name for directory, names in tree for name in names)):
                pass
    for directory, _ in tree:
        sync_directory(directory)


def _create(path: Path) -> FileIO:
    """A new file, for writing at its end; never one that exists."""
    return FileIO(path, "xb")


def _begin(folder: Path, name: str) -> tuple[Path, IO[bytes]]:
    """A new file in *folder* that is recognised as being made for *name*, and locked."""
    while True:
        temporary = folder / f"{_prefix(name)}{uuid.uuid4().hex}{PART_SUFFIX}"
        raw = _create(temporary)
        _lock(raw.fileno())
        if os.fstat(raw.fileno()).st_nlink:
            return temporary, BufferedWriter(raw, _BUFFER)
        raw.close()  # swept away before it was locked


def _begin_folder(path: Path) -> tuple[Path, int]:
    """A new folder beside *path* that is recognised as being made for it, and the descriptor that holds its lock."""
    while True:
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path.name), suffix=PART_SUFFIX))
        with suppress(FileNotFoundError):  # swept away before it was locked
            descriptor = os.open(temporary, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            _lock(descriptor)
            if os.fstat(descriptor).st_nlink:
                return temporary, descriptor
            os.close(descriptor)


def _prefix(name: str) -> str:
    return f".{os.fsencode(name)[:_LONGEST].decode(errors='ignore')}."


def _lock(descriptor: int) -> None:
    with suppress(OSError):  # a file system without locks: then nobody sweeps there
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _sweep(place: Path) -> None:
    """Remove what a killed process left of *place*: temporary names that nobody has locked."""
    prefix = _prefix(place.name)
    for entry in place.parent.iterdir():
        if not (entry.name.startswith(prefix) and entry.name.endswith(PART_SUFFIX)):
            continue
        with suppress(OSError):  # locked by who writes it; or another sweeps, too
            descriptor = os.open(entry, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if entry.is_dir():
                    shutil.rmtree(entry)
                else:
                    entry.unlink()
            finally:
                os.close(descriptor)
