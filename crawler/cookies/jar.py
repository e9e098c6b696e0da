"""The cookies of a crawl, in memory: bounded, because a hostile server may set as many as it likes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from broadsheet.crawler.cookies.cookie import Cookie

MAX_PER_DOMAIN = 50
MAX_DOMAINS = 5_000


class CookieJar:
    """Keeps cookies and says which of them go with a request.  Times are seconds since 1970."""

    def __init__(self, cookies: Iterable[Cookie] = ()) -> None:
        self._domains: dict[str, dict[tuple[str, str, str], Cookie]] = {}
        for cookie in cookies:
            self.keep(cookie, 0.0)

    def keep(self, cookie: Cookie, now: float) -> bool:
        """Take *cookie* in; whether it changed anything.  An expired one ends what it replaces."""
        known = self._domains.get(cookie.domain)
        if not cookie.live(now):
            return known is not None and known.pop(cookie.key, None) is not None
        if known is None:
            if len(self._domains) >= MAX_DOMAINS:
                del self._domains[next(iter(self._domains))]
            known = self._domains[cookie.domain] = {}
        if known.get(cookie.key) == cookie:
            return False
        known[cookie.key] = cookie
        if len(known) > MAX_PER_DOMAIN:
            del known[next(iter(known))]  # the oldest
        return True

    def header(self, url: str, now: float) -> str | None:
        """The value of the Cookie header for *url*; None when there is nothing to send (RFC 6265, 5.4)."""
        if not self._domains:
            return None
        parts = urlsplit(url)
        host, path, secure = parts.hostname or "", parts.path or "/", parts.scheme == "https"
        found = [
            cookie
            for domain in _upwards(host)
            for cookie in self._domains.get(domain, {}).values()
            if cookie.live(now) and cookie.goes_to(host, path, secure=secure)
        ]
        found.sort(key=lambda cookie: -len(cookie.path))  # of those with paths alike, the older goes first
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in found) or None


def _upwards(host: str) -> Iterator[str]:
    """*host* and the domains above it."""
    while host:
        yield host
        host = host.partition(".")[2]
