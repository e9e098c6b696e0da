"""A crawl's state in the journal of its collection (SQLite): its questions and changes in SQL, which is nowhere else.

It shares the connection of a catalogue, so that changes commit with the records of their exchange.  A URL is looked up by
its fingerprint and refers to the one that named it by row id, which is eight bytes shorter; SQLite counts row ids, and in
the order of insertion they are the order of discovery.

The numbers in the SQL are those of `State` and `Lane`, written out: SQLite uses the index of the queue, which holds queued
URLs alone, only where it can see that a statement asks for these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue, LatestAnswer, from_microseconds, to_microseconds
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
from broadsheet.crawler.state.sqlite_tables import columns_of, prepare_tables
from broadsheet.crawler.state.store import Crawl, Failure, FamilyPage, RobotsCopy, StateCount, Waiting
from broadsheet.crawler.state.updates import LISTING
from broadsheet.crawler.state.url import RETRY_PENALTY, FoundUrl, Lane, State, UrlRecord
from broadsheet.pipelines.capture.submission import Change

_ASKED_AT_ONCE = 500  # SQLite takes no more than 999 parameters in old builds
_OPTIONS_KEY = "crawl_options"
_ENDED_BADLY = f"state IN ({State.FAILED}, {State.REFUSED})"
_OF_A_PART = "CASE WHEN rtrim({0}hops, 'R') LIKE '%E' THEN 1 ELSE 0 END"  # in a journal without the column requisite
_INSERT = f"""
INSERT INTO frontier (fingerprint, host, state, priority, via, hops, url, requisite)
VALUES (?, ?, {State.QUEUED}, ?, ?, ?, ?, ?)
ON CONFLICT (fingerprint) DO UPDATE SET state = {State.QUEUED}, requisite = excluded.requisite
WHERE state = {State.KNOWN}
"""
_COMPLETE = """
UPDATE frontier SET state = ?, tries = ?2, priority = ?, error = ? WHERE fingerprint = ? AND tries <= ?2
RETURNING id
"""
_ROW = "SELECT id FROM frontier WHERE fingerprint = ?"
_BEGIN_UPDATE = f"""
UPDATE frontier SET priority = priority + {RETRY_PENALTY} * max(tries - 1, 0), tries = 0, error = NULL, modified = NULL,
    state = CASE WHEN state <> {State.QUEUED} THEN {State.KNOWN} ELSE {State.QUEUED} END,
    (warc_id, ordinal, checked) = (SELECT warc_id, ordinal, checked FROM temp.answers WHERE answers.url = frontier.url)
"""
_QUEUE_SOURCES = f"""
UPDATE frontier SET state = {State.QUEUED}
WHERE state = {State.KNOWN} AND (rtrim(hops, 'R') = '' OR rtrim(hops, 'R') LIKE '%I')
"""
_SPARED = f"""
SELECT id FROM frontier WHERE state = {State.KNOWN} AND requisite = {Lane.PAGE} AND modified < checked AND id NOT IN (
    SELECT via FROM frontier WHERE requisite = {Lane.PAGE} AND via IS NOT NULL GROUP BY via HAVING count(*) >= {LISTING})
"""


class SqliteStore:
    """The state of the crawls in the journal of *catalogue*: a `CrawlStore`.

    A journal that was never crawled into has no state: see `prepared` and `existing`.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._db = catalogue.connection
        self._has_lanes = self._has_learnt = True

    @classmethod
    def prepared(cls, catalogue: Catalogue) -> SqliteStore:
        """The state in that journal, to go on with; its tables are made, or brought to this version, first."""
        prepare_tables(catalogue.connection)
        return cls(catalogue)

    @classmethod
    def existing(cls, catalogue: Catalogue) -> SqliteStore | None:
        """The state in that journal, to be read as it is, an earlier version's too; None when it was never crawled into."""
        columns = columns_of(catalogue.connection, "frontier")
        if not columns:
            return None
        store = cls(catalogue)
        store._has_lanes = "requisite" in columns
        store._has_learnt = "variant_of" in columns
        return store

    def journal(self, catalogue: Catalogue) -> SqliteStore:
        """See `CrawlStore.journal`."""
        return SqliteStore(catalogue)

    def transaction(self) -> AbstractContextManager[None]:
        """See `Journal.transaction`; the catalogue's, too."""
        return self._catalogue.transaction()

    # -- changes

    def apply(self, change: Change, capture: Capture | None) -> None:
        """See `Journal.apply`."""
        match change:
            case Completion():
                self._complete(change, capture)
            case Discovery():
                self._insert(change.found, None)
            case Requeued():
                self._db.execute(
                    f"UPDATE frontier SET state = {State.QUEUED} WHERE fingerprint = ? AND tries <= ?",
                    (change.fingerprint, change.tries),
                )
            case RobotsFetched():
                assert capture is not None, "a robots.txt comes with its exchange"
                self._keep_robots(change, capture)
            case CookiesSet():
                self._db.executemany(
                    "INSERT OR REPLACE INTO cookies VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [(c.domain, c.path, c.name, c.value, c.host_only, c.secure, c.expires) for c in change.cookies],
                )
            case CallbackKept():
                self._db.execute("INSERT OR IGNORE INTO callbacks VALUES (?, ?)", (change.fingerprint, change.request))
            case LeftOut():
                self._db.executemany(
                    "INSERT INTO left_out VALUES (?, ?, ?) ON CONFLICT (rule) DO UPDATE SET"
                    " (count, samples) = (excluded.count, excluded.samples) WHERE excluded.count >= count",
                    [(one.rule, one.count, "\n".join(one.samples)) for one in change.counts],
                )
            case Opening():
                self._open_known(change)
            case _:
                raise TypeError(f"no change of a crawl's state: {change!r}")

    def _complete(self, change: Completion, capture: Capture | None) -> None:
        ended = self._db.execute(
            _COMPLETE, (int(change.state), change.tries, change.priority, change.error, change.fingerprint)
        ).fetchall()
        if change.variant_of is not None:
            self._db.execute(
                f"UPDATE frontier SET variant_of = ({_ROW}1) WHERE fingerprint = ?2",
                (change.variant_of, change.fingerprint),
            )
        if change.learnt is not None:
            self._learn(change.learnt, change.fingerprint, capture)
        if change.changed_until:
            self._db.executemany(
                f"UPDATE frontier SET modified = ?2 WHERE fingerprint = ?1 AND state = {State.KNOWN}",
                [(print_, to_microseconds(until)) for print_, until in change.changed_until],
            )
        if change.found:
            row = ended or self._db.execute(_ROW, (change.fingerprint,)).fetchall()  # a later try may have ended it
            self._insert(change.found, row[0][0] if row else None)

    def _learn(self, learnt: Learnt, page: bytes, capture: Capture | None) -> None:
        """Counts are told as they are, so the one that has counted more is right."""
        if learnt.family is not None:
            place = (None, None, None) if capture is None else (capture.warc_filename, capture.offset, capture.length)
            self._db.execute(
                f"INSERT OR IGNORE INTO families SELECT ?1, ({_ROW}2), (SELECT id FROM warcs WHERE filename = ?3), ?4, ?5",
                (learnt.family, page, *place),
            )
        self._db.executemany(
            "INSERT INTO spelling_rules VALUES (?, ?, ?, ?, ?) ON CONFLICT (site, rule) DO UPDATE SET"
            " (agreed, differed, example) = (excluded.agreed, excluded.differed, excluded.example)"
            " WHERE excluded.agreed + excluded.differed >= agreed + differed",
            [(one.site, one.rule, one.agreed, one.differed, one.example) for one in learnt.rules],
        )
        self._db.executemany(
            "INSERT INTO shapes VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (site, shape) DO UPDATE SET"
            " (asked, articles, fruitful, since, cost, left_out) ="
            " (excluded.asked, excluded.articles, excluded.fruitful, excluded.since,"
            " excluded.cost, excluded.left_out) WHERE excluded.asked + excluded.left_out >= asked + left_out",
            [
                (one.site, one.shape, one.asked, one.articles, one.fruitful, one.since, one.cost, one.left_out)
                for one in learnt.shapes
            ],
        )

    def _insert(self, found: Iterable[FoundUrl], via: int | None) -> None:
        """Queue URLs that are not known yet, or that rest."""
        self._db.executemany(
            _INSERT,
            [(url.fingerprint, url.host, url.priority, via, url.hops, url.url, int(url.lane)) for url in found],
        )

    def _keep_robots(self, change: RobotsFetched, capture: Capture) -> None:
        place = (capture.warc_filename, capture.offset, capture.length)
        self._db.execute(
            "INSERT INTO robots VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET"
            " (fetched, status, error, warc_filename, offset, length) = (excluded.fetched, excluded.status,"
            " excluded.error, excluded.warc_filename, excluded.offset, excluded.length)"
            " WHERE excluded.fetched >= fetched",
            (change.origin, to_microseconds(capture.date), change.status, change.error, *place),
        )

    def _open_known(self, change: Opening) -> None:
        row = self._db.execute("SELECT opened FROM crawls WHERE id = ?", (change.crawl,)).fetchone()
        if row is None or row[0]:
            return
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS spared (id INTEGER PRIMARY KEY)")
        self._db.execute("DELETE FROM spared")
        spared = 0 if change.ask_all else self._db.execute(f"INSERT INTO spared {_SPARED}").rowcount
        self._db.execute(
            f"UPDATE frontier SET state = {State.QUEUED} WHERE state = {State.KNOWN} AND requisite = {Lane.PAGE}"
            " AND id NOT IN (SELECT id FROM spared)"
        )
        self._db.execute("UPDATE crawls SET opened = 1, spared = ? WHERE id = ?", (spared, change.crawl))

    # -- URLs

    def seen(self, fingerprints: Sequence[bytes]) -> set[bytes]:
        """See `CrawlStore.seen`: one question for all new links of a page costs a third of one for each."""
        known: set[bytes] = set()
        for rows in self._of_these("SELECT fingerprint FROM frontier WHERE fingerprint IN ({})", fingerprints):
            known.update([print_ for (print_,) in rows])
        return known

    def resting(self, fingerprints: Sequence[bytes]) -> list[FoundUrl]:
        """See `CrawlStore.resting`."""
        question = (
            "SELECT fingerprint, url, host, priority, hops, id FROM frontier"
            f" WHERE state = {State.KNOWN} AND requisite <> {Lane.PAGE} AND fingerprint IN ({{}}) ORDER BY id"
        )
        return [FoundUrl(*row) for rows in self._of_these(question, fingerprints) for row in rows]

    def _of_these(self, question: str, fingerprints: Sequence[bytes]) -> Iterator[list[tuple[Any, ...]]]:
        for start in range(0, len(fingerprints), _ASKED_AT_ONCE):
            some = fingerprints[start : start + _ASKED_AT_ONCE]
            yield self._db.execute(question.format(",".join("?" * len(some))), some).fetchall()

    def load(self, host: str, lane: Lane, limit: int, held: Collection[bytes] = ()) -> list[UrlRecord]:
        """See `CrawlStore.load`."""
        records = self._records(
            f"f.state = {State.QUEUED} AND f.host = ? AND f.requisite = ? ORDER BY f.priority DESC, f.id LIMIT ?",
            (host, int(lane), limit + len(held)),
        )
        return [record for record in records if record.fingerprint not in held][:limit]

    def waiting(self) -> list[Waiting]:
        """See `CrawlStore.waiting`."""
        rows = self._db.execute(
            f"SELECT host, requisite, count(*) FROM frontier WHERE state = {State.QUEUED} GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return [Waiting(host, Lane(lane), count) for host, lane, count in rows]

    def has_answered(self, host: str) -> bool:
        """See `CrawlStore.has_answered`."""
        question = f"SELECT 1 FROM frontier WHERE host = ? AND state IN ({State.DONE}, {State.KNOWN}) LIMIT 1"
        return self._db.execute(question, (host,)).fetchone() is not None

    def next_order(self) -> int:
        """See `CrawlStore.next_order`."""
        return 1 + int(self._db.execute("SELECT coalesce(max(id), 0) FROM frontier").fetchone()[0])

    def why(self, url: str) -> UrlRecord | None:
        """See `CrawlStore.why`."""
        print_ = fingerprint(dedupe_key(normalise(url) or url))
        return next(self._records("f.fingerprint = ?", (print_,)), None)

    def counts(self) -> list[StateCount]:
        """See `CrawlStore.counts`."""
        rows = self._db.execute(f"SELECT state, {self._lane('')}, count(*) FROM frontier GROUP BY 1, 2 ORDER BY 1, 2")
        return [StateCount(State(state), Lane(lane), count) for state, lane, count in rows]

    def failures(self) -> list[Failure]:
        """See `CrawlStore.failures`."""
        rows = self._db.execute(f"SELECT error, count(*) FROM frontier WHERE {_ENDED_BADLY} GROUP BY 1 ORDER BY 1")
        return [Failure(error, count) for error, count in rows]

    def failed(self, error: str | None, limit: int) -> list[str]:
        """See `CrawlStore.failed`."""
        question = f"SELECT url FROM frontier WHERE {_ENDED_BADLY} AND error IS ? ORDER BY id LIMIT ?"
        return [str(url) for (url,) in self._db.execute(question, (error, limit))]

    def seeds(self) -> list[UrlRecord]:
        """See `CrawlStore.seeds`."""
        return list(self._records("f.hops = '' ORDER BY f.id", ()))

    def seed_redirects(self) -> list[str]:
        """See `CrawlStore.seed_redirects`."""
        question = "SELECT url FROM frontier WHERE hops <> '' AND replace(hops, 'R', '') = '' ORDER BY id"
        return [str(url) for (url,) in self._db.execute(question)]

    def _lane(self, table: str) -> str:
        return f"min({table}requisite, {Lane.REQUISITE})" if self._has_lanes else _OF_A_PART.format(table)

    def _records(self, where: str, parameters: tuple[object, ...]) -> Iterator[UrlRecord]:
        variant = "(SELECT url FROM frontier p WHERE p.id = f.variant_of)" if self._has_learnt else "NULL"
        rows = self._db.execute(
            f"SELECT f.fingerprint, f.url, f.host, f.state, {self._lane('f.')}, f.priority, f.tries, f.id, f.hops, v.url,"
            f" f.error, {variant} FROM frontier f LEFT JOIN frontier v ON v.id = f.via WHERE {where}",
            parameters,
        ).fetchall()  # a statement that is not read to its end keeps the journal from being checkpointed
        for print_, url, host, state, lane, *others in rows:
            yield UrlRecord(print_, url, host, State(state), Lane(lane), *others)

    # -- what was learnt of sites

    def family(self, key: int) -> FamilyPage | None:
        """See `CrawlStore.family`."""
        row = self._db.execute(
            "SELECT fingerprint, url, filename, offset, length FROM families JOIN frontier ON frontier.id = page"
            " LEFT JOIN warcs ON warcs.id = families.warc_id WHERE key = ?",
            (key,),
        ).fetchone()
        return None if row is None else FamilyPage(*row)

    def rule_counts(self, site: str) -> list[RuleCount]:
        """See `CrawlStore.rule_counts`."""
        if not self._has_learnt:
            return []
        rows = self._db.execute("SELECT * FROM spelling_rules WHERE site = ? ORDER BY rule", (site,))
        return [RuleCount(*row) for row in rows]

    def shape_counts(self, site: str) -> list[ShapeCount]:
        """See `CrawlStore.shape_counts`."""
        if not self._has_learnt:
            return []
        rows = self._db.execute("SELECT * FROM shapes WHERE site = ? ORDER BY shape", (site,))
        return [ShapeCount(*row) for row in rows]

    def variants_of(self, fingerprint: bytes, limit: int) -> list[str]:
        """See `CrawlStore.variants_of`."""
        if not self._has_learnt:
            return []
        question = f"SELECT url FROM frontier WHERE variant_of = ({_ROW}1) ORDER BY id LIMIT ?2"
        return [str(url) for (url,) in self._db.execute(question, (fingerprint, limit))]

    def learnt_sites(self) -> list[str]:
        """See `CrawlStore.learnt_sites`."""
        if not self._has_learnt:
            return []
        question = "SELECT site FROM spelling_rules UNION SELECT site FROM shapes ORDER BY 1"
        return [str(site) for (site,) in self._db.execute(question)]

    def left_out(self) -> list[LeftOutCount]:
        """See `CrawlStore.left_out`."""
        if not self._has_learnt:
            return []
        rows = self._db.execute("SELECT rule, count, samples FROM left_out ORDER BY rule")
        return [LeftOutCount(rule, count, tuple(samples.split("\n"))) for rule, count, samples in rows]

    def left_out_reasons(self, examples: int) -> list[LeftOutCount]:
        """See `CrawlStore.left_out_reasons`."""
        reasons = self._db.execute(
            f"SELECT error, count(*) FROM frontier WHERE state = {State.LEFT_OUT} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        question = f"SELECT url FROM frontier WHERE state = {State.LEFT_OUT} AND error IS ? ORDER BY id LIMIT ?"
        return [
            LeftOutCount(error, count, tuple(url for (url,) in self._db.execute(question, (error, examples))))
            for error, count in reasons
        ]

    def take_left_out(self, like: str) -> int:
        """See `CrawlStore.take_left_out`."""
        return self._db.execute(
            f"UPDATE frontier SET state = {State.QUEUED}, error = NULL, variant_of = NULL"
            f" WHERE state = {State.LEFT_OUT} AND substr(error, 1, ?2) = ?1",
            (like, len(like)),
        ).rowcount

    # -- what else a crawl keeps

    def options(self) -> str | None:
        """See `CrawlStore.options`."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (_OPTIONS_KEY,)).fetchone()
        return None if row is None else str(row[0])

    def keep_options(self, text: str) -> None:
        """See `CrawlStore.keep_options`."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_OPTIONS_KEY, text))

    def robots(self, origin: str) -> RobotsCopy | None:
        """See `CrawlStore.robots`."""
        row = self._db.execute(
            "SELECT fetched, status, error, warc_filename, offset, length FROM robots WHERE origin = ?", (origin,)
        ).fetchone()
        return None if row is None else RobotsCopy(from_microseconds(row[0]), *row[1:])

    def cookies(self) -> list[Cookie]:
        """See `CrawlStore.cookies`."""
        rows = self._db.execute(
            "SELECT name, value, domain, path, host_only, secure, expires FROM cookies ORDER BY domain, path, name"
        )
        return [
            Cookie(name, value, domain, path, bool(host_only), bool(secure), expires)
            for name, value, domain, path, host_only, secure, expires in rows
        ]

    def callback(self, fingerprint: bytes) -> str | None:
        """See `CrawlStore.callback`."""
        row = self._db.execute("SELECT request FROM callbacks WHERE fingerprint = ?", (fingerprint,)).fetchone()
        return None if row is None else str(row[0])

    # -- updates

    def latest_crawl(self) -> Crawl:
        """See `CrawlStore.latest_crawl`."""
        number, is_update, first_warc, first_order, opened, spared, finished = self._db.execute(
            "SELECT id, is_update, first_warc, first_row, opened, spared, finished FROM crawls ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return Crawl(number, bool(is_update), first_warc, first_order, bool(opened), spared, bool(finished))

    def found_since(self, order: int) -> int:
        """See `CrawlStore.found_since`."""
        return int(self._db.execute("SELECT count(*) FROM frontier WHERE id >= ?", (order,)).fetchone()[0])

    def earlier_capture(self, fingerprint: bytes) -> tuple[int, int] | None:
        """See `CrawlStore.earlier_capture`."""
        row = self._db.execute(
            "SELECT warc_id, ordinal FROM frontier WHERE fingerprint = ? AND warc_id IS NOT NULL", (fingerprint,)
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def begin_update(self, first_warc: int, answers: Iterable[LatestAnswer]) -> None:
        """See `CrawlStore.begin_update`."""
        self._db.execute("DROP TABLE IF EXISTS temp.answers")
        self._db.execute("CREATE TEMP TABLE answers (url TEXT PRIMARY KEY, checked, warc_id, ordinal) WITHOUT ROWID")
        self._db.executemany(
            "INSERT INTO temp.answers VALUES (?, ?, ?, ?)",
            ((one.url, to_microseconds(one.checked), *(one.location or (None, None))) for one in answers),
        )
        self._db.execute(_BEGIN_UPDATE)
        self._db.execute(_QUEUE_SOURCES)
        self._db.execute(
            "INSERT INTO crawls (is_update, first_warc, first_row, opened) VALUES (1, ?, ?, 0)",
            (first_warc, self.next_order()),
        )
        self._db.execute("DROP TABLE temp.answers")

    def finish_crawl(self, crawl: int) -> None:
        """See `CrawlStore.finish_crawl`."""
        self._db.execute("UPDATE crawls SET finished = 1 WHERE id = ?", (crawl,))
