"""What a report says, gathered from a collection's books: the journal, the manifests, the last verification.

The journal is asked by aggregate queries, so a collection of a million captures costs seconds and little memory; the
WARCs themselves are not read.  The frontier's tables are read where there are any: a collection made by ``extract``
has none.  Nothing here is for show; broadsheet/report/page.py makes the page.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from broadsheet.archive.catalogue import Catalogue, from_microseconds
from broadsheet.archive.collection import Collection
from broadsheet.archive.journal import connect

BUCKETS = 60  # bars of a timeline
TOP = 25  # rows of a table
EXAMPLES = 5  # URLs for each error
VERIFICATION = "verify.json"  # in the folder of the logs: written by `verify`, read by `report`
CAPTURE_QUALITY = "check.json"  # likewise, written by `check`
_VIEWS = (  # what names resolved to is in the archive, and no exchange of a URL
    "CREATE TEMP VIEW exchanges AS SELECT * FROM captures WHERE url IS NULL OR url NOT LIKE 'dns:%'",
    "CREATE TEMP VIEW answers AS SELECT * FROM exchanges WHERE record_type IN ('response', 'revisit', 'resource')",
)
_STATES = {4: "known, not asked in the last update", 0: "queued", 1: "done", 2: "failed", 3: "refused"}


@dataclass(frozen=True, slots=True)
class Count:
    """A row of a table: how many, how many bytes in the archive."""

    name: str
    count: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason why URLs were not archived well, with some of them."""

    reason: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """What happened in one stretch of time; ``size`` is in bytes of the archive."""

    start: datetime
    count: int
    size: int


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
    files: list[File] = field(default_factory=list)
    extraction: list[Count] = field(default_factory=list)
    verification: Checked | None = None
    capture_quality: CaptureQuality | None = None

    @property
    def robots_denied(self) -> int:
        """URLs that were not asked for because robots.txt forbids them."""
        return sum(problem.count for problem in self.refused if problem.reason == "robots")


def gather(collection: Collection) -> Facts:
    """Everything a report says of *collection*.

    Raises:
        BroadsheetError: the journal cannot be read.
    """
    facts = Facts(collection.directory.resolve().name)
    with closing(connect(collection.journal, read_only=True)) as db:
        db.create_function("host_of", 1, _host, deterministic=True)
        for view in _VIEWS:
            db.execute(view)
        _totals(db, facts)
        _timeline(db, facts)
        facts.statuses = _counts(db, "SELECT coalesce(status, 0), count(*), sum(length) FROM answers GROUP BY 1")
        facts.mimes = _counts(db, "SELECT coalesce(mime, '(none)'), count(*), sum(length) FROM answers GROUP BY 1")
        hosts = _counts(
            db, "SELECT host_of(url), count(*), sum(length) FROM exchanges WHERE url IS NOT NULL GROUP BY 1"
        )
        facts.hosts, facts.host_count = hosts[:TOP], len(hosts)
        _sizes(db, facts)
        facts.errors = _problems(
            db,
            "SELECT error, count(*) FROM exchanges WHERE error IS NOT NULL GROUP BY 1",
            "SELECT url FROM exchanges WHERE error = ? LIMIT ?",
        )
        _frontier(db, facts)
        _settings(db, facts)
        facts.files = [File(w.filename, w.size, w.entries, w.closed) for w in Catalogue(db).warcs()]
        facts.archive_bytes = sum(file.size for file in facts.files)
    facts.extraction = _extraction(collection)
    facts.verification = _verification(collection.logs / VERIFICATION)
    facts.capture_quality = _capture_quality(collection.logs / CAPTURE_QUALITY)
    return facts


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or "(none)"
    except ValueError:
        return "(none)"


def _totals(db: sqlite3.Connection, facts: Facts) -> None:
    first, last, facts.captures = db.execute("SELECT min(date), max(date), count(*) FROM exchanges").fetchone()
    if facts.captures:
        facts.begun, facts.ended = from_microseconds(first), from_microseconds(last)
    query = """SELECT count(*), coalesce(sum(record_type = 'revisit'), 0),
        count(payload_digest) - count(DISTINCT payload_digest),
        coalesce(sum(truncated IS NOT NULL AND record_type <> 'revisit'), 0) FROM answers"""
    facts.answers, facts.revisits, facts.repeated, facts.truncated = db.execute(query).fetchone()


def _timeline(db: sqlite3.Connection, facts: Facts) -> None:
    if facts.begun is None or facts.ended is None:
        return
    seconds = max((facts.ended - facts.begun).total_seconds(), 1.0)
    width = max(1, int(seconds * 1_000_000 / BUCKETS) + 1)  # microseconds
    facts.bucket_seconds = width / 1_000_000
    (first,) = db.execute("SELECT min(date) FROM exchanges").fetchone()
    rows = db.execute("SELECT (date - ?) / ?, count(*), sum(length) FROM exchanges GROUP BY 1", (first, width))
    found = {bucket: (count, size) for bucket, count, size in rows}
    for bucket in range(max(found) + 1):
        count, size = found.get(bucket, (0, 0))
        facts.timeline.append(Bar(from_microseconds(first + bucket * width), count, size))


def _counts(db: sqlite3.Connection, query: str) -> list[Count]:
    """Rows of name, count and bytes, the most frequent first."""
    rows = [
        Count("(not HTTP)" if name == 0 else str(name), count, size or 0) for name, count, size in db.execute(query)
    ]
    return sorted(rows, key=lambda row: (-row.count, row.name))


def _sizes(db: sqlite3.Connection, facts: Facts) -> None:
    """Records by their size in the archive, in powers of ten."""
    limits = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
    names = ("under 1 kB", "1-10 kB", "10-100 kB", "100 kB-1 MB", "1-10 MB", "10 MB and more")
    case = " ".join(f"WHEN length < {limit} THEN {number}" for number, limit in enumerate(limits))
    query = f"SELECT CASE {case} ELSE {len(limits)} END, count(*), sum(length) FROM exchanges GROUP BY 1"  # noqa: S608
    found = {number: (count, size) for number, count, size in db.execute(query)}
    facts.sizes = [Count(name, *found.get(number, (0, 0))) for number, name in enumerate(names)]


def _problems(db: sqlite3.Connection, query: str, examples: str) -> list[Problem]:
    problems = []
    for reason, count in db.execute(query).fetchall():
        urls = tuple(str(url) for (url,) in db.execute(examples, (reason, EXAMPLES)))
        problems.append(Problem(str(reason), count, urls))
    return sorted(problems, key=lambda problem: -problem.count)


def _frontier(db: sqlite3.Connection, facts: Facts) -> None:
    if not _has_table(db, "frontier"):
        return
    rows = db.execute("SELECT state, count(*) FROM frontier GROUP BY 1 ORDER BY 1")
    facts.frontier = [Count(_STATES.get(state, str(state)), count) for state, count in rows]
    facts.refused = _problems(
        db,
        "SELECT coalesce(error, 'unknown'), count(*) FROM frontier WHERE state IN (2, 3) GROUP BY 1",
        "SELECT url FROM frontier WHERE state IN (2, 3) AND coalesce(error, 'unknown') = ? LIMIT ?",
    )


def _has_table(db: sqlite3.Connection, name: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone() is not None


def _settings(db: sqlite3.Connection, facts: Facts) -> None:
    row = db.execute("SELECT value FROM meta WHERE key = 'crawl_options'").fetchone()
    if row is None:
        return
    values: dict[str, Any] = json.loads(row[0])
    facts.seeds = tuple(str(seed) for seed in values.pop("seeds", ()))
    proxy = values.get("proxy")
    if isinstance(proxy, str):  # it may hold a password
        values["proxy"] = proxy.rpartition("@")[2]
    facts.settings = tuple(
        (name, _shown(value)) for name, value in sorted(values.items()) if value not in (None, "", [])
    )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _extraction(collection: Collection) -> list[Count]:
    """Captures by what extraction made of them; of several extractions of one stretch all are counted."""
    counts: Counter[str] = Counter()
    for manifest in _manifests(collection.dataset / "_manifest"):
        counts["article rows, extracted"] += int(manifest["articles"]) - int(manifest["failures"])
        counts["article rows, failed"] += int(manifest["failures"])
        for reason, count in manifest["reasons"].items():
            counts[f"no row: {reason}"] += int(count)
    return [Count(name, count) for name, count in counts.most_common() if count]


def _manifests(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*.json")):
        yield json.loads(path.read_text("utf-8"))


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
        Problem(str(row["reason"]), int(row["pages"]), (str(row["url"]),)) for row in values["missing"][:TOP]
    )
    pages, of, complete, looked_at = (int(values[name]) for name in ("pages", "of", "complete", "looked_at"))
    return CaptureQuality(str(values["at"]), pages, of, complete, looked_at, needs, missing)
