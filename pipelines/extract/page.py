"""The Page: a captured HTML answer decoded, parsed once, and laid out as blocks of visible text in their boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from pipelines.extract.blocks import Block, Box, ImageSpot, lay_out
from pipelines.extract.decode import decode
from pipelines.extract.model import PageRecord

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{200000,}>?")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page.  ``root`` is its tree: whoever changes it takes a copy.  ``source`` is the decoded text."""

    url: str
    fetch_time: datetime
    headers: tuple[tuple[str, str], ...]
    encoding: str
    source: str
    root: etree._Element
    blocks: tuple[Block, ...]
    boxes: tuple[Box, ...]
    images: tuple[ImageSpot, ...]

    @property
    def visible_chars(self) -> int:
        """Characters of all visible text."""
        return sum(len(block.text) for block in self.blocks)


def open_page(record: PageRecord) -> Page | None:
    """Decode and parse *record*; None when there is no HTML in it."""
    encoding, text = decode(record.header("Content-Type"), record.body)
    if not text or text.isspace():
        return None
    if len(text) > 1_000_000 and _LONG_TAG.search(text):
        text = _LONG_TAG.sub(" ", text)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    if root is None:
        return None
    layout = lay_out(root)
    return Page(
        record.url,
        record.fetch_time,
        record.headers,
        encoding,
        text,
        root,
        tuple(layout.blocks),
        tuple(layout.boxes),
        tuple(layout.images),
    )
