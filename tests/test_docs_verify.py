"""docs/verify.md has every rule of the verifier, as it is in the code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_of_the_rules_is_true() -> None:
    spec = importlib.util.spec_from_file_location("make_verify", ROOT / "docs" / "make_verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.verify_page(), "run: uv run python docs/make_verify.py"
