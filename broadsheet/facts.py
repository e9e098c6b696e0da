"""What a report says, gathered from a collection's books: the journal, the manifests, the last verification.

The catalogue is asked by aggregate queries (archive/statistics.py), the crawl's state through its door
(crawler/state/summary.py), where there is any: a collection made by ``extract`` has none.  Nothing here is for show: the pages
Crawl and Checks of `broadsheet serve` and the file of `broadsheet report` are made of it by the same templates.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from broadsheet.archive import statistics
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.statistics import Bar, Count
from broadsheet.crawler.control.action import ActionFolder, RecordedAction
from broadsheet.crawler.kept_options import load_options
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.summary import Problem, left_out, problems, spellings, state_totals
from broadsheet.crawler.state.url import State
from broadsheet.pipelines.dataset.manifest import read_manifest

_BUCKETS = 60  # bars of a timeline
_TOP = 25  # rows of a table
_EXAMPLES = 5  # URLs for each error
VERIFICATION = "verify.json"  # in the folder of the logs: written by `verify`, read by `report`
CAPTURE_QUALITY = "check.json"  # likewise, written by `check`
_SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)  # bytes
_SIZE_NAMES = ("under 1 kB", "1-10 kB", "10-100 kB", "100 kB-1 MB", "1-10 MB", "10 MB and more")
_STATES = {State.KNOWN: "known, not asked in the last update"}  # the others are called what they are called


@dataclass(frozen=True, slots=True)
class File:
    """A WARC: bytes and captures as journalled."""

    name: str
    size: int
    captures: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """The last verification, as `verify` left it."""

    at: str
    errors: int
    warnings: int
    infos: int
    rules: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class NeedRow:
    """Things of one kind that the checked pages need, by what became of them (broadsheet/check)."""

    kind: str
    captured: int
    gone: int
    failed: int
    never_asked: int
    left_out: int
    fuzzy: int = 0  # checks of the first version knew none


@dataclass(frozen=True, slots=True)
class CaptureQuality:
    """The last check, as `check` left it: ``pages`` of ``of`` were checked, ``complete`` lack nothing, ``looked_at`` were
    opened in a browser."""

    at: str
    pages: int
    of: int
    complete: int
    looked_at: int
    needs: tuple[NeedRow, ...]
    missing: tuple[Problem, ...]


@dataclass(slots=True)
class Facts:
    """All of it.  Lists are sorted as they are to be shown."""

    name: str
    seeds: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    begun: datetime | None = None
    ended: datetime | None = None
    captures: int = 0
    answers: int = 0
    revisits: int = 0
    repeated: int = 0  # answers whose payload another one has, too, by digest
    truncated: int = 0
    archive_bytes: int = 0
    timeline: list[Bar] = field(default_factory=list)
    bucket_seconds: float = 0.0
    statuses: list[Count] = field(default_factory=list)
    mimes: list[Count] = field(default_factory=list)
    hosts: list[Count] = field(default_factory=list)
    host_count: int = 0
    sizes: list[Count] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    frontier: list[Count] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    spellings: list[Count] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    extraction: list[Count] = field(default_factory=list)
    verification: Checked | None = None
    capture_quality: CaptureQuality | None = None
    actions: list[RecordedAction] = field(default_factory=list)

    @property
    def robots_denied(self) -> int:
        """URLs that were not asked for because robots.txt forbids them."""
        return sum(problem.count for problem in self.refused if problem.reason == "robots")


def gather(collection: Collection) -> Facts:
    """Everything a report says of *collection*.

    Raises:
        BroadsheetError: the journal, or a manifest, cannot be read.
    """
    facts = Facts(collection.directory.resolve().name)
    with Catalogue.open(collection.journal, read_only=True) as catalogue:
        _captures(catalogue, facts)
        store = SqliteStore.existing(catalogue)
        if store is not None:
            _crawl(store, facts)
    facts.extraction = _extraction(collection)
    facts.verification = _verification(collection.logs / VERIFICATION)
    facts.capture_quality = _capture_quality(collection.logs / CAPTURE_QUALITY)
    facts.actions = ActionFolder(collection).all()
    return facts


def _captures(catalogue: Catalogue, facts: Facts) -> None:
    totals = statistics.totals(catalogue)
    facts.begun, facts.ended = totals.begun, totals.ended
    facts.captures, facts.answers, facts.revisits = totals.captures, totals.answers, totals.revisits
    facts.repeated, facts.truncated = totals.repeated, totals.truncated
    timeline = statistics.timeline(catalogue, _BUCKETS)
    facts.timeline, facts.bucket_seconds = list(timeline.bars), timeline.seconds
    facts.statuses = statistics.statuses(catalogue)
    facts.mimes = statistics.media_types(catalogue)
    hosts = statistics.hosts(catalogue)
    facts.hosts, facts.host_count = hosts[:_TOP], len(hosts)
    sizes = statistics.sizes(catalogue, _SIZES)
    facts.sizes = [Count(name, of.count, of.size) for name, of in zip(_SIZE_NAMES, sizes, strict=True)]
    facts.errors = [Problem(one.error, one.count, one.examples) for one in statistics.errors(catalogue, _EXAMPLES)]
    facts.files = [File(warc.filename, warc.size, warc.entries, warc.closed) for warc in catalogue.warcs()]
    facts.archive_bytes = sum(file.size for file in facts.files)


def _crawl(store: CrawlStore, facts: Facts) -> None:
    facts.frontier = [
        Count(_STATES.get(state, state.name.lower()), count) for state, count in state_totals(store).items()
    ]
    facts.refused = list(problems(store, _EXAMPLES))
    facts.left_out = left_out(store, _EXAMPLES)
    facts.spellings = [Count(one.name, one.pages) for one in spellings(store)][:_TOP]
    kept = load_options(store)
    if kept is None:
        return
    facts.seeds = kept.seeds
    shown = sorted(kept.shown().items())
    facts.settings = tuple((name, _shown(value)) for name, value in shown if value not in (None, "", []))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _extraction(collection: Collection) -> list[Count]:
    """Captures by what extraction made of them; of several extractions of one stretch all are counted."""
    counts: Counter[str] = Counter()
    for path in sorted((collection.dataset / "_manifest").rglob("*.json")):
        manifest = read_manifest(path)
        counts["article rows, extracted"] += manifest.articles - manifest.failures
        counts["article rows, failed"] += manifest.failures
        for reason, count in manifest.reasons.items():
            counts[f"no row: {reason}"] += count
    return [Count(name, count) for name, count in counts.most_common() if count]


def _verification(path: Path) -> Checked | None:
    if not path.is_file():
        return None
    values: dict[str, Any] = json.loads(path.read_text("utf-8"))
    rules = tuple(Count(str(name), int(count)) for name, count in values["rules"].items())
    return Checked(str(values["at"]), int(values["errors"]), int(values["warnings"]), int(values["infos"]), rules)


def _capture_quality(path: Path) -> CaptureQuality | None:
    if not path.is_file():
        return None
    values: dict[str, Any] = json.loads(path.read_text("utf-8"))
    needs = tuple(NeedRow(**row) for row in values["needs"])
    missing = tuple(
        Problem(str(row["reason"]), int(row["pages"]), (str(row["url"]),)) for row in values["missing"][:_TOP]
    )
    pages, of, complete, looked_at = (int(values[name]) for name in ("pages", "of", "complete", "looked_at"))
    return CaptureQuality(str(values["at"]), pages, of, complete, looked_at, needs, missing)
