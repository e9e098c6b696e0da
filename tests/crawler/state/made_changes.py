"""URLs and changes of a made crawl."""

from __future__ import annotations

from datetime import UTC, datetime

from broadsheet.archive.capture import Capture
from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint, host_of
from broadsheet.crawler.state.changes import Completion
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import FoundUrl, Lane, State
from broadsheet.pipelines.capture.submission import Change

MOMENT = datetime(2026, 11, 29, 12, 0, 0, 123456, tzinfo=UTC)
CAPTURE = Capture("a.warc.gz", 700, 90, "<urn:x:1>", "response", MOMENT, "http://a/robots.txt", 200, "text/plain")


def print_of(url: str) -> bytes:
    return fingerprint(dedupe_key(url))


def found(url: str, hops: str = "L", priority: int = 0) -> FoundUrl:
    return FoundUrl(print_of(url), url, host_of(url), priority, hops)


def done(
    url: str, *children: FoundUrl, state: State = State.DONE, tries: int = 1, error: str | None = None
) -> Completion:
    return Completion(print_of(url), host_of(url), state, tries, 0, error, children)


def apply(store: CrawlStore, *changes: Change) -> None:
    with store.transaction():
        for change in changes:
            store.apply(change, CAPTURE)


def urls(store: CrawlStore, host: str, lane: Lane = Lane.PAGE, limit: int = 100) -> list[str]:
    return [record.url for record in store.load(host, lane, limit)]
