"""A Rule: what is asked, by which clause.  A Finding: one rule broken, or doubtful, in one place.

Every rule of the verifier is one `Rule` with an id that scripts may filter by; docs/verify.md is made from them.  How a
rule is weighed follows the words of the standard: "shall" and contradicting bytes are errors, "should" and "recommended"
are warnings, and what only a person can judge (a hint that an answer may be another page's) is information.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ISO = "ISO 28500:2017"
WACZ = "WACZ 1.1.1"
CDXJ = "CDXJ 0.1.0"

# What to do about a finding: most rules share one of these.
WRITER = "The bytes were written so: tell the makers of the writing software; keep the file as it is."
REPAIR = "Fetch an undamaged copy; if there is none, `broadsheet repair` saves what can be read."
FORM = "If its block has its digest nothing is lost: the bytes were written so, and readers look for the next record."
TOGETHER = "Verify all files of the crawl together; if the record is in none of them, it is lost."
REINDEX = "Make the index again from the WARCs."
REPACK = "Pack the WACZ again from its WARCs."
RENAMED = "Give it its name back if an index or a list calls it by that; else leave it so."
LOOK = "Look at the record: compare the request with what was stored as its answer."


class Severity(StrEnum):
    """``error``: "shall", or bytes contradict each other.  ``warning``: "should".  ``info``: worth a look."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked (``asks``), by which clause, and what to do when it is not so (``remedy``).  ``id`` is stable."""

    id: str
    severity: Severity
    clause: str
    asks: str = ""
    remedy: str = WRITER


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a rule is broken.  ``offset`` is in bytes of the file *source* (of an index: the line's number).

    ``record_id`` is None when there is none.
    """

    rule: str
    severity: Severity
    source: str
    offset: int
    record_id: str | None
    message: str
    clause: str = ""


def breach(rule: Rule, source: str, offset: int, message: str, record_id: str | None = None) -> Finding:
    """A finding of *rule*."""
    return Finding(rule.id, rule.severity, source, offset, record_id, message, rule.clause)
