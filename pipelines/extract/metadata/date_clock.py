"""The time of day beside a date, and its offset from UTC: 21:30, 9.30 p.m. EDT, 10h05, 21:30 +0530, (GMT+7)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from broadsheet.pipelines.extract.metadata.date_moment import Moment
from broadsheet.pipelines.extract.metadata.date_words import CHANGING_ZONES, ZONES

CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?::|\s?h\s?|\.(?=\d\d\s*(?:uhr|am|pm|a\.m|p\.m|น\.|wi[bt]a?\b|[bgi]st\b|gmt\b|ce?s?t\b))|(?<=\b(?:klo|kl\.|ore|ell)\s\d\d)\.|(?<=\b(?:klo|kl\.|ore|ell)\s\d)\.)(\d{2})(?::(\d{2}))?(?!\d)\s*(a\.?\s?m\b|p\.?\s?m\b)?|(?<![\d:.])(\d{1,2})\s?([ap])\.?m\b",
    re.I,
)
HALF_DAY = re.compile(r"\d\s?[ap]\.?\s?m\b", re.I)
_OFFSET = re.compile(
    r"""[.\s,;(\[]{0,4}(?:(Z)\b
    |(?:GMT|UTC)\s?([+\-−])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)
    |([+\-−])(\d{2}):?(\d{2})?(?!\d))""",
    re.X | re.I,
)
_SHORT_OFFSET = re.compile(r"([+\-−])(\d)(?::(\d{2}))?(?![\d:])")
_ABBREVIATION = re.compile(r"\b([A-Z]{2,4}|МСК|мск)\b")
_NAMED_ZONE = re.compile(r"[.\s,;(\[|·]{0,4}((?:[A-Z][a-zA-Z]+\s){1,2}[Tt]ime|[A-Z]{2,4})\b")
_LAST_OFFSET = 14  # hours


def timed(moment: Moment, raw: str, start: int) -> Moment:
    """*moment* with the time of day that stands behind *start* in *raw*."""
    found = CLOCK.search(raw, start)
    if found is None:
        return moment
    if found[1] is not None:
        hour, minute, second, half = int(found[1]), int(found[2]), found[3], (found[4] or "")[:1].lower()
    else:
        hour, minute, second, half = int(found[5]), 0, None, found[6].lower()
    if half and hour > 12:
        half = ""
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return at_clock(moment, hour, minute, second, raw[: found.end()].rstrip(), raw[found.end() :])


def at_clock(moment: Moment, hour: int, minute: int, second: str | None, before: str, rest: str) -> Moment:
    """*moment* at that time of day, in the zone that *rest* begins with; *before* is what was read up to there."""
    if hour > 23 or minute > 59 or int(second or 0) > 59:
        return moment
    precision = "second" if second is not None else "minute"
    moment = replace(moment, precision=precision, hour=hour, minute=minute, second=int(second or 0))
    return replace(moment, offset=_offset(moment, before, rest[:40]))


def _offset(moment: Moment, before: str, rest: str) -> float | None:
    """Hours from UTC that *rest*, what follows a time of day, states."""
    if (short := _SHORT_OFFSET.match(rest)) and before[-1:].isdigit():
        return _hours(short[1], short[2], short[3])
    if found := _OFFSET.match(rest):
        if found[1]:
            return 0.0
        if found[2]:
            return _hours(found[2], found[3], found[4])
        return _hours(found[5], found[6], found[7])
    if (named := _NAMED_ZONE.match(rest)) and (zone := CHANGING_ZONES.get(" ".join(named[1].lower().split()))):
        hours, rule = zone
        return hours + _in_summer(moment, rule)
    if abbreviation := _ABBREVIATION.search(rest[:24]):
        return ZONES.get(abbreviation[1].lower())
    return None


def _hours(sign: str, hours: str, minutes: str | None) -> float | None:
    size = int(hours) + int(minutes or 0) / 60
    return (size if sign == "+" else -size) if size <= _LAST_OFFSET else None


def _in_summer(moment: Moment, rule: str) -> bool:
    """Whether clocks are an hour ahead at *moment* (local time; the hour of the change itself counts as after it).

    us: 15 U.S.C. 260a, as of 2007 and as it was from 1987; eu: Directive 2000/84/EC; au: New South Wales and Victoria.
    """
    day, year = moment.day, moment.day.year
    if rule == "us":
        if year >= 2007:
            first, last = _sunday(year, 3, 8), _sunday(year, 11, 1)
        else:
            first, last = _sunday(year, 4, 1), _sunday(year, 10, 25)
    elif rule == "eu":
        first, last = _sunday(year, 3, 25), _sunday(year, 10, 25)
    else:
        return not _sunday(year, 4, 1) <= day < _sunday(year, 10, 1)
    changed = moment.hour >= 2
    return (day > first or (day == first and changed)) and (day < last or (day == last and not changed))


def _sunday(year: int, month: int, since: int) -> date:
    """The first Sunday from that day on."""
    day = date(year, month, since)
    return day + timedelta(days=(6 - day.weekday()) % 7)
