"""A crawl as its journal has it, made without a crawl: what shows how a crawl stands is tested on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.crawler.discovery.urls import fingerprint
from broadsheet.crawler.state.changes import Completion, Discovery
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.url import FoundUrl, State

BEGIN = datetime(2026, 11, 28, 12, tzinfo=UTC)


def found(url: str) -> FoundUrl:
    """*url* as the frontier has it."""
    return FoundUrl(fingerprint(url), url, url.split("/")[2], 0, "L")


def capture(url: str, second: float, **how: object) -> Capture:
    """A page that was captured *second* seconds after the beginning."""
    made = Capture(
        "one.warc.gz", 0, 500, "<urn:x>", "response", BEGIN + timedelta(seconds=second), url, 200, is_page=True
    )
    return replace(made, **how)  # type: ignore[arg-type]


def make_crawl(
    directory: Path, captures: Iterable[Capture], *, queued: Iterable[str] = (), refused: Iterable[str] = ()
) -> Collection:
    """A collection with *captures*, whose URLs are done, and URLs that are *queued* or *refused*."""
    collection = Collection.create(directory)
    given = list(captures)
    with Catalogue.open(collection.journal) as catalogue:
        store = SqliteStore.prepared(catalogue)
        done = [(one.url or "", State.DONE, None) for one in given if not (one.url or "").startswith("dns:")]
        other = [(url, State.REFUSED, "robots") for url in refused]
        with store.transaction():
            store.apply(Discovery(tuple(found(url) for url in [*(one[0] for one in [*done, *other]), *queued])), None)
            for url, state, error in [*done, *other]:
                one = found(url)
                store.apply(Completion(one.fingerprint, one.host, state, 1, 0, error), None)
    add_captures(collection, given)
    return collection


def add_captures(collection: Collection, captures: Iterable[Capture]) -> None:
    """Add them behind those that are there, as a crawl does."""
    with Catalogue.open(collection.journal) as catalogue, catalogue.transaction():
        catalogue.append(catalogue.add_warc("one.warc.gz"), list(captures), size=5000)
