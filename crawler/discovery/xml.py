"""XML from strangers (sitemaps, feeds), read element by element.

libxml2 through lxml with everything off that reaches beyond the document: no entities, no DTD, no network, no huge
trees.  It recovers from what is not well-formed, as feeds often are not; the commonest fault, a bare "&" in a URL, is
mended before, for libxml2 would drop it together with the parameter after it.  The caller drops elements when they end
(`forget`), so memory does not grow with the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_STEP = 64 * 1024  # bytes fed at a time
_FAULTS = (etree.XMLSyntaxError, etree.ParserError, ValueError, AssertionError)
_BARE_AMPERSAND = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*+)|&(?!#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{0,31};)", re.DOTALL
)


def elements(content: bytes) -> Iterator[tuple[str, etree._Element]]:
    """``start`` and ``end`` of every element of *content*.  Ends early where the document is beyond recovery."""
    content = _BARE_AMPERSAND.sub(lambda match: b"&amp;" if match[0] == b"&" else match[0], content.lstrip())
    parser = etree.XMLPullParser(
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for position in range(0, len(content), _STEP):
            parser.feed(content[position : position + _STEP])
            yield from parser.read_events()
        parser.close()
    except _FAULTS:
        pass  # what was read so far is worth having
    yield from parser.read_events()


def forget(element: etree._Element) -> None:
    """Drop *element*, which ended, and all before it under the same parent."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def local_name(element: etree._Element) -> str:
    """The name without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def text_of(element: etree._Element) -> str:
    """The text of *element* itself, trimmed; unknown entities in it are left out."""
    return "".join((element.text or "", *(child.tail or "" for child in element))).strip()
