"""Whether the tests can fail: ``uv run python tests/mutants/run.py [WORD...]`` puts one fault after another into a copy of the
sources and runs the tests that must find it.

With WORDs: only mutants whose file or fault has one of them.  Exit code 1 when a mutant survives, when what it replaces is not
in its file exactly once, or when a test fails without any fault.  The sources themselves are never touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mutant import Mutant
from mutants import MUTANTS

ROOT = Path(__file__).resolve().parents[2]
_TREES = ("archive", "crawler", "pipelines", "broadsheet", "tests", "docs")
_FILES = ("pyproject.toml", "README.md")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*_cache", ".hypothesis")
_FAILED = 1  # pytest's exit code


def main(words: list[str]) -> int:
    """Run them; the exit code."""
    chosen = [one for one in MUTANTS if not words or any(word in f"{one.path} {one.fault}" for word in words)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "copy"
        copy.mkdir()
        for tree in _TREES:
            shutil.copytree(ROOT / tree, copy / tree, symlinks=True, ignore=_LEFT_OUT)
        for name in _FILES:
            shutil.copy2(ROOT / name, copy / name)
        tests = sorted({one.killed_by for one in chosen})
        if _pytest(copy, *tests) != 0:
            print("The tests fail without any fault: see to that first.")
            return 1
        survivors = [one for one in chosen if not _dies(copy, one)]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} mutants die.")
    return 1 if survivors else 0


def _dies(copy: Path, mutant: Mutant) -> bool:
    path = copy / mutant.path
    source = path.read_text("utf-8")
    if source.count(mutant.old) != 1:
        print(f"NOT THERE  {mutant.path}: {mutant.fault}", flush=True)
        return False
    try:
        path.write_text(source.replace(mutant.old, mutant.new), "utf-8")
        code = _pytest(copy, mutant.killed_by)
    finally:
        path.write_text(source, "utf-8")
    said = {0: "SURVIVES", _FAILED: "dies"}.get(code, f"pytest exits with {code}")
    print(f"{said:10} {mutant.path}: {mutant.fault}", flush=True)
    return code == _FAILED


def _pytest(copy: Path, *tests: str) -> int:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--hypothesis-profile=ci", "-p", "no:cacheprovider", *tests]
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # a .pyc of the second before is stale
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if done.returncode and os.environ.get("BROADSHEET_MUTANTS_VERBOSE"):
        print(done.stdout[-1500:] + done.stderr[-500:])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
