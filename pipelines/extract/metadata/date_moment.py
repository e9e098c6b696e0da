"""Moment: a date read, with what is known of it; and the days that a date of a web page can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

FIRST_YEAR, LAST_YEAR = 1700, 2100  # newspapers put their archives on the web: an article may be older than the web
FIRST_WEB_YEAR = 1990  # nothing before it is a date of publication that a page does not state as one
_UNSET = frozenset({date(1970, 1, 1), date(1969, 12, 31), date(1900, 1, 1), date(1899, 12, 30)})  # a clock's zero


@dataclass(frozen=True, slots=True)
class Moment:
    """A date read: ``day`` as printed, time and offset where given.  ``swapped`` is the other reading of a date of digits."""

    day: date
    raw: str
    precision: str = "day"  # year | month | week | day | hour | minute | second
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
    def coarse(self) -> bool:
        """Whether the day is not known."""
        return self.precision in {"year", "month", "week"}

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


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, None when there is none such or it is no date of a web page."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        made = date(year, month, day)
    except ValueError:
        return None
    return None if made in _UNSET else made
