"""Whether an answer says anything of its own, or repeats what another said, with other numbers and another URL.

An endless calendar, a "not found" with status 200 and a list of random links have this in common with pictures in a gallery and
entries of a dictionary: little text, much alike.  What tells them apart is what a page has of its own: a headline, two words,
a picture.  Numbers do not count, and neither do the words of the page's URL and of its links: whoever makes URLs up can say
them.  Only answers that were found on such an answer are weighed: what an article or a list names is not yet suspect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote
from zlib import crc32

COPY, LOOK_ALIKE = 4, 1  # what an answer weighs that repeats another, and one that has its form
_WITHOUT = re.compile(rb"<(script|style|a|noscript|svg|head)\b.*?</\1\s*>|<[^>]*>|&[#\w]+;", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>([^<]*)", re.IGNORECASE)
_WORD = re.compile(rb"[^\W\d_][^\W\d_]+|[\x80-\xff]{3,}")
_SHOWN = re.compile(
    rb"<(?:img|source|video|audio|iframe|embed|object)\b[^>]*?\s(?:data-)?(?:src|srcset|data)\s*=\s*[\"']?([^\"'\s>?#]+)",
    re.IGNORECASE,
)
_OWN_WORDS = 2  # one may be a token, or the picture of the day
_REMEMBERED = 200_000  # words, titles, texts and pictures of all sites


class Emptiness:
    """Remembers what was said on each site by pages that are no articles.  Forgetting makes a page say something of its own."""

    def __init__(self) -> None:
        self._said: dict[str, set[int]] = {}
        self._count = 0
        self._empty: set[int] = set()  # URLs of answers that say nothing of their own

    def weigh(self, site: str, url: str, via: str | None, content: bytes) -> int | None:
        """How much speaks against the page *content* at *url*, which *via* named: 0 where it says something of its own; None
        where it does not, but was found on a page that does."""
        if self._count > _REMEMBERED:
            self._said, self._count, self._empty = {}, 0, set()
        title = _TITLE.search(content)
        text = _WITHOUT.sub(b" ", content).lower()
        address = unquote(url).lower().encode("utf-8", "replace")
        of_url = set(_WORD.findall(address))
        headline = [word for word in _WORD.findall(title[1].lower() if title else b"") if word not in of_url]
        words = set(_WORD.findall(text)) - of_url - set(headline)
        plain = b" ".join(text.split())
        news = self._new(site, (b"w" + word for word in words)) >= _OWN_WORDS
        news |= bool(self._new(site, (b"t" + b" ".join(headline),)) and headline)
        news |= bool(self._new(site, (b"p" + shown for shown in _SHOWN.findall(content))))
        repeats = not self._new(site, (b"x" + plain,))
        if news:
            return 0
        self._empty.add(crc32(url.encode("utf-8", "surrogatepass")))
        if via is None or crc32(via.encode("utf-8", "surrogatepass")) not in self._empty:
            return None
        return COPY if repeats or url.startswith((f"{via.rstrip('/')}/", f"{via}&")) else LOOK_ALIKE

    def _new(self, site: str, said: Iterable[bytes]) -> int:
        """How many of *said* are new on *site*; they are remembered."""
        known = self._said.setdefault(site, set())
        before = len(known)
        known.update(map(crc32, said))
        self._count += len(known) - before
        return len(known) - before
