"""How a crawl stands, from what it writes to disk: what is queued, how fast it goes, which hosts are slow or fail, until when.

Read beside the writer, which notices nothing of it: no lock is taken and nothing is written.  Speeds are measured on the last
captures, so they are what the hosts really let happen, whatever delay was asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.crawler.control.action import ActionFolder, InForce, RecordedAction
from broadsheet.crawler.kept_options import load_options
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.summary import Problem, problems, state_totals
from broadsheet.crawler.state.url import State

WINDOW = timedelta(minutes=1)  # over which speeds are measured
_LOOKED_AT = 2000  # captures, at most
_HOSTS = 25
_PAGES = 20
_EXAMPLES = 3
_ACTIONS = 20


@dataclass(frozen=True, slots=True)
class Speed:
    """What a second brought, in the archive; bytes as stored."""

    exchanges: float
    pages: float
    bytes: float


@dataclass(frozen=True, slots=True)
class HostStatus:
    """A host: its URLs that are ``queued``; of the last captures its ``exchanges``, those that failed or were refused
    (``errors``: no answer, 429 or 5xx), the seconds from one to the next, and the last.  ``seconds_left`` at that speed."""

    host: str
    queued: int
    exchanges: int
    errors: int
    interval: float | None
    last: datetime | None
    last_error: str | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class RecentPage:
    """A page that was just asked for; ``bytes`` in the archive."""

    date: datetime
    url: str
    status: int | None
    error: str | None
    bytes: int


@dataclass(frozen=True, slots=True)
class CrawlStatus:
    """All of it at the time ``at`` (UTC).  ``is_working``: a command writes to the collection now.  ``speed`` is that of the
    minute before ``at``, or of the last minute of a crawl that has ended.  ``seconds_left`` is None where it cannot be said.
    ``is_paused``: it works and was asked to pause; ``actions`` are the last that were asked of it (crawler/control)."""

    name: str
    at: datetime
    is_working: bool
    is_complete: bool
    is_update: bool
    seeds: tuple[str, ...]
    captures: int
    archive_bytes: int
    warcs: int
    latest: datetime | None
    done: int
    queued: int
    failed: int
    refused: int
    speed: Speed
    seconds_left: float | None
    hosts: tuple[HostStatus, ...]
    host_count: int
    pages: tuple[RecentPage, ...]
    problems: tuple[Problem, ...]
    is_paused: bool = False
    actions: tuple[RecordedAction, ...] = ()


def crawl_status(collection: Collection, now: datetime | None = None) -> CrawlStatus:
    """How the crawl of *collection* stands; *now* is for tests.

    Raises:
        BroadsheetError: the journal cannot be read.
    """
    at = now or datetime.now(UTC)
    is_working = collection.is_locked()
    actions = ActionFolder(collection).all()
    is_paused = is_working and InForce.of(one.action for one in actions if one.done).pause is not None
    with Catalogue.open(collection.journal, read_only=True) as catalogue:
        warcs = catalogue.warcs()
        recent = catalogue.latest(_LOOKED_AT)
        store = SqliteStore.existing(catalogue)
        totals = {} if store is None else state_totals(store)
        end = at if is_working or not recent else recent[0].date
        window = [one for one in recent if end - WINDOW <= one.date <= end]
        speed = _speed(window, end)
        hosts = _hosts({} if store is None else _queued(store), recent)
        kept = None if store is None else load_options(store)
        crawl = None if store is None else store.latest_crawl()
        queued = totals.get(State.QUEUED, 0)
        return CrawlStatus(
            name=collection.directory.resolve().name,
            at=at,
            is_working=is_working,
            is_complete=crawl is not None and crawl.finished,
            is_update=crawl is not None and crawl.is_update,
            seeds=() if kept is None else kept.seeds,
            captures=sum(one.entries for one in warcs),
            archive_bytes=sum(one.size for one in warcs),
            warcs=len(warcs),
            latest=recent[0].date if recent else None,
            done=totals.get(State.DONE, 0),
            queued=queued,
            failed=totals.get(State.FAILED, 0),
            refused=totals.get(State.REFUSED, 0),
            speed=speed,
            seconds_left=_seconds_left(hosts, queued, speed) if is_working and not is_paused else None,
            hosts=tuple(hosts[:_HOSTS]),
            host_count=len(hosts),
            pages=tuple(_pages(recent)),
            problems=() if store is None else tuple(problems(store, _EXAMPLES)),
            is_paused=is_paused,
            actions=tuple(actions[-_ACTIONS:]),
        )


def _speed(window: Sequence[Capture], end: datetime) -> Speed:
    if not window:
        return Speed(0.0, 0.0, 0.0)
    seconds = max((end - window[-1].date).total_seconds(), 1.0)
    pages = sum(one.is_page is True for one in window)
    return Speed(len(window) / seconds, pages / seconds, sum(one.length for one in window) / seconds)


def _queued(store: CrawlStore) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in store.waiting():
        found[one.host] += one.count
    return found


def _hosts(queued: dict[str, int], recent: Iterable[Capture]) -> list[HostStatus]:
    """The hosts, those with most to do first."""
    captures: dict[str, list[Capture]] = defaultdict(list)
    for one in recent:
        if host := _host(one.url):
            captures[host].append(one)
    hosts = [_host_status(host, queued.get(host, 0), captures[host]) for host in {**queued, **captures}]
    return sorted(hosts, key=lambda one: (-one.queued, -one.exchanges, one.host))


def _host_status(host: str, queued: int, captures: Sequence[Capture]) -> HostStatus:
    """*captures* are the latest first."""
    failed = [one for one in captures if _is_error(one)]
    interval = None
    if len(captures) > 1:
        interval = (captures[0].date - captures[-1].date).total_seconds() / (len(captures) - 1)
    return HostStatus(
        host=host,
        queued=queued,
        exchanges=len(captures),
        errors=len(failed),
        interval=interval,
        last=captures[0].date if captures else None,
        last_error=(failed[0].error or f"status {failed[0].status}") if failed else None,
        seconds_left=None if interval is None else queued * interval,
    )


def _is_error(capture: Capture) -> bool:
    status = capture.status or 0
    return capture.error is not None or status == 429 or status >= 500


def _seconds_left(hosts: Iterable[HostStatus], queued: int, speed: Speed) -> float | None:
    """As long as the slowest host takes, or all of them together, whichever is longer."""
    if not queued or not speed.exchanges:
        return None
    return max([queued / speed.exchanges, *(one.seconds_left for one in hosts if one.seconds_left is not None)])


def _pages(recent: Iterable[Capture]) -> list[RecentPage]:
    pages = [one for one in recent if one.url is not None and (one.is_page or one.error is not None)]
    return [RecentPage(one.date, one.url or "", one.status, one.error, one.length) for one in pages[:_PAGES]]


def _host(url: str | None) -> str:
    """``host:port`` as in the URL, as the frontier has it; "" for what has none."""
    try:
        return urlsplit(url or "").netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
