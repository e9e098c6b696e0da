"""The rules of spelling of all sites of a crawl, as evidence has proved or refuted them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from broadsheet.crawler.bounds.evidence import MAX_RULES, RuleCount

_CONTENT = re.compile(  # parameters that usually name what is read
    r"^parameter (?:p|id|pid|aid|nid|page_id|article|articleid|art|story|storyid|post|post_id|page|paged|item|itemid|news|"
    r"newsid|v|doc) "
)
_SITES = 5_000  # that are remembered; the state has all


class SiteRules:
    """Counts how often rules held.  *load* gives what the crawl's state has of a site."""

    def __init__(self, load: Callable[[str], Iterable[RuleCount]]) -> None:
        self._load = load
        self._sites: dict[str, dict[str, RuleCount]] = {}

    def count(self, site: str, rule: str) -> RuleCount:
        """What is known of *rule*."""
        return self._of(site).get(rule) or RuleCount(site, rule)

    def holds(self, site: str, rule: str) -> bool:
        """Whether URLs of *site* that differ by *rule* need not be asked."""
        return self.count(site, rule).holds

    def refuted(self, site: str, rule: str) -> bool:
        """Whether URLs of *site* that differ by *rule* are different pages."""
        known = self._of(site).get(rule)
        return known is not None and known.refuted

    def seen(self, site: str, rules: Iterable[str], url: str, primary: str, *, agreed: bool) -> tuple[RuleCount, ...]:
        """Count that *url* and *primary*, which differ by *rules*, are the same page, or are not; what is known now.

        Where they are not and several rules may be to blame, those are that speak of what usually names a page.
        """
        rules = sorted(rules)
        if not agreed and len(rules) > 1:
            rules = [rule for rule in rules if _CONTENT.match(rule)] or rules
        known, counts = self._of(site), []
        for rule in rules:
            if rule not in known and len(known) >= MAX_RULES:
                continue
            before = self.count(site, rule)
            after = replace(
                before,
                agreed=before.agreed + agreed,
                differed=before.differed + (not agreed),
                example=f"{url} {primary}"[:500],
            )
            known[rule] = after
            counts.append(after)
        return tuple(counts)

    def _of(self, site: str) -> dict[str, RuleCount]:
        known = self._sites.get(site)
        if known is None:
            if len(self._sites) >= _SITES:
                self._sites.clear()
            known = self._sites[site] = {count.rule: count for count in self._load(site)}
        return known
