"""The README's examples run, and what it names is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from broadsheet.archive.collection import Collection
from broadsheet.pipelines.dataset.card import write_card
from tests.pipelines.compact.varied_collection import Varied, derive, warc

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
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert examples
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})


def test_the_first_example_reads_the_current_of_two_extractions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = tmp_path / "example"
    path = warc(example / "archive", "one", range(6))
    for extraction in ("first", "second"):
        derive(example, [path], Varied(extraction, extraction))
    write_card(Collection(example))
    monkeypatch.chdir(tmp_path)
    (code,) = (one for one in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "datapackage" in one)
    found: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), found)
    assert set(found["articles"]["extraction_id"].to_pylist()) == {"second"}
    assert found["articles"].num_rows == 6
