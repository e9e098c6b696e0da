"""The README's examples run, and what it names is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_file_that_it_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)


def test_every_command_that_it_names_exists() -> None:
    from broadsheet.cli import cli

    named = set(re.findall(r"broadsheet (\w+)", README)) - {"broadsheet"}
    assert {"crawl", "extract", "verify", "demo"} <= named <= set(cli.commands)


@pytest.mark.slow
def test_the_python_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-m", "broadsheet", "demo", "-o", str(tmp_path / "example"), "-q"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert examples
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})
