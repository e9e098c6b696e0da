"""The Page: a captured HTML answer decoded, parsed once, and cut into its blocks of visible text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from w3lib.encoding import html_to_unicode

from pipelines.extract.blocks import Block, Layout, lay_out
from pipelines.extract.model import PageRecord

MAX_TEXT = 16 * 1024 * 1024  # characters that are parsed
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page.  ``root`` is its tree, of plain lxml elements: nobody changes it."""

    url: str
    fetch_time: datetime
    headers: tuple[tuple[str, str], ...]
    encoding: str
    root: etree._Element
    layout: Layout

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of visible text."""
        return self.layout.blocks

    @property
    def visible_chars(self) -> int:
        """Characters of all visible text."""
        return self.layout.nodes[0].chars


def open_page(record: PageRecord) -> Page | None:
    """Decode and parse *record*; None when there is no HTML in it.

    The encoding is that of a byte order mark; UTF-8 when the bytes are UTF-8 beyond doubt, whatever is declared; that of the
    Content-Type header or a meta element; or else windows-1252 (WHATWG Encoding names; `w3lib.encoding`).
    """
    encoding, text = _decode(record)
    text = _NOT_TEXT.sub(" ", text[:MAX_TEXT])
    if not text.strip():
        return None
    root = parse_html(text)
    return None if root is None else Page(record.url, record.fetch_time, record.headers, encoding, root, lay_out(root))


def parse_html(text: str) -> etree._Element | None:
    """The tree of *text* without comments and processing instructions; None when there is none.

    What is nested more than 2,048 elements deep is not in it (libxml2's last limit)."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root if root is not None and isinstance(root.tag, str) else None


def _decode(record: PageRecord) -> tuple[str, str]:
    """Text that is valid UTF-8 with many characters beyond ASCII is nothing else: a declaration that says so lies."""
    body = record.body
    if not body.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\x00" not in body[:200] and not body.isascii():
        try:
            return "utf-8", body.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    return html_to_unicode(record.header("Content-Type"), body, auto_detect_fun=_guess)


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > len(body) - 4 else "windows-1252"
    return "utf-8"
