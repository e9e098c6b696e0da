"""Verifying one WARC: every record by its rules, and the file as a whole.  Streaming: one record in memory.

What is remembered of a record is a row of numbers (archive/verify/record_table.py) and, until its file is read, where its id
stands: some 280 bytes a record.  A record that cannot be read is itself a finding, and verification goes on behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from broadsheet.archive.errors import BadInput
from broadsheet.archive.verify import answer_rules, field_rules, http_rules
from broadsheet.archive.verify.events import EVENT_RULES, Events
from broadsheet.archive.verify.finding import ISO, REPAIR, Finding, Rule, Severity, breach
from broadsheet.archive.verify.links import (
    ID_TWICE,
    LINK_RULES,
    LinkedFile,
    LinkKind,
    RecordLink,
    WaitingLinks,
    check_link,
    check_links,
    links_of,
    segment_of,
)
from broadsheet.archive.verify.misattributed import MISATTRIBUTION_RULES, Misattributions
from broadsheet.archive.verify.record_rules import RECORD_RULES, RecordRule
from broadsheet.archive.verify.record_table import RecordTable
from broadsheet.archive.warc.members import MAGIC as GZIP_MAGIC
from broadsheet.archive.warc.plain import written_header
from broadsheet.archive.warc.reader import REWRITE, is_arc_file, read_records
from broadsheet.archive.warc.record import Damage, WarcRecord
from broadsheet.archive.warc.source import WarcSource
from broadsheet.archive.warc.zstd_frames import is_zstd

RULE_MODULES = (field_rules, http_rules, answer_rules)  # imported so that their rules enter themselves
RULES = tuple(sorted(RECORD_RULES, key=lambda entry: entry.rule.id))  # not in the order of imports
MAX_BLOCK = 64 * 1024 * 1024  # bytes of a block that are held; of a longer one only the digest is checked

CUT = Rule("truncated", Severity.ERROR, f"{ISO}, 4", "The last record is whole.", REPAIR)
DAMAGED = Rule("damaged", Severity.ERROR, f"{ISO}, 4", "Every stretch of the file is a readable record.", REPAIR)
FRAMING = Rule(
    "member-per-record", Severity.ERROR, f"{ISO}, Annex D.2", "Each record is one gzip member of its own.", REWRITE
)
SUFFIX = Rule(
    "suffix", Severity.WARNING, f"{ISO}, Annex D.3", "A gzipped WARC is called .warc.gz.",
    "Rename the file.",
)  # fmt: skip
EMPTY = Rule("no-records", Severity.ERROR, f"{ISO}, 4", "A WARC has at least one record.", REPAIR)
WARCINFO_FIRST = Rule("warcinfo-first", Severity.WARNING, f"{ISO}, 5.5", "The first record is a warcinfo.")
BODY_SHORT = Rule(
    "body-too-short", Severity.ERROR, f"RFC 9112, 6.3; {ISO}, 6.3.2",
    "A body is as long as its Content-Length, or the record says WARC-Truncated.",
)  # fmt: skip
FILE_RULES = (
    CUT,
    DAMAGED,
    FRAMING,
    SUFFIX,
    EMPTY,
    WARCINFO_FIRST,
    BODY_SHORT,
    *EVENT_RULES,
    *MISATTRIBUTION_RULES,
    *LINK_RULES,
)


@dataclass(slots=True)
class WarcReport:
    """What a verification saw; filled as it goes.  ``size`` is in bytes of the file."""

    source: str = ""
    records: Counter[str] = field(default_factory=Counter)
    size: int = 0
    errors: int = 0
    warnings: int = 0
    infos: int = 0

    def count(self, finding: Finding) -> None:
        """Count *finding*."""
        match finding.severity:
            case Severity.ERROR:
                self.errors += 1
            case Severity.WARNING:
                self.warnings += 1
            case Severity.INFO:
                self.infos += 1


@dataclass(slots=True)
class Inspection:
    """One WARC, read: its report, its records' table, and the links that wait for other files."""

    report: WarcReport = field(default_factory=WarcReport)
    table: RecordTable = field(default_factory=RecordTable)
    waiting: WaitingLinks = field(default_factory=WaitingLinks)

    def linked_file(self) -> LinkedFile:
        """This file among others."""
        return LinkedFile(self.report.source, self.table, self.waiting)


def verify_warc(source: WarcSource, report: WarcReport | None = None) -> Iterator[Finding]:
    """Check the WARC *source* alone, yielding findings in file order; links that lead on or nowhere come last.

    Raises:
        BadInput: it is no WARC at all.
    """
    inspection = Inspection(report if report is not None else WarcReport())
    yield from inspect_warc(source, inspection)
    for finding in check_links([inspection.linked_file()]):
        inspection.report.count(finding)
        yield finding


def inspect_warc(
    source: WarcSource, inspection: Inspection, on_progress: Callable[[int], None] = lambda _: None
) -> Iterator[Finding]:
    """Check the records of *source*, filling *inspection*; what waits in it is left to `check_links`.

    *on_progress* is told the offset reached, in bytes, at every record.

    Raises:
        BadInput: it is no WARC at all.
    """
    if is_arc_file(source):
        raise BadInput(source.name, "is an ARC file, and the rules are WARC's", REWRITE)
    inspection.report.source = source.name
    for finding in _FileVerifier(source, inspection, on_progress).findings():
        inspection.report.count(finding)
        yield finding


@lru_cache(maxsize=64)
def rules_for(record_type: str) -> tuple[RecordRule, ...]:
    """The rules that are about records of *record_type*."""
    return tuple(entry for entry in RULES if not entry.types or record_type in entry.types)


class _FileVerifier:
    def __init__(self, source: WarcSource, inspection: Inspection, on_progress: Callable[[int], None]) -> None:
        self._source = source
        self._report = inspection.report
        self._table = inspection.table
        self._waiting = inspection.waiting
        self._on_progress = on_progress
        self._is_plain = False
        self._damage: list[Damage] = []
        self._by_id: dict[int, int] = {}  # key of the id -> row of the table
        self._warcinfos: set[int] = set()  # ids that a record was seen to name: one finding is enough
        self._short: dict[str, Finding] = {}
        self._events = Events(source.name)
        self._impostors = Misattributions(source.name)

    def findings(self) -> Iterator[Finding]:
        yield from self._check_suffix()
        is_record_wise = True
        try:
            for record in read_records(self._source, max_block=MAX_BLOCK, on_damage=self._damage.append):
                yield from self._pending_damage()
                yield from self._check(record)
                self._on_progress(self._report.size)
        except BadInput as error:
            if not self._report.records and "several" not in error.cause:
                raise
            yield breach(FRAMING, self._source.name, self._report.size, error.cause)
            is_record_wise = False
        yield from self._pending_damage()
        if not self._report.records and is_record_wise:
            yield breach(EMPTY, self._source.name, 0, "there is no readable record in it")
        yield from self._short.values()
        yield from self._impostors.finish()

    def _check_suffix(self) -> Iterator[Finding]:
        with self._source.open() as file:
            magic = file.read(4)
        compressed = magic.startswith(GZIP_MAGIC)
        self._is_plain = not compressed and not is_zstd(magic)
        if compressed and not self._source.name.lower().endswith(".gz"):
            yield breach(SUFFIX, self._source.name, 0, "is gzipped, and not called .warc.gz")

    def _pending_damage(self) -> Iterator[Finding]:
        for damage in self._damage:
            rule = CUT if damage.is_cut else DAMAGED
            message = f"{damage.reason}; {damage.length} bytes cannot be read"
            yield breach(rule, self._source.name, damage.offset, message)
            self._report.size = damage.offset + damage.length
        self._damage.clear()

    def _check(self, record: WarcRecord) -> Iterator[Finding]:
        if not self._report.records and record.record_type != "warcinfo":
            yield self._of(WARCINFO_FIRST, record, f"the first record is a {record.record_type}, not a warcinfo")
        self._report.records[record.record_type] += 1
        self._report.size = record.offset + record.length
        for entry in rules_for(record.record_type):
            for message in entry.check(record, self._source):
                yield self._of(entry.rule, record, message)
        yield from self._check_length(record)
        yield from self._events.see(record)
        yield from self._impostors.see(record)
        yield from self._check_body_length(record)
        row = self._table.add(record)
        if record.record_id and self._by_id.setdefault(self._table.ids[row], row) != row:
            yield self._of(ID_TWICE, record, "another record has this WARC-Record-ID")
        yield from self._check_links(record)

    def _check_body_length(self, record: WarcRecord) -> Iterator[Finding]:
        if record.record_type == "request" and record.block.startswith(b"HEAD "):
            for target in record.get_all("WARC-Concurrent-To"):
                self._short.pop(target, None)
        missing = http_rules.missing_body_bytes(record)
        if not missing or self._events.asked_by_head(record):
            return
        finding = self._of(BODY_SHORT, record, f"{missing} bytes are missing, and the record has no WARC-Truncated")
        head = record.response_head()
        if head is not None and record.block_length == head.head_length:
            self._short[record.record_id] = finding  # sound if the request turns out to be HEAD
        else:
            yield finding

    def _check_length(self, record: WarcRecord) -> Iterator[Finding]:
        """The reader puts a plain record's Content-Length right where the block digest says where the block ends."""
        if not self._is_plain or record.get("WARC-Block-Digest") is None:
            return
        with self._source.open() as file:
            if written_header(file, record) != record.raw_header:
                message = (
                    f"the block has {record.block_length} bytes by its digest, and the record another Content-Length"
                )
                yield self._of(DAMAGED, record, message)

    def _check_links(self, record: WarcRecord) -> Iterator[Finding]:
        for link in links_of(record):
            if link.kind is LinkKind.WARCINFO:
                if link.target in self._warcinfos:
                    continue
                self._warcinfos.add(link.target)
            row = None if link.kind is LinkKind.DESCRIBED else self._by_id.get(link.target)
            if row is None:
                self._waiting.links.append(link)
            else:
                yield from self._check_link(record, link, row)
        if (segment := segment_of(record)) is not None:
            self._waiting.segments.append(segment)

    def _check_link(self, record: WarcRecord, link: RecordLink, row: int) -> Iterator[Finding]:
        for rule, message in check_link(link, self._table.row(row)):
            yield self._of(rule, record, message)

    def _of(self, rule: Rule, record: WarcRecord, message: str) -> Finding:
        return breach(rule, self._source.name, record.offset, message, record.record_id or None)
