"""Verifying whatever a user names: WARC and WACZ files, folders of them, collections."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.collection import Collection
from archive.errors import BadInput
from archive.verify.finding import Finding, Severity
from archive.verify.warc import WarcReport, verify_warc
from archive.wacz import is_wacz, warc_sources
from archive.warc.source import WarcSource
from broadsheet.cli.shared import Face
from broadsheet.progress import size
from pipelines.derive.extract import SUFFIXES
from pipelines.reconcile import reconcile

_SHOWN = 50


@dataclass(slots=True)
class Verification:
    """What was found.  ``reports`` has one entry a WARC."""

    reports: list[WarcReport] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    collections: int = 0

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many are warnings."""
        return len(self.findings) - self.errors


def verify_paths(paths: Sequence[Path]) -> Verification:
    """Check everything that *paths* name.

    Raises:
        BadInput: a path does not exist, or is nothing that can be verified.
    """
    result = Verification()
    with tempfile.TemporaryDirectory() as temporary:
        for path in paths:
            for source in _sources(path, Path(temporary)):
                report = WarcReport()
                result.findings.extend(verify_warc(source, report))
                result.reports.append(report)
            if (path / "collection.sqlite").is_file():
                result.collections += 1
                result.findings.extend(reconcile(Collection.open(path)))
    return result


def _sources(path: Path, temporary: Path) -> Iterator[WarcSource]:
    if path.is_dir():
        collection = (path / "collection.sqlite").is_file()
        folder = path / "archive" if collection else path
        suffixes = (*SUFFIXES, ".open")
        files = [file for file in sorted(folder.rglob("*")) if file.name.endswith(suffixes)]
        if not files and not collection:
            raise BadInput(str(path), "holds neither a collection nor WARC files", "Name one that does.")
        for file in files:
            yield from _sources(file, temporary)
    elif not path.exists():
        raise BadInput(str(path), "no such file", "Check the path.")
    elif is_wacz(path):
        yield from warc_sources(path, temporary)
    else:
        yield WarcSource.of(path)


def show_verification(face: Face, result: Verification) -> None:
    """Print the findings, and a line for each WARC."""
    face.print_json({"errors": result.errors, "warnings": result.warnings, **_lists(result)})
    if face.as_json:
        return
    out = face.out()
    for finding in result.findings[:_SHOWN]:
        place = f"{finding.source}:{finding.offset}"
        out.print(f"{finding.severity}: {place}: {finding.message} [{finding.rule}]", soft_wrap=True, markup=False)
    if len(result.findings) > _SHOWN:
        out.print(f"... and {len(result.findings) - _SHOWN} more (--json has them all)")
    for report in result.reports:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(report.records.items()))
        out.print(f"{report.source}: {size(report.size)}, {kinds}", soft_wrap=True, markup=False)
    if result.collections:
        out.print("The journal was checked against the WARCs and the dataset.")
    verdict = "sound" if not result.errors else f"{result.errors} errors"
    out.print(f"{verdict}, {result.warnings} warnings")


def _lists(result: Verification) -> dict[str, object]:
    return {"findings": result.findings, "warcs": result.reports}
