"""Settling a page's tree: before it is cut into blocks, its formulas, listings, footnotes, ruby and shadow roots are brought
into the one form in which they are read (docs/markdown.md).

Most pages have none of these, and a mark that is sought in the source costs 0.1 ms.  So what elements tell is asked of the
tree, which takes a tenth of that, and of the source the few marks that stand in classes and scripts.
"""

from __future__ import annotations

from lxml import etree

from broadsheet.pipelines.extract.page import code_lines, formulas
from broadsheet.pipelines.extract.page.footnotes import mark_footnotes
from broadsheet.pipelines.extract.page.shown import bracket_readings, drop_permalink_signs, open_shadow_roots


def settle(root: etree._Element, source: bytes) -> None:
    """Change the tree *root* of the page whose *source* this is, in UTF-8."""
    if _has(root, "template"):
        open_shadow_roots(root)
    if _has(root, "rt"):
        bracket_readings(root)
    if formulas.may_have(source):
        formulas.state_formulas(root, source)
    if _has(root, "pre") or _has(root, "code") or any(mark in source for mark in code_lines.MARKS):
        code_lines.make_listings_whole(root)
    mark_footnotes(root)
    drop_permalink_signs(root)


def _has(root: etree._Element, tag: str) -> bool:
    return next(root.iter(tag), None) is not None
