"""trafilatura's verdict on a page: which text is the body.  The one place where it is driven.

It is asked about the pages that the block model is not sure of, and its answer is evidence for a second forest that was trained
with it.  ``fast`` leaves out its comparison with other extractors: the model has a better one in its own first opinion.
``deduplicate`` stays off: it makes a result depend on the pages before it.  Comments are not part of the body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from lxml import etree
from lxml import html as lxml_html
from trafilatura import bare_extraction
from trafilatura.settings import Document

from pipelines.extract.blocks import Block
from pipelines.extract.features import window

VERDICT_NAMES = ("verdict.share", "verdict.near")
_WORD = re.compile(r"\w+")
_GRAM = 3  # words
_MAX_HTML = 4_000_000  # bytes; a larger page is judged by the model alone
_MAX_CHILDREN = 5_000  # of one element: trafilatura takes time by their square, 24 s for 50,000


def ask(root: etree._Element, url: str) -> str | None:
    """The body's text as trafilatura has it, "" when it finds none; None when the page is too large to be asked about."""
    if max(map(len, root.iter())) > _MAX_CHILDREN:
        return None
    source = etree.tostring(root, encoding="utf-8", method="html")
    if len(source) > _MAX_HTML:
        return None
    tree = lxml_html.document_fromstring(source, parser=lxml_html.HTMLParser(encoding="utf-8"))
    document = bare_extraction(tree, url=url, include_comments=False, with_metadata=False, deduplicate=False, fast=True)
    return document.text or "" if isinstance(document, Document) else ""


def membership(blocks: Sequence[Block], text: str) -> npt.NDArray[np.float32]:
    """How much of each block is in *text* (by runs of three words), and of those around it: shape (blocks, 2)."""
    words = _WORD.findall(text.lower())
    grams = set(zip(words, words[1:], words[2:], strict=False))
    joined = f" {' '.join(words)} "
    shares = np.array([_share(_WORD.findall(block.text.lower()), grams, joined) for block in blocks])
    near = window(shares, 5) / np.maximum(window(np.ones(len(shares)), 5), 1)
    return np.stack((shares, near), axis=1).astype(np.float32)


def _share(words: list[str], grams: set[tuple[str, str, str]], joined: str) -> float:
    if len(words) < _GRAM:
        return float(bool(words) and f" {' '.join(words)} " in joined)
    own = list(zip(words, words[1:], words[2:], strict=False))
    return sum([gram in grams for gram in own]) / len(own)
