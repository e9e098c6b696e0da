"""JSON-LD that is broken."""

from __future__ import annotations

import pytest
from page_metadata import names, read


@pytest.mark.parametrize(
    "broken", ["{", '{"@type": ', "[]", "null", '{"@graph": 3}', '{"author": {"name": {"a": 1}}}', "\0", "{" * 5000]
)
def test_broken_json_ld_costs_itself_only(broken: str) -> None:
    found = read(f'<script type="application/ld+json">{broken}</script><meta name=author content="Ann Ho">')
    assert (found.title, names(found)) == ("The harbour froze", ["Ann Ho"])
