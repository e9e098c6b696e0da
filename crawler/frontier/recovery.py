"""Picking up after a crash: what is in the WARC and not yet in the journal is journalled, a torn tail is cut off.

A crawl killed at any moment leaves at most one open WARC.  Its complete exchanges beyond the journalled offset were
fetched, so they must not be fetched again: their records go into the catalogue, their URLs are ended by the same rule
as live ones, and their links are read from their metadata records.  One transaction a file; doing it twice is harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import CorruptArchive
from broadsheet.archive.exchange import FetchError
from broadsheet.archive.warc.salvage import SalvagedExchange, salvage, truncate_and_close
from broadsheet.crawler.bounds.window import ALL_TIMES, DateWindow
from broadsheet.crawler.frontier.expansion import Expansion
from broadsheet.crawler.frontier.outcome import judge
from broadsheet.crawler.state.changes import Completion, RobotsFetched
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import RETRY_PENALTY, State


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was picked up: exchanges that need not be fetched again, and bytes of torn records that were cut off."""

    files: int = 0
    exchanges: int = 0
    lost_bytes: int = 0


def recover(
    collection: Collection,
    catalogue: Catalogue,
    store: CrawlStore,
    *,
    accepts: Callable[[str], bool],
    accepts_requisite: Callable[[str], bool] | None = None,
    accepts_listing: Callable[[str], bool] | None = None,
    max_depth: int,
    retries: int,
    window: DateWindow = ALL_TIMES,
) -> Recovery:
    """Bring journal and WARC files of *collection* into step.  *catalogue* and *store* are of its journal; nobody else writes
    to it meanwhile.

    Raises:
        CorruptArchive: a file is shorter than the journal says, or gone.
    """
    expansion = Expansion(
        store,
        accepts=accepts,
        accepts_requisite=accepts_requisite,
        accepts_listing=accepts_listing,
        max_depth=max_depth,
        updates=store.latest_crawl().is_update,
        window=window,
    )
    return settle_files(collection, catalogue, lambda exchange: _end_url(store, expansion, exchange, retries))


def settle_files(
    collection: Collection, catalogue: Catalogue, salvaged: Callable[[SalvagedExchange], None]
) -> Recovery:
    """Journal what own WARC files hold beyond their journalled offset, and cut off what is torn; *salvaged* is told each
    exchange in the transaction that journals it.

    Raises:
        CorruptArchive: a file is shorter than the journal says, or gone.
    """
    files = exchanges = lost = 0
    for path, filename in _unsettled(collection, catalogue):
        warc = catalogue.warc(filename)
        committed = 0 if warc is None else warc.size
        tail = salvage(path, committed)
        with catalogue.transaction():
            if tail.groups:
                catalogue.append(
                    warc or catalogue.add_warc(filename),
                    [capture for exchange in tail.groups for capture in exchange.captures.listed],
                    size=tail.end_offset,
                    closed=True,
                )
            else:
                catalogue.close_own_warcs(filename)
            for exchange in tail.groups:
                salvaged(exchange)
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


def _end_url(store: CrawlStore, expansion: Expansion, exchange: SalvagedExchange, retries: int) -> None:
    """Do for a salvaged exchange what its visit's end would have done."""
    capture, provenance = exchange.captures.main, exchange.provenance
    if capture.url is None or provenance.imported_from is not None or capture.record_type == "resource":
        return  # nobody asked for it
    parts = urlsplit(capture.url)
    if parts.path == "/robots.txt" and provenance.hops.endswith("P"):
        store.apply(RobotsFetched(f"{parts.scheme}://{parts.netloc}", capture.status, capture.error), capture)
        return
    asked = store.why(capture.url)
    if asked is None or asked.state is not State.QUEUED:
        return
    error = None if capture.error is None else FetchError(capture.error)
    outcome = judge(capture.status, error, tries=asked.tries + 1, retries=retries)
    found = expansion.found(provenance.hops, provenance.outlinks)
    completion = Completion(
        asked.fingerprint,
        asked.host,
        outcome.state,
        asked.tries + 1,
        asked.priority - RETRY_PENALTY if outcome.state is State.QUEUED else asked.priority,
        outcome.error,
        found,
        changed_until=expansion.changed_until(provenance.outlinks),
    )
    store.apply(completion, capture)
    expansion.written(found)
