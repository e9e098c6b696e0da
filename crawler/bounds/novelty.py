"""Whether the text of a page is new on its site, or a form that is filled in again with other numbers.

Words with digits, and those of the page's own title and URL, do not count: they are what an endless calendar changes.  What is
left is compared by runs of four words.  The memory is bounded; what is forgotten counts as new again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

from broadsheet.crawler.bounds.form import split_url

MAX_CONTENT = 256 * 1024  # bytes of a page that are looked at
LONG = 1500  # bytes: longer than what a list or a calendar says around its links
_WITHOUT = re.compile(
    rb"<(script|style|a|nav|select|noscript|svg|head)\b.*?</\1\s*>|<[^>]*>|&[#\w]+;", re.DOTALL | re.IGNORECASE
)
_TITLE = re.compile(rb"<title[^>]*>([^<]*)", re.IGNORECASE)
_WORD = re.compile(rb"[^\W\d_][^\W\d_]+|[\x80-\xff]{3,}")
_SPACE = re.compile(rb"\s+")
_RUN = 4  # words
_FEW = 12  # runs: a page with fewer new ones says nothing new
_REMEMBERED = 400_000  # runs of all sites


@dataclass(frozen=True, slots=True)
class Weight:
    """``length`` of a page's text in bytes, without links and without what its title and its URL say; ``is_new``: most of it
    was not read on the site before; ``is_copy``: another page has this very text."""

    length: int
    is_new: bool
    is_copy: bool


class Novelty:
    """Remembers what was read of each site."""

    def __init__(self) -> None:
        self._runs: dict[str, set[int]] = {}
        self._count = 0

    def weigh(self, site: str, url: str, content: bytes) -> Weight:
        """What the page *content* at *url* says that no page of *site* did; it is remembered."""
        content = content[:MAX_CONTENT]
        title = _TITLE.search(content)
        text = _WITHOUT.sub(b" ", content)
        own = set(_WORD.findall((title[1] if title else b"").lower()))
        own.update(_WORD.findall("/".join(split_url(url)[1:]).encode("utf-8", "replace").lower()))
        words = [word for word in _WORD.findall(text.lower()) if word not in own]
        runs = {crc32(b" ".join(words[start : start + _RUN])) for start in range(0, len(words) - _RUN + 1)}
        if self._count > _REMEMBERED:
            self._runs, self._count = {}, 0
        known = self._runs.setdefault(site, set())
        new = runs - known
        plain = _SPACE.sub(b" ", text)
        whole = -1 - crc32(plain)  # runs are positive
        is_copy = whole in known
        known |= new
        known.add(whole)
        self._count += len(new)
        length = len(words) + sum(map(len, words))
        return Weight(length, len(new) >= _FEW and 2 * len(new) > len(runs), is_copy)
