"""Which captured query stands for one that was never captured.

Pages ask for addresses that are new each time: ``?_=1764000000000``, ``&cb=0.8341``.  Such a pair says nothing of what
is asked, so it is left out of both sides and the rest must be equal, order aside.  Nothing weaker: "the nearest query"
gives a wrong article for every ``?id=`` that was not captured, and a wrong page is worse than a missing one.  One
exception: a version behind the name of a static file (``style.css?ver=6.1``) is let go, as the file is what is meant.

All of it works on SURT keys, where queries are unescaped, sorted and in lower case, and bodies of POST requests are
part of the query.
"""

from __future__ import annotations

import re

_BUSTERS = frozenset(
    [
        "_",
        "__",
        "_t",
        "_ts",
        "_r",
        "_dc",
        "_nocache",
        "cb",
        "cachebust",
        "cachebuster",
        "cache_bust",
        "bust",
        "buster",
        "nocache",
        "no_cache",
        "nc",
        "ts",
        "timestamp",
        "time",
        "rnd",
        "rand",
        "random",
        "ord",
        "zx",
        "_rnd",
        "_rand",
        "uncache",
        "preventcache",
        "dojo.preventcache",
    ]
)
_CAMPAIGN = re.compile(r"utm_[a-z]+|fbclid|gclid|dclid|msclkid|mc_[ce]id|yclid|igshid|_ga|_gl")
_RANDOM = re.compile(
    r"1\d{9}(?:\d{3})?(?:\.\d+)?"  # seconds or milliseconds since 1970, 2001 to 2033
    r"|0\.\d{8,}"  # Math.random()
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_VERSION_KEYS = frozenset(["v", "ver", "version", "rev", "revision", "build", "hash", "h"])
_STATIC = re.compile(r"\.(?:css|m?js|map|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|otf|eot)$")


def query_base(urlkey: str) -> str:
    """The key without its query."""
    return urlkey.partition("?")[0]


def essence(urlkey: str) -> tuple[str, ...]:
    """What a key's query says once cache-busters are out; two keys of one `query_base` match when it is equal."""
    base, _, query = urlkey.partition("?")
    static = _STATIC.search(base) is not None
    return tuple(sorted(pair for pair in query.split("&") if pair and not _says_nothing(pair, static)))


def _says_nothing(pair: str, static: bool) -> bool:
    key, equals, value = pair.partition("=")
    if not equals:  # style.css?20240131, page?1764000000000
        return _RANDOM.fullmatch(key) is not None or (static and re.fullmatch(r"[\w.-]*\d[\w.-]*", key) is not None)
    if key in _BUSTERS:
        return re.fullmatch(r"[\w.:+-]*\d[\w.:+-]*", value) is not None or not value
    if _CAMPAIGN.fullmatch(key) or _RANDOM.fullmatch(value):
        return True
    return static and key in _VERSION_KEYS
