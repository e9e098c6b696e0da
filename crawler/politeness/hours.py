"""The hours of a day in which a host may be asked: ``22:00-06:00``, in the time of this machine, or with ``UTC`` behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from broadsheet.archive.errors import BadInput

_FORM = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)(?:\s*(UTC|Z))?", re.IGNORECASE)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``begin`` until ``end``, in minutes of the day; over midnight where the end comes first."""

    begin: int
    end: int
    utc: bool = False

    @classmethod
    def parse(cls, text: str) -> Hours:
        """The hours that a person typed.

        Raises:
            BadInput: they are none.
        """
        match = _FORM.fullmatch(text.strip())
        if match is not None:
            first, second, third, fourth = (int(part) for part in match.groups()[:4])
            begin, end = first * 60 + second, third * 60 + fourth
            if second < 60 and fourth < 60 and begin < 24 * 60 and end <= 24 * 60 and begin != end:
                return cls(begin, end, match[5] is not None)
        raise BadInput(f"hours {text!r}", "are no hours of a day", "Write them like 22:00-06:00, or 22:00-06:00 UTC.")

    def wait(self, now: datetime) -> float:
        """Seconds from *now* (UTC-aware) until they begin; 0 within them."""
        here = now.astimezone(UTC if self.utc else None)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        minutes = (here - midnight) / timedelta(minutes=1)
        if self.begin < self.end:
            within = self.begin <= minutes < self.end
        else:
            within = minutes >= self.begin or minutes < self.end
        if within:
            return 0.0
        begins = midnight + timedelta(minutes=self.begin)
        return ((begins if begins > here else begins + _DAY) - here).total_seconds()

    def __str__(self) -> str:
        zone = " UTC" if self.utc else ""
        return f"{self.begin // 60:02}:{self.begin % 60:02}-{self.end // 60:02}:{self.end % 60:02}{zone}"
