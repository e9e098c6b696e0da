"""A crawl's state in memory: for a crawl that is thrown away, and for tests.  It ends with its process.

It has one lock, which a transaction holds from its beginning to its end, so who asks never sees half a transaction; what
a transaction that fails has changed is put back.  The queue of each lane is a sorted list.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue, LatestAnswer
from broadsheet.archive.url import normalise
from broadsheet.crawler.bounds.evidence import LeftOutCount, RuleCount, ShapeCount
from broadsheet.crawler.cookies.cookie import Cookie
from broadsheet.crawler.discovery.urls import dedupe_key, fingerprint
from broadsheet.crawler.state.changes import (
    CallbackKept,
    Completion,
    CookiesSet,
    Discovery,
    Learnt,
    LeftOut,
    Opening,
    Requeued,
    RobotsFetched,
)
from broadsheet.crawler.state.store import Crawl, Failure, FamilyPage, RobotsCopy, StateCount, Waiting
from broadsheet.crawler.state.updates import LISTING, is_source
from broadsheet.crawler.state.url import RETRY_PENALTY, FoundUrl, Lane, State, UrlRecord
from broadsheet.pipelines.capture.submission import Change

_FIRST = Crawl(1, is_update=False, first_warc=1, first_order=1, opened=True, spared=0, finished=False)


@dataclass(frozen=True, slots=True)
class _Url:
    """A URL; see `UrlRecord`.  ``via`` is a fingerprint; the last three are of an update."""

    found: FoundUrl
    state: State
    priority: int
    via: bytes | None
    tries: int = 0
    error: str | None = None
    capture: tuple[int, int] | None = None
    checked: datetime | None = None
    modified: datetime | None = None
    variant_of: bytes | None = None

    @property
    def queue(self) -> tuple[str, Lane]:
        """Where it waits."""
        return self.found.host, self.found.lane

    @property
    def place(self) -> tuple[int, int, bytes]:
        """By this the URLs of a lane are sorted."""
        return -self.priority, self.found.order, self.found.fingerprint


@dataclass(slots=True)
class _Before:
    """What a transaction has changed, as it was before."""

    urls: dict[bytes, _Url | None]
    next_order: int
    robots: dict[str, RobotsCopy]
    cookies: dict[tuple[str, str, str], Cookie]
    callbacks: dict[bytes, str]
    crawls: list[Crawl]
    families: dict[int, FamilyPage]
    rules: dict[tuple[str, str], RuleCount]
    shapes: dict[tuple[str, str], ShapeCount]
    left_out: dict[str, LeftOutCount]


class MemoryStore:
    """The state of the crawls of one collection: a `CrawlStore`."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._before: _Before | None = None
        self._urls: dict[bytes, _Url] = {}
        self._queues: dict[tuple[str, Lane], list[tuple[int, int, bytes]]] = {}
        self._next_order = 1
        self._robots: dict[str, RobotsCopy] = {}
        self._cookies: dict[tuple[str, str, str], Cookie] = {}
        self._callbacks: dict[bytes, str] = {}
        self._crawls = [_FIRST]
        self._families: dict[int, FamilyPage] = {}
        self._rules: dict[tuple[str, str], RuleCount] = {}
        self._shapes: dict[tuple[str, str], ShapeCount] = {}
        self._left_out: dict[str, LeftOutCount] = {}
        self._options: str | None = None

    def journal(self, _catalogue: Catalogue) -> MemoryStore:
        """See `CrawlStore.journal`; the catalogue's own transaction is another one."""
        return self

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See `Journal.transaction`."""
        with self._lock:
            self._before = before = _Before(
                {},
                self._next_order,
                self._robots.copy(),
                self._cookies.copy(),
                self._callbacks.copy(),
                self._crawls.copy(),
                self._families.copy(),
                self._rules.copy(),
                self._shapes.copy(),
                self._left_out.copy(),
            )
            try:
                yield
            except BaseException:
                for print_, url in before.urls.items():
                    self._put(print_, url)
                self._next_order, self._robots = before.next_order, before.robots
                self._cookies, self._callbacks = before.cookies, before.callbacks
                self._crawls = before.crawls
                self._families, self._left_out = before.families, before.left_out
                self._rules, self._shapes = before.rules, before.shapes
                raise
            finally:
                self._before = None

    def _put(self, print_: bytes, url: _Url | None) -> None:
        """Make *url* what is known of that fingerprint, in its queue, too; None: nothing."""
        old = self._urls.pop(print_, None)
        if self._before is not None:
            self._before.urls.setdefault(print_, old)
        if old is not None and old.state is State.QUEUED:
            queue = self._queues[old.queue]
            del queue[bisect_left(queue, old.place)]
        if url is not None:
            self._urls[print_] = url
            if url.state is State.QUEUED:
                insort(self._queues.setdefault(url.queue, []), url.place)

    # -- changes

    def apply(self, change: Change, capture: Capture | None) -> None:
        """See `Journal.apply`."""
        with self._lock:
            match change:
                case Completion():
                    self._complete(change, capture)
                case Discovery():
                    self._insert(change.found, None)
                case Requeued():
                    url = self._urls.get(change.fingerprint)
                    if url is not None and url.tries <= change.tries:
                        self._put(change.fingerprint, replace(url, state=State.QUEUED))
                case RobotsFetched():
                    assert capture is not None, "a robots.txt comes with its exchange"
                    self._keep_robots(change, capture)
                case CookiesSet():
                    self._cookies.update({(one.domain, one.path, one.name): one for one in change.cookies})
                case CallbackKept():
                    self._callbacks.setdefault(change.fingerprint, change.request)
                case LeftOut():
                    for one in change.counts:
                        if one.count >= self._left_out.get(one.rule, one).count:
                            self._left_out[one.rule] = one
                case Opening():
                    self._open_known(change)
                case _:
                    raise TypeError(f"no change of a crawl's state: {change!r}")

    def _complete(self, change: Completion, capture: Capture | None) -> None:
        url = self._urls.get(change.fingerprint)
        if url is not None and url.tries <= change.tries:
            ended = replace(url, state=change.state, tries=change.tries, priority=change.priority, error=change.error)
            self._put(change.fingerprint, ended)
        known = self._urls.get(change.fingerprint)
        if change.variant_of is not None and known is not None:
            of = change.variant_of if change.variant_of in self._urls else None
            self._put(change.fingerprint, replace(known, variant_of=of))
        if change.learnt is not None:
            self._learn(change.learnt, change.fingerprint, capture)
        for print_, until in change.changed_until:
            known = self._urls.get(print_)
            if known is not None and known.state is State.KNOWN:
                self._put(print_, replace(known, modified=until))
        self._insert(change.found, None if url is None else change.fingerprint)

    def _learn(self, learnt: Learnt, page: bytes, capture: Capture | None) -> None:
        if learnt.family is not None and learnt.family not in self._families and page in self._urls:
            place = () if capture is None else (capture.warc_filename, capture.offset, capture.length)
            self._families[learnt.family] = FamilyPage(page, self._urls[page].found.url, *place)
        for rule in learnt.rules:
            before = self._rules.get((rule.site, rule.rule), rule)
            if rule.agreed + rule.differed >= before.agreed + before.differed:
                self._rules[rule.site, rule.rule] = rule
        for shape in learnt.shapes:
            earlier = self._shapes.get((shape.site, shape.shape), shape)
            if shape.asked + shape.left_out >= earlier.asked + earlier.left_out:
                self._shapes[shape.site, shape.shape] = shape

    def _insert(self, found: Iterable[FoundUrl], via: bytes | None) -> None:
        for new in found:
            known = self._urls.get(new.fingerprint)
            if known is None:
                placed = replace(new, order=self._next_order)
                self._next_order += 1
                self._put(new.fingerprint, _Url(placed, State.QUEUED, new.priority, via))
            elif known.state is State.KNOWN:
                self._put(new.fingerprint, replace(known, state=State.QUEUED))

    def _keep_robots(self, change: RobotsFetched, capture: Capture) -> None:
        known = self._robots.get(change.origin)
        if known is None or known.fetched <= capture.date:
            place = (capture.warc_filename, capture.offset, capture.length)
            self._robots[change.origin] = RobotsCopy(capture.date, change.status, change.error, *place)

    def _open_known(self, change: Opening) -> None:
        number = next((n for n, crawl in enumerate(self._crawls) if crawl.id == change.crawl), None)
        if number is None or self._crawls[number].opened:
            return
        known = [url for url in self._urls.values() if url.state is State.KNOWN and url.found.lane is Lane.PAGE]
        spared = set() if change.ask_all else self._spared(known)
        for url in known:
            if url.found.fingerprint not in spared:
                self._put(url.found.fingerprint, replace(url, state=State.QUEUED))
        self._crawls[number] = replace(self._crawls[number], opened=True, spared=len(spared))

    def _spared(self, known: Sequence[_Url]) -> set[bytes]:
        found_on = Counter(
            url.via for url in self._urls.values() if url.found.lane is Lane.PAGE and url.via is not None
        )
        return {
            url.found.fingerprint
            for url in known
            if url.modified is not None and url.checked is not None and url.modified < url.checked
            if found_on[url.found.fingerprint] < LISTING
        }

    # -- URLs

    def seen(self, fingerprints: Sequence[bytes]) -> set[bytes]:
        """See `CrawlStore.seen`."""
        with self._lock:
            return {print_ for print_ in fingerprints if print_ in self._urls}

    def resting(self, fingerprints: Sequence[bytes]) -> list[FoundUrl]:
        """See `CrawlStore.resting`."""
        with self._lock:
            known = [url for print_ in set(fingerprints) if (url := self._urls.get(print_)) is not None]
        resting = [url for url in known if url.state is State.KNOWN and url.found.lane is not Lane.PAGE]
        return sorted((replace(url.found, priority=url.priority) for url in resting), key=lambda found: found.order)

    def load(self, host: str, lane: Lane, limit: int, held: Collection[bytes] = ()) -> list[UrlRecord]:
        """See `CrawlStore.load`."""
        with self._lock:
            best = self._queues.get((host, lane), [])[: limit + len(held)]
            return [self._record(self._urls[print_]) for _, _, print_ in best if print_ not in held][:limit]

    def waiting(self) -> list[Waiting]:
        """See `CrawlStore.waiting`."""
        with self._lock:
            return [Waiting(*of, len(queue)) for of, queue in sorted(self._queues.items()) if queue]

    def has_answered(self, host: str) -> bool:
        """See `CrawlStore.has_answered`."""
        with self._lock:
            answered = (State.DONE, State.KNOWN)
            return any(url.found.host == host and url.state in answered for url in self._urls.values())

    def next_order(self) -> int:
        """See `CrawlStore.next_order`."""
        with self._lock:
            return self._next_order

    def why(self, url: str) -> UrlRecord | None:
        """See `CrawlStore.why`."""
        with self._lock:
            known = self._urls.get(fingerprint(dedupe_key(normalise(url) or url)))
            return None if known is None else self._record(known)

    def counts(self) -> list[StateCount]:
        """See `CrawlStore.counts`."""
        counts = Counter((url.state, url.found.lane) for url in self._found())
        return [StateCount(*of, count) for of, count in sorted(counts.items())]

    def failures(self) -> list[Failure]:
        """See `CrawlStore.failures`."""
        counts = Counter(url.error for url in self._found() if url.state in (State.FAILED, State.REFUSED))
        return [Failure(error, counts[error]) for error in sorted(counts, key=lambda error: error or "")]

    def failed(self, error: str | None, limit: int) -> list[str]:
        """See `CrawlStore.failed`."""
        ended_badly = (url for url in self._found() if url.state in (State.FAILED, State.REFUSED))
        return [url.found.url for url in ended_badly if url.error == error][:limit]

    def seeds(self) -> list[UrlRecord]:
        """See `CrawlStore.seeds`."""
        with self._lock:
            return [self._record(url) for url in self._found() if not url.found.hops]

    def seed_redirects(self) -> list[str]:
        """See `CrawlStore.seed_redirects`."""
        return [url.found.url for url in self._found() if url.found.hops and not url.found.hops.strip("R")]

    def _found(self) -> list[_Url]:
        """All URLs in the order found."""
        with self._lock:
            return sorted(self._urls.values(), key=lambda url: url.found.order)

    def _record(self, url: _Url) -> UrlRecord:
        found, via = url.found, None if url.via is None else self._urls[url.via].found.url
        return UrlRecord(
            fingerprint=found.fingerprint,
            url=found.url,
            host=found.host,
            state=url.state,
            lane=found.lane,
            priority=url.priority,
            tries=url.tries,
            order=found.order,
            hops=found.hops,
            via=via,
            error=url.error,
            variant_of=None if url.variant_of is None else self._urls[url.variant_of].found.url,
        )

    # -- what was learnt of sites

    def family(self, key: int) -> FamilyPage | None:
        """See `CrawlStore.family`."""
        with self._lock:
            return self._families.get(key)

    def rule_counts(self, site: str) -> list[RuleCount]:
        """See `CrawlStore.rule_counts`."""
        with self._lock:
            return [count for key, count in sorted(self._rules.items()) if key[0] == site]

    def shape_counts(self, site: str) -> list[ShapeCount]:
        """See `CrawlStore.shape_counts`."""
        with self._lock:
            return [count for key, count in sorted(self._shapes.items()) if key[0] == site]

    def variants_of(self, fingerprint: bytes, limit: int) -> list[str]:
        """See `CrawlStore.variants_of`."""
        return [url.found.url for url in self._found() if url.variant_of == fingerprint][:limit]

    def learnt_sites(self) -> list[str]:
        """See `CrawlStore.learnt_sites`."""
        with self._lock:
            return sorted({site for site, _ in (*self._rules, *self._shapes)})

    def left_out(self) -> list[LeftOutCount]:
        """See `CrawlStore.left_out`."""
        with self._lock:
            return [self._left_out[rule] for rule in sorted(self._left_out)]

    def left_out_reasons(self, examples: int) -> list[LeftOutCount]:
        """See `CrawlStore.left_out_reasons`."""
        reasons: dict[str, list[str]] = {}
        for url in self._found():
            if url.state is State.LEFT_OUT:
                reasons.setdefault(url.error or "", []).append(url.found.url)
        return [LeftOutCount(error, len(urls), tuple(urls[:examples])) for error, urls in sorted(reasons.items())]

    def take_left_out(self, like: str) -> int:
        """See `CrawlStore.take_left_out`."""
        with self._lock:
            taken = [
                url for url in self._urls.values() if url.state is State.LEFT_OUT and (url.error or "").startswith(like)
            ]
            for url in taken:
                self._put(url.found.fingerprint, replace(url, state=State.QUEUED, error=None, variant_of=None))
            return len(taken)

    # -- what else a crawl keeps

    def options(self) -> str | None:
        """See `CrawlStore.options`."""
        return self._options

    def keep_options(self, text: str) -> None:
        """See `CrawlStore.keep_options`."""
        self._options = text

    def robots(self, origin: str) -> RobotsCopy | None:
        """See `CrawlStore.robots`."""
        with self._lock:
            return self._robots.get(origin)

    def cookies(self) -> list[Cookie]:
        """See `CrawlStore.cookies`."""
        with self._lock:
            return [self._cookies[key] for key in sorted(self._cookies)]

    def callback(self, fingerprint: bytes) -> str | None:
        """See `CrawlStore.callback`."""
        with self._lock:
            return self._callbacks.get(fingerprint)

    # -- updates

    def latest_crawl(self) -> Crawl:
        """See `CrawlStore.latest_crawl`."""
        with self._lock:
            return self._crawls[-1]

    def found_since(self, order: int) -> int:
        """See `CrawlStore.found_since`."""
        return sum(url.found.order >= order for url in self._found())

    def earlier_capture(self, fingerprint: bytes) -> tuple[int, int] | None:
        """See `CrawlStore.earlier_capture`."""
        with self._lock:
            url = self._urls.get(fingerprint)
        return None if url is None else url.capture

    def begin_update(self, first_warc: int, answers: Iterable[LatestAnswer]) -> None:
        """See `CrawlStore.begin_update`."""
        latest = {answer.url: answer for answer in answers}
        for print_, url in list(self._urls.items()):
            answer = latest.get(url.found.url)
            asked_again = url.state is State.QUEUED or is_source(url.found.hops)
            rested = replace(
                url,
                state=State.QUEUED if asked_again else State.KNOWN,
                priority=url.priority + RETRY_PENALTY * max(url.tries - 1, 0),
                tries=0,
                error=None,
                modified=None,
                capture=None if answer is None else answer.location,
                checked=None if answer is None else answer.checked,
            )
            self._put(print_, rested)
        number = self._crawls[-1].id + 1
        new = Crawl(number, True, first_warc, self._next_order, opened=False, spared=0, finished=False)
        self._crawls.append(new)

    def finish_crawl(self, crawl: int) -> None:
        """See `CrawlStore.finish_crawl`."""
        with self._lock:
            self._crawls = [replace(one, finished=True) if one.id == crawl else one for one in self._crawls]
