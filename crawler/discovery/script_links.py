"""Where scripts take a reader: what is no link in HTML and one to whoever clicks.

    attributes   data-href, data-url, hx-get, data-next-url ...: conventions of card grids, "load more" and endless scrolling
    events       onclick="location.href='/story'", onmousedown, href="javascript:show('/story')": every literal that looks
                 like a page
    scripts      location = "/story", location.assign("/story"), window.open("/story"), and the values of "url", "href", "link"
                 and "permalink" in data that a script holds, whatever it does with them (also escaped within a string); lists
                 of URLs that are called so, or articles, posts, pages: urls = ["/one", "/two"]

A static look, as for requisites (crawler/requisites/script.py).  Other strings of scripts are left alone: of what looks like a
path there, most is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import unquote

MAX_SCRIPT: Final = 4 * 1024 * 1024  # characters of a script that are looked at
MAX_EVENT: Final = 10_000  # of an event's
_MAX_FOUND = 5_000
_SHORT = 16 * 1024  # characters of a script that is remembered

# Attributes, of any element, by which scripts link.
EVENTS: Final = frozenset(("onclick", "onmousedown", "onmouseup", "ondblclick", "ontouchstart", "ontouchend"))
SCRIPTED: Final = EVENTS.union(
    """
    hx-get data-hx-get hx-push-url hx-replace-url
    data-href data-url data-link data-permalink data-uri data-location data-target-url data-link-url
    data-link-href data-card-url data-card-href data-item-url data-page-url data-page-href data-article-url data-article-link
    data-story-url data-post-url data-post-link data-news-url data-detail-url data-clickable-url data-click-url data-redirect
    data-redirect-url data-goto data-go data-navigate data-navigate-to data-to data-permalink-url data-canonical-url
    data-next data-next-url data-next-href data-next-page data-next-page-url data-next-link data-nextpage data-load-more
    data-load-more-url data-load-url data-loadmore data-loadmore-url data-more data-more-url data-more-href data-infinite-url
    data-scroll-url data-infinite-scroll-url data-pagination-url data-ajax-url data-ajax-href data-fetch-url data-remote-url
    data-source-url data-content-url data-lazy-url data-fragment-url data-partial-url data-turbo-src up-href
""".split()  # noqa: SIM905 - a list of words
)
# Elements in which such attributes name what is shown.
SHOWN: Final = frozenset(
    ("img", "source", "video", "audio", "amp-img", "amp-video", "image", "embed", "object", "script", "input")
)

_LITERAL = re.compile(r""""([^"\\\n]{1,2000})"|'([^'\\\n]{1,2000})'|`([^`$\\\n]{1,2000})`""")
_LOCATION = re.compile(
    r"""\b(?:location(?:\.href)?\s{0,20}=(?!=)|location\.(?:assign|replace)\(|window\.open\()\s{0,20}"""
    r"""(?:"([^"\\\n]{1,2000})"|'([^'\\\n]{1,2000})')"""
)
# "url":"https:\/\/..." as JSON, and as JSON in a string of JSON: backslashes come before any quote and any slash.
_QUOTE, _SLASH, _SEGMENT = r"""\\{0,3}\"""", r"(?:\\{0,3}/|\\{1,2}u002[fF])", r"[^\"\\/<>{}\s]{0,300}"
_NAME = r"(?:(?:article|canonical|web|post|page|story|absolute|full)_?[uU]rl|url|uri|href|link|permalink)"
_URL = rf"(?:https?:)?{_SLASH}{_SEGMENT}(?:{_SLASH}{_SEGMENT}){{0,30}}"
_MEMBER = re.compile(
    rf"\"{_NAME}s?{_QUOTE}\s{{0,4}}:\s{{0,4}}(?:{_QUOTE}({_URL}){_QUOTE}"
    rf"|\[\s{{0,4}}({_QUOTE}{_URL}{_QUOTE}(?:\s{{0,4}},\s{{0,4}}{_QUOTE}{_URL}{_QUOTE}){{0,500}}))"
)
_LISTED = re.compile(rf"{_QUOTE}({_URL}){_QUOTE}")
_LIST_NAME = r"(?:articles?|entr(?:y|ies)|links?|news|pages?|permalinks?|posts?|stor(?:y|ies)|urls?)"
_LITERAL_URL = rf"""(?:"{_URL}"|'{_URL}')"""
_LIST = re.compile(
    rf"\b{_LIST_NAME}\s{{0,4}}[=:]\s{{0,4}}\[\s{{0,20}}({_LITERAL_URL}(?:\s{{0,20}},\s{{0,20}}{_LITERAL_URL}){{1,500}})",
    re.IGNORECASE,
)
_OF_LIST = re.compile(rf"[\"']({_URL})[\"']")
_LISTS = ('["/', "['/", '["http', "['http")  # as most are written
_ENCODED = "%22%3A"  # "name": as encodeURIComponent writes it
_ESCAPED_SLASH = re.compile(r"\\{1,2}u002[fF]|\\{1,3}/")
_WORDS = ("location", "window.open")
_NAMES = ('rl"', "rl\\", 'rls"', 'uri"', "uri\\", 'ref"', "ref\\", 'ink"', "ink\\")  # ends of the names in _MEMBER


def event_targets(script: str) -> Iterator[str]:
    """The literals of an event's *script*, as written; which of them are URLs of pages is for the caller to say."""
    for match in _LITERAL.finditer(script[:MAX_EVENT]):
        yield match[1] or match[2] or match[3]


def location_targets(script: str) -> Iterable[str]:
    """The literals to which *script* sends its reader, as written."""
    return _locations_of_short(script) if len(script) <= _SHORT else _locations(script[:MAX_SCRIPT])


def data_targets(script: str) -> Iterable[str]:
    """The URLs that *script* holds as members of data, without their escapes."""
    return _members_of_short(script) if len(script) <= _SHORT else _members(script)


def _locations(script: str) -> tuple[str, ...]:
    if not any(word in script for word in _WORDS):
        return ()
    return tuple(match[1] or match[2] for match in _LOCATION.finditer(script))


def _members(script: str) -> tuple[str, ...]:
    if _ENCODED in script:
        script = unquote(script[:MAX_SCRIPT])
    if not (any(name in script for name in _NAMES) or any(start in script for start in _LISTS)):
        return ()
    script = script[:MAX_SCRIPT]
    found: list[str] = []
    for match in islice(_MEMBER.finditer(script), _MAX_FOUND):
        found += [match[1]] if match[1] else _LISTED.findall(match[2])
    for match in islice(_LIST.finditer(script), _MAX_FOUND):
        found += _OF_LIST.findall(match[1])
    return tuple(_ESCAPED_SLASH.sub("/", url) for url in found[:_MAX_FOUND])


# The scripts within the pages of a site are mostly the same.
_locations_of_short = lru_cache(maxsize=256)(_locations)
_members_of_short = lru_cache(maxsize=256)(_members)
