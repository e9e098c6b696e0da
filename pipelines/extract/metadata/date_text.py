"""From a date as printed to a Moment: ISO 8601, RFC 5322, epoch numbers, dates with month names, dates of digits, Chinese,
Japanese and Korean dates; dates of other calendars, numerals and scripts by `date_world`.

A date of digits whose two orders are both possible is marked ``ambiguous``; who reads it decides by other evidence.
Of several readings the fuller wins: a four-digit year before one of two digits, a day before a month.
Texts are cut to 160 characters and patterns are linear.  Nothing outside 1700 .. 2100 is a date of a web page.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from broadsheet.pipelines.extract.metadata.date_calendars import BUDDHIST
from broadsheet.pipelines.extract.metadata.date_clock import CLOCK, HALF_DAY, at_clock, timed
from broadsheet.pipelines.extract.metadata.date_fold import fold
from broadsheet.pipelines.extract.metadata.date_moment import Moment, make_day
from broadsheet.pipelines.extract.metadata.date_words import MONTHS, REGIONAL_MONTHS
from broadsheet.pipelines.extract.metadata.date_world import read_world_date

MAX_DATE = 160

_ISO = re.compile(
    r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:[T\s]|\s*[-–,]\s*)+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?(?!\d)"
)
_SPACED = re.compile(r"(?<!\d)(\d{4})\s?([./])\s(\d{1,2})\s?\2\s(\d{1,2})(?![\d:])")  # 2024. 8. 12.
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})([01]\d)([0-3]\d)(?:T?([0-2]\d)([0-5]\d)([0-5]\d)?)?(?!\d)")
_CJK = re.compile(r"(?<!\d)(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号일號]?")
_DIGITS = re.compile(r"(?<![\d.RHS])(\d{1,2})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:])")
_MONTH_YEAR = re.compile(r"^(?:\w+\s)?(\d{4})-(\d{2})$")
_YEAR = re.compile(r"^\s*((?:1[89]|20)\d{2})\s*$")
_WEEK = re.compile(r"^(\d{4})-?W(\d\d)(?:-?([1-7]))?$")  # ISO 8601 week dates
_ORDINAL = re.compile(r"^(\d{4})-(\d{3})$")  # ISO 8601 ordinal dates
_PART_OF_YEAR = re.compile(
    r"\b(?:Q[1-4]|spring|summer|autumn|fall|winter|frühjahr|frühling|sommer|herbst|printemps|été|automne|hiver|primavera|verano|otoño"
    r"|invierno|estate|autunno|inverno)[\s/]+((?:19|20)\d\d)\b",
    re.I,
)
_DAYS = re.compile(r"(?<![\d:/.-])(\d{1,2})\.?\s?[-–]\s?\d{1,2}(?=\.?\s[^\W\d_]{3}|,\s\d{4})")  # 12-13 August 2024
_EPOCH = re.compile(r"^\s*(\d{10})(\d{3})?(?:\.\d+)?\s*$")
_YEAR_FIRST = frozenset({"ja", "ko", "zh"})  # also where the year has two digits
_CUT_YEAR = re.compile(r"(?<=[\s,])['’]([0-9]{2})(?![0-9])")  # Aug 12 '24
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
# a date or a time of day as pages print them, for finding where in a line one stands; what it means is `read_date`'s to say
PRINTED_DATE = re.compile(
    r"(?:19|20)\d\d[-/.年]\s?\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:19|20)?\d\d|\b\d{1,2}(?:st|nd|rd|th)?\.?,?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d\d"
    r"|\b[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|\b\d{1,2}:\d\d\b"
)

_Token = tuple[str, int, int]


def read_date(text: str, *, day_first: bool | None = True, language: str | None = None) -> Moment | None:
    """The first date in *text*.

    *day_first* is the reading of an ambiguous one that is tried first; None: the day, but the month where AM or PM stands
    beside it.  *language* (BCP 47) tells apart months and calendars that share words and numbers.

    >>> read_date("3 April 2024, 10:05").utc.isoformat()
    '2024-04-03T10:05:00+00:00'
    """
    raw = " ".join(text[: 2 * MAX_DATE].split())[:MAX_DATE]
    if not raw or not (any(map(str.isdigit, raw)) or "年" in raw or "ת" in raw):
        return None
    plain = raw if raw.isascii() else fold(raw)
    code = language[:3].split("-")[0].lower() if language else None
    if day_first is None:
        day_first = HALF_DAY.search(plain) is None
    if "'" in plain or "’" in plain:
        plain = _CUT_YEAR.sub(lambda found: f"{'19' if found[1] > '69' else '20'}{found[1]}", plain)
    if "-" in plain or "–" in plain:
        plain = _DAYS.sub(r"\1", plain)
    moment = (
        _iso(plain)
        or _epoch(plain)
        or _cjk(plain)
        or _named(plain, code)
        or _digits(plain, day_first, code)
        or read_world_date(plain, code)
        or _coarse(plain)
    )
    return replace(moment, raw=raw) if moment and plain is not raw else moment


def _iso(raw: str) -> Moment | None:
    found = _ISO.search(raw)
    if found is not None:
        year, _, month, dom, hour, minute, second = found.groups()
        day = make_day(int(year), int(month), int(dom))
        if day is None:
            return None
        if hour is None or (HALF_DAY.match(raw, found.end() - 1) and int(hour) <= 12):
            return timed(Moment(day, raw), raw, found.end(4))
        return at_clock(Moment(day, raw), int(hour), int(minute), second, raw[: found.end()], raw[found.end() :])
    if found := _SPACED.search(raw):
        day = make_day(int(found[1]), int(found[3]), int(found[4]))
        return timed(Moment(day, raw), raw, found.end()) if day else None
    found = _COMPACT.search(raw)
    if found is None:
        return None
    day = make_day(int(found[1]), int(found[2]), int(found[3]))
    if day is None or found[4] is None:
        return Moment(day, raw) if day else None
    return at_clock(Moment(day, raw), int(found[4]), int(found[5]), found[6], raw[: found.end()], raw[found.end() :])


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
    return timed(Moment(day, raw), raw, found.end()) if day and found else None


def _named(raw: str, language: str | None) -> Moment | None:
    """Dates with the month's name: day and year are the numbers beside it, those of a clock apart."""
    clocks = [(found.start(), found.end()) for found in CLOCK.finditer(raw)]
    tokens = [
        (match[0], match.start(), match.end())
        for match in _TOKEN.finditer(raw)
        if not any(start <= match.start() < end for start, end in clocks)
    ]
    second_best: Moment | None = None
    for index, (word, _, _) in enumerate(tokens):
        month = _month(word, language)
        if month is None:
            continue
        before = _number(tokens, index, -1)
        after = _number(tokens, index, 1)
        year_at, day = _year_and_day(tokens, before, after)
        if year_at is None:
            continue
        digits = tokens[year_at][0]
        year = int(digits) + 2000 if len(digits) == 2 else int(digits)
        made = make_day(year, month, 1 if day is None else day)
        if made is None:
            continue
        if day is None:
            second_best = second_best or Moment(made, raw, "month")
            continue
        moment = timed(Moment(made, raw), raw, 0)
        if len(digits) == 4:
            return moment
        if second_best is None or second_best.precision == "month":
            second_best = moment
    return second_best


def _month(word: str, language: str | None) -> int | None:
    if len(word) < 2:
        return None
    word = word.casefold()
    return REGIONAL_MONTHS.get((language, word)) or MONTHS.get(word)


def _number(tokens: list[_Token], index: int, step: int) -> int | None:
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


def _year_and_day(tokens: list[_Token], before: int | None, after: int | None) -> tuple[int | None, int | None]:
    """Where the year stands, and the day: "3 April 2024", "April 3, 2024", "2024 April 3", "April 2024"."""

    def size(at: int | None) -> int:
        return len(tokens[at][0]) if at is not None else 0

    def value(at: int) -> int:
        return int(tokens[at][0])

    if before is not None and size(before) <= 2 and after is not None and size(after) == 4:
        return after, value(before)
    if after is not None and size(after) <= 2:
        for at in range(after + 1, min(after + 4, len(tokens))):
            if tokens[at][0].isdigit():
                if size(at) == 4:
                    return at, value(after)
                break
    if before is not None and size(before) == 4 and after is not None and size(after) <= 2:
        return before, value(after)
    if before is not None and size(before) <= 2 and after is not None and size(after) == 2 and value(after) > 0:
        return after, value(before)
    if after is not None and size(after) == 4:
        return after, None
    return None, None


def _digits(raw: str, day_first: bool, language: str | None) -> Moment | None:
    for found in _DIGITS.finditer(raw):
        first, separator, second, year_text = int(found[1]), found[2], int(found[3]), found[4]
        year = int(year_text)
        if len(year_text) == 2 and language in _YEAR_FIRST:
            day = make_day(2000 + first, second, year)
            return timed(Moment(day, raw), raw, found.end()) if day else None
        if len(year_text) == 2:
            year += 2500 - BUDDHIST if language == "th" and year > 50 else 2000
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
            return timed(Moment(chosen, raw, swapped=other), raw, found.end())
    return None


def _coarse(raw: str) -> Moment | None:
    if found := _MONTH_YEAR.match(raw):
        day = make_day(int(found[1]), int(found[2]), 1) if 1 <= int(found[2]) <= 12 else None
        return Moment(day, raw, "month") if day else None
    if found := _YEAR.match(raw) or _PART_OF_YEAR.search(raw):
        day = make_day(int(found[1]), 1, 1)
        return Moment(day, raw, "year") if day else None
    if found := _WEEK.match(raw):
        try:
            monday = date.fromisocalendar(int(found[1]), int(found[2]), int(found[3] or 1))
        except ValueError:
            return None
        day = make_day(monday.year, monday.month, monday.day)
        return Moment(day, raw, "day" if found[3] else "week") if day else None
    if (found := _ORDINAL.match(raw)) and 1 <= int(found[2]) <= 365 and (day := make_day(int(found[1]), 1, 1)):
        return Moment(day + timedelta(days=int(found[2]) - 1), raw)
    return None
