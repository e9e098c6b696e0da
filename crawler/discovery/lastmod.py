"""``lastmod`` of a sitemap: until when the page may have been changed, for a crawler that has a capture of it.

W3C datetimes (ISO 8601 in parts: a year, a month, a day, a moment) say less than a moment, so what counts is the latest
moment that is meant.  A day without a zone is over everywhere on earth 12 hours after it is in UTC.  Where the text is
exact an hour is added all the same: pages come out of caches.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_FORM = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(r"[A-Za-z]{3},|\d{1,2} [A-Za-z]{3}")
_CACHES = timedelta(hours=1)
_ZONES = timedelta(hours=12)
_YEARS = range(1990, 2200)


def changed_until(text: str) -> datetime | None:
    """The latest moment at which a page with the lastmod *text* was changed; None when it is no such date."""
    match = _FORM.fullmatch(text.strip())
    if match is None or int(match[1]) not in _YEARS:
        return None
    year, month, day, hour, minute, second = (None if part is None else int(part) for part in match.groups()[:6])
    assert year is not None
    try:
        if hour is not None:
            moment = datetime(year, month or 1, day or 1, hour, minute or 0, min(second or 0, 59), tzinfo=UTC)
            return moment - _offset(match[7]) + _CACHES if match[7] else moment + _ZONES
        if day is not None:
            return datetime(year, month or 1, day, tzinfo=UTC) + timedelta(days=1) + _ZONES
        if month is not None:
            return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) + _ZONES
        return datetime(year + 1, 1, 1, tzinfo=UTC) + _ZONES
    except (ValueError, OverflowError):
        return None


def stated_moment(text: str) -> datetime | None:
    """The moment that a sitemap's date, or a feed's (RFC 822), names, at the beginning of what it leaves open; in UTC."""
    text = text.strip()
    match = _FORM.fullmatch(text)
    try:
        if match is None:
            if not _DAY_AND_MONTH.match(text):
                return None
            moment = parsedate_to_datetime(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        year, month, day, hour, minute = (int(part or 0) for part in match.groups()[:5])
        if year not in _YEARS:
            return None
        moment = datetime(year, month or 1, day or 1, hour, minute, tzinfo=UTC)
        return moment - _offset(match[7]) if match[7] else moment
    except (ValueError, OverflowError, TypeError):
        return None


def _offset(zone: str) -> timedelta:
    """What a zone is ahead of UTC."""
    if zone in "Zz":
        return timedelta()
    digits = zone[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return ahead if zone[0] == "+" else -ahead
