"""Redirects that go in a circle until a cookie is there: which URLs to ask once more, now that it is.

    /article -> /check (sets a cookie) -> /article          or          /article (sets a cookie) -> /article

A frontier asks a URL once, so such a site would give nothing.  A circle of redirects in which an answer has set a
cookie is taken for a turnstile: URLs that led into it are asked again if they would now be asked with other cookies.
At most `AGAIN` times each, so that a server that counts on with every answer does not hold the crawl.  Circles alone
count: a redirect that merely sets a cookie, as most do, costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from broadsheet.crawler.frontier.queues import Visit

AGAIN = 2
_REMEMBERED = 1_000  # redirects; a turnstile shows within the first few
_LONGEST = 10  # redirects of a circle, and of the way to it


@dataclass(slots=True)
class _Redirected:
    visit: Visit
    sent: str | None
    target: str
    sets: bool
    again: int = 0


class Turnstiles:
    """The redirects seen lately.  *cookies_for* says what would be sent to a URL now."""

    def __init__(self, cookies_for: Callable[[str], str | None]) -> None:
        self._cookies_for = cookies_for
        self._redirected: dict[str, _Redirected] = {}

    def redirected(self, visit: Visit, sent: str | None, target: str, *, sets: bool) -> list[Visit]:
        """*visit*, asked with the cookies *sent*, was redirected to *target*; *sets*: with a new cookie.

        Returns the visits that are to be made again.
        """
        known = self._redirected.pop(visit.url, None)
        self._redirected[visit.url] = _Redirected(
            visit, sent, target, sets or (known is not None and known.sets), known.again if known else 0
        )
        if len(self._redirected) > _REMEMBERED:
            del self._redirected[next(iter(self._redirected))]
        circle = self._circle(visit.url)
        if not any(self._redirected[url].sets for url in circle):
            return []
        waiting = [one for one in self._redirected.values() if self._is_to_wait_for(one, circle)]
        for one in waiting:
            one.again += 1
        return [one.visit for one in waiting]

    def _is_to_wait_for(self, one: _Redirected, circle: frozenset[str]) -> bool:
        if one.again >= AGAIN or (one.sets and one.target != one.visit.url):
            return False  # it is the turnstile itself, no page behind it
        if self._circle(one.visit.url) != circle:
            return False
        return self._cookies_for(one.visit.url) != one.sent

    def _circle(self, url: str) -> frozenset[str]:
        """The URLs of the circle that the redirects from *url* end in; empty when they end elsewhere."""
        way: list[str] = []
        while url not in way:
            step = self._redirected.get(url)
            if step is None or len(way) > _LONGEST:
                return frozenset()
            way.append(url)
            url = step.target
        return frozenset(way[way.index(url) :])
