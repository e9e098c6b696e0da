"""The programs of others that our archives are held against, each in an environment of its own: oracles, not dependencies.

They are installed once and kept in the folder that ``BROADSHEET_ORACLES`` names, else in one under the system's folder
for temporary files.  Nothing is installed into our own environment, and nothing of theirs is in this repository: pywb is
GPL-3.0, replayweb.page AGPL-3.0, warcprox GPL-2.0.  Where the package index or a program that installs is out of reach,
`Unavailable` says so.
"""

from __future__ import annotations

import fcntl
import getpass
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PYWB = ("pywb==2.10.0", "setuptools<81")  # pywb imports pkg_resources, which later ones no longer have
WARCPROX = ("warcprox==2.13.1",)
INDEXERS = ("cdxj-indexer==1.5.0", "wacz==0.6.0")
ARCHIVE_CLIENTS = (
    "cdx-toolkit==0.9.39",
    "memento-client==0.6.1",
    "openapi-spec-validator==0.9.0",
    "wayback==0.5.1",
    "waybackpy==3.0.6",
)
REPLAYWEB_PAGE = "replaywebpage@2.5.3"
_SECONDS = 240


class Unavailable(Exception):
    """An oracle cannot be installed here."""


def pywb() -> Path:
    """The folder with pywb's ``wayback``."""
    return _kept("pywb-2.10.0", lambda folder: _python_programs(folder, PYWB)) / "bin"


def warcprox() -> Path:
    """The folder with ``warcprox``."""
    return _kept("warcprox-2.13.1", lambda folder: _python_programs(folder, WARCPROX)) / "bin"


def indexers() -> Path:
    """The folder with ``cdxj-indexer`` and py-wacz's ``wacz``."""
    return _kept("indexers-1", lambda folder: _python_programs(folder, INDEXERS)) / "bin"


def archive_clients() -> Path:
    """The folder with a Python that has programs which read public web archives."""
    return _kept("archive-clients-1", lambda folder: _python_programs(folder, ARCHIVE_CLIENTS)) / "bin"


def replayweb_page() -> Path:
    """The folder with replayweb.page's ``ui.js`` and ``sw.js``."""
    return _kept("replaywebpage-2.5.3", _replayweb_page) / "package"


def cache() -> Path:
    """Where the oracles are kept."""
    named = os.environ.get("BROADSHEET_ORACLES")
    return Path(named) if named else Path(tempfile.gettempdir()) / f"broadsheet-oracles-{getpass.getuser()}"


def _kept(name: str, install: Callable[[Path], None]) -> Path:
    """The folder *name* of the cache; *install* fills it, once, whoever else wants it at the same time."""
    folder = cache() / name
    with _alone(folder.with_suffix(".lock")):
        done = folder / "installed"
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            install(folder)
            done.touch()
    return folder


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _python_programs(folder: Path, packages: tuple[str, ...]) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise Unavailable("uv is not here to make an environment")
    _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, "."], folder)
    _run([uv, "pip", "install", "--quiet", "--no-config", "--python", "bin/python", *packages], folder)


def _replayweb_page(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("npm is not here to fetch replayweb.page")
    _run([npm, "pack", "--silent", REPLAYWEB_PAGE], folder)
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as file:
        file.extractall(folder, filter="data")
    packed.unlink()


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{' '.join(command)} took more than {_SECONDS} s") from error
    if done.returncode != 0:
        raise Unavailable(f"{' '.join(command)} failed: {done.stderr.strip()[-300:]}")
