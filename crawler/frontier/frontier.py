"""The frontier: every URL of a crawl, once, and which of them is next.

The journal is the truth; this class is the working part of it in memory.  Reads go straight to SQLite over a connection
of the event loop's own, writes go through the capture log, so that a URL's "done", its records and the URLs it named
are durable together.  ``_held`` are the rows that memory knows better than the journal: they are not loaded from it.

A JOBDIR cannot do this: killed, Scrapy's own queues lose 85-98 % of a site and exit with 0.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from broadsheet.archive.exchange import Exchange, Outlink, Provenance
from broadsheet.crawler.frontier.expansion import Expansion
from broadsheet.crawler.frontier.outcome import Outcome, judge
from broadsheet.crawler.frontier.queues import HostQueues, Visit
from broadsheet.crawler.frontier.tables import Completion, Discovery, FrontierRow, Requeued, State
from broadsheet.pipelines.capture.log import NOWHERE, LogEntry

RETRY_PENALTY = 10_000  # a URL that failed goes behind all that were not tried yet


@dataclass(frozen=True, slots=True)
class FrontierOptions:
    """How a frontier behaves.  ``concurrency`` is visits at once on a host, ``horizon`` in seconds."""

    concurrency: int = 2
    retries: int = 2
    max_depth: int = 0
    requisites: bool = True
    updates: bool = False  # it is an update of an earlier crawl
    horizon: float = 6.0  # visits are given out this long before their host is ready (the engine looks every 5 s)


class Frontier:
    """The queue of a crawl.

    *db* reads; *submit* takes what is to be written; *accepts* says whether a URL belongs to the crawl,
    *accepts_requisite* whether something that a page shows may be fetched, wherever it lies;
    *ready_at* is the pacer's word on a host.  All methods belong to the event loop's thread.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        options: FrontierOptions,
        *,
        submit: Callable[[LogEntry], None],
        accepts: Callable[[str], bool],
        ready_at: Callable[[str, float], float],
        accepts_requisite: Callable[[str], bool] | None = None,
    ) -> None:
        self._db = db
        self._options = options
        self._submit = submit
        self._expansion = Expansion(
            db,
            accepts=accepts,
            accepts_requisite=accepts_requisite if options.requisites else None,
            max_depth=options.max_depth,
            updates=options.updates,
        )
        self._queues = HostQueues(
            concurrency=options.concurrency, horizon=options.horizon, ready_at=ready_at, load=self._load
        )
        self._held: defaultdict[str, set[int]] = defaultdict(set)
        self.errors: Counter[str] = Counter()
        for error, count in db.execute("SELECT error, count(*) FROM frontier WHERE state IN (2, 3) GROUP BY error"):
            self.errors[error or "unknown"] = count
        self._count_stored()

    def _count_stored(self) -> None:
        stored = "SELECT host, requisite > 0, count(*) FROM frontier WHERE state = 0 GROUP BY host, requisite > 0"
        for host, requisite, count in self._db.execute(stored).fetchall():
            if self._options.requisites or not requisite:
                self._queues.count(host, count, requisite=bool(requisite))

    def opened(self) -> None:
        """The journal has queued URLs that rested; nothing was queued or under way before."""
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

    def seed(self, urls: Iterable[str], hops: str = "") -> tuple[FrontierRow, ...]:
        """Queue *urls* that no page named; those that are new."""
        rows = tuple(row for url in urls if (row := self._expansion.new_row(url, hops, None)))
        if rows:
            self._submit(LogEntry(Discovery(rows)))
            self._enqueue(rows, None)
        return rows

    def lease(self, now: float, *, pages: bool = True) -> Visit | None:
        """The next URL to fetch, a requisite unless *pages*; its row stays queued in the journal until `complete`."""
        return self._queues.pop(now, pages=pages)

    def complete(
        self,
        visit: Visit,
        exchange: Exchange,
        outlinks: Sequence[Outlink] = (),
        on_written: Callable[[], object] | None = None,
        *,
        html: bool = False,
    ) -> Outcome:
        """End *visit* with its answer and the links it held; durable with the log's next commit.

        *html* says that the answer would count as a page, were it one.

        *on_written* is called, in the log's thread, when the exchange is in the WARC.  Until `leave` the visit keeps
        its place among those under way.
        """
        outcome = judge(exchange.status, exchange.error, tries=visit.tries + 1, retries=self._options.retries)
        provenance = Provenance(visit.via, visit.hops, tuple(outlinks))
        found = self._expansion.found(visit.id, visit.hops, outlinks)
        said = self._expansion.changed_until(outlinks)
        framed = html and visit.requisite
        self._settle(visit, outcome, found, exchange, provenance, on_written, framed=framed, changed_until=said)
        return outcome

    def refuse(self, visit: Visit, error: str) -> None:
        """End *visit* without asking: no record, but a row that says why."""
        self._settle(visit, Outcome(State.REFUSED, error), ())
        self.leave(visit)

    def give_up(self, visit: Visit, error: str) -> None:
        """End *visit* without asking, as failed: its host is not to be reached."""
        self._settle(visit, Outcome(State.FAILED, error), ())
        self.leave(visit)

    def leave(self, visit: Visit) -> None:
        """Free the place of *visit*.  Without an outcome, because the crawl stops, its row stays queued."""
        self._queues.done(visit)

    def again(self, visit: Visit) -> None:
        """Ask for the URL of *visit* once more, although it was answered: the next time may bring something else.

        It is loaded from the journal, when that shows it as queued.
        """
        self._queues.count(visit.host, 1, requisite=visit.requisite)
        self._submit(LogEntry(Requeued(visit.id)))

    def committed(self, entries: Iterable[LogEntry]) -> bool:
        """Forget what the journal shows by now; whether there is something new to be loaded from it."""
        requeued = False
        for item in entries:
            match item.entry:
                case Completion(host=host, row_id=row_id, state=state, found=found):
                    self._expansion.written(found)
                    if state is not State.QUEUED:
                        self._held[host].discard(row_id)
                case Discovery(rows=rows):
                    self._expansion.written(rows)
                case Requeued():
                    requeued = True
        return requeued

    def scope_widened(self) -> None:
        """The scope takes in more than before."""
        self._expansion.scope_widened()

    def _settle(
        self,
        visit: Visit,
        outcome: Outcome,
        found: tuple[FrontierRow, ...],
        exchange: Exchange | None = None,
        provenance: Provenance = NOWHERE,
        on_written: Callable[[], object] | None = None,
        *,
        framed: bool = False,
        changed_until: tuple[tuple[bytes, int], ...] = (),
    ) -> None:
        visit.tries += exchange is not None
        again = outcome.state is State.QUEUED
        if again:
            visit.priority -= RETRY_PENALTY
        change = Completion(
            visit.id,
            visit.host,
            outcome.state,
            visit.tries,
            visit.priority,
            outcome.error,
            found,
            framed,
            changed_until,
        )
        self._submit(LogEntry(change, exchange, provenance, on_written, visit.unmodified))
        self._enqueue(found, visit.url)
        if again:
            self._push(visit)
        elif outcome.error is not None and outcome.state is not State.DONE:
            self.errors[outcome.error] += 1

    def _enqueue(self, rows: Iterable[FrontierRow], via: str | None) -> None:
        for row in rows:
            self._push(Visit(row.id, row.url, row.host, row.priority, row.hops, via))

    def _push(self, visit: Visit) -> None:
        held = self._held[visit.host]
        if self._queues.push(visit):
            held.add(visit.id)
        else:
            held.discard(visit.id)

    def _load(self, host: str, requisite: bool, limit: int) -> list[Visit]:
        """Queued URLs of one lane of *host* that are not held, best first."""
        held = self._held[host]
        rows = self._db.execute(
            "SELECT f.id, f.url, f.host, f.priority, f.hops, v.url, f.tries FROM frontier f"
            " LEFT JOIN frontier v ON v.id = f.via WHERE f.state = 0 AND f.host = ? AND f.requisite = ?"
            " ORDER BY f.priority DESC, f.id LIMIT ?",
            (host, requisite, limit + len(held)),
        )
        visits = [Visit(*row) for row in rows if row[0] not in held][:limit]
        held.update(visit.id for visit in visits)
        return visits
