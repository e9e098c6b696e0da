"""Which URLs were met lately: a bounded memory in front of the journal's unique index.

Nine of ten links of a page were on the page before it.  Asking a set of strings before anything else is made of a link
(a fingerprint, a row, a Request) is what makes following links cheap: without it, links are 60 % of a crawl's CPU.
Two generations of strings: when the young one is full it becomes the old one and the old one is forgotten.  Forgetting
costs a look into the journal, never a wrong answer.
"""

from __future__ import annotations


class SeenUrls:
    """Remembers at least the last *capacity* different URLs, at most twice as many."""

    def __init__(self, capacity: int = 100_000) -> None:
        self._capacity = capacity
        self._young: set[str] = set()
        self._old: set[str] = set()

    def knows(self, url: str) -> bool:
        """Whether *url* was met in this generation; False says nothing."""
        return url in self._young

    def add(self, url: str) -> bool:
        """Remember *url*; True when it was not known."""
        if url in self._young:
            return False
        known = url in self._old
        self._young.add(url)
        if len(self._young) >= self._capacity:
            self._old, self._young = self._young, set()
        return not known
