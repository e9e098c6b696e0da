"""What becomes of a URL after a try: done, again, or given up.  One rule for live answers and for salvaged ones."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.archive.exchange import ADDRESS_REFUSALS, FetchError
from broadsheet.crawler.state.url import State

# Answers that say "not now".  A host that answers 429 or 503 is also made to wait (crawler/politeness).
RETRY_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_RETRY_ERRORS = frozenset(
    {
        FetchError.DNS,
        FetchError.CONNECT,
        FetchError.TLS,
        FetchError.PROXY,
        FetchError.TIMEOUT,
        FetchError.DISCONNECT,
        FetchError.PROTOCOL,
    }
)
_REFUSALS = ADDRESS_REFUSALS | {FetchError.BLOCKED, FetchError.INVALID_URL}
# A host that asks to wait does not thereby use up the tries of its URLs as fast as one that fails.
_PATIENCE = {429: 5, 503: 5}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The new state (QUEUED: try again) and, unless all is well, why."""

    state: State
    error: str | None = None


def judge(status: int | None, error: FetchError | None, *, tries: int, retries: int) -> Outcome:
    """The outcome of try number *tries* (1 is the first) that ended with *status* or *error*."""
    if error in _REFUSALS:
        return Outcome(State.REFUSED, str(error))
    if error in _RETRY_ERRORS:
        return Outcome(State.QUEUED if tries <= retries else State.FAILED, str(error))
    if status in RETRY_STATUSES:
        allowed = max(retries, _PATIENCE.get(status, 0)) if retries else 0
        return Outcome(State.QUEUED if tries <= allowed else State.FAILED, f"status {status}")
    return Outcome(State.DONE, None if error is None else str(error))
