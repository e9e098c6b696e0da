"""Which captured query stands for one that was never captured.

Pages ask for addresses that are new each time: ``?_=1764000000000``, ``&cb=0.8341``.  Such a pair says nothing of what
is asked, so it is left out of both sides and the rest must be equal, order aside.  A pair is one of these by its name
*and* the shape of its value.  Nothing weaker: ``?id=1700000001`` looks like a time stamp and names an article, and a
wrong page is worse than a missing one.  One exception: a version behind the name of a static file (``style.css?ver=6.1``)
is let go, as the file is what is meant, unless versions of it were captured that differ (`lookup`).

All of it works on SURT keys, where queries are unescaped, sorted and in lower case, and bodies of POST requests are
part of the query.
"""

from __future__ import annotations

import re

_MILLISECONDS = r"1\d{12}"  # since 1970, 2001 to 2033: Date.now()
_MOMENT = rf"(?:1\d{{9}}(?:\.\d+)?|{_MILLISECONDS}(?:\.\d+)?)"
_RANDOM = r"(?:0?\.\d{6,})"  # Math.random()
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
# Names that nothing but cache-busters have: jQuery's, Ext's, Dojo's and their like.  Their values are counters, times, hashes.
_BUSTER_NAMES = frozenset(
    [
        "_",
        "__",
        "_t",
        "_ts",
        "_r",
        "_dc",
        "_nocache",
        "_rnd",
        "_rand",
        "_cb",
        "_cachebust",
        "_cache",
        "cb",
        "cachebust",
        "cachebuster",
        "cache_bust",
        "cache-bust",
        "bust",
        "buster",
        "nocache",
        "no_cache",
        "no-cache",
        "uncache",
        "preventcache",
        "prevent_cache",
        "dojo.preventcache",
        "rnd",
        "rand",
        "random",
        "zx",
    ]
)
_BUSTER_VALUE = re.compile(rf"|\d+(?:\.\d+)?|{_RANDOM}|{_UUID}|[0-9a-f]{{6,64}}|[\w-]*\d[\w-]*")
# Names that also say something (an hour, an order, a revision): only a value that a clock or the dice have given.
_DOUBTFUL = {
    **dict.fromkeys(("ts", "nc"), re.compile(rf"{_MOMENT}|{_RANDOM}")),
    **dict.fromkeys(
        ("t", "time", "timestamp", "now", "date", "r", "v", "n", "x"), re.compile(rf"{_MILLISECONDS}|{_RANDOM}")
    ),
    "ord": re.compile(rf"\d{{8,}}(?:\.\d+)?|{_RANDOM}"),  # of advertisements
}
_CAMPAIGN = re.compile(r"utm_[a-z_]+|fbclid|gclid|dclid|wbraid|gbraid|msclkid|mc_[ce]id|yclid|igshid|twclid|_ga|_gl")
_VERSION_NAMES = frozenset(["v", "ver", "version", "rev", "revision", "build", "hash"])
_VERSION = re.compile(r"[\w.-]*\d[\w.-]*")
_STATIC = re.compile(r"\.(?:css|m?js|map|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|otf|eot)$")


def query_base(urlkey: str) -> str:
    """The key without its query."""
    return urlkey.partition("?")[0]


def is_static(urlkey: str) -> bool:
    """Whether the key is that of a file whose query can but be its version."""
    return _STATIC.search(query_base(urlkey)) is not None


def essence(urlkey: str) -> tuple[str, ...]:
    """What a key's query says once cache-busters are out; two keys of one `query_base` match when it is equal."""
    static = is_static(urlkey)
    pairs = urlkey.partition("?")[2].split("&")
    return tuple(
        sorted(pair for pair in pairs if pair and not _says_nothing(pair) and not (static and _is_version(pair)))
    )


def without_busters(urlkey: str) -> tuple[str, ...]:
    """`essence` with the versions of static files still in it."""
    return tuple(sorted(pair for pair in urlkey.partition("?")[2].split("&") if pair and not _says_nothing(pair)))


def _says_nothing(pair: str) -> bool:
    name, equals, value = pair.partition("=")
    if not equals:  # a name alone can be a page's number: only the dice speak for themselves
        return re.fullmatch(r"0\.\d{10,}", name) is not None
    if name in _BUSTER_NAMES:
        return _BUSTER_VALUE.fullmatch(value) is not None
    doubtful = _DOUBTFUL.get(name)
    return (doubtful is not None and doubtful.fullmatch(value) is not None) or _CAMPAIGN.fullmatch(name) is not None


def _is_version(pair: str) -> bool:
    name, equals, _ = pair.partition("=")
    return name in _VERSION_NAMES if equals else _VERSION.fullmatch(name) is not None
