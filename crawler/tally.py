"""What a run of a crawl has done so far, in numbers."""

from __future__ import annotations

import time
from collections import Counter

from broadsheet.archive.exchange import Exchange


class Tally:
    """Counts what visits brought.  ``pages`` counts since the crawl was begun, all else this run; ``received`` in bytes."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.received = 0
        self.statuses: Counter[int] = Counter()
        self.mishaps: Counter[str] = Counter()
        self._started = time.monotonic()

    def completed(self, exchange: Exchange, *, is_page: bool) -> None:
        """A visit ended with *exchange*; *is_page*: it brought a page."""
        self.pages += is_page
        self.received += len(exchange.response)
        if exchange.status is not None:
            self.statuses[exchange.status] += 1

    def mishap(self, reason: str, count: int = 1) -> None:
        """Count something that went wrong and cost no record, *count* times."""
        self.mishaps[reason] += count

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._started
