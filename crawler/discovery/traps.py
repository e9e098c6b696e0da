"""Crawl traps: links without end that a server makes up as it goes.

Every rule is about a shape that an honest archive does not have, never about number alone: a million posts under
/2019/05/12/slug/, or under ?p=1, pass.  A refusal has a reason and is counted: a crawl can say what it left out.

    long-url        more than 2,000 characters
    deep-path       more than 20 segments
    repeated-path   a segment, or a run of up to four, three times in a row (a relative link that answers itself);
                    numbers of two digits may, or /11/11/11/ would be no date
    calendar-range  a calendar's page for a year that nobody has news of
    calendar-pages  a calendar (URLs alike but for their digits) with more pages than 27 years have days
    query-shape     one path with one set of parameter names, in more combinations than content has: three parameters
                    or more are the filters of a list
    session-id      the same, with a parameter that holds a session: every page again for every visit

Counts are of one run and per shape; with more shapes than are remembered the rare ones are forgotten, which lets URLs
in, never keeps them out.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum

MAX_URL = 2000  # characters
MAX_SEGMENTS = 20
MAX_CALENDAR = 10_000  # pages of one calendar
MAX_SESSION = 500  # URLs of one shape with a session in them
MAX_COMBINATIONS = {1: 1_000_000, 2: 50_000}  # by number of parameters
MAX_MANY = 5_000  # combinations of three parameters and more
EARLIEST_YEAR = 1600  # the first newspaper is of 1605
_SHAPES = 50_000

_REPEATED = re.compile(r"(/(?!\d{1,2}/)[^/]+(?:/[^/]+){0,3})\1\1(?=/|$)")
_CALENDAR = re.compile(
    r"[/?&_-](?:calend[ae]r|kalender|calendrier|calendario|events?|eventos|evenements|agenda|termine|veranstaltungen"
    r"|schedule|tribe-bar-date|ai1ec|day|month|year|date)(?:[/?&=._-]|$)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?=[/-](?:0?[1-9]|1[0-2])(?!\d)|$|&)|(?<=year=)(\d{4,})|(?<=month=)(\d{4})")
_DIGITS = re.compile(r"\d+")
_SESSION = re.compile(
    r"[?&;/](?:s|sid|session|session_?id|oscsid|zenid|cfid|cftoken)=[0-9a-z]{16,}|/\([a-z]\([0-9a-z]{24}\)\)/",
    re.IGNORECASE,
)


class Trap(StrEnum):
    """Why a URL is refused."""

    LONG_URL = "long-url"
    DEEP_PATH = "deep-path"
    REPEATED_PATH = "repeated-path"
    CALENDAR_RANGE = "calendar-range"
    CALENDAR_PAGES = "calendar-pages"
    QUERY_SHAPE = "query-shape"
    SESSION_ID = "session-id"


class TrapGuard:
    """Keeps a crawl out of traps.  *latest_year* is the last year that a calendar may show, e.g. the next one.

    ``refused`` counts refusals by reason.
    """

    def __init__(self, latest_year: int = 2100) -> None:
        self.refused: Counter[Trap] = Counter()
        self._latest_year = latest_year
        self._shapes: Counter[str] = Counter()

    def refuses(self, url: str) -> Trap | None:
        """The reason to leave the normalised *url* out, None when there is none.  Ask once for each new URL."""
        trap = self._judge(url)
        if trap is not None:
            self.refused[trap] += 1
        return trap

    def _judge(self, url: str) -> Trap | None:
        if len(url) > MAX_URL:
            return Trap.LONG_URL
        start, mark, query = url.partition("?")
        path = start[start.find("/", 8) :]
        depth = path.count("/")
        if depth > MAX_SEGMENTS:
            return Trap.DEEP_PATH
        if depth >= 3 and _REPEATED.search(path):
            return Trap.REPEATED_PATH
        if _CALENDAR.search(url, len(start) - len(path)):
            return self._judge_calendar(url, path, query)
        return self._judge_query(start, query) if mark else None

    def _judge_calendar(self, url: str, path: str, query: str) -> Trap | None:
        for groups in _YEAR.findall(f"{path}?{query}"):
            if not EARLIEST_YEAR <= int(next(filter(None, groups))[:9]) <= self._latest_year:
                return Trap.CALENDAR_RANGE
        shape = _DIGITS.sub("0", url)
        return Trap.CALENDAR_PAGES if shape != url and self._count(shape) > MAX_CALENDAR else None

    def _judge_query(self, start: str, query: str) -> Trap | None:
        names = sorted({pair.partition("=")[0] for pair in query.split("&")})
        number = self._count(f"{start}?{'&'.join(names)}")
        if number > MAX_SESSION and _SESSION.search(f"{start}?{query}"):
            return Trap.SESSION_ID
        return Trap.QUERY_SHAPE if number > MAX_COMBINATIONS.get(len(names), MAX_MANY) else None

    def _count(self, shape: str) -> int:
        if len(self._shapes) >= _SHAPES and shape not in self._shapes:
            self._shapes = Counter(dict(self._shapes.most_common(_SHAPES // 2)))
        self._shapes[shape] += 1
        return self._shapes[shape]
