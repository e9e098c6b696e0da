"""Verifying one WARC: every record by its rules, and the file as a whole.  Streaming: one record in memory.

What is remembered of a record is its id, URL and date, so memory grows by some 300 bytes a record.  A record that
cannot be read is itself a finding, and verification goes on behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.errors import BadInput
from archive.verify import http_rules
from archive.verify.finding import Finding, Rule, Severity
from archive.verify.record_rules import RECORD_RULES
from archive.warc.reader import read_records
from archive.warc.record import Damage, WarcRecord
from archive.warc.source import WarcSource

MAX_BLOCK = 64 * 1024 * 1024  # bytes of a block that are held; of a longer one only the digest is checked

CUT = Rule("truncated", Severity.ERROR, "4")
DAMAGED = Rule("damaged", Severity.ERROR, "4")
FRAMING = Rule("member-per-record", Severity.ERROR, "Annex D.2")
EMPTY = Rule("no-records", Severity.ERROR, "4")
WARCINFO_FIRST = Rule("warcinfo-first", Severity.WARNING, "6.2")
ID_TWICE = Rule("record-id-unique", Severity.ERROR, "5.2")
DANGLING = Rule("concurrent-to", Severity.WARNING, "5.7")
OTHER_URL = Rule("concurrent-url", Severity.ERROR, "5.7")
OTHER_DATE = Rule("concurrent-date", Severity.WARNING, "5.4")
NO_WARCINFO = Rule("warcinfo-id", Severity.WARNING, "5.16")
BODY_SHORT = Rule("body-too-short", Severity.ERROR, "RFC 9112, 6.3; 5.15")

_ONE_EVENT = {"request", "response", "revisit"}
FILE_RULES = (
    *(CUT, DAMAGED, FRAMING, EMPTY, WARCINFO_FIRST, ID_TWICE),
    *(DANGLING, OTHER_URL, OTHER_DATE, NO_WARCINFO, BODY_SHORT),
)


@dataclass(slots=True)
class WarcReport:
    """What a verification saw; filled as it goes.  ``size`` is in bytes of the file."""

    source: str = ""
    records: Counter[str] = field(default_factory=Counter)
    size: int = 0
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is remembered of a record."""

    record_type: str
    url: str | None
    date: datetime | None


def verify_warc(source: WarcSource, report: WarcReport | None = None) -> Iterator[Finding]:
    """Check the WARC *source* by every rule, yielding findings in file order; links between records come last.

    Raises:
        BadInput: it is no WARC at all.
    """
    report = report if report is not None else WarcReport()
    report.source = source.name
    for finding in _FileVerifier(source, report).findings():
        if finding.severity is Severity.ERROR:
            report.errors += 1
        else:
            report.warnings += 1
        yield finding


class _FileVerifier:
    def __init__(self, source: WarcSource, report: WarcReport) -> None:
        self._source = source
        self._report = report
        self._damage: list[Damage] = []
        self._seen: dict[str, _Seen] = {}
        self._links: list[tuple[WarcRecord, str]] = []  # records stripped of their blocks
        self._short: dict[str, Finding] = {}
        self._to_head: set[str] = set()  # ids of HEAD requests and of their answers

    def findings(self) -> Iterator[Finding]:
        try:
            for record in read_records(self._source, max_block=MAX_BLOCK, on_damage=self._damage.append):
                yield from self._pending_damage()
                yield from self._check(record)
        except BadInput as error:
            if not self._report.records and "several" not in error.cause:
                raise
            yield self._finding(FRAMING, self._report.size, None, error.cause)
        yield from self._pending_damage()
        if not self._report.records:
            yield self._finding(EMPTY, 0, None, "there is no readable record in it")
        yield from self._links_checked()
        yield from self._short.values()

    def _pending_damage(self) -> Iterator[Finding]:
        for damage in self._damage:
            rule = CUT if damage.is_cut else DAMAGED
            yield self._finding(rule, damage.offset, None, f"{damage.reason}; {damage.length} bytes cannot be read")
            self._report.size = damage.offset + damage.length
        self._damage.clear()

    def _check(self, record: WarcRecord) -> Iterator[Finding]:
        if not self._report.records and record.record_type != "warcinfo":
            yield self._of(WARCINFO_FIRST, record, f"the first record is a {record.record_type}, not a warcinfo")
        self._report.records[record.record_type] += 1
        self._report.size = record.offset + record.length
        for entry in RECORD_RULES:
            for message in entry.check(record, self._source):
                yield self._of(entry.rule, record, message)
        yield from self._check_body_length(record)
        if record.record_id:
            if record.record_id in self._seen:
                yield self._of(ID_TWICE, record, "another record has this WARC-Record-ID")
            self._seen[record.record_id] = _Seen(record.record_type, record.url, record.date)
        yield from self._remember_links(record)

    def _check_body_length(self, record: WarcRecord) -> Iterator[Finding]:
        if record.record_type == "request" and record.block.startswith(b"HEAD "):
            self._to_head.update({record.record_id, *record.get_all("WARC-Concurrent-To")})
            for target in record.get_all("WARC-Concurrent-To"):
                self._short.pop(target, None)
        missing = http_rules.missing_body_bytes(record)
        if not missing or not self._to_head.isdisjoint({record.record_id, *record.get_all("WARC-Concurrent-To")}):
            return
        finding = self._of(BODY_SHORT, record, f"{missing} bytes are missing, and the record has no WARC-Truncated")
        head = record.response_head()
        if head is not None and record.block_length == head.head_length:
            self._short[record.record_id] = finding  # sound if the request turns out to be HEAD
        else:
            yield finding

    def _remember_links(self, record: WarcRecord) -> Iterator[Finding]:
        warcinfo = record.get("WARC-Warcinfo-ID")
        if warcinfo is not None and (warcinfo not in self._seen or self._seen[warcinfo].record_type != "warcinfo"):
            yield self._of(NO_WARCINFO, record, f"no warcinfo record {warcinfo[:80]} before it")
        for target in record.get_all("WARC-Concurrent-To"):
            if target in self._seen:
                yield from self._check_link(record, self._seen[target])
            else:
                self._links.append((replace(record, block=b""), target))

    def _links_checked(self) -> Iterator[Finding]:
        for record, target in self._links:
            seen = self._seen.get(target)
            if seen is None:
                yield self._of(DANGLING, record, f"WARC-Concurrent-To names {target[:80]}, which is not in this file")
            else:
                yield from self._check_link(record, seen)

    def _check_link(self, record: WarcRecord, other: _Seen) -> Iterator[Finding]:
        if not {record.record_type, other.record_type} <= _ONE_EVENT:
            return  # others may be about something else: wget's logs are concurrent to its manifest
        if record.url is not None and other.url is not None and record.url != other.url:
            yield self._of(OTHER_URL, record, f"concurrent to a {other.record_type} of another URL: {other.url[:120]}")
        if record.date != other.date:
            yield self._of(OTHER_DATE, record, f"not the WARC-Date of the {other.record_type} it is concurrent to")

    def _of(self, rule: Rule, record: WarcRecord, message: str) -> Finding:
        return self._finding(rule, record.offset, record.record_id or None, message)

    def _finding(self, rule: Rule, offset: int, record_id: str | None, message: str) -> Finding:
        return Finding(rule.id, rule.severity, self._source.name, offset, record_id, message, rule.clause)
