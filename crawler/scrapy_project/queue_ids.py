"""How Requests are named in a spider's queue.

A name follows from where a Request came from: the name of the one whose callback yielded it, what it asks for (Scrapy's
fingerprint), and how often that was yielded there before.  A callback that runs again after a kill therefore yields Requests
that are known already, whatever ``dont_filter`` says, and the same goes for ``start``.
"""

from __future__ import annotations

import hashlib
from collections import Counter

START = "start"  # the parent of start Requests


class QueueIds:
    """Names the Requests of one run."""

    def __init__(self) -> None:
        self._yielded: Counter[tuple[str, str]] = Counter()

    def name(self, parent: str, fingerprint: str) -> str:
        """The name of the next Request with this *fingerprint* (hexadecimal) that *parent* yields."""
        key = parent, fingerprint
        number = self._yielded[key]
        self._yielded[key] += 1
        return hashlib.sha256(f"{parent} {fingerprint} {number}".encode()).hexdigest()[:32]

    def forget(self, parent: str) -> None:
        """*parent* begins again, or yields no more."""
        for key in [key for key in self._yielded if key[0] == parent]:
            del self._yielded[key]
