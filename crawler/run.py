"""Running a crawl from beginning to end: the collection, recovery, the engine, extraction beside it, the summary."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import uvloop

from broadsheet.archive.addresses import private_place
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.build import index_collection
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import (
    BadInput,
    BroadsheetError,
    BrokenEnvironment,
    CorruptArchive,
    InternalFault,
    from_os_error,
)
from broadsheet.archive.journal import journal_errors
from broadsheet.archive.url import normalise
from broadsheet.crawler.allowed_addresses import address_policy
from broadsheet.crawler.bounds.bounds import NO_YIELD, VARIANT
from broadsheet.crawler.bounds.window import DateWindow
from broadsheet.crawler.client.proxy import Proxy
from broadsheet.crawler.control.action import InForce
from broadsheet.crawler.control.control import CrawlControl
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.ending import describe_end, describe_waiting
from broadsheet.crawler.engine import StopWatch, no_watch, run_engine
from broadsheet.crawler.frontier.recovery import recover
from broadsheet.crawler.headers import settled_user_agent, tells_contact
from broadsheet.crawler.kept_options import load_options, store_options
from broadsheet.crawler.options import CrawlOptions, ScopeKind
from broadsheet.crawler.own_spider import load_spider
from broadsheet.crawler.politeness.host_settings import host_settings
from broadsheet.crawler.politeness.hours import Hours
from broadsheet.crawler.progress import CrawlEnd, CrawlObserver, CrawlProgress, CrawlSummary
from broadsheet.crawler.run_log import run_log
from broadsheet.crawler.session import CrawlSession
from broadsheet.crawler.settled_options import Origin, settle
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.summary import archived, update_counts
from broadsheet.crawler.state.updates import ensure_update
from broadsheet.crawler.warcinfo import warc_options
from broadsheet.pipelines.derive.supervisor import DeriveCounts, DeriveSupervisor
from broadsheet.pipelines.derive.worker_pool import WorkerPool

logger = logging.getLogger(__name__)

_CUT_SHORT = {CrawlEnd.INTERRUPTED, CrawlEnd.DISK_FULL, CrawlEnd.DISK_LIMIT, CrawlEnd.FAILED}
LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


def crawl(
    options: CrawlOptions,
    observer: CrawlObserver,
    *,
    origins: Mapping[str, Origin] | None = None,
    reset: frozenset[str] = frozenset(),
    update: bool = False,
    watch: StopWatch = no_watch,
) -> CrawlSummary:
    """Crawl as *options* say, or go on with the crawl in ``options.directory``, and extract what comes.

    Options that *origins* calls defaults (without it: that have their default) are those that were stored with the crawl,
    but for the ones to *reset*.  *update* asks again what was crawled, for what is new or changed, or goes on with the
    update that was begun.

    Safe against a kill at any moment: the same call goes on where it was.  The program's logging, signals and garbage collector
    are left alone; *watch* watches for what is to end the crawl early.

    Raises:
        BadInput: no seeds, a folder that is not a collection, a crawl that another command works on.
        CorruptArchive: the archive is not what the journal says.
        BrokenEnvironment: the folder cannot be written.
    """
    _check(options)
    new = options.seeds and not update
    collection = Collection.create(options.directory) if new else Collection.open(options.directory)
    with collection.locked(), Catalogue.open(collection.journal) as catalogue, _said_as_ours(collection):
        store = SqliteStore.prepared(catalogue)
        settled = settle(options, origins, load_options(store), reset)
        options = settled.options
        if not options.seeds:
            raise BadInput(str(options.directory), "holds no crawl to go on with", "Name a URL to crawl.")
        _check(options)
        store_options(store, options, settled.unknown)
        for note in settled.notes():
            observer.note(note)
        with run_log(collection.logs / "run.log"):
            return _CrawlRun(collection, options, catalogue, store, observer, update=update, watch=watch).run()


def _check(options: CrawlOptions) -> None:
    """Raise BadInput for options that cannot be followed, before a folder is made or they are kept in one."""
    Scope(options.scope, options.seeds, options.include, options.exclude)
    DateWindow.of(options.since, options.until)
    address_policy(options)
    settled_user_agent(options)
    host_settings(options.host_settings)
    if options.hours:
        Hours.parse(options.hours)
    if options.proxy:
        Proxy.parse(options.proxy)
    load_spider(options.spider)


@contextmanager
def _said_as_ours(collection: Collection) -> Iterator[None]:
    """Errors of the journal and of the disk in the user's words."""
    try:
        with journal_errors(collection.journal):
            yield
    except OSError as error:
        raise from_os_error(error, str(error.filename or collection.directory)) from error


class _CrawlRun:
    """One call of `crawl`: its collection is locked, its options are settled."""

    def __init__(
        self,
        collection: Collection,
        options: CrawlOptions,
        catalogue: Catalogue,
        store: CrawlStore,
        observer: CrawlObserver,
        *,
        update: bool,
        watch: StopWatch,
    ) -> None:
        self._watch = watch
        self._collection = collection
        self._options = options
        self._catalogue = catalogue
        self._store = store
        self._observer = observer
        self._update = update
        self._control = CrawlControl(collection, observer.note)
        self._in_force = InForce()

    def run(self) -> CrawlSummary:
        """All of it."""
        self._in_force = self._control.begin()
        scope = restored_scope(self._options, self._store, self._in_force)
        self._recover(scope)
        self._take_left_out()
        if self._update:
            ensure_update(self._store, self._catalogue)
        derive = DeriveSupervisor(
            self._collection, workers=self._options.extraction_workers if self._options.extract else 0, sketches=True
        )
        derive.start()
        counts = derive.counts
        try:
            end, progress, failure = self._crawl(scope)
            if end not in _CUT_SHORT and self._options.extract:
                end, failure, counts = self._finish(derive, end, progress)
            end, failure = self._index(end, failure)
        finally:
            derive.stop()
        crawl = self._store.latest_crawl()
        if end in {CrawlEnd.FINISHED, CrawlEnd.ALREADY_FINISHED}:
            self._store.finish_crawl(crawl.id)
        updated = update_counts(self._store, self._catalogue, crawl) if crawl.is_update else None
        ending = describe_end(end, self._store, progress, failure, updated)
        return CrawlSummary(
            directory=self._collection.directory,
            end=ending.end,
            exit_code=ending.exit_code,
            progress=progress,
            warc_files=len(self._catalogue.warcs()),
            articles=counts.articles,
            extraction_failures=counts.failures,
            updated=updated,
            message=ending.message,
        )

    def _index(self, end: CrawlEnd, failure: str) -> tuple[CrawlEnd, str]:
        """Write the index of what is closed; a crawl that is gone on with writes it anew."""
        if end in {CrawlEnd.DISK_FULL, CrawlEnd.FAILED}:
            return end, failure
        try:
            index_collection(self._collection, lambda damage: logger.warning("not indexed: %s", damage))
        except BrokenEnvironment as error:
            return CrawlEnd.DISK_FULL, str(error)
        except BroadsheetError as error:  # a file that somebody else put into the folder costs the index, not the crawl
            logger.warning("no index: %s", error)
        return end, failure

    def _session(self, scope: Scope, loop: asyncio.AbstractEventLoop) -> CrawlSession:
        options = self._options
        options = replace(options, user_agent=settled_user_agent(options))
        self._advise(options)
        return CrawlSession(
            self._collection,
            options,
            catalogue=self._catalogue,
            store=self._store,
            scope=scope,
            warc=warc_options(options, self._name()),
            observer=self._observer,
            loop=loop,
            control=self._control,
            excluded=self._in_force.exclude,
        )

    def _advise(self, options: CrawlOptions) -> None:
        """Say what a person should know before it begins: that it waits; what the owners of the sites would miss."""
        wait = Hours.parse(options.hours).wait(datetime.now(UTC)) if options.hours else 0.0
        if wait:
            begins = datetime.now().astimezone() + timedelta(seconds=wait)
            self._observer.note(f"Outside of the hours {options.hours}: it waits until {begins:%H:%M}.")
        seeds = [url for seed in options.seeds if (url := normalise(seed))]
        if options.allow_private or all(private_place(url) for url in seeds):
            return  # one's own
        if not tells_contact(options.user_agent, options):
            self._observer.note(
                "Nobody is named whom the owner of a site could ask about this crawl: say --contact URL|MAIL."
            )
        if options.ignore_robots and not options.reason:
            self._observer.note("robots.txt is not heeded: say why with --reason, which is kept in the WARCs.")

    def _name(self) -> str:
        """What the files are part of: the collection's first crawl, or one of its updates."""
        number = self._store.latest_crawl().id
        name = self._collection.directory.absolute().name
        return name if number == 1 else f"{name}-{number}"

    def _sitemaps(self, scope: Scope) -> list[str]:
        """Where a site's sitemap lies when nothing says where."""
        if self._options.scope is ScopeKind.PREFIX:
            return []
        origins = dict.fromkeys("{0.scheme}://{0.netloc}".format(urlsplit(seed)) for seed in scope.seeds)
        return [url for origin in origins if scope.accepts(url := f"{origin}/sitemap.xml")]

    def _seeds(self) -> list[str]:
        """The URLs to begin with, normalised.

        Raises:
            BadInput: one of them is no URL that can be fetched.
        """
        seeds = []
        for seed in (*self._options.seeds, *self._in_force.seeds):
            url = normalise(seed)
            if url is None:
                raise BadInput(seed, "is not a URL that can be crawled", "It must begin with http:// or https://.")
            seeds.append(url)
        return seeds

    def _recover(self, scope: Scope) -> None:
        recovery = recover(
            self._collection,
            self._catalogue,
            self._store,
            accepts=scope.accepts,
            accepts_requisite=(lambda url: not scope.excludes(url)) if self._options.requisites else None,
            accepts_listing=lambda url: not scope.excludes(url),
            max_depth=self._options.max_depth,
            window=DateWindow.of(self._options.since, self._options.until),
            retries=self._options.retries,
        )
        if recovery.exchanges or recovery.lost_bytes:
            self._observer.note(
                f"The last run was cut off: {recovery.exchanges} exchanges picked up from the archive,"
                f" {recovery.lost_bytes:,} bytes of torn records cut off."
            )

    def _take_left_out(self) -> None:
        """Queue what earlier runs left out, where the options ask for it now."""
        wanted = [VARIANT] * self._options.variants + [NO_YIELD] * (not self._options.patience)
        with self._store.transaction():
            taken = sum(self._store.take_left_out(error) for error in wanted)
        if taken:
            self._observer.note(f"{taken:,} URLs that were left out are asked for now.")

    def _crawl(self, scope: Scope) -> tuple[CrawlEnd, CrawlProgress, str]:
        """Fetch until nothing is left, or until something ends it."""
        with asyncio.Runner(loop_factory=LOOPS[os.environ.get("BROADSHEET_LOOP", "uvloop")]) as runner:
            session = self._session(scope, runner.get_loop())
            session.frontier.seed(self._seeds())
            session.frontier.seed(self._sitemaps(scope), hops="I")
            if (shortage := session.disk_shortage()) is not None:
                return CrawlEnd.DISK_LIMIT, session.progress(), shortage
            if not session.has_pending():
                limited = session.limit_reached and session.incomplete
                return CrawlEnd.PAGE_LIMIT if limited else CrawlEnd.ALREADY_FINISHED, session.progress(), ""
            runner.run(run_engine(session, load_spider(self._options.spider), self._watch))
        progress = session.progress()
        if session.failure is not None:
            durable = archived(self._store, self._catalogue)  # what was in memory only does not count
            progress = replace(progress, pages=durable.pages, exchanges=durable.exchanges)
            disk = isinstance(session.failure, BrokenEnvironment)
            return CrawlEnd.DISK_FULL if disk else CrawlEnd.FAILED, progress, str(session.failure)
        if session.shortage is not None:
            return CrawlEnd.DISK_LIMIT, progress, session.shortage
        if session.stopping:
            return CrawlEnd.INTERRUPTED, progress, ""
        if session.waiting_for and not session.limit_reached:
            waiting = describe_waiting(session.waiting_for, session.frontier.set_aside)
            return CrawlEnd.WAITING, progress, waiting
        if session.incomplete:
            return CrawlEnd.PAGE_LIMIT, progress, ""
        return CrawlEnd.FINISHED, progress, ""

    def _finish(
        self, derive: DeriveSupervisor, end: CrawlEnd, progress: CrawlProgress
    ) -> tuple[CrawlEnd, str, DeriveCounts]:
        """Wait for extraction, and make it anew with what was learnt of the site; the crawl itself is complete, so
        stopping here costs nothing that is captured."""
        from broadsheet.pipelines.derive.profiled import refine  # noqa: PLC0415 - what learns is heavy, and comes last

        counts = derive.counts

        def on_progress(done: DeriveCounts, left: int) -> None:
            self._observer.update(_extracting(progress, done.articles, left))

        try:
            derive.finish(on_progress)
            derive.stop()
            with WorkerPool(self._collection) as pool:
                workers = self._options.extraction_workers
                refined = refine(self._collection, workers=workers, pool=pool, on_progress=on_progress)
                counts = counts if refined is None else refined.counts
                if workers:
                    pool.describe()
        except KeyboardInterrupt:
            return CrawlEnd.INTERRUPTED, "", counts
        except BrokenEnvironment as error:
            return CrawlEnd.DISK_FULL, str(error), counts
        except (InternalFault, CorruptArchive) as error:
            return CrawlEnd.FAILED, str(error), counts
        if counts.problems:
            return CrawlEnd.FAILED, f"extraction: {counts.problems[0]}", counts
        return end, "", counts


def restored_scope(options: CrawlOptions, store: CrawlStore, in_force: InForce) -> Scope:
    """The scope of a crawl: that of its seeds, of where its seeds redirected to, and of what was asked of it since."""
    exclude = dict.fromkeys((*options.exclude, *in_force.exclude))
    scope = Scope(options.scope, options.seeds, options.include, exclude)
    for url in (*in_force.seeds, *store.seed_redirects()):
        scope = scope.with_seed(url)
    return scope


def _extracting(progress: CrawlProgress, done: int, left: int) -> CrawlProgress:
    return replace(progress, phase="extract", articles_extracted=done, extraction_backlog=left)
