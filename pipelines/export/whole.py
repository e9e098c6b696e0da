"""A file or a folder that appears when it is whole, not at all when anything fails: made beside its place, synced, renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from broadsheet.archive.errors import BadInput, from_os_error
from broadsheet.archive.warc.writer import sync_directory


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write; when the block ends it takes the place of *path*.

    Raises:
        BrokenEnvironment, BadInput: it cannot be written; what was there stays.
    """
    temporary = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        raise from_os_error(error, str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill; when the block ends it is *path*, which must not exist or be empty.

    Raises:
        BadInput: something is there.
        BrokenEnvironment: it cannot be written.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise BadInput(str(path), "is there already, and not empty", "Choose another with -o, or delete it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name[:100]}."))
        try:
            temporary.chmod(0o755)
            yield temporary
            for folder, _, _ in os.walk(temporary):
                sync_directory(Path(folder))
            if path.exists():
                path.rmdir()
            temporary.rename(path)
            sync_directory(path.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)  # it is gone when all went well
    except OSError as error:
        raise from_os_error(error, str(path)) from error
