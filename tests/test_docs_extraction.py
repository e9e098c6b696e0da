"""docs/extraction.md names every role and every kind of page that a row can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.pipelines.extract.site.sketch import ROLES

TEXT = (Path(__file__).parent.parent / "docs" / "extraction.md").read_text("utf-8")


@pytest.mark.parametrize("name", [*ROLES, "article", "listing", "live", "gallery", "video"])
def test_every_role_and_page_type_is_told(name: str) -> None:
    assert f"`{name}`" in TEXT
