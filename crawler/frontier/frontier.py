"""The frontier: every URL of a crawl, once, and which of them is next.

The store is the truth; this class is the working part of it in memory.  It is asked directly, and changed through the
capture log, so that a URL's "done", its records and the URLs it named are durable together.  ``_held`` are the URLs that
memory knows better than the store: they are not loaded from it.

A JOBDIR cannot do this: killed, Scrapy's own queues lose 85-98 % of a site and exit with 0.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from broadsheet.archive.capture import Capture
from broadsheet.archive.exchange import Exchange, Outlink, Provenance
from broadsheet.archive.warc.revisit import Original
from broadsheet.crawler.bounds.bounds import AskLater, Await, Bounds, LeaveOut, Test
from broadsheet.crawler.bounds.sameness import PageFacts, is_same
from broadsheet.crawler.bounds.window import DateWindow
from broadsheet.crawler.bounds.yields import PATIENCE
from broadsheet.crawler.frontier.expansion import Expansion
from broadsheet.crawler.frontier.outcome import Outcome, judge
from broadsheet.crawler.frontier.queues import HostQueues, Visit
from broadsheet.crawler.state.changes import Completion, Discovery, Learnt, Requeued
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import RETRY_PENALTY, FoundUrl, Lane, State, UrlRecord
from broadsheet.pipelines.capture.submission import NOWHERE, Submission

_MOST_MOVED = 512  # URLs that wait for their new places to be committed, before more are given out


@dataclass(frozen=True, slots=True)
class FrontierOptions:
    """How a frontier behaves.  ``concurrency`` is visits at once on a host, ``horizon`` in seconds."""

    concurrency: int = 2
    retries: int = 2
    max_depth: int = 0
    requisites: bool = True
    updates: bool = False  # it is an update of an earlier crawl
    patience: int = PATIENCE  # answers without a new article, after which what looks like them is put last; 0: never
    variants: bool = False  # other spellings of known pages are asked for, too
    window: DateWindow = field(default_factory=DateWindow)
    horizon: float = 6.0  # visits are given out this long before their host is ready (the engine looks every 5 s)


class Frontier:
    """The queue of a crawl.

    *store* is asked; *submit* takes what is to be written; *accepts* says whether a URL belongs to the crawl,
    *accepts_requisite* whether something that a page shows may be fetched, wherever it lies, *accepts_listing* the same of a
    sitemap; *left_out* is told of each URL that is too far, or outside the time asked for: the rule and the URL.
    *ready_at* is the pacer's word on a host.  All methods belong to the event loop's thread.
    """

    def __init__(
        self,
        store: CrawlStore,
        options: FrontierOptions,
        *,
        submit: Callable[[Submission], None],
        accepts: Callable[[str], bool],
        ready_at: Callable[[str, float], float],
        accepts_requisite: Callable[[str], bool] | None = None,
        accepts_listing: Callable[[str], bool] | None = None,
        left_out: Callable[[str, str], object] | None = None,
    ) -> None:
        self._store = store
        self._options = options
        self._submit = submit
        self._expansion = Expansion(
            store,
            accepts=accepts,
            accepts_requisite=accepts_requisite if options.requisites else None,
            accepts_listing=accepts_listing,
            max_depth=options.max_depth,
            updates=options.updates,
            window=options.window,
            left_out=left_out,
        )
        self._bounds = Bounds(
            store,
            patience=options.patience,
            variants=options.variants,
            known_before=store.latest_crawl().first_order if options.updates else 0,
        )
        self._awaiting: dict[object, list[Visit]] = {}
        self._queues = HostQueues(
            concurrency=options.concurrency,
            horizon=options.horizon,
            ready_at=ready_at,
            load=self._load,
            leave=self._leave_to_store,
        )
        self._held: defaultdict[str, set[bytes]] = defaultdict(set)
        self._moving: Counter[bytes] = Counter()  # queued URLs whose new places are not committed yet
        self._moved: set[bytes] = set()  # those of them that are left to the store, and are not to be loaded before
        self.errors: Counter[str] = Counter()
        for failure in store.failures():
            self.errors[failure.error or "unknown"] += failure.count
        self._count_stored()

    def _count_stored(self) -> None:
        for waiting in self._store.waiting():
            requisite = waiting.lane is not Lane.PAGE
            if self._options.requisites or not requisite:
                self._queues.count(waiting.host, waiting.count, requisite=requisite)

    def opened(self) -> None:
        """The store has queued URLs that rested; nothing was queued or under way before."""
        self._count_stored()

    @property
    def queued(self) -> int:
        """URLs that wait."""
        return self._queues.queued

    @property
    def queued_pages(self) -> int:
        """URLs that wait and are no requisites."""
        return self._queues.queued_pages

    @property
    def active(self) -> int:
        """Visits under way."""
        return self._queues.active

    @property
    def active_pages(self) -> int:
        """Visits under way to what is no requisite."""
        return self._queues.active_pages

    def seed(self, urls: Iterable[str], hops: str = "") -> tuple[FoundUrl, ...]:
        """Queue *urls* that no page named; those that are new."""
        found = tuple(new for url in urls if (new := self._expansion.new_url(url, hops)))
        if found:
            self._submit(Submission(Discovery(found)))
            self._enqueue(found, None)
        return found

    def lease(self, now: float, *, pages: bool = True) -> Visit | None:
        """The next URL to fetch, a requisite unless *pages*; to the store it stays queued until `complete`."""
        while len(self._moved) < _MOST_MOVED:
            visit = self._queues.pop(now, pages=pages)
            if visit is None or visit.requisite:
                return visit
            match self._bounds.judge(visit):
                case Await(token=token):
                    self._queues.done(visit)
                    self._awaiting.setdefault(token, []).append(visit)
                case AskLater(priority=priority):
                    self._put_back(visit, priority)
                case LeaveOut() as left:
                    self._settle(
                        visit, Outcome(State.LEFT_OUT, left.error), (), learnt=left.learnt, variant_of=left.variant_of
                    )
                    self.leave(visit)
                case _:
                    return visit
        return None

    def test_of(self, visit: Visit) -> Test | None:
        """What *visit*, which was leased, is to show of its site's spellings; None: nothing."""
        return self._bounds.test_of(visit)

    def is_same(self, test: Test, sample: PageFacts, primary: PageFacts) -> bool:
        """Whether *sample* is the page that it was held against."""
        return is_same(sample, primary, test.rules, self._bounds.member)

    def complete(
        self,
        visit: Visit,
        exchange: Exchange,
        outlinks: Sequence[Outlink] = (),
        on_written: Callable[[Capture | None], object] | None = None,
        *,
        unmodified: Original | None = None,
        same: bool | None = None,
    ) -> Outcome:
        """End *visit* with its answer and the links it held; durable with the log's next commit.

        *unmodified* is what the request asked about with a condition, *same* how its `test_of` came out, None: it did not.
        *on_written* is called, in the log's thread, when the exchange is in the WARC.  Until `leave` the visit keeps
        its place among those under way.
        """
        outcome = judge(exchange.status, exchange.error, tries=visit.tries + 1, retries=self._options.retries)
        provenance = Provenance(visit.via, visit.hops, tuple(outlinks))
        found = self._expansion.found(visit.hops, outlinks)
        said = self._expansion.changed_until(outlinks)
        learnt, variant_of = self._bounds.ended(visit, exchange, outlinks, found, same)
        self._settle(
            visit, outcome, found, exchange, provenance, on_written, unmodified,
            changed_until=said, learnt=learnt, variant_of=variant_of,
        )  # fmt: skip
        return outcome

    def refuse(self, visit: Visit, error: str) -> None:
        """End *visit* without asking: no record, but a state that says why."""
        self._settle(visit, Outcome(State.REFUSED, error), ())
        self.leave(visit)

    def give_up(self, visit: Visit, error: str) -> None:
        """End *visit* without asking, as failed: its host is not to be reached."""
        self._settle(visit, Outcome(State.FAILED, error), ())
        self.leave(visit)

    def leave(self, visit: Visit) -> None:
        """Free the place of *visit*.  Without an outcome, because the crawl stops, it stays queued."""
        self._queues.done(visit)
        self._let_on(visit)

    def later(self, visit: Visit) -> None:
        """*visit* was not made, and is to be made when its host is ready: it keeps its tries and its place in the queue."""
        self._queues.done(visit)
        self._let_on(visit)
        self._push(visit)

    def _put_back(self, visit: Visit, priority: int) -> None:
        """*visit* goes behind what is more urgent, for good."""
        visit = replace(visit, priority=priority)
        self._queues.done(visit)
        self._submit(Submission(Completion(visit.fingerprint, visit.host, State.QUEUED, visit.tries, priority)))
        self._moving[visit.fingerprint] += 1
        self._push(visit)

    def _let_on(self, visit: Visit) -> None:
        """What waited for the end of *visit* has its turn again."""
        for token in self._bounds.left(visit):
            for waiting in self._awaiting.pop(token, ()):
                self._push(waiting)

    def put_aside(self, host: str) -> None:
        """Give out nothing more of *host* in this run: its URLs stay queued for the next."""
        self._queues.put_aside(host)

    @property
    def set_aside(self) -> dict[str, int]:
        """The hosts that are to be asked no more in this run, and how many of their URLs wait."""
        return {host: count for host, count in self._queues.set_aside.items() if count}

    def again(self, visit: Visit) -> None:
        """Ask for the URL of *visit*, as it was leased, once more, although it was answered: the next time may bring
        something else.

        It is loaded from the store, when that shows it as queued.
        """
        self._queues.count(visit.host, 1, requisite=visit.requisite)
        self._submit(Submission(Requeued(visit.fingerprint, visit.tries + 1)))

    def committed(self, submissions: Iterable[Submission]) -> bool:
        """Forget what the store shows by now; whether there is something new to be loaded from it."""
        loadable = False
        for submission in submissions:
            match submission.change:
                case Completion(host=host, fingerprint=fingerprint, state=state, found=found, learnt=learnt):
                    self._expansion.written(found)
                    if learnt is not None and learnt.family is not None:
                        self._bounds.written(learnt.family)
                    if state is not State.QUEUED:
                        self._held[host].discard(fingerprint)
                    else:
                        loadable |= self._has_moved(host, fingerprint)
                case Discovery(found=found):
                    self._expansion.written(found)
                case Requeued():
                    loadable = True
        return loadable

    def _has_moved(self, host: str, fingerprint: bytes) -> bool:
        """A queued URL has its new place in the store, too; whether it can be loaded from there now."""
        self._moving[fingerprint] -= 1
        if self._moving[fingerprint]:
            return False
        del self._moving[fingerprint]
        if fingerprint not in self._moved:
            return False
        self._moved.remove(fingerprint)
        self._held[host].discard(fingerprint)
        return True

    def scope_widened(self) -> None:
        """The scope takes in more than before."""
        self._expansion.scope_widened()

    def _settle(
        self,
        visit: Visit,
        outcome: Outcome,
        found: tuple[FoundUrl, ...],
        exchange: Exchange | None = None,
        provenance: Provenance = NOWHERE,
        on_written: Callable[[Capture | None], object] | None = None,
        unmodified: Original | None = None,
        *,
        changed_until: tuple[tuple[bytes, datetime], ...] = (),
        learnt: Learnt | None = None,
        variant_of: bytes | None = None,
    ) -> None:
        again = outcome.state is State.QUEUED
        tries = visit.tries + (exchange is not None)
        priority = visit.priority - (RETRY_PENALTY if again else 0)
        change = Completion(
            visit.fingerprint,
            visit.host,
            outcome.state,
            tries,
            priority,
            outcome.error,
            found,
            changed_until,
            learnt,
            variant_of,
        )
        self._submit(Submission(change, exchange, provenance, on_written, unmodified))
        self._enqueue(found, visit.url)
        if again:
            self._moving[visit.fingerprint] += 1
            self._push(replace(visit, tries=tries, priority=priority))
        elif outcome.error is not None and outcome.state not in (State.DONE, State.LEFT_OUT):
            self.errors[outcome.error] += 1

    def _enqueue(self, found: Iterable[FoundUrl], via: str | None) -> None:
        for new in found:
            requisite = new.lane is not Lane.PAGE
            if self._queues.takes(new.host, (-new.priority, new.order), requisite=requisite):
                self._push(Visit(new.fingerprint, new.url, new.host, new.priority, new.hops, via, new.order))
            else:  # most of what a large site names: left to the store, before a Visit is made of it
                self._queues.count(new.host, 1, requisite=requisite)

    def _push(self, visit: Visit) -> None:
        if self._queues.push(visit):
            self._held[visit.host].add(visit.fingerprint)
        else:
            self._leave_to_store((visit,))

    def _leave_to_store(self, visits: Iterable[Visit]) -> None:
        """*visits* are loaded again when their turn comes, with the places that they have now."""
        for visit in visits:
            held = self._held[visit.host]
            if visit.fingerprint in self._moving:
                held.add(visit.fingerprint)
                self._moved.add(visit.fingerprint)
            else:
                held.discard(visit.fingerprint)

    def _load(self, host: str, requisite: bool, limit: int) -> list[Visit]:
        """Queued URLs of one lane of *host* that are not held, best first."""
        held = self._held[host]
        records = self._store.load(host, Lane.REQUISITE if requisite else Lane.PAGE, limit, held)
        held.update(record.fingerprint for record in records)
        return [_visit(record) for record in records]


def _visit(of: UrlRecord) -> Visit:
    return Visit(of.fingerprint, of.url, of.host, of.priority, of.hops, of.via, of.order, of.tries)
