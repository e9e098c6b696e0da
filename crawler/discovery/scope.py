"""What belongs to a crawl: near enough to a seed, and not kept out by a pattern.

    host    the seed's host; "www." or not is one host, another port is another host
    domain  the seed's registered domain and everything below it (by the Public Suffix List:
            archive/public_suffix.py)
    prefix  URLs that begin with the seed up to its last slash; http and https, "www." or not are one

--exclude always wins.  --include, when there is one, must match as well: it narrows the scope, it never widens it.
A decision is asked for every new link, so the part that depends on the host alone is remembered per host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from broadsheet.archive.errors import BadInput
from broadsheet.archive.public_suffix import registered_domain
from broadsheet.archive.url import normalise
from broadsheet.crawler.discovery.urls import host_of
from broadsheet.crawler.options import ScopeKind

_HOSTS_REMEMBERED = 100_000


class Scope:
    """The scope of a crawl.  *seeds* are absolute URLs; *include* and *exclude* regular expressions, searched in URLs.

    Raises:
        BadInput: a seed that is no http or https URL, or an expression that does not compile.
    """

    def __init__(
        self, kind: ScopeKind, seeds: Iterable[str], include: Iterable[str] = (), exclude: Iterable[str] = ()
    ) -> None:
        self.kind = kind
        self.seeds = tuple(dict.fromkeys(_seed(seed) for seed in seeds))
        self._include = tuple(_compiled(pattern, "--include") for pattern in include)
        self._exclude = tuple(_compiled(pattern, "--exclude") for pattern in exclude)
        self._known_hosts: dict[str, bool] = {}
        if kind is ScopeKind.PREFIX:
            self._prefixes = tuple(_bare(seed[: seed.partition("?")[0].rindex("/") + 1]) for seed in self.seeds)
            self._places = frozenset(_plain_host(host_of(seed)) for seed in self.seeds)
        else:
            self._prefixes = ()
            self._places = frozenset(self._place(host_of(seed)) for seed in self.seeds)

    def accepts(self, url: str) -> bool:
        """Whether the normalised *url* belongs to the crawl."""
        host = host_of(url)
        near = self._known_hosts.get(host)
        if near is None:
            if len(self._known_hosts) >= _HOSTS_REMEMBERED:
                self._known_hosts.clear()
            near = self._known_hosts[host] = self._place(host) in self._places
        if not near or (self._prefixes and not _bare(url).startswith(self._prefixes)):
            return False
        if self.excludes(url):
            return False
        return not self._include or any(pattern.search(url) for pattern in self._include)

    def excludes(self, url: str) -> bool:
        """Whether --exclude names *url*: it is not fetched, not even as a part of a page."""
        return bool(self._exclude) and any(pattern.search(url) for pattern in self._exclude)

    def rule_against(self, url: str) -> str:
        """Which rule keeps the normalised *url*, which is not accepted, out of the crawl."""
        if not self._is_near(url):
            return f"out of scope ({self.kind})"
        for pattern in self._exclude:
            if pattern.search(url):
                return f"--exclude {pattern.pattern}"
        return "not in --include"

    def _is_near(self, url: str) -> bool:
        if self._place(host_of(url)) not in self._places:
            return False
        return not self._prefixes or _bare(url).startswith(self._prefixes)

    def with_seed(self, url: str) -> Scope:
        """The scope that *url* is a seed of as well, e.g. because a seed redirects to it.

        Raises:
            BadInput: *url* is no http or https URL.
        """
        return self._changed((*self.seeds, url))

    def without(self, pattern: str) -> Scope:
        """The scope that leaves out, too, what the regular expression *pattern* is found in.

        Raises:
            BadInput: it does not compile.
        """
        return self._changed(self.seeds, pattern)

    def _changed(self, seeds: Iterable[str], *exclude: str) -> Scope:
        excluded = [*(pattern.pattern for pattern in self._exclude), *exclude]
        return Scope(self.kind, seeds, [pattern.pattern for pattern in self._include], dict.fromkeys(excluded))

    def _place(self, host: str) -> str:
        if self.kind is ScopeKind.DOMAIN:
            return registered_domain(host, private=True) or host  # two blogs at github.io are two sites
        return _plain_host(host)


def _seed(url: str) -> str:
    normalised = normalise(url)
    if normalised is None:
        raise BadInput(url, "not an http or https URL", "Write it in full, e.g. https://example.com/")
    return normalised


def _plain_host(host: str) -> str:
    return host.removeprefix("www.")


def _bare(url: str) -> str:
    """*url* without its scheme and "www."."""
    return _plain_host(url.partition("://")[2])


def _compiled(pattern: str, option: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        place = "" if error.pos is None else f" at character {error.pos + 1}"
        raise BadInput(f"{option} {pattern}", f"not a regular expression: {error.msg}{place}") from error
    except (RecursionError, OverflowError) as error:
        raise BadInput(f"{option} {pattern[:60]}", "a regular expression too large to compile") from error
