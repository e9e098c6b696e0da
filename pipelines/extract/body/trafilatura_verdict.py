"""trafilatura's verdict on a page: which text is the body.  The only module that calls trafilatura.

It is asked about the pages that the block model is in doubt about, and its text is evidence for a second forest that was
trained with it.  ``fast`` leaves out its comparison with other extractors, which the first forest's scores make needless.
``deduplicate`` stays off: with it a result depends on the pages before.  Comments are not part of the body.

trafilatura needs elements of lxml.html and changes them, so it gets a copy of the page's tree in that class.  To write a page
out and parse it again costs a fifth more, and lxml.html's own parser asks Python for the class of every element.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import copy, deepcopy
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from lxml import etree
from lxml import html as lxml_html

from broadsheet.pipelines.extract.page.blocks import Block

if TYPE_CHECKING:
    from trafilatura.settings import Extractor

_WORD = re.compile(r"\w+")
_GRAM = 3  # words
_MAX_SIZE = 4_000_000  # characters, and some for each element; a larger page is judged by the model alone
_TAGS = 16  # characters that the tags of an element are counted as
_MAX_CHILDREN = 5_000  # of one element: trafilatura takes time by their square, 24 s for 50,000
_MAX_DEPTH = 250  # elements in one another: it calls itself for each, and libxml2, by default, ends at 256


def ask(root: etree._Element, url: str) -> str | None:
    """The text of the body that trafilatura finds, "" for none; None when the page is too large or too deep for it."""
    children = list(map(len, root.iter()))
    length = _text_length(root)
    assert isinstance(length, float)
    if max(children) > _MAX_CHILDREN or length + _TAGS * len(children) > _MAX_SIZE or depth_of(children) > _MAX_DEPTH:
        return None
    # Loaded when it is first asked: a third of what a first extraction costs, and most pages leave no doubt.
    from trafilatura import bare_extraction  # noqa: PLC0415
    from trafilatura.settings import Document  # noqa: PLC0415

    options = copy(_options())
    options.url = options.source = url
    document = bare_extraction(_in_html_class(root), options=options)
    return document.text or "" if isinstance(document, Document) else ""


_text_length = etree.XPath("string-length(/)")


def depth_of(children: Sequence[int]) -> int:
    """How many elements stand in one another at most; *children* says of each, in document order, how many it has."""
    deepest = 0
    still: list[int] = []  # to come, of each element that is open
    for count in children:
        if count:
            still.append(count)
            deepest = max(deepest, len(still))
        while still and not count:
            still[-1] -= 1
            count = still[-1]
            if not count:
                still.pop()
    return deepest + 1


@cache
def _options() -> Extractor:
    from trafilatura.settings import Extractor  # noqa: PLC0415 - as above

    return Extractor(output_format="python", fast=True, comments=False, with_metadata=False, dedup=False)


def _in_html_class(root: etree._Element) -> etree._Element:
    """A copy of the tree whose elements are `HtmlElement`, in a new root without attributes: on a broken page, the root may
    have a name, or attributes, that lxml refuses for a new element."""
    parser = etree.HTMLParser()
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement))
    copied_root = deepcopy(root)
    copied = parser.makeelement("html")
    copied.text = copied_root.text
    copied.extend(copied_root)
    return copied


def membership(blocks: Sequence[Block], text: str) -> npt.NDArray[np.float64]:
    """The share of each block that is in *text*, by runs of three words."""
    words = _WORD.findall(text.lower())
    grams = set(zip(words, words[1:], words[2:], strict=False))
    joined = f" {' '.join(words)} "
    return np.array([_share(_WORD.findall(block.text.lower()), grams, joined) for block in blocks])


def _share(words: list[str], grams: set[tuple[str, str, str]], joined: str) -> float:
    if len(words) < _GRAM:
        return float(bool(words) and f" {' '.join(words)} " in joined)
    own = list(zip(words, words[1:], words[2:], strict=False))
    return sum([gram in grams for gram in own]) / len(own)
