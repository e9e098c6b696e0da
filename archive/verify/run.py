"""Verifying sets of files in parallel: a process a file, then what only all of them together can tell.

A worker reads one WARC (or the bytes of one WACZ) and returns counts, a bounded list of findings, and the file's table.
The parent holds record tables against each other and against indexes and pages.  Findings are counted without bound and kept
up to `KEPT` for each rule and file: a million records with one and the same fault are one thing to tell.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from broadsheet.archive.child_process import ChildProcess, start_process
from broadsheet.archive.errors import BadInput, BroadsheetError, BrokenEnvironment, InternalFault
from broadsheet.archive.verify.file_sets import FileSet
from broadsheet.archive.verify.finding import ISO, Finding, Rule, Severity, breach
from broadsheet.archive.verify.index import INDEX_RULES, IndexVerifier, check_blocks
from broadsheet.archive.verify.links import LinkedFile, check_links
from broadsheet.archive.verify.second_reader import SECOND_READER, read_by_warcio
from broadsheet.archive.verify.wacz import WACZ_RULES, check_contents, check_package
from broadsheet.archive.verify.warc import FILE_RULES, RULES, Inspection, WarcReport, inspect_warc
from broadsheet.archive.warc.source import WarcSource

KEPT = 1000  # findings of one rule in one file
UNREADABLE = Rule(
    "not-a-warc", Severity.ERROR, f"{ISO}, 4", "What is called a WARC is one.", "Move it away, or convert it."
)
_WORTH_PROCESSES = 16_000_000  # bytes; less is read before another process has started
_REPORT_SECONDS = 0.2

Progress = Callable[[int, int, str], None]  # bytes done, bytes in all, the file that was read last


def all_rules() -> list[Rule]:
    """Every rule for WARC, CDXJ and WACZ files, in the order of the documentation."""
    return [entry.rule for entry in RULES] + [UNREADABLE, *FILE_RULES, SECOND_READER, *INDEX_RULES, *WACZ_RULES]


@dataclass(slots=True)
class FindingLog:
    """Findings counted by rule, and kept up to `KEPT` a rule and file."""

    kept: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    _of_file: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, findings: Iterable[Finding]) -> None:
        """Take in *findings*."""
        for finding in findings:
            self.counts[finding.rule] += 1
            self.severities[finding.severity] += 1
            self._of_file[finding.rule, finding.source] += 1
            if self._of_file[finding.rule, finding.source] <= KEPT:
                self.kept.append(finding)

    def merge(self, other: FindingLog) -> None:
        """Take in what a worker found."""
        self.kept += other.kept
        self.counts += other.counts
        self.severities += other.severities


@dataclass(slots=True)
class Verification:
    """What was found in all sets."""

    log: FindingLog = field(default_factory=FindingLog)
    reports: list[WarcReport] = field(default_factory=list)
    indexes: int = 0
    waczs: int = 0

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return self.log.severities[Severity.ERROR]

    @property
    def warnings(self) -> int:
        """How many are warnings."""
        return self.log.severities[Severity.WARNING]

    @property
    def infos(self) -> int:
        """How many are information."""
        return self.log.severities[Severity.INFO]


@dataclass(frozen=True, slots=True)
class _Job:
    """One file to read: a WARC, or all of a WACZ; a WARC by the *second_reader*, too."""

    number: int
    source: WarcSource | None
    wacz: Path | None
    size: int
    second_reader: bool = False

    @property
    def name(self) -> str:
        return self.source.name if self.source is not None else str(self.wacz and self.wacz.name)


@dataclass(slots=True)
class _Outcome:
    log: FindingLog = field(default_factory=FindingLog)
    inspection: Inspection | None = None
    refused: BadInput | None = None


def verify_sets(
    sets: Sequence[FileSet],
    *,
    workers: int = 1,
    on_progress: Progress = lambda *_: None,
    second_reader: bool = False,
) -> Verification:
    """Verify *sets* in up to *workers* processes; with a *second_reader*, what warcio sees in WARCs is held against it.

    Raises:
        BadInput: a file that the user named is no WARC.
        BrokenEnvironment: a worker process was killed.
    """
    jobs: list[_Job] = []
    of_set: list[list[int]] = []
    for files in sets:
        first = len(jobs)
        for source in files.warcs:
            jobs.append(_Job(len(jobs), source, None, _size(source), second_reader))
        if files.wacz is not None:
            jobs.append(_Job(len(jobs), None, files.wacz, files.wacz.stat().st_size))
        of_set.append(list(range(first, len(jobs))))
    outcomes = _read_all(jobs, workers, on_progress)
    result = Verification()
    for files, numbers in zip(sets, of_set, strict=True):
        _judge(files, [outcomes[number] for number in numbers], result)
    return result


def _judge(files: FileSet, outcomes: Sequence[_Outcome], result: Verification) -> None:
    """What the files of one set are, and how they fit together."""
    linked: list[LinkedFile] = []
    for outcome in outcomes:
        if outcome.refused is not None:
            if not files.is_folder and files.wacz is None:
                raise outcome.refused
            refused = outcome.refused
            result.log.add([breach(UNREADABLE, refused.thing, 0, refused.cause)])
        result.log.merge(outcome.log)
        if outcome.inspection is not None and outcome.refused is None:
            linked.append(outcome.inspection.linked_file())
            result.reports.append(outcome.inspection.report)
    for finding in check_links(linked):
        result.log.add([finding])
        for report in result.reports:
            if report.source == finding.source:
                report.count(finding)
                break
    if files.wacz is not None:
        result.waczs += 1
        result.log.add(check_contents(files.wacz, linked))
    if files.indexes:
        result.indexes += len(files.indexes)
        result.log.add(_index_findings(files, linked))


def _index_findings(files: FileSet, linked: Sequence[LinkedFile]) -> Iterable[Finding]:
    verifier = IndexVerifier(linked, files.elsewhere)
    blocks = [index for index in files.indexes if index.name.endswith(".idx")]
    indexes = [index for index in files.indexes if index not in blocks]
    for index in indexes:
        yield from verifier.check(index.name, lambda index=index: index.open("rb"))  # type: ignore[misc]
    if indexes:
        yield from verifier.missing(indexes[0].name)
    for index in blocks:

        def block_file(filename: str, folder: Path = index.parent) -> Any:
            path = folder / filename
            return path.open("rb") if path.is_file() else None

        yield from check_blocks(index.name, lambda index=index: index.open("rb"), block_file)  # type: ignore[misc]


def _size(source: WarcSource) -> int:
    if source.size is not None:
        return source.size
    try:
        return source.path.stat().st_size
    except OSError:
        return 0  # opening it will say why


# ---- reading


def _read_all(jobs: Sequence[_Job], workers: int, on_progress: Progress) -> list[_Outcome]:
    total = sum(job.size for job in jobs)
    workers = min(workers, len(jobs))
    if workers <= 1 or total < _WORTH_PROCESSES:
        outcomes, done = [], 0
        for job in jobs:
            outcomes.append(_read(job, lambda at, job=job, done=done: on_progress(done + at, total, job.name)))  # type: ignore[misc]
            done += job.size
        return outcomes
    return _read_in_processes(jobs, workers, total, on_progress)


def _read_in_processes(jobs: Sequence[_Job], workers: int, total: int, on_progress: Progress) -> list[_Outcome]:
    waiting = deque(sorted(jobs, key=lambda job: -job.size))  # the largest first: no worker is left with it at the end
    at = dict.fromkeys((job.number for job in jobs), 0)
    outcomes: dict[int, _Outcome] = {}
    readers: list[ChildProcess] = []
    try:
        for _ in range(workers):
            readers.append(start_process(_serve))
            _tell(readers[-1], waiting.popleft())
        while len(outcomes) < len(jobs):
            ready = wait([reader.connection for reader in readers], timeout=_REPORT_SECONDS)
            last = ""
            for reader in readers:
                if reader.connection not in ready:
                    continue
                number, told = _hear(reader)
                last = jobs[number].name
                if isinstance(told, int):
                    at[number] = told
                    continue
                at[number], outcomes[number] = jobs[number].size, told
                if waiting:
                    _tell(reader, waiting.popleft())
            on_progress(sum(at.values()), total, last)
    finally:
        for reader in readers:
            reader.kill()
    return [outcomes[job.number] for job in jobs]


def _tell(reader: ChildProcess, job: _Job) -> None:
    with suppress(OSError):  # it is dead: whoever listens to it learns why
        reader.connection.send(job)


def _hear(reader: ChildProcess) -> tuple[int, int | _Outcome]:
    """Which job *reader* is at, and how far it is, in bytes, or what became of it.

    Raises:
        BrokenEnvironment: it was killed.
        InternalFault: it failed.
        OSError, BroadsheetError: so did its reading.
    """
    try:
        number, told = reader.connection.recv()
    except (EOFError, OSError) as error:
        if reader.join() < 0:
            what = "a worker process was killed (out of memory?)"
            raise BrokenEnvironment("verify", what, "Run it again with --workers 1.") from error
        raise InternalFault("verify", "a worker process failed", "Its error is on standard error.") from error
    if isinstance(told, Exception):
        raise told
    return number, told


def _serve(connection: Connection) -> None:
    """In a process of its own: read the jobs that come, until the parent hangs up."""
    while True:
        try:
            job: _Job = connection.recv()
        except EOFError:
            return
        due = time.monotonic() + _REPORT_SECONDS

        def tell(offset: int, job: _Job = job) -> None:
            nonlocal due
            if time.monotonic() >= due:
                due = time.monotonic() + _REPORT_SECONDS
                connection.send((job.number, offset))

        try:
            told: _Outcome | Exception = _read(job, tell)
        except (BroadsheetError, OSError) as error:
            told = error
        connection.send((job.number, told))


def _read(job: _Job, on_progress: Callable[[int], None]) -> _Outcome:
    outcome = _Outcome()
    if job.source is None:
        assert job.wacz is not None
        outcome.log.add(check_package(job.wacz, on_progress))
        return outcome
    outcome.inspection = Inspection()
    try:
        outcome.log.add(inspect_warc(job.source, outcome.inspection, on_progress))
        if job.second_reader:
            for finding in read_by_warcio(job.source):
                outcome.inspection.report.count(finding)
                outcome.log.add([finding])
    except BadInput as error:
        outcome.refused = error
    return outcome
