"""Texts that stand amid a sentence in the markup, and beside it on the screen: tooltips, popovers, notes in the margin.

They are cut out of the sentence and stand after it, as blocks of their own.  A class that is "tooltip" and no more says
nothing: with some makes it is that of the explained word.
"""

from __future__ import annotations

import re

from lxml import etree

from broadsheet.pipelines.extract.page.hints import BIT

TOOLTIP, MARGIN_NOTE = "tooltip", "margin note"  # among the marks of a block
BESIDE = BIT["modal"] | BIT["box"] | BIT["footer"]  # the hints of which each of the classes below has one
_TOOLTIP = re.compile(
    r"(?:^|[\s_-])(?:tooltip|popover|popup)[_-]*(?:text|content|inner|body|box|bubble|message)(?=$|\s)", re.IGNORECASE
)
_MARGIN_NOTE = re.compile(r"(?:^|[\s_-])(?:side-?note|footnote_*-*(?:note|text|content))(?=$|\s)", re.IGNORECASE)


def beside_sentence(element: etree._Element) -> str | None:
    """What the text of an inline *element* is that has a hint of BESIDE, a role or a popover: TOOLTIP, MARGIN_NOTE, or None
    where it is part of the sentence."""
    get = element.get
    if get("role") == "tooltip" or get("popover") is not None:
        return TOOLTIP
    classes = get("class") or ""
    if _TOOLTIP.search(classes):
        return TOOLTIP
    return MARGIN_NOTE if _MARGIN_NOTE.search(classes) and element.tag != "a" else None
