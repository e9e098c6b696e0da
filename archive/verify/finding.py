"""A Finding: one rule broken, or doubtful, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``error``: the standard says "shall", or bytes contradict each other.  ``warning``: it says "should"."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked, and by which clause.  ``id`` is stable: scripts may filter by it."""

    id: str
    severity: Severity
    clause: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a rule is broken.  ``offset`` is in bytes of the file *source*; ``record_id`` None when there is none."""

    rule: str
    severity: Severity
    source: str
    offset: int
    record_id: str | None
    message: str
    clause: str = ""
