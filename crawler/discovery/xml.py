"""XML from strangers (sitemaps, feeds), read element by element.

libxml2 through lxml with everything off that reaches beyond the document: no entities, no DTD, no network, no huge
trees.  It recovers from what is not well-formed, as feeds often are not.  What it would lose of a URL then is mended
before: a bare "&" goes with the parameter after it, and after any fault every "&amp;" goes too.  The caller drops
elements when they end (`forget`), so memory does not grow with an honest document; a dishonest one is cut by the number
of its tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

MAX_TAGS = 2_000_000  # 50,000 URLs with twenty elements each
BLANK = b"\xef\xbb\xbf \t\r\n"  # byte order marks, of which there may be two, and white space
_STEP = 64 * 1024  # bytes fed at a time
_FAULTS = (etree.XMLSyntaxError, etree.ParserError, ValueError, AssertionError)
_LONGEST_WARNING = 16 * 1024  # bytes
_BEGINNING = re.compile(rb"<\?xml\s|<(?:[\w-]+:)?(?:rss|feed|rdf|opml|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_AMPERSAND = re.compile(
    rb"(?=[<&])(?:<!\[CDATA\[(?:.*?\]\]>|.*+)"
    rb"|&(?:amp;|(?!\#[0-9]{1,7};|\#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{0,31};)))",
    re.DOTALL,
)


def elements(content: bytes, names: tuple[str, ...], url: str = "") -> Iterator[etree._Element]:
    """Every element of *content* with one of the local *names*, in any namespace, when it ends.

    *url* is where xml:base starts from.  Ends early where the document is beyond recovery.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        base_url=url or None,
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    content = _mended(content.lstrip(BLANK))
    tags = 0
    try:
        for position in range(0, len(content), _STEP):
            step = content[position : position + _STEP]
            tags += step.count(b"<")
            if tags > MAX_TAGS:
                break
            parser.feed(step)
            yield from _ended(parser)
        parser.close()
    except _FAULTS:
        pass  # what was read so far is worth having
    yield from _ended(parser)


def without_warnings(content: bytes) -> bytes:
    """*content* from the beginning of its XML on: a server's own warnings may stand before it."""
    beginning = _BEGINNING.search(content[:_LONGEST_WARNING])
    return content if beginning is None else content[beginning.start() :]


def _mended(content: bytes) -> bytes:
    if b"&" not in content:
        return content
    return _AMPERSAND.sub(lambda match: b"&#38;" if match[0].startswith(b"&") else match[0], content, count=MAX_TAGS)


def _ended(parser: etree.XMLPullParser) -> Iterator[etree._Element]:
    for _, element in parser.read_events():
        yield cast("etree._Element", element)


def forget(element: etree._Element) -> None:
    """Drop *element*, which ended, and all before it under the same parent."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def local_name(element: etree._Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: etree._Element) -> str:
    """The text of *element* itself, trimmed; unknown entities in it are left out."""
    if len(element) == 0:
        return (element.text or "").strip()
    return "".join((element.text or "", *(child.tail or "" for child in element))).strip()
