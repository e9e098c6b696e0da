"""axe-core (MPL-2.0), which finds what people with other senses or hands cannot use: fetched by npm once, kept with the other
programs of the tests, and not a part of this repository."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

_PACKAGE = "axe-core@4.14.1"


def axe_script() -> str | None:
    """The script, or None where it is out of reach."""
    named = os.environ.get("BROADSHEET_ORACLES")
    kept = Path(named) if named else Path(tempfile.gettempdir()) / f"broadsheet-oracles-{getpass.getuser()}"
    script = kept / f"{_PACKAGE.replace('@', '-')}.js"
    if not script.is_file() and not _fetch(kept, script):
        return None
    return script.read_text("utf-8")


def _fetch(kept: Path, script: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as folder:
        command = [npm, "pack", "--silent", _PACKAGE]
        if subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120).returncode:
            return False
        (packed,) = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as archive:
            source = archive.extractfile("package/axe.min.js")
            assert source is not None
            made = Path(folder) / "axe.js"
            made.write_bytes(source.read())
        made.replace(script)
    return True
