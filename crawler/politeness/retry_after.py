"""How long to wait after "not now": what the server says, or exponentially longer each time.

Retry-After is seconds or an HTTP date (RFC 9110, 10.2.3).  Jitter keeps hosts from being asked in step, and is made
from the host's name and the number of the try, so that a run can be repeated exactly.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b

MAX_WAIT = 3600.0  # seconds: longer is not waited for in a run
LONGEST = 366 * 24 * 3600.0  # seconds: more is a mistake

_SECONDS = re.compile(r"\s*(\d{1,12})(?:\.\d*)?\s*")


def parse_retry_after(value: str | None, now: datetime, *, cap: float = LONGEST) -> float | None:
    """Seconds to wait from *now* (UTC-aware), between 0 and *cap*; None when *value* is absent or says nothing."""
    if value is None:
        return None
    match = _SECONDS.fullmatch(value)
    if match:
        return min(float(match[1]), cap)
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return min(max((moment - now).total_seconds(), 0.0), cap)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def backoff(host: str, tries: int, *, first: float = 2.0, cap: float = 300.0) -> float:
    """Seconds to wait after the *tries*-th failure in a row (1, 2, ...) of *host*: doubled each time, -25 to +25 %."""
    wait = min(first * 2.0 ** min(max(tries, 1) - 1, 32), cap)
    digest = blake2b(f"{host} {tries}".encode("utf-8", "replace"), digest_size=2).digest()
    return wait * (0.75 + 0.5 * int.from_bytes(digest) / 0xFFFF)
