"""The Page: a captured HTML answer decoded, parsed once, and cut into its blocks of visible text.

Visible text is what a reader with styles switched off sees: all text but that of scripts, styles, templates, the head,
and elements with the attribute ``hidden``.  A block is a run of it that no block-level element or line break interrupts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml import html as lxml_html
from w3lib.encoding import html_to_unicode

from pipelines.extract.model import PageRecord

MAX_TEXT = 16 * 1024 * 1024  # characters that are parsed
MAX_BLOCKS = 100_000
_INVISIBLE = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "svg",
        "math",
        "object",
        "iframe",
        "select",
        "textarea",
    ]
)
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small
    span strike strong sub sup time tt u var wbr""".split()  # noqa: SIM905 - a table of words
)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of visible text.  ``path`` names the elements that it stands in, ``link_chars`` how much of it is links."""

    text: str
    tag: str
    path: str
    link_chars: int

    @property
    def link_density(self) -> float:
        """Share of the characters that are links."""
        return self.link_chars / len(self.text)


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page.  ``root`` is its tree: whoever changes it takes a copy."""

    url: str
    fetch_time: datetime
    headers: tuple[tuple[str, str], ...]
    encoding: str
    root: lxml_html.HtmlElement
    blocks: tuple[Block, ...]

    @property
    def visible_chars(self) -> int:
        """Characters of all visible text."""
        return sum(len(block.text) for block in self.blocks)


def open_page(record: PageRecord) -> Page | None:
    """Decode and parse *record*; None when there is no HTML in it.

    The encoding is that of a byte order mark, the Content-Type header, a meta element, or else the first of UTF-8 and
    windows-1252 that fits (WHATWG Encoding names; `w3lib.encoding`).
    """
    encoding, text = html_to_unicode(record.header("Content-Type"), record.body, auto_detect_fun=_guess)
    text = _NOT_TEXT.sub(" ", text[:MAX_TEXT])
    if not text.strip():
        return None
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return Page(record.url, record.fetch_time, record.headers, encoding, root, tuple(visible_blocks(root)))


def visible_blocks(root: lxml_html.HtmlElement) -> Iterator[Block]:
    """The blocks of the tree, in order, without recursion: a page may be nested 100,000 deep."""
    gatherer = _Gatherer()
    skipping = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        hidden = not isinstance(tag, str) or tag in _INVISIBLE or "hidden" in element.attrib
        if event == "start":
            skipping += hidden
            if not skipping:
                yield from gatherer.enter(tag)
                gatherer.add(element.text)
        else:
            if not skipping:
                yield from gatherer.leave(tag)
            skipping -= hidden
            if not skipping:
                gatherer.add(element.tail)
        if gatherer.count >= MAX_BLOCKS:
            break
    yield from gatherer.flush()


class _Gatherer:
    """Gathers text until a block ends."""

    def __init__(self) -> None:
        self.count = 0
        self._parts: list[str] = []
        self._link_parts: list[str] = []
        self._path: list[str] = []
        self._links = 0

    def enter(self, tag: str) -> Iterator[Block]:
        if tag not in _INLINE:
            yield from self.flush()
            self._path.append(tag)
        elif tag == "a":
            self._links += 1

    def leave(self, tag: str) -> Iterator[Block]:
        if tag not in _INLINE:
            yield from self.flush()
            self._path.pop()
        elif tag == "a":
            self._links -= 1

    def add(self, text: str | None) -> None:
        if text:
            self._parts.append(text)
            if self._links:
                self._link_parts.append(text)

    def flush(self) -> Iterator[Block]:
        if not self._parts:
            return
        text = " ".join("".join(self._parts).split())
        if text:
            self.count += 1
            links = len(" ".join("".join(self._link_parts).split())) if self._link_parts else 0
            tag = self._path[-1] if self._path else "html"
            yield Block(text, tag, "/".join(self._path[-12:]), min(links, len(text)))
        self._parts.clear()
        self._link_parts.clear()


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start > len(body) - 4 else "windows-1252"
    return "utf-8"
