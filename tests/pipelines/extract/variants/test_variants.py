"""Pages of many makes of markup: each kind of page is read alike in all of them."""

from __future__ import annotations

import pytest
from embedded_variants import EMBEDDED
from maker_variants import MAKERS
from markdown_variants import MARKDOWN
from passage_variants import FURNITURE, PASSAGE, SEEN, WRITTEN
from picture_variants import PICTURES
from script_variants import SCRIPTS
from structure_variants import STRUCTURE
from varied_page import Varied, faults_of

_GROUPS = {
    "embedded": EMBEDDED, "markdown": MARKDOWN, "pictures": PICTURES, "structure": STRUCTURE,
    "passage": PASSAGE, "furniture": FURNITURE, "written": WRITTEN, "seen": SEEN, "makers": MAKERS, "scripts": SCRIPTS,
}  # fmt: skip
_PAGES = [
    pytest.param(page, id=f"{group} {number}: {page.kind}")
    for group, pages in _GROUPS.items()
    for number, page in enumerate(pages)
]


@pytest.mark.parametrize("page", _PAGES)
def test_page_is_read(page: Varied) -> None:
    assert faults_of(page) == []
