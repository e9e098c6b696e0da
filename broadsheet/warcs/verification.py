"""``broadsheet verify``: verifies WARC, CDXJ and WACZ files, folders of them and collections, and prints the findings."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import temporary_folder, whole_file
from broadsheet.archive.verify.file_sets import file_sets
from broadsheet.archive.verify.finding import Finding, Severity
from broadsheet.archive.verify.run import Progress, Verification, all_rules, verify_sets
from broadsheet.cli.shared import Face
from broadsheet.facts import VERIFICATION
from broadsheet.pipelines.reconcile.reconcile import journal_is_gone, reconcile
from broadsheet.terminal.amounts import size
from broadsheet.terminal.progress import PLAIN_SECONDS

_EXAMPLES = 3
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def verify_paths(
    paths: Sequence[Path],
    *,
    workers: int = 1,
    on_progress: Progress = lambda *_: None,
    second_reader: bool = False,
) -> tuple[Verification, int]:
    """Check everything that *paths* name; the number is that of collections among them, whose books were checked too.

    *second_reader*: WARCs are read by warcio, too.

    Raises:
        BadInput: a path does not exist, or is nothing that can be verified.
    """
    with temporary_folder("verify") as temporary:
        sets = file_sets(paths, Path(temporary))
        result = verify_sets(sets, workers=workers, on_progress=on_progress, second_reader=second_reader)
    collections = [path for path in paths if (path / "collection.sqlite").is_file()]
    for path in collections:
        result.log.add(reconcile(Collection.open(path)))
    lost = [path for path in paths if path.is_dir() and Collection(path).was_one()]
    result.log.add(journal_is_gone(Collection(path)) for path in lost)
    if len(collections) == len(paths) == 1:
        _remember(Collection.open(collections[0]), result)
    return result, len(collections)


def _remember(collection: Collection, result: Verification) -> None:
    """Leave the verdict in the collection, for its report; one on a read-only disk is verified all the same."""
    verdict = {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "errors": result.errors,
        "warnings": result.warnings,
        "infos": result.infos,
        "rules": dict(result.log.counts.most_common()),
    }
    path = collection.logs / VERIFICATION
    with suppress(OSError), whole_file(path) as file:
        file.write(f"{json.dumps(verdict, indent=1)}\n".encode())


def show_verification(face: Face, result: Verification, collections: int) -> None:
    """Print what was found, by rule: how often, by which clause, the first examples, what to do."""
    face.print_json(
        {
            "errors": result.errors,
            "warnings": result.warnings,
            "infos": result.infos,
            "rules": dict(sorted(result.log.counts.items())),
            "findings": result.log.kept,
            "findings_left_out": result.log.counts.total() - len(result.log.kept),
            "warcs": result.reports,
        }
    )
    if face.as_json:
        return
    out = face.out()
    _show_rules(out, result)
    for report in result.reports:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(report.records.items()))
        out.print(f"{report.source}: {size(report.size)}, {kinds}", soft_wrap=True, markup=False)
    if result.indexes or result.waczs:
        out.print(f"{result.indexes + result.waczs} indexes and WACZ files were held against their WARCs.")
    if collections:
        out.print("The journal was checked against the WARCs and the dataset.")
    verdict = "sound" if not result.errors else f"{result.errors:,} errors"
    out.print(f"{verdict}, {result.warnings:,} warnings, {result.infos:,} notes")


def _show_rules(out: Console, result: Verification) -> None:
    remedies = {rule.id: rule.remedy for rule in all_rules()}
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in result.log.kept:
        by_rule[finding.rule].append(finding)
    ordered = sorted(by_rule.items(), key=lambda item: (_ORDER.index(item[1][0].severity), -result.log.counts[item[0]]))
    for rule, findings in ordered:
        count, first = result.log.counts[rule], findings[0]
        files = len({finding.source for finding in findings})
        where = f" in {files} files" if files > 1 else ""
        out.print(f"{first.severity}: {rule}: {count:,} times{where} ({first.clause})", soft_wrap=True, markup=False)
        for finding in findings[:_EXAMPLES]:
            out.print(f"    {finding.source}:{finding.offset}: {finding.message}", soft_wrap=True, markup=False)
        if count > _EXAMPLES:
            out.print(f"    ... and {count - _EXAMPLES:,} more (--json has them)")
        if rule in remedies:
            out.print(f"    {remedies[rule]}", soft_wrap=True, markup=False)


@contextmanager
def verification_progress(face: Face) -> Iterator[Progress]:
    """How far it is, on standard error: a bar on a terminal, a line every few seconds elsewhere."""
    if face.quiet:
        yield lambda *_: None
    elif sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        with Bar(*columns, console=face.err(), transient=True) as bar:
            task = bar.add_task("verifying", total=None)
            yield lambda done, total, name: bar.update(
                task, completed=done, total=total, description=name or "verifying"
            )
    else:
        yield _PlainProgress(face.err()).update


class _PlainProgress:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = time.monotonic() + PLAIN_SECONDS

    def update(self, done: int, total: int, name: str) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PLAIN_SECONDS
            share = 100 * done / max(1, total)
            line = f"verifying {name}: {size(done)} of {size(total)}, {share:.0f} %"
            self._console.print(line, soft_wrap=True, markup=False)
