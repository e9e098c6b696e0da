"""The tags of an HTML page that name other URLs, read without building a tree.

Where URLs stand is decided by HTML's tokenizer alone (WHATWG HTML, 13.2.5): comments, raw text, quotes.  That is a
regular language, so one regular expression finds the tags, in time linear in the page whatever it holds.  Tree builders
were dropped for this: lexbor is as fast on honest pages but quadratic in depth and in attributes (300,000 nested <div>,
1.5 MB, kept it busy for 279 seconds), lxml takes five times as long and gives up on depth.  What is lost is nothing but
the tree: what stands in <template> and <noscript> is found as well.

Every repetition here is possessive: no input can make the engine go back.  Tags that can name nothing, three of four,
are passed over by the expression itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape
from html.entities import html5
from itertools import islice
from typing import Any, NamedTuple

_MAX_ATTRIBUTES = 32_768  # characters of a tag whose attributes are all taken
_MAX_LONG = 4 * 1024 * 1024  # characters that are looked at of one that is longer: it holds data
_MOST_ATTRIBUTES = 1_000  # of those
_MAX_KEPT = 512  # characters of a tag that is kept: with as many tags as are kept, that bounds them at some 10 MB


def _any_case(words: str) -> str:
    """An alternation of *words* in either case; re.IGNORECASE would make the search for "<" three times slower.

    Words with one first letter are one alternative: each is tried at every tag, and a third of the search was that.
    """
    by_first: dict[str, list[str]] = {}
    for word in words.split():
        letters = [f"[{char}{char.upper()}]" for char in word]
        by_first.setdefault(letters[0], []).append("".join(letters[1:]))
    return "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in by_first.items())


# Elements whose own attributes name URLs; all others only through style sheets and conventions of lazy loading.
_LINKS = "a area link meta base iframe frame option turbo-frame amp-list"
_RAW = "script style textarea title xmp noembed noframes"
_SHOWN = (
    "img image feimage source video audio track embed object param input body use script style table td th tr"
    " amp-img amp-video"
)
LINK_TAGS = frozenset(_LINKS.split())
REQUISITE_TAGS = LINK_TAGS.union(_SHOWN.split())

# The inside of a tag up to ">" or the end: quotes mean something after "=" alone.  A quiet one holds no attribute, on
# whatever element, that may name a URL: style, data-..., background, onclick, hx-get, nor one whose value is JSON.
_INSIDE = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+"""
_LOUD = _any_case("style data- background onclick onmouse ondblclick ontouch hx- itemid about resource")
_QUIET = rf"""(?:[\s/]++(?!{_LOUD})[^\s>=/]*+(?:\s*+=\s*+(?!["']?\s*+[{{\[])(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+)*+"""
_NAMING = _any_case(f"{_LINKS} {_RAW} {_SHOWN}")
# From a "<" over all that names nothing to the next tag that may.  The empty end keeps it linear: it never fails.
_TOKEN = re.compile(
    rf"""<(?:(?:/|(?!(?:{_NAMING})[\s/>])[a-zA-Z][^\s/>]*+{_QUIET}(?=>))[^<]*+<)*+(?:
        !--(?:-?>|.*?--!?>|.*+)                                           # a comment, perhaps without end
      | ({_any_case(_RAW)})(?=[\s/>]) ({_INSIDE})
        (?:(?<=/)>|>((?:[^<]++|<(?!/(?i:\1)(?=[\s/>])))*+))?+             # raw text up to its end tag, or to the end
      | ([a-zA-Z][^\s/>]*+)(?=[\s/]) ({_INSIDE})
      | )""",
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?+""")
_REFERENCE = re.compile(r"&(?:#(?:[0-9]++|[xX][0-9a-fA-F]++);?|[A-Za-z][A-Za-z0-9]*+[;=]?)")
_LONGEST_NUMBER = 12  # characters, "&#" included


class Tag(NamedTuple):
    """A start tag: name in lower case, attributes with references resolved, and the raw text of a script or style."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""


def page_tags(html: str) -> Iterator[Tag]:
    """Every tag of *html* that may name a URL, in order.

    Of attributes with one name the first counts.
    """
    for match in _TOKEN.finditer(html):
        name = match[4]
        if name is not None:
            inside = match[5]
            yield _tag(name, inside) if len(inside) <= _MAX_KEPT else Tag(name.lower(), _attributes(inside))
        elif (raw := match[1]) is not None and (raw := raw.lower()) in REQUISITE_TAGS:
            yield Tag(raw, _attributes(match[2]), match[3] or "")


@lru_cache(maxsize=4096)
def _tag(name: str, inside: str) -> Tag:
    """The tag of these characters.  Nine of ten stand on other pages of the site, too: its menus, what it links everywhere."""
    return Tag(name.lower(), _attributes(inside))


def _attributes(text: str) -> Mapping[str, str]:
    """The attributes in the inside *text* of a tag, the first ones of a long one."""
    if len(text) <= _MAX_ATTRIBUTES:
        found: Iterable[tuple[str | Any, ...]] = _ATTRIBUTE.findall(text)
    else:
        long = _ATTRIBUTE.finditer(text, 0, _MAX_LONG)
        found = ((one[1], one[2] or "", one[3] or "", one[4] or "") for one in islice(long, _MOST_ATTRIBUTES))
    attributes: dict[str, str] = {}
    for name, double, single, bare in found:
        value = double or single or bare
        attributes.setdefault(name.lower(), _REFERENCE.sub(_resolved, value) if "&" in value else value)
    return attributes


def _resolved(match: re.Match[str]) -> str:
    """A character reference as it counts in an attribute: ``&copy=1`` in a query is none (WHATWG HTML, 13.2.5.73)."""
    reference = match[0]
    if reference[1] == "#":
        return unescape(reference) if len(reference) <= _LONGEST_NUMBER else "\ufffd"
    if reference[-1] == "=":
        return reference
    return html5.get(reference[1:], reference)
