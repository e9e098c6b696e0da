"""The Collection: a folder that holds an archive and all that is derived from it.

    DIR/collection.sqlite              journal: catalogue of captures, and the frontier of a crawl
    DIR/archive/*.warc.gz              the archive; ``*.warc.gz.open`` while it is written
    DIR/dataset/<table>/**/*.parquet   the dataset: published parts only
    DIR/generations/                   datasets that a compacted one replaced, for a while
    DIR/logs/                          logs of crawls
    DIR/action/                        what was asked of a running crawl (crawler/control)
    DIR/tmp/                           work in progress; may be deleted whenever no command runs

The names are those that pywb and WACZ use, so that other tools read a collection without ours.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from broadsheet.archive.errors import BadInput, CorruptArchive, check_name, from_os_error, os_errors_of
from broadsheet.archive.generations import settle
from broadsheet.archive.journal import create_journal
from broadsheet.archive.output import output_folder


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection's folder.  Make one with `create` or `open`."""

    directory: Path

    @property
    def journal(self) -> Path:
        """The SQLite file."""
        return self.directory / "collection.sqlite"

    @property
    def archive(self) -> Path:
        """The folder of the WARC files."""
        return self.directory / "archive"

    @property
    def dataset(self) -> Path:
        """The folder of the Parquet tables."""
        return self.directory / "dataset"

    @property
    def contents(self) -> tuple[Path, ...]:
        """What is read of it, and so never written over by a command that makes something else of it."""
        return (self.journal, self.archive, self.dataset)

    @property
    def logs(self) -> Path:
        """The folder of the logs."""
        return self.directory / "logs"

    @property
    def temporary(self) -> Path:
        """Work in progress, on the same file system as all the rest so that a rename publishes."""
        return self.directory / "tmp"

    def was_one(self) -> bool:
        """Whether the folder has what a collection has, and no journal: that was lost."""
        traces = (self.dataset / "_manifest", self.directory / "collection.lock")
        return not self.journal.is_file() and self.archive.is_dir() and any(trace.exists() for trace in traces)

    def was_extracted(self) -> bool:
        """Whether a dataset was made, be it there or not: what was decided on the way to it is kept beside it."""
        kept = (self.directory / "profiles" / name for name in ("judgements", "sketches"))
        return any(True for folder in kept for _ in folder.rglob("*.npz"))

    @classmethod
    def open(cls, directory: Path) -> Collection:
        """The collection in *directory*.

        Raises:
            BadInput: there is none.
            CorruptArchive: there was one, and its journal is gone.
        """
        collection = cls(directory)
        check_name(directory)
        if not collection.journal.is_file():
            if collection.was_one():
                remedy = (
                    "Put a copy of it in its place. Without one a crawl cannot go on, but its dataset and its WARCs can be "
                    f"read: `broadsheet query`, `export` and `publish`; `broadsheet extract {collection.archive} -o NEW`."
                )
                raise CorruptArchive(str(collection.journal), "the journal of this collection is gone", remedy)
            what = "no such folder" if not directory.exists() else "is not a collection"
            what = what if directory.is_dir() or not directory.exists() else "is a file, not a collection"
            raise BadInput(str(directory), what, "Name a folder that `broadsheet crawl` or `extract` made.")
        return collection

    @classmethod
    def open_dataset(cls, directory: Path) -> Collection:
        """The collection in *directory*, to read its dataset: that can be done without the journal, should it be gone.

        Raises:
            BadInput: there is none.
            CorruptArchive: there was one, and its journal and its dataset are gone.
        """
        collection = cls(directory)
        has_dataset = (collection.dataset / "_manifest").is_dir()
        return collection if has_dataset and collection.was_one() else cls.open(directory)

    @classmethod
    def create(cls, directory: Path) -> Collection:
        """A new collection in *directory*, which must be empty or not exist; an existing collection is opened.

        Raises:
            BadInput: the folder holds something else.
            BrokenEnvironment: it cannot be written.
        """
        collection = cls(directory)
        check_name(directory)
        if collection.journal.is_file():
            return collection
        output_folder(directory, "a collection")
        ours = {"archive", "dataset", "logs", "tmp", "collection.lock"}
        being_made = (
            f"{collection.journal.name}.new"  # and what SQLite lays beside it: left by a kill in `create_journal`
        )
        names = {entry.name for entry in directory.iterdir()} if directory.is_dir() else set()
        if foreign := sorted(name for name in names - ours if not name.startswith(being_made)):
            raise BadInput(
                str(directory), f"is not a collection and not empty (it holds {foreign[0]})", "Choose another folder."
            )
        try:
            directory.resolve().mkdir(parents=True, exist_ok=True)  # of a link to nothing yet: what it leads to
            for folder in (collection.archive, collection.dataset, collection.logs, collection.temporary):
                folder.mkdir(exist_ok=True)
            with collection._making():
                if not collection.journal.is_file():
                    create_journal(collection.journal)
        except OSError as error:
            raise from_os_error(error, str(directory)) from error
        return collection

    @contextmanager
    def _making(self) -> Iterator[None]:
        """Be the only one that makes this collection, for a moment: two commands that begin at once would each sweep away what
        the other makes.  The lock is on the folder, so nothing of it stays."""
        descriptor = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            with suppress(OSError):  # a file system without locks for folders
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only command that writes to this collection; the lock dies with the process, however it dies.

        Raises:
            BadInput: another command holds it.
            BrokenEnvironment: the folder cannot be written.
        """
        lock = self.directory / "collection.lock"
        with os_errors_of(lock):
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BadInput(
                    str(self.directory), "another broadsheet command is working on it", "Wait for it, or stop it."
                ) from error
            with os_errors_of(self.dataset):
                settle(self.dataset)
            yield
        finally:
            os.close(descriptor)

    def is_locked(self) -> bool:
        """Whether a command writes to this collection now (`locked`), without touching the lock.

        Linux lists all locks by inode; elsewhere a journal that was written within a minute is taken for it.
        """
        try:
            inode = (self.directory / "collection.lock").stat().st_ino
            with suppress(OSError):
                locks = Path("/proc/locks").read_text("ascii", "replace").splitlines()
                return any("FLOCK" in line and f":{inode} " in line for line in locks)
            written = max(path.stat().st_mtime for path in self.directory.glob(f"{self.journal.name}*"))
        except (OSError, ValueError):  # no lock was ever taken; a file went between its listing and its stat
            return False
        return time.time() - written < 60

    def warc_path(self, filename: str) -> Path:
        """Where the own WARC of that name lies now: closed, or still open; of one that is gone, where it should lie."""
        closed, growing = self.archive / filename, self.archive / f"{filename}.open"
        return growing if not closed.exists() and growing.exists() else closed
