"""Picking up after a crash: what is in the WARC and not yet in the journal is journalled, a torn tail is cut off.

A crawl killed at any moment leaves at most one open WARC.  Its complete exchanges beyond the journalled offset were
fetched, so they must not be fetched again: their records go into the catalogue, their URLs are ended by the same rule
as live ones, and their links are read from their metadata records.  One transaction a file; doing it twice is harmless.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import CorruptArchive
from broadsheet.archive.exchange import FetchError
from broadsheet.archive.warc.salvage import SalvagedExchange, salvage, truncate_and_close
from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint
from broadsheet.crawler.frontier.crawls import latest_crawl
from broadsheet.crawler.frontier.expansion import Expansion
from broadsheet.crawler.frontier.frontier import RETRY_PENALTY
from broadsheet.crawler.frontier.outcome import judge
from broadsheet.crawler.frontier.tables import Completion, RobotsFetched, State


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was picked up: exchanges that need not be fetched again, and bytes of torn records that were cut off."""

    files: int = 0
    exchanges: int = 0
    lost_bytes: int = 0


def recover(
    collection: Collection,
    db: sqlite3.Connection,
    *,
    accepts: Callable[[str], bool],
    accepts_requisite: Callable[[str], bool] | None = None,
    max_depth: int,
    retries: int,
) -> Recovery:
    """Bring journal and WARC files of *collection* into step; *db* writes, and nobody else does meanwhile.

    Raises:
        CorruptArchive: a file is shorter than the journal says, or gone.
    """
    catalogue = Catalogue(db)
    updates = latest_crawl(db).is_update
    expansion = Expansion(
        db, accepts=accepts, accepts_requisite=accepts_requisite, max_depth=max_depth, updates=updates
    )
    files = exchanges = lost = 0
    for path, filename in _unsettled(collection, catalogue):
        warc = catalogue.warc(filename)
        committed = 0 if warc is None else warc.size
        tail = salvage(path, committed)
        with catalogue.transaction():
            if tail.groups:
                catalogue.append(
                    warc or catalogue.add_warc(filename),
                    [entry for exchange in tail.groups for entry in exchange.captures.entries],
                    size=tail.end_offset,
                    closed=True,
                )
            else:
                db.execute("UPDATE warcs SET closed = 1 WHERE filename = ?", (filename,))
            for exchange in tail.groups:
                _end_url(db, expansion, exchange, retries)
        truncate_and_close(path, tail.end_offset)
        files, exchanges, lost = files + 1, exchanges + len(tail.groups), lost + tail.lost_bytes
    return Recovery(files, exchanges, lost)


def _unsettled(collection: Collection, catalogue: Catalogue) -> list[tuple[Path, str]]:
    """Own WARC files that are open on disk, or that the journal takes to be."""
    found = {path.name.removesuffix(".open"): path for path in sorted(collection.archive.glob("*.warc.gz.open"))}
    for warc in catalogue.warcs():
        if warc.source is not None or warc.filename in found:
            continue
        path = collection.archive / warc.filename
        if not path.exists():
            raise CorruptArchive(str(path), "the journal names it, but it is gone", "Put the file back.")
        if not warc.closed:
            found[warc.filename] = path
    # A kill between writing a file's first group and its commit leaves a closed file that the journal does not know.
    known = {warc.filename for warc in catalogue.warcs()}
    for path in sorted(collection.archive.glob("*.warc.gz")):
        if path.name not in known:
            found[path.name] = path
    return [(path, name) for name, path in sorted(found.items())]


def _end_url(db: sqlite3.Connection, expansion: Expansion, exchange: SalvagedExchange, retries: int) -> None:
    """Do for a salvaged exchange what its visit's end would have done."""
    entry, provenance = exchange.captures.entry, exchange.provenance
    if entry.url is None:
        return
    parts = urlsplit(entry.url)
    if parts.path == "/robots.txt" and provenance.hops.endswith("P"):
        RobotsFetched(f"{parts.scheme}://{parts.netloc}", entry.status, entry.error).apply(db, entry)
        return
    row = db.execute(
        "SELECT id, host, tries, priority FROM frontier WHERE fingerprint = ? AND state = 0",
        (fingerprint(dedupe_key(entry.url)),),
    ).fetchone()
    if row is None:
        return
    row_id, host, tries, priority = row
    error = None if entry.error is None else FetchError(entry.error)
    outcome = judge(entry.status, error, tries=tries + 1, retries=retries)
    if outcome.state is State.QUEUED:
        priority -= RETRY_PENALTY
    found = expansion.found(row_id, provenance.hops, provenance.outlinks)
    framed = provenance.embedded and entry.status == 200 and "html" in (entry.mime or "")
    said = expansion.changed_until(provenance.outlinks)
    Completion(row_id, host, outcome.state, tries + 1, priority, outcome.error, found, framed, said).apply(db, entry)
    expansion.written(found)
