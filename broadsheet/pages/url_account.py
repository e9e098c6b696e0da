"""``broadsheet explain``: what a crawl knows of one URL, and why it was fetched, or was not.

Everything comes from the journal: the state of the crawl (crawler/state) and the catalogue of captures.  A URL that the crawl
never kept is judged by the same rules as a new link would be now.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadsheet.api import Collection
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection as Folder
from broadsheet.archive.errors import BadInput
from broadsheet.archive.exchange import Outlink
from broadsheet.archive.journal import connect
from broadsheet.archive.url import normalise
from broadsheet.crawler.boundary import Boundary
from broadsheet.crawler.bounds.bounds import NO_GUESS
from broadsheet.crawler.bounds.evidence import RuleCount, ShapeCount
from broadsheet.crawler.bounds.family import Member, member, site_of
from broadsheet.crawler.bounds.form import shape_of, split_url
from broadsheet.crawler.bounds.window import DateWindow
from broadsheet.crawler.control.action import ActionFolder
from broadsheet.crawler.discovery.unfetchable import why_unfetchable
from broadsheet.crawler.discovery.urls import dedupe_key
from broadsheet.crawler.kept_options import load_options
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.run import restored_scope
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import State, UrlRecord

_LONGEST_WAY = 30  # steps from a seed that are told
_FOUND_AS = {"": "a seed", "R": "a redirect", "L": "a link", "I": "a sitemap or a feed", "E": "part of a page"}


@dataclass(frozen=True, slots=True)
class Step:
    """A URL on the way from the seed to the one in question, and as what it was found."""

    url: str
    found_as: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A capture of the URL."""

    date: datetime
    status: int | None
    error: str | None
    record_type: str
    is_page: bool
    warc_filename: str
    offset: int


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A row that was made of a capture; ``duplicate_of`` is the id of the row that stands for it."""

    id: str
    status: str
    title: str | None
    duplicate_of: str | None


@dataclass(frozen=True, slots=True)
class UrlAccount:
    """What is known of ``asked``.

    ``url`` is how the crawl writes it, ``key`` what counts as the same URL.  ``state`` is None when the crawl has not kept it.
    ``way`` leads from the seed to it.  ``verdict`` says in words what became of it and why.  ``variant_of`` is the page that
    stands for it, ``variants`` are URLs that it stands for.  ``rules`` are what is known of the spellings by which it may
    differ from others, ``shape`` what URLs like it have brought.
    """

    asked: str
    url: str
    key: str
    state: str | None
    verdict: str
    in_scope: bool
    scope_rule: str | None
    priority: int | None
    tries: int
    way: tuple[Step, ...]
    captures: tuple[Answered, ...]
    rows: tuple[DatasetRow, ...]
    variant_of: str | None
    variants: tuple[str, ...]
    rules: tuple[RuleCount, ...]
    shape: ShapeCount | None


def account_of(directory: Path, asked: str) -> UrlAccount:
    """What the crawl of the collection *directory* knows of the URL *asked*.

    Raises:
        BadInput: there is no such collection, it holds no crawl, or *asked* is no URL that could be fetched.
    """
    url = normalise(asked if "://" in asked else f"https://{asked}")
    unfetchable = None if url is not None else why_unfetchable(asked)
    if url is None and unfetchable is None:
        raise BadInput(asked, "is not a URL that can be crawled", "It must begin with http:// or https://.")
    folder = Folder.open(directory)
    with closing(connect(folder.journal, read_only=True)) as db:
        catalogue = Catalogue(db)
        store = SqliteStore.existing(catalogue)
        kept = None if store is None else load_options(store)
        if store is None or kept is None:
            raise BadInput(str(directory), "holds no crawl", "`broadsheet crawl URL -o DIR` makes one.")
        if url is None:
            return _unfetchable(asked, unfetchable or "", store)
        record = store.why(url)
        if record is None and "://" not in asked and (plain := store.why(f"http://{asked}")) is not None:
            record, url = plain, plain.url
        captures = sorted(catalogue.captures_of({url, record.url} if record else {url}), key=lambda one: one.date)
        answers = tuple(
            Answered(one.date, one.status, one.error, one.record_type, bool(one.is_page), one.warc_filename, one.offset)
            for one in captures
        )
        in_force = ActionFolder(folder).in_force()
        boundary = Boundary(restored_scope(kept.options(directory), store, in_force), excluded=in_force.exclude)
        rows = _rows(directory, url, record)
        return _account(asked, url, record, store, kept.options(directory), boundary, answers, rows)


def _account(
    asked: str,
    url: str,
    record: UrlRecord | None,
    store: CrawlStore,
    options: CrawlOptions,
    boundary: Boundary,
    answers: tuple[Answered, ...],
    rows: tuple[DatasetRow, ...],
) -> UrlAccount:
    in_scope = boundary.in_scope(url)
    outside = None if in_scope else boundary.rule_against(url)
    site = site_of(split_url(url)[0])
    counts = {count.rule: count for count in store.rule_counts(site)}
    one = member(url, lambda rule: rule in counts and counts[rule].refuted)
    shape = next((count for count in store.shape_counts(site) if count.shape == shape_of(url)), None)
    return UrlAccount(
        asked=asked,
        url=url,
        key=dedupe_key(url),
        state=None if record is None else record.state.name.lower().replace("_", " "),
        verdict=_never_kept(url, options, boundary, store, one) if record is None else _verdict(record, answers),
        in_scope=in_scope,
        scope_rule=outside,
        priority=None if record is None else record.priority,
        tries=0 if record is None else record.tries,
        way=() if record is None else _way(record, store),
        captures=answers,
        rows=rows,
        variant_of=None if record is None else record.variant_of,
        variants=() if record is None else tuple(store.variants_of(record.fingerprint, _LONGEST_WAY)),
        rules=tuple(counts[rule] for rule in sorted(one.ways | {name for name, _ in one.values}) if rule in counts),
        shape=shape,
    )


def _unfetchable(asked: str, rule: str, store: CrawlStore) -> UrlAccount:
    met = next((one.count for one in store.left_out() if one.rule == rule), 0)
    return UrlAccount(
        asked=asked,
        url=asked,
        key=asked,
        state=None,
        verdict=f"is never asked for: {rule}; only http and https are fetched (the crawl met {met:,} such references)",
        in_scope=False,
        scope_rule=rule,
        priority=None,
        tries=0,
        way=(),
        captures=(),
        rows=(),
        variant_of=None,
        variants=(),
        rules=(),
        shape=None,
    )


def _verdict(record: UrlRecord, answers: tuple[Answered, ...]) -> str:
    match record.state:
        case State.QUEUED if record.tries:
            return f"waits for another try, after {record.tries} that failed ({record.error or 'no answer'})"
        case State.QUEUED:
            return "waits for its turn"
        case State.DONE:
            last = answers[-1] if answers else None
            said = "an answer" if last is None else last.error or f"status {last.status}"
            as_variant = f", the same page as {record.variant_of}" if record.variant_of else ""
            return f"was fetched: {said}{as_variant}"
        case State.FAILED:
            return f"was given up after {record.tries} tries: {record.error or 'no answer'}"
        case State.REFUSED if record.error == "robots":
            return "was not asked for: robots.txt forbids it (--ignore-robots)"
        case State.REFUSED:
            return f"was not asked for: {record.error or 'refused'}"
        case State.LEFT_OUT if record.variant_of:
            return f"was not asked for: {record.error}, of {record.variant_of} (--variants fetches it)"
        case State.LEFT_OUT if record.error == NO_GUESS:
            return (
                "was not asked for: a feed may lie here, but nothing says so, and the site's pages are found without it"
            )
        case State.LEFT_OUT:
            return f"was given up: {record.error} by URLs like it (--patience 0 fetches it)"
    return "is known from an earlier crawl, and not asked for in the update"


def _never_kept(url: str, options: CrawlOptions, boundary: Boundary, store: CrawlStore, one: Member) -> str:
    """Why the crawl has not kept *url*, by the rules for a new link."""
    if not boundary.in_scope(url):
        return f"is not kept: {boundary.rule_against(url)}"
    if (trap := boundary.trap(url)) is not None:
        return f"is not kept: trap: {trap}"
    outside = DateWindow.of(options.since, options.until).leaves_out(Outlink(url, "L"))
    if outside is not None:
        return f"is not kept: {outside}"
    if (page := store.family(one.key)) is not None:
        return f"was never found; {page.url} is of the same family"
    if options.max_depth:
        return f"was never found within {options.max_depth} links from a seed"
    return "was never found: no page, sitemap or feed that was read names it"


def _way(record: UrlRecord, store: CrawlStore) -> tuple[Step, ...]:
    """From the seed to *record*."""
    steps = [Step(record.url, _FOUND_AS.get(record.hops[-1:], "a link"))]
    here: UrlRecord | None = record
    while here is not None and here.via is not None and len(steps) < _LONGEST_WAY:
        here = store.why(here.via)
        if here is not None:
            steps.append(Step(here.url, _FOUND_AS.get(here.hops[-1:], "a link")))
    return tuple(reversed(steps))


def _rows(directory: Path, url: str, record: UrlRecord | None) -> tuple[DatasetRow, ...]:
    urls = sorted({url, record.url} if record else {url})
    try:
        rows = Collection.open(directory).articles(
            url=urls, columns=["id", "extraction_status", "title", "duplicate_of"]
        )
        return tuple(DatasetRow(row.id, row.extraction_status, row.title, row.duplicate_of) for row in rows)
    except BadInput:  # never extracted
        return ()
