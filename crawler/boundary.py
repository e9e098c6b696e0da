"""The boundary of a crawl: which URLs belong to it, and where its seeds lead it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.bounds.evidence import LeftOutCount
from broadsheet.crawler.bounds.left_out import LeftOutTally
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.discovery.traps import TrapGuard
from broadsheet.crawler.discovery.unfetchable import why_unfetchable


class Boundary:
    """The *scope* of a crawl, which may grow, and the guard against its traps.  ``trapped`` counts what that refused,
    ``left_out`` all that is not of the crawl, on from the counts of its earlier runs.  *excluded* are patterns of *scope* that
    came while the crawl ran (crawler/control): what is queued already may not know them."""

    def __init__(self, scope: Scope, left_out: Iterable[LeftOutCount] = (), excluded: Iterable[str] = ()) -> None:
        self.left_out = LeftOutTally(left_out)
        self.trapped: Counter[str] = Counter()
        self._scope = scope
        self._excluded = {pattern: re.compile(pattern) for pattern in excluded}
        self._traps = TrapGuard(latest_year=datetime.now(UTC).year + 1)

    def accepts(self, url: str) -> bool:
        """Whether *url* belongs to the crawl; a refusal by the trap guard is counted."""
        if not self._scope.accepts(url):
            self.left_out.add(self._scope.rule_against(url), url)
            return False
        trap = self._traps.refuses(url)
        if trap is not None:
            self.trapped[f"trap: {trap}"] += 1
            self.left_out.add(f"trap: {trap}", url)
        return trap is None

    def unfetchable(self, reference: str) -> None:
        """Count *reference*, which a document names and HTTP cannot fetch."""
        self.left_out.add(why_unfetchable(reference) or "", reference)

    def accepts_requisite(self, url: str) -> bool:
        """Whether something that a page shows may be fetched: anywhere, unless the user excludes it."""
        return not self._scope.excludes(url)

    def in_scope(self, url: str) -> bool:
        """Whether *url* lies within the scope, trap or not."""
        return self._scope.accepts(url)

    def rule_against(self, url: str) -> str:
        """Which rule keeps *url*, which is out of scope, out of the crawl."""
        return self._scope.rule_against(url)

    def trap(self, url: str) -> str | None:
        """The trap that *url* would be taken for."""
        return self._traps.refuses(url)

    def excluded_meanwhile(self, url: str) -> str | None:
        """The pattern that *url*, which was queued, is left out by since; None: it is not."""
        return next((name for name, pattern in self._excluded.items() if pattern.search(url)), None)

    def exclude(self, pattern: str) -> None:
        """Leave out from now on what the regular expression *pattern* is found in."""
        self._scope = self._scope.without(pattern)
        self._excluded[pattern] = re.compile(pattern)

    def add_seed(self, url: str) -> None:
        """Take in what belongs to *url* as to a seed."""
        self._scope = self._scope.with_seed(url)

    def follow_seed(self, outlinks: Sequence[Outlink]) -> bool:
        """A seed that redirects to another host takes the crawl there: whether the *outlinks* of one have widened the scope."""
        widened = False
        for link in outlinks:
            if link.hop == "R" and not self._scope.accepts(link.url):
                self._scope = self._scope.with_seed(link.url)
                widened = True
        return widened
