"""What a crawl's state and its catalogue come to: what a session goes on from, how an update went, why nothing came."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.archive.catalogue import Catalogue
from broadsheet.crawler.progress import UpdateCounts
from broadsheet.crawler.state.store import Crawl, CrawlStore
from broadsheet.crawler.state.url import State, UrlRecord


@dataclass(frozen=True, slots=True)
class Archived:
    """What earlier runs of a crawl have captured: pages, and exchanges of all kinds."""

    pages: int
    exchanges: int


@dataclass(frozen=True, slots=True)
class Problem:
    """How many URLs failed, were refused or are missing for a ``reason``, and some of them."""

    reason: str
    count: int
    examples: tuple[str, ...]


def archived(store: CrawlStore, catalogue: Catalogue) -> Archived:
    """What earlier runs of the latest crawl have captured; what the server says is unchanged is no page of it."""
    counts = catalogue.own_exchanges(store.latest_crawl().first_warc)
    return Archived(counts.pages, counts.exchanges)


def update_counts(store: CrawlStore, catalogue: Catalogue, crawl: Crawl) -> UpdateCounts:
    """What the update *crawl* did so far."""
    counts = catalogue.own_exchanges(crawl.first_warc)
    found = store.found_since(crawl.first_order)
    return UpdateCounts(counts.exchanges, counts.stored, counts.unchanged, crawl.spared, found)


def seed_in_trouble(store: CrawlStore) -> UrlRecord | None:
    """The first seed that went wrong, or else the first seed: what to say when not one page came of them."""
    seeds = store.seeds()
    return next((seed for seed in seeds if seed.error is not None), seeds[0] if seeds else None)


def state_totals(store: CrawlStore) -> dict[State, int]:
    """How many URLs are in each state, in the order of `State`; without states that have none."""
    totals: dict[State, int] = {}
    for one in store.counts():
        totals[one.state] = totals.get(one.state, 0) + one.count
    return totals


def problems(store: CrawlStore, examples: int) -> list[Problem]:
    """Why URLs failed or were refused, the most frequent reason first, with at most *examples* URLs each."""
    found = [
        Problem(failure.error or "unknown", failure.count, tuple(store.failed(failure.error, examples)))
        for failure in store.failures()
    ]
    return sorted(found, key=lambda problem: -problem.count)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A rule of spelling that holds on a site, and on how many pages that was seen."""

    name: str
    pages: int


def left_out(store: CrawlStore, examples: int) -> list[Problem]:
    """Why URLs were left out, the most frequent reason first: those that are kept one by one, and those that are counted."""
    counts = (*store.left_out_reasons(examples), *store.left_out())
    return sorted((Problem(one.rule, one.count, one.samples) for one in counts), key=lambda problem: -problem.count)


def spellings(store: CrawlStore) -> list[Spelling]:
    """The rules of spelling that hold, by site."""
    return [
        Spelling(f"{site}: {count.rule}", count.agreed)
        for site in store.learnt_sites()
        for count in store.rule_counts(site)
        if count.holds
    ]
