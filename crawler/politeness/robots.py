"""The rules of a robots.txt (RFC 9309), over protego.

Without a file (4xx) all is allowed; without an answer, or with a server's error (5xx), nothing is, for now: the
standard assumes complete disallow there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from protego import Protego

from archive.exchange import FetchError

_NO_CONNECTION = frozenset(
    {FetchError.DNS, FetchError.CONNECT, FetchError.TLS, FetchError.PROXY, FetchError.REFUSED_ADDRESS}
)
MAX_SIZE = 512 * 1024  # bytes that count; RFC 9309, 2.5 asks for 500 KiB at least


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a robots.txt says; without ``rules`` it is ``everything`` or nothing."""

    rules: Any | None
    everything: bool

    @classmethod
    def parse(cls, status: int | None, body: bytes, error: FetchError | None = None) -> RobotsRules:
        """The rules of an answer to /robots.txt after its redirects.

        *status* None: there was no answer.  Where not even a connection came up (*error*) all is allowed, because the
        pages will fail in the same way and say so themselves.
        """
        if status is None:
            return cls(None, everything=error in _NO_CONNECTION)
        if status >= 500 or status == 429:
            return cls(None, everything=False)
        if not 200 <= status < 300:
            return cls(None, everything=True)
        text = body[:MAX_SIZE].decode("utf-8-sig", "replace")
        return cls(Protego.parse(text), everything=True)

    def allowed(self, url: str, token: str) -> bool:
        """Whether the crawler that calls itself *token* may ask for *url*."""
        if self.rules is None:
            return self.everything
        return bool(self.rules.can_fetch(url, token))

    def crawl_delay(self, token: str) -> float | None:
        """The Crawl-delay for *token* in seconds, at most a minute: more is a way of saying no, and no has its own."""
        delay = None if self.rules is None else self.rules.crawl_delay(token)
        return None if delay is None else min(float(delay), 60.0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names."""
        return () if self.rules is None else tuple(self.rules.sitemaps)
