"""The few tags of an HTML page that hold links, read without building a tree.

Where links stand is decided by HTML's tokenizer alone (WHATWG HTML, 13.2.5): comments, raw text, quotes.  That is a
regular language, so one regular expression finds the tags, in time linear in the page whatever it holds.  Tree builders
were dropped for this: lexbor is as fast on honest pages but quadratic in depth and in attributes (300,000 nested <div>,
1.5 MB, kept it busy for 279 seconds), lxml takes five times as long and gives up on depth.  What is lost is nothing but
the tree: links in <template>, <noscript> and HTML that other tags' attributes hold are found as well.

Every repetition here is possessive: no input can make the engine go back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.entities import html5

_MAX_ATTRIBUTES = 32_768  # characters of one tag that are looked at


def _any_case(words: str) -> str:
    """An alternation of *words* in either case; re.IGNORECASE would make the search for "<" three times slower."""
    return "|".join("".join(f"[{char}{char.upper()}]" for char in word) for word in words.split())


# The inside of a tag up to ">" or the end: quotes mean something after "=" alone.
_INSIDE = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+"""
_TOKEN = re.compile(
    rf"""<(?=[!aflmbistxnAFLMBISTXN])(?:
        !--(?:-?>|.*?--!?>|.*+)                                           # a comment, perhaps without end
      | ({_any_case("script style textarea title xmp noembed noframes")})(?=[\s/>]) {_INSIDE}
        (?:(?<=/)>|>(?:[^<]++|<(?!/(?i:\1)(?=[\s/>])))*+)?+               # raw text up to its end tag, or to the end
      | ({_any_case("a area link meta base iframe frame")})(?=[\s/]) ({_INSIDE})
    )""",
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?+""")
_REFERENCE = re.compile(r"&(?:#(?:[0-9]++|[xX][0-9a-fA-F]++);?|[A-Za-z][A-Za-z0-9]*+[;=]?)")
_LONGEST_NUMBER = 12  # characters, "&#" included


def link_tags(html: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every a, area, link, meta, base, iframe and frame of *html*: its name and attributes, references resolved.

    Names are in lower case; of attributes with one name the first counts.
    """
    for match in _TOKEN.finditer(html):
        name = match[2]
        if name is not None:
            yield name.lower(), _attributes(match[3][:_MAX_ATTRIBUTES])


def _attributes(text: str) -> Mapping[str, str]:
    attributes: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
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
