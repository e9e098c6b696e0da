"""What a power cut would leave of a folder, by the most pessimistic file system that POSIX allows.

`PowerCut` listens to ``os.fsync``, ``os.rename`` and ``os.unlink``.  A name is as old as the last fsync of its folder, a
content as old as the last fsync of its file; all that was there at the beginning is durable.  So a test says what must be on
disk at a moment, and a sync that is left out makes it fail.  (What SQLite does is not seen: it calls the system from C.)
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

Seen = Callable[[str, Path], None]


class PowerCut:
    """The record of what is durable below *folder*.  ``calls`` are the calls so far: ``fsync NAME``, ``rename NAME``,
    ``unlink NAME``; ``torn`` are the names of files that were renamed before their content was durable."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.calls: list[str] = []
        self.torn: list[str] = []
        self.before: Seen = lambda _call, _path: None  # told of a rename or an unlink before it is made
        self._contents: dict[int, bytes] = {}  # of files, by inode
        self._names: dict[int, dict[str, int]] = {}  # of folders
        self._pinned: list[int] = []  # an inode that is open is not used anew
        for directory, _, names in os.walk(folder):
            for path in (Path(directory), *(Path(directory, name) for name in names)):
                descriptor = os.open(path, os.O_RDONLY)
                self._remember(descriptor)
                os.close(descriptor)
        self._fsync, self._rename, self._unlink = os.fsync, os.rename, os.unlink
        monkeypatch.setattr(os, "fsync", self._on_fsync)
        monkeypatch.setattr(os, "rename", self._on_rename)
        monkeypatch.setattr(os, "unlink", self._on_unlink)

    def survivors(self, folder: Path | None = None) -> dict[str, bytes]:
        """The files below *folder* that are there after a power cut now, by their relative names, with their contents."""
        folder = folder or self.folder
        return dict(self._below(folder.stat().st_ino, ""))

    def present(self, folder: Path | None = None) -> dict[str, bytes]:
        """The files below *folder* that are there without a power cut."""
        folder = folder or self.folder
        return {
            str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
        }

    def _below(self, inode: int, prefix: str) -> list[tuple[str, bytes]]:
        found = []
        for name, inner in sorted(self._names.get(inode, {}).items()):
            if inner in self._names:
                found += self._below(inner, f"{prefix}{name}/")
            elif inner in self._contents:
                found.append((prefix + name, self._contents[inner]))
        return found

    def _remember(self, descriptor: int) -> None:
        status = os.fstat(descriptor)
        reading = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY)
        self._pinned.append(reading)
        if stat.S_ISDIR(status.st_mode):
            self._names[status.st_ino] = {entry.name: entry.inode() for entry in os.scandir(reading)}
        else:
            self._contents[status.st_ino] = os.pread(reading, status.st_size, 0)

    def _on_fsync(self, descriptor: int) -> None:
        self._fsync(descriptor)
        self._remember(descriptor)
        self.calls.append(f"fsync {Path(os.readlink(f'/proc/self/fd/{descriptor}')).name}")

    def _on_rename(self, source: Path, target: Path, **more: int) -> None:
        self.before("rename", Path(target))
        if Path(source).is_file() and self._contents.get(Path(source).stat().st_ino) != Path(source).read_bytes():
            self.torn.append(Path(target).name)
        self.calls.append(f"rename {Path(target).name}")
        self._rename(source, target, **more)

    def _on_unlink(self, path: Path, **more: int) -> None:
        self.before("unlink", Path(path))
        self.calls.append(f"unlink {Path(path).name}")
        self._unlink(path, **more)
