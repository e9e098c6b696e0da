"""docs/extraction.md has the tables of roles as they are in the code, and names every kind of page that a row can have."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", ["article", "listing", "live", "gallery", "video"])
def test_every_page_type_is_named(name: str) -> None:
    assert f"`{name}`" in (DOCS / "extraction.md").read_text("utf-8")


def test_the_tables_of_roles_are_true() -> None:
    spec = importlib.util.spec_from_file_location("make_roles", DOCS / "make_roles.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text("utf-8") == module.extraction_page(), "run: uv run python docs/make_roles.py"
