"""From a date as printed to a Moment: ISO 8601, RFC 5322, epoch numbers, dates with month names in many languages, dates of
digits, Chinese, Japanese and Korean dates.

A date of digits whose two orders are both possible is marked ``ambiguous``; who reads it decides by other evidence.
Texts are cut to 160 characters and patterns are linear.  Nothing outside 1990 .. 2100 is a date of a web page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

from broadsheet.pipelines.extract.metadata.date_words import MONTHS, ZONES

MAX_DATE = 160
FIRST_YEAR, LAST_YEAR = 1990, 2100

_ISO = re.compile(
    r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:[T\s]|\s*[-–,]\s*)+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})([01]\d)([0-3]\d)(?:T?([0-2]\d)([0-5]\d)([0-5]\d)?)?(?!\d)")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号일號]?")
_DIGITS = re.compile(r"(?<![\d.])(\d{1,2})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d])")
_MONTH_YEAR = re.compile(r"^(?:\w+\s)?(\d{4})-(\d{2})$")
_YEAR = re.compile(r"^\s*((?:19|20)\d{2})\s*$")
_EPOCH = re.compile(r"^\s*(\d{10})(\d{3})?(?:\.\d+)?\s*$")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:[:h]|\.(?=\d\d\s*(?:uhr|am|pm|a\.m|p\.m)))(\d{2})(?::(\d{2}))?(?!\d)\s*(a\.?\s?m\b|p\.?\s?m\b)?|(?<![\d:.])(\d{1,2})\s?([ap])\.?m\b",
    re.I,
)
_OFFSET = re.compile(r"\d\s*(?:(Z)\b|(?:GMT|UTC)?\s?([+\-−])(\d{2}):?(\d{2})?(?!\d))|\b([A-Z]{2,4})\b")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date read: ``day`` as printed, time and offset where given.  ``swapped`` is the other reading of a date of digits."""

    day: date
    raw: str
    precision: str = "day"
    hour: int = 0
    minute: int = 0
    second: int = 0
    offset: float | None = None  # hours
    swapped: date | None = None
    printed: date | None = None  # the calendar day in the site's zone, where it is not ``day``

    @property
    def ambiguous(self) -> bool:
        """Whether day and month may change places."""
        return self.swapped is not None

    @property
    def local(self) -> datetime:
        """The moment as printed, in its own zone; what names no zone is taken as UTC."""
        zone = UTC if self.offset is None else timezone(timedelta(hours=self.offset))
        return datetime(self.day.year, self.day.month, self.day.day, self.hour, self.minute, self.second, tzinfo=zone)

    @property
    def utc(self) -> datetime:
        """The moment in UTC."""
        return self.local.astimezone(UTC)

    def turned(self) -> Moment:
        """The other reading."""
        return replace(self, day=self.swapped, swapped=self.day) if self.swapped else self


def read_date(text: str, *, day_first: bool = True) -> Moment | None:
    """The first date in *text*; *day_first* is the reading of an ambiguous one that is tried first.

    >>> read_date("3 April 2024, 10:05").utc.isoformat()
    '2024-04-03T10:05:00+00:00'
    """
    raw = " ".join(text[: 2 * MAX_DATE].split())[:MAX_DATE]
    if not raw or not any(map(str.isdigit, raw)):
        return None
    return _iso(raw) or _epoch(raw) or _cjk(raw) or _named(raw) or _digits(raw, day_first) or _coarse(raw)


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, None when there is none such or it is no date of a web page."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(raw: str) -> Moment | None:
    found = _ISO.search(raw)
    if found is not None:
        year, _, month, dom, hour, minute, second = found.groups()
        day = make_day(int(year), int(month), int(dom))
        if day is None:
            return None
        if hour is None:
            return _timed(Moment(day, raw), raw, found.end())
        return _at(Moment(day, raw), int(hour), int(minute), second, raw[found.end() - 1 :])
    found = _COMPACT.search(raw)
    if found is None:
        return None
    day = make_day(int(found[1]), int(found[2]), int(found[3]))
    if day is None or found[4] is None:
        return Moment(day, raw) if day else None
    return _at(Moment(day, raw), int(found[4]), int(found[5]), found[6], raw[found.end() - 1 :])


def _epoch(raw: str) -> Moment | None:
    found = _EPOCH.match(raw)
    if found is None:
        return None
    moment = datetime.fromtimestamp(int(found[1]), UTC)
    day = make_day(moment.year, moment.month, moment.day)
    return Moment(day, raw, "second", moment.hour, moment.minute, moment.second, 0.0) if day else None


def _cjk(raw: str) -> Moment | None:
    found = _CJK.search(raw)
    day = make_day(int(found[1]), int(found[2]), int(found[3])) if found else None
    return _timed(Moment(day, raw), raw, found.end()) if day and found else None


def _named(raw: str) -> Moment | None:
    """Dates with the month's name: day and year are the numbers beside it."""
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(raw)]
    for index, (word, _, _) in enumerate(tokens):
        month = _month(word)
        if month is None:
            continue
        before = _number(tokens, index, -1)
        after = _number(tokens, index, 1)
        year_at, day = _year_and_day(tokens, before, after)
        if year_at is None:
            continue
        year = int(tokens[year_at][0])
        year = year + 2000 if year < 100 else year
        if day is None:
            made = make_day(year, month, 1)
            if made:
                return Moment(made, raw, "month")
            continue
        if made := make_day(year, month, day):
            return _timed(Moment(made, raw), raw, 0)
    return None


def _month(word: str) -> int | None:
    return MONTHS.get(word.casefold()) if len(word) > 1 else None


def _number(tokens: list[tuple[str, int, int]], index: int, step: int) -> int | None:
    """Index of the number next to token *index*, over short words such as "de", "of", "st"."""
    for hop in range(1, 4):
        at = index + step * hop
        if not 0 <= at < len(tokens):
            return None
        word = tokens[at][0]
        if word[0].isdigit():
            return at
        if len(word) > 3:
            return None
    return None


def _year_and_day(
    tokens: list[tuple[str, int, int]], before: int | None, after: int | None
) -> tuple[int | None, int | None]:
    """Where the year stands, and the day: "3 April 2024", "April 3, 2024", "2024 April 3", "April 2024"."""

    def size(at: int | None) -> int:
        return len(tokens[at][0]) if at is not None else 0

    def value(at: int) -> int:
        return int(tokens[at][0])

    if (
        before is not None
        and size(before) <= 2
        and after is not None
        and (size(after) == 4 or (size(after) == 2 and value(after) > 0))
    ):
        return after, value(before)
    if after is not None and size(after) <= 2:
        for at in range(after + 1, min(after + 4, len(tokens))):
            if len(tokens[at][0]) == 4 and tokens[at][0].isdigit():
                return at, value(after)
    if before is not None and size(before) == 4 and after is not None and size(after) <= 2:
        return before, value(after)
    if after is not None and size(after) == 4:
        return after, None
    return None, None


def _digits(raw: str, day_first: bool) -> Moment | None:
    for found in _DIGITS.finditer(raw):
        first, separator, second, year_text = int(found[1]), found[2], int(found[3]), found[4]
        year = int(year_text) + (2000 if len(year_text) == 2 else 0)
        little, middle = make_day(year, second, first), make_day(year, first, second)
        chosen: date | None
        other: date | None
        if separator == "." and little:
            chosen, other = little, None
        elif day_first:
            chosen, other = (little, middle) if little else (middle, None)
        else:
            chosen, other = (middle, little) if middle else (little, None)
        if chosen:
            other = other if other != chosen else None
            return _timed(Moment(chosen, raw, swapped=other), raw, found.end())
    return None


def _coarse(raw: str) -> Moment | None:
    if found := _MONTH_YEAR.match(raw):
        day = make_day(int(found[1]), int(found[2]), 1) if 1 <= int(found[2]) <= 12 else None
        return Moment(day, raw, "month") if day else None
    if found := _YEAR.match(raw):
        day = make_day(int(found[1]), 1, 1)
        return Moment(day, raw, "year") if day else None
    return None


def _timed(moment: Moment, raw: str, start: int) -> Moment:
    """*moment* with the time of day that follows it in *raw*."""
    found = _CLOCK.search(raw, start)
    if found is None:
        return moment
    if found[1] is not None:
        hour, minute, second, half = int(found[1]), int(found[2]), found[3], (found[4] or "")[:1].lower()
    else:
        hour, minute, second, half = int(found[5]), 0, None, found[6].lower()
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return _at(moment, hour, minute, second, raw[max(found.end() - 1, 0) :])


def _at(moment: Moment, hour: int, minute: int, second: str | None, rest: str) -> Moment:
    if hour > 23 or minute > 59 or int(second or 0) > 59:
        return moment
    offset: float | None = None
    if zone := _OFFSET.search(rest[:24]):
        if zone[1]:
            offset = 0.0
        elif zone[2]:
            size = int(zone[3]) + int(zone[4] or 0) / 60
            offset = (size if zone[2] == "+" else -size) if size <= 14 else None
        elif zone[5]:
            offset = ZONES.get(zone[5].lower())
    precision = "second" if second is not None else "minute"
    return replace(moment, precision=precision, hour=hour, minute=minute, second=int(second or 0), offset=offset)
