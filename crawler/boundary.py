"""The boundary of a crawl: which URLs belong to it, and where its seeds lead it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from broadsheet.archive.exchange import Outlink
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.discovery.traps import TrapGuard


class Boundary:
    """The *scope* of a crawl, which may grow, and the guard against its traps.  ``trapped`` counts what that refused."""

    def __init__(self, scope: Scope) -> None:
        self.trapped: Counter[str] = Counter()
        self._scope = scope
        self._traps = TrapGuard(latest_year=datetime.now(UTC).year + 1)

    def accepts(self, url: str) -> bool:
        """Whether *url* belongs to the crawl; a refusal by the trap guard is counted."""
        if not self._scope.accepts(url):
            return False
        trap = self._traps.refuses(url)
        if trap is not None:
            self.trapped[f"trap: {trap}"] += 1
        return trap is None

    def accepts_requisite(self, url: str) -> bool:
        """Whether something that a page shows may be fetched: anywhere, unless the user excludes it."""
        return not self._scope.excludes(url)

    def in_scope(self, url: str) -> bool:
        """Whether *url* lies within the scope, trap or not."""
        return self._scope.accepts(url)

    def follow_seed(self, outlinks: Sequence[Outlink]) -> bool:
        """A seed that redirects to another host takes the crawl there: whether the *outlinks* of one have widened the scope."""
        widened = False
        for link in outlinks:
            if link.hop == "R" and not self._scope.accepts(link.url):
                self._scope = self._scope.with_seed(link.url)
                widened = True
        return widened
