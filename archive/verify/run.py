"""Verifying sets of files in parallel: a process a file, then what only all of them together can tell.

A worker reads one WARC (or the bytes of one WACZ) and returns counts, a bounded list of findings, and the file's table.
The parent holds record tables against each other and against indexes and pages.  Findings are counted without bound and kept
up to `KEPT` for each rule and file: a million records with one and the same fault are one thing to tell.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

from broadsheet.archive.errors import BadInput, BrokenEnvironment
from broadsheet.archive.verify.file_sets import FileSet
from broadsheet.archive.verify.finding import ISO, Finding, Rule, Severity, breach
from broadsheet.archive.verify.index import INDEX_RULES, IndexVerifier, check_blocks
from broadsheet.archive.verify.links import LinkedFile, check_links
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
    return [entry.rule for entry in RULES] + [UNREADABLE, *FILE_RULES, *INDEX_RULES, *WACZ_RULES]


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
    """One file to read: a WARC, or all of a WACZ."""

    number: int
    source: WarcSource | None
    wacz: Path | None
    size: int

    @property
    def name(self) -> str:
        return self.source.name if self.source is not None else str(self.wacz and self.wacz.name)


@dataclass(slots=True)
class _Outcome:
    log: FindingLog = field(default_factory=FindingLog)
    inspection: Inspection | None = None
    refused: BadInput | None = None


def verify_sets(sets: Sequence[FileSet], *, workers: int = 1, on_progress: Progress = lambda *_: None) -> Verification:
    """Verify *sets* in up to *workers* processes.

    Raises:
        BadInput: a file that the user named is no WARC.
        BrokenEnvironment: a worker process was killed.
    """
    jobs: list[_Job] = []
    of_set: list[list[int]] = []
    for files in sets:
        first = len(jobs)
        for source in files.warcs:
            jobs.append(_Job(len(jobs), source, None, _size(source)))
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
    verifier = IndexVerifier(linked)
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
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    at = dict.fromkeys((job.number for job in jobs), 0)
    with ProcessPoolExecutor(workers, context, initializer=_begin_worker, initargs=(queue,)) as pool:
        try:
            # the largest first: no worker is left with it at the end
            largest = sorted(jobs, key=lambda job: -job.size)
            futures: dict[Future[_Outcome], _Job] = {pool.submit(_work, job): job for job in largest}
            waiting = set(futures)
            while waiting:
                finished, waiting = wait(waiting, timeout=_REPORT_SECONDS, return_when=FIRST_COMPLETED)
                last = _drain(queue, at)
                for future in finished:
                    at[futures[future].number] = futures[future].size
                on_progress(sum(at.values()), total, jobs[last].name if last is not None else "")
            return [future.result() for future, _ in sorted(futures.items(), key=lambda item: item[1].number)]
        except BrokenProcessPool as error:
            what = "a worker process was killed (out of memory?)"
            raise BrokenEnvironment("verify", what, "Run it again with --workers 1.") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _drain(queue: Any, at: dict[int, int]) -> int | None:
    """Take what the workers have told so far; returns the job that told last."""
    last: int | None = None
    while True:
        try:
            last, offset = queue.get_nowait()
        except Empty:
            return last
        at[last] = offset


_queue: Any = None


def _begin_worker(queue: Any) -> None:
    global _queue  # noqa: PLW0603 - the one way in for what a pool hands its processes
    _queue = queue


def _work(job: _Job) -> _Outcome:
    due = time.monotonic() + _REPORT_SECONDS

    def tell(offset: int) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + _REPORT_SECONDS
            _queue.put((job.number, offset))

    return _read(job, tell)


def _read(job: _Job, on_progress: Callable[[int], None]) -> _Outcome:
    outcome = _Outcome()
    if job.source is None:
        assert job.wacz is not None
        outcome.log.add(check_package(job.wacz, on_progress))
        return outcome
    outcome.inspection = Inspection()
    try:
        outcome.log.add(inspect_warc(job.source, outcome.inspection, on_progress))
    except BadInput as error:
        outcome.refused = error
    return outcome
