"""Counts of URLs that a crawl leaves out and does not keep one by one, by rule, with the first of them."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet.crawler.bounds.evidence import LeftOutCount

SAMPLES = 5
_LONGEST = 500  # characters of a sample


class LeftOutTally:
    """Counts since the crawl began: *before* are the counts of its earlier runs."""

    def __init__(self, before: Iterable[LeftOutCount] = ()) -> None:
        self._counts = {one.rule: one.count for one in before}
        self._samples = {one.rule: list(one.samples) for one in before}
        self._changed: set[str] = set()

    def add(self, rule: str, url: str) -> None:
        """Count *url*, which *rule* leaves out."""
        self._counts[rule] = self._counts.get(rule, 0) + 1
        samples = self._samples.setdefault(rule, [])
        if len(samples) < SAMPLES and url not in samples:
            samples.append(url[:_LONGEST])
        self._changed.add(rule)

    def news(self) -> tuple[LeftOutCount, ...]:
        """The counts that have changed since this was asked last."""
        changed, self._changed = sorted(self._changed), set()
        return tuple(LeftOutCount(rule, self._counts[rule], tuple(self._samples[rule])) for rule in changed)
