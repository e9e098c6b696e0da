"""Dates as the files say them: ISO 8601, days, seconds since 1970, dates of HTTP and mail, and SingleFile's."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_STAMP = re.compile(r"\d{14}$")
_SCRIPT = re.compile(r"(\w{3} \w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2}) GMT([+-]\d{4})")  # Date.toString of ECMAScript


def parse_date(value: object) -> datetime | None:
    """The moment (UTC) that *value* says; without a zone it is taken for UTC; None: it says none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        return _of_text(str(value).strip())
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _of_text(text: str) -> datetime:
    if _STAMP.match(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if script := _SCRIPT.search(text):
        return datetime.strptime(" ".join(script.groups()), "%a %b %d %Y %H:%M:%S %z").astimezone(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
