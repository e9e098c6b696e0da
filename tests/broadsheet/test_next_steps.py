"""The next steps that the demo prints name programs that are there, and work as they stand."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from small_warcs import answered, write_warc

from broadsheet.demo.next_steps import next_steps
from broadsheet.pipelines.derive.extract import extract

PAGE = "<html lang=de><h1>Die Fähre</h1>" + "<p>Sie fuhr um neun ab, und um zwölf war sie wieder da.</p>" * 5


def test_each_line_runs_in_a_shell_that_has_nothing_on_its_path(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    extract([write_warc(tmp_path / "in", "x", [answered("https://a.example/", PAGE)])], folder, workers=1)
    steps = next_steps(folder, {"PATH": "/usr/bin:/bin"})
    assert len(steps.splitlines()) == 4
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    for line in steps.splitlines():
        subprocess.run(["sh", "-c", line], check=True, capture_output=True, env=bare)
    assert list((tmp_path / "a folder-markdown").rglob("*.md"))


def test_the_program_is_named_as_it_was_started(tmp_path: Path) -> None:
    assert "  uv run broadsheet verify " in next_steps(tmp_path, {"UV_RUN_RECURSION_DEPTH": "1"})
    beside = Path(sys.executable).parent
    assert next_steps(tmp_path, {"PATH": str(beside)}).startswith("  broadsheet verify ")
    other = tmp_path / "bin" / "broadsheet"
    other.parent.mkdir()
    shutil.copy(beside / "broadsheet", other)
    assert next_steps(tmp_path, {"PATH": str(other.parent)}).startswith(
        f"  {shlex.quote(sys.executable)} -m broadsheet"
    )
