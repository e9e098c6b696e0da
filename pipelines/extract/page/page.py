"""The Page: a captured HTML answer decoded, parsed once, and cut into its blocks of visible text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from broadsheet.archive.url import Resolver, document_resolver
from broadsheet.pipelines.extract.extraction import PageRecord
from broadsheet.pipelines.extract.page.blocks import Block, Layout, lay_out
from broadsheet.pipelines.extract.page.charset import decode_page
from broadsheet.pipelines.extract.page.settled import settle

MAX_TEXT = 16 * 1024 * 1024  # bytes of UTF-8 that are parsed
_STRIDE = 32_768  # bytes; half of what makes a tag long, so that a long one holds all of one such stretch
_LONG_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]{65536,}>")
_EARLY_END = re.compile(rb"</html\s*>(?=\s*\S)", re.IGNORECASE)
_MANY = 5_000  # attributes of one element; libxml2 compares each with all before it
_HEAD = frozenset(
    {"base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style", "template", "title"}
)
_CONTROLS = bytes(code if code >= 0x20 or code in b"\t\n\r" else 0x20 for code in range(256))  # to single spaces


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page.  ``root`` is its tree, of plain lxml elements: nobody changes it.  ``resolver``
    resolves its URLs (against its ``<base>``, else ``url``).  ``fetch_time`` is None where it is not known."""

    url: str
    fetch_time: datetime | None
    headers: tuple[tuple[str, str], ...]
    encoding: str
    root: etree._Element
    layout: Layout
    resolver: Resolver
    encoding_guessed: bool = False  # not what is declared, or nothing was

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of visible text."""
        return self.layout.blocks

    @property
    def visible_chars(self) -> int:
        """Characters of all visible text."""
        return self.layout.nodes[0].chars


def open_page(record: PageRecord) -> Page | None:
    """Decode (`decode_page`) and parse *record*; None when there is no HTML in it."""
    decoded = decode_page(record)
    root = parse_html(decoded.text)
    if root is None:
        return None
    layout = lay_out(root)
    resolver = document_resolver(Resolver(record.url, decoded.encoding), (one.get("href") for one in root.iter("base")))
    return Page(
        record.url, record.fetch_time, record.headers, decoded.encoding, root, layout, resolver, decoded.guessed
    )


def parse_html(text: str | bytes) -> etree._Element | None:
    """The tree of *text* (bytes: in UTF-8), settled (`settle`), without comments and processing instructions; None when there
    is none.

    Beyond MAX_TEXT nothing is read.  What is nested more than 2,048 elements deep is not in it (libxml2's last limit)."""
    source = text.encode("utf-8", "replace") if isinstance(text, str) else text
    source = source[:MAX_TEXT].translate(_CONTROLS)
    if not source or source.isspace():
        return None
    # what comes after belongs to the body (HTML, "after after body"); libxml2 drops it
    source = _EARLY_END.sub(b"", source)
    if _may_hold_long_tag(source):
        source = _LONG_TAG.sub(lambda tag: b"<%b>" % tag[1] if len(tag[0].split()) > _MANY else tag[0], source)
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    if root is None or not isinstance(root.tag, str):
        return None
    _end_head(root)
    settle(root, source)
    return root


def _may_hold_long_tag(source: bytes) -> bool:
    """Whether some stretch of *source* has no angle bracket, and stands in a tag: found without reading most of the source."""
    return any(
        source.find(b">", start, start + _STRIDE) < 0
        and source.find(b"<", start, start + _STRIDE) < 0
        and source.rfind(b"<", 0, start) > source.rfind(b">", 0, start)
        for start in range(0, len(source) - _STRIDE + 1, _STRIDE)
    )


def _end_head(root: etree._Element) -> None:
    """Let the body begin where it does in a browser: at the first element that belongs in no head (HTML, "in head").

    ``<body>`` may be left out, and minifiers do; libxml2, which knows no HTML 5, then keeps ``<article>`` in the head."""
    head = root.find("head")
    if head is None:
        return
    first = next((at for at, child in enumerate(head) if isinstance(child.tag, str) and child.tag not in _HEAD), None)
    if first is None:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    moved = list(head)[first:]
    for at, element in enumerate(moved):
        body.insert(at, element)
    if body.text:
        moved[-1].tail = (moved[-1].tail or "") + body.text
        body.text = None
