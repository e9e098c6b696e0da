"""Settling a page's tree: before it is cut into blocks, its formulas, listings, footnotes, ruby and shadow roots are brought
into the one form in which they are read (docs/markdown.md).

Most pages have none of these.  A few marks are sought in the source, which takes microseconds; only what they tell of is
looked for in the tree.
"""

from __future__ import annotations

from lxml import etree

from broadsheet.pipelines.extract.page import code_lines, footnotes, formulas
from broadsheet.pipelines.extract.page.shown import bracket_readings, drop_permalink_signs, open_shadow_roots

_PERMALINKS = ("¶".encode(), b"&para;", b"headerlink", b"anchor", b"header-link", b"heading-link")


def settle(root: etree._Element, source: bytes) -> None:
    """Change the tree *root* of the page whose *source* this is, in UTF-8."""
    if b"shadowroot" in source:
        open_shadow_roots(root)
    if b"<rt" in source:
        bracket_readings(root)
    if any(mark in source for mark in formulas.MARKS):
        formulas.state_formulas(root, source)
    if any(mark in source for mark in code_lines.MARKS):
        code_lines.make_listings_whole(root)
    if any(mark in source for mark in footnotes.MARKS):
        footnotes.mark_footnotes(root)
    if any(mark in source for mark in _PERMALINKS):
        drop_permalink_signs(root)
