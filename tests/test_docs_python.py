"""The Python of docs/python.md runs, in its order, in one folder."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "python.md").read_text("utf-8")


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    page = (
        "<html lang=en><title>Ferry</title><link rel=canonical href=https://f.example/1><h1>The ferry sails</h1>"
        + "<p>It left the quay at nine and was back at noon.</p>" * 9
    )
    (tmp_path / "pages" / "ferry.html").write_text(page)
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 3
    for number, code in enumerate(examples):
        path = tmp_path / f"example{number}.py"
        path.write_text(code)
        runpy.run_path(str(path))
    said = capsys.readouterr().out
    assert "The ferry sails again en" in said
    assert "failed: https://news.invalid/" in said
    assert "The ferry sails\n" in said
