"""What the form of a URL says before anybody has asked for it: a date, an article or a list, and which URLs it is like.

Nothing here is certain, and nothing is lost by it: the form decides what is asked first (priority.py), and which URLs are
counted together (yields.py).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache

_DATE = re.compile(
    r"(?<![0-9])(?P<year>19[89]\d|20[0-4]\d)"
    r"(?:[/_-](?P<month>0?[1-9]|1[0-2])(?:[/_-](?P<day>0?[1-9]|[12]\d|3[01]))?(?![0-9])"
    r"|(?P<month2>0[1-9]|1[0-2])(?P<day2>0[1-9]|[12]\d|3[01])(?![0-9]))"
)
# fmt: off
_LIST_WORDS = frozenset((
    "tag", "tags", "category", "categories", "cat", "author", "authors", "topic", "topics", "page", "pages", "archive",
    "archives", "archiv", "label", "labels", "search", "section", "sections", "rubrik", "rubriken", "thema", "themen", "autor",
    "autoren", "seite", "seiten", "kategorie", "kategorien", "etiqueta", "etiquetas", "categoria", "auteur", "auteurs", "feed",
    "feeds", "rss", "atom", "calendar", "calendrier", "kalender", "events", "event", "date", "day", "month", "year",
))
_LIST_NAMES = frozenset((
    "page", "paged", "offset", "start", "cat", "tag", "author", "s", "q", "search", "orderby", "order", "sort", "year", "month",
    "day", "date", "cal",
))
# fmt: on
_SLUG = re.compile(r"[^/]*[^/\W\d_][^/]*[-_][^/]*[-_][^/]*[^/]{3}")  # three words or more
_NUMBERED = re.compile(r"[^/\d]*[^/\W\d_][-_.]\d+|\d+[-_.][^/\d]*[^/\W\d_][^/]*|[^/\d]*[^/\W\d_][^/\d]*\d{4,}")
_EXTENSION = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|cfm)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_PAGE_PATH = re.compile(r"/(?:page|seite|p)/\d+$")
_ONLY_DATE = re.compile(r"/(?:19|20)\d\d(?:/\d\d?){0,2}")
_MAX_SEGMENTS = 6
_LONG_WORD = 24  # characters


class UrlForm(IntEnum):
    """What a URL looks like: the higher, the sooner it is asked for."""

    LISTING = 0  # a tag, a month, page 2
    OTHER = 1
    ARTICLE = 2
    DATED_ARTICLE = 3  # with a date and a name after it


def split_url(url: str) -> tuple[str, str, str]:
    """Host, path and query of a normalised *url*; the path begins with a slash."""
    rest = url.partition("://")[2]
    place, _, query = rest.partition("?")
    host, slash, path = place.partition("/")
    return host, slash + path, query


def date_in(url: str) -> datetime | None:
    """The day that the path of *url* names, at its beginning in UTC; the first of a month where no day stands."""
    if "/19" not in url and "20" not in url:
        return None
    match = _DATE.search(url, url.find("/", 8))
    if match is None:
        return None
    month, day = match["month"] or match["month2"], match["day"] or match["day2"]
    try:
        return datetime(int(match["year"]), int(month), int(day or 1), tzinfo=UTC)
    except ValueError:
        return None


def is_day(url: str) -> bool:
    """Whether the path of *url* names a day, not only a month."""
    match = _DATE.search(url, url.find("/", 8))
    return match is not None and (match["day"] or match["day2"]) is not None


def form_of(url: str) -> UrlForm:
    """What the normalised *url* looks like."""
    _, path, query = split_url(url)
    segments = [segment for segment in path.split("/") if segment]
    if query and any(pair.partition("=")[0].lower() in _LIST_NAMES for pair in query.split("&")):
        return UrlForm.LISTING
    if not segments:
        return UrlForm.OTHER
    if not _LIST_WORDS.isdisjoint(path.lower().split("/")):
        return UrlForm.LISTING
    last = _EXTENSION.sub("", segments[-1])
    dated = _DATE.search(path) if "20" in path or "19" in path else None
    if dated is not None:
        after = path[dated.end() :].strip("/-_")
        before = segments[-1] if _DATE.search(segments[-1]) else ""
        named = any(char.isalpha() or char == "%" for char in after) or len(before) > len(dated[0]) + 8
        if named and after.count("/") <= 1:
            return UrlForm.DATED_ARTICLE
        if named:
            return UrlForm.OTHER
        return UrlForm.OTHER if any(char.isalpha() for char in last) else UrlForm.LISTING
    if _SLUG.fullmatch(last) or _NUMBERED.fullmatch(last) or (len(last) >= _LONG_WORD and "%" in last):
        return UrlForm.ARTICLE
    return UrlForm.OTHER


@lru_cache(maxsize=4096)
def path_shape(path: str) -> str:
    """What the path of a URL has in common with others: ``/2026/01/05/a-name/`` is ``/#/#/#/*``, its pages like itself."""
    path = _PAGE_PATH.sub("", path.rstrip("/")) or path
    if _ONLY_DATE.fullmatch(path):
        return "/(date)"
    segments = [segment for segment in path.split("/") if segment]
    kept = [_segment_shape(segment) for segment in segments[:_MAX_SEGMENTS]]
    if len(segments) > 1 and not segments[0].isdigit() and len(segments[0]) <= _LONG_WORD:
        kept[0] = _DIGITS.sub("#", segments[0].lower())  # a section
    return "/" + "/".join(kept) + ("/..." if len(segments) > _MAX_SEGMENTS else "")


def _segment_shape(segment: str) -> str:
    plain = _EXTENSION.sub("", segment)
    extension = segment[len(plain) :].lower()
    if plain.isdigit():
        return f"#{extension}"
    if _NUMBERED.fullmatch(plain) and plain.count("-") + plain.count("_") <= 1 and len(plain) <= _LONG_WORD:
        return f"{_DIGITS.sub('#', plain.lower())}{extension}"
    return f"*{extension}"


def shape_of(url: str) -> str:
    """The shape of the normalised *url*: of its path, and the names of its parameters (four and more are one)."""
    _, path, query = split_url(url)
    if not query:
        return path_shape(path)
    names = sorted({_DIGITS.sub("#", pair.partition("=")[0].lower()) for pair in query.split("&") if pair})
    return f"{path_shape(path)}?{'&'.join(names[:3])}{'&...' if len(names) > 3 else ''}"
