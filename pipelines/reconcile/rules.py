"""The rules of `reconcile`, an entry as journal, WARC and rows know it, and how a finding is made."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.archive.verify.finding import Finding, Rule, Severity

JOURNAL_FILE = Rule("journal-file", Severity.ERROR, "collection")
JOURNAL_ENTRY = Rule("journal-entry", Severity.ERROR, "collection")
MANIFEST_FILE = Rule("manifest-file", Severity.ERROR, "collection")
MANIFEST_COUNT = Rule("manifest-count", Severity.ERROR, "collection")
ROW_DANGLING = Rule("row-dangling", Severity.ERROR, "collection")
ROW_DOUBLED = Rule("row-doubled", Severity.ERROR, "collection")
ROW_MISSING = Rule("row-missing", Severity.ERROR, "collection")
PART_UNKNOWN = Rule("part-unknown", Severity.ERROR, "collection")
PART_MISSING = Rule("part-missing", Severity.WARNING, "collection")
KEY = ["warc_record_offset", "warc_record_length", "warc_record_id", "url"]  # the columns that make an `Entry`
KEYED = frozenset({"articles", "captures"})  # the other tables point into articles


@dataclass(frozen=True, slots=True)
class Entry:
    """What journal, WARC and rows must agree on."""

    offset: int
    length: int
    record_id: str
    url: str


def finding(rule: Rule, source: str, message: str, entry: Entry | None = None) -> Finding:
    """A finding about *source*, at *entry* if it is about one."""
    offset, record_id = (0, None) if entry is None else (entry.offset, entry.record_id)
    return Finding(rule.id, rule.severity, source, offset, record_id, message, rule.clause)
