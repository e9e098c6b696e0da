"""The URLs of a srcset attribute (WHATWG HTML, 4.8.4.2.2): commas may stand within URLs, so splitting at them is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CANDIDATE = re.compile(
    r"""[\s,]*+
        (?:data:[^\s]*+ | ([^\s]++))          # a URL ends at white space, never at a comma within it
        (?:(?<=,) | (?:[^,(]++|\([^)]*+\)?)*+ ,?)   # one that ends in a comma has no descriptors
    """,
    re.VERBOSE,
)


def srcset_urls(value: str) -> Iterator[str]:
    """The URL of every candidate of *value*, as written.  Linear in its length."""
    position = 0
    while match := _CANDIDATE.match(value, position):
        if match.end() == position:
            return
        position = match.end()
        if match[1]:
            url = match[1].rstrip(",")
            if url:
                yield url
