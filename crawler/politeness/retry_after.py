"""How long to wait: what a host asks for (Retry-After), and the back-off where it says nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_WAIT = 3600.0  # seconds; a host that asks for a week is asked again after an hour
_FIRST, _FACTOR, _LONGEST = 2.0, 2.0, 300.0


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header (RFC 9110, 10.2.3: seconds, or a date); None when it says nothing."""
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), MAX_WAIT)


def back_off(failures: int) -> float:
    """Seconds to leave a host alone after that many failures in a row."""
    return min(_FIRST * _FACTOR ** max(failures - 1, 0), _LONGEST) if failures else 0.0
