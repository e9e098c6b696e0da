"""The archive of a Scrapy project while its spiders run: one collection, one lock, one capture log.

Several spiders of one process that name the same folder share it: `ProjectArchive.of` gives them the same one, and the last
that gives it back closes it.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import platform
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.cdxj.build import index_collection
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BroadsheetError, from_os_error
from broadsheet.archive.exchange import Exchange, Provenance
from broadsheet.archive.journal import journal_errors
from broadsheet.archive.locate import own_source
from broadsheet.archive.resolved_response import MAX_BLOCK, ResolvedResponse, ResponseResolver
from broadsheet.archive.warc.reader import read_record_at
from broadsheet.archive.warc.writer import WarcInfo
from broadsheet.crawler.frontier.recovery import settle_files
from broadsheet.crawler.scrapy_project.journal import ProjectJournal
from broadsheet.crawler.scrapy_project.settings import ProjectSettings
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.pipelines.capture.log import CaptureLog, WarcOptions
from broadsheet.pipelines.capture.submission import Change, Submission

logger = logging.getLogger(__name__)

BACKLOG_LIMIT = 64 * 1024 * 1024  # bytes that may wait for the disk before fetching waits for it
_DEDUPE_FROM = 1000  # bytes; a revisit record is not much smaller than what it would replace

_open: dict[Path, ProjectArchive] = {}


class ProjectArchive:
    """The open archive in ``settings.directory``.  Made with `of`, given back with `release`."""

    def __init__(self, settings: ProjectSettings, user_agent: str | None, robots: str) -> None:
        self.collection = Collection.create(settings.directory)
        self.users = 0
        self.recovered = 0
        self._stack = ExitStack()
        self._stack.enter_context(self.collection.locked())
        try:
            with journal_errors(self.collection.journal), Catalogue.open(self.collection.journal) as catalogue:
                self._refuse_foreign(catalogue)
                journal = ProjectJournal(catalogue)
                journal.prepare()
                self.recovered = settle_files(self.collection, catalogue, journal.salvaged).exchanges
        except BaseException:
            self._stack.close()
            raise
        self._on_failure: list[Callable[[BroadsheetError], object]] = []
        self._log = CaptureLog(
            self.collection,
            WarcOptions(
                "scrapy",
                _info(settings, user_agent, robots),
                settings.warc_size,
                dedupe_from=_DEDUPE_FROM if settings.dedupe else None,
            ),
            journal=ProjectJournal,
            on_commit=_nobody_waits,
            on_failure=self._failed,
        )
        self._log.start()

    @classmethod
    def of(cls, settings: ProjectSettings, *, user_agent: str | None, robots: str) -> ProjectArchive:
        """The archive that *settings* name, for one more user.  *robots* is "obey" or "ignore".

        Raises:
            BadInput: the folder holds something else, or another process writes to it.
            BrokenEnvironment: it cannot be written.
        """
        key = settings.directory.absolute()
        if key not in _open:
            try:
                _open[key] = cls(settings, user_agent, robots)
            except OSError as error:
                raise from_os_error(error, str(error.filename or settings.directory)) from error
            atexit.register(_open[key].close)  # `scrapy shell` ends without a word
        archive = _open[key]
        archive.users += 1
        return archive

    @property
    def failure(self) -> BroadsheetError | None:
        """What stopped the archive, if anything did."""
        return self._log.failure

    def tell(self, on_failure: Callable[[BroadsheetError], object]) -> None:
        """Call *on_failure*, in a thread of the log, when the disk fails."""
        self._on_failure.append(on_failure)

    async def keep(self, exchange: Exchange, provenance: Provenance, change: Change | None = None) -> Capture | None:
        """Write *exchange*; where its record lies, None when it is lost to a failure.

        It is in the WARC then, so that a kill of the process loses no exchange whose answer a spider has seen.
        """
        while self._log.backlog > BACKLOG_LIMIT:  # noqa: ASYNC110 - it shrinks in another thread, and hardly ever is
            await asyncio.sleep(0.02)
        loop = asyncio.get_running_loop()
        written: asyncio.Future[Capture | None] = loop.create_future()

        def on_written(capture: Capture | None) -> None:
            loop.call_soon_threadsafe(_set, written, capture)

        self._log.submit(Submission(change, exchange, provenance, on_written))
        return await written

    def answer_at(self, filename: str, offset: int, length: int) -> ResolvedResponse | None:
        """The answer in the record at that place; None when it is not there any more."""
        source = own_source(self.collection, filename)
        try:
            record = read_record_at(source, offset, length, max_block=MAX_BLOCK)
            with ResponseResolver(self.collection) as resolver:
                return resolver.resolve(record)
        except (BroadsheetError, OSError) as error:
            logger.warning("%s is asked again: %s", filename, error)
            return None

    def change(self, change: Change) -> None:
        """Make *change* durable behind all that was kept before it."""
        self._log.submit(Submission(change))

    def flush(self) -> None:
        """Wait until all that was submitted is durable."""
        self._log.flush()

    def release(self) -> None:
        """One user less; without any all is made durable, the WARC closed and indexed, the lock given back."""
        self.users -= 1
        if self.users == 0:
            self.close()

    def close(self) -> None:
        """Make all durable, whoever still uses it."""
        atexit.unregister(self.close)
        del _open[self.collection.directory.absolute()]
        try:
            self._log.close()
            if self._log.failure is None:
                index_collection(self.collection, lambda _: None)
        finally:
            self._stack.close()

    def _failed(self, error: BroadsheetError) -> None:
        for told in self._on_failure:
            told(error)

    def _refuse_foreign(self, catalogue: Catalogue) -> None:
        """A crawl of our own has a state that only it can go on with."""
        store = SqliteStore.existing(catalogue)
        if store is not None and store.options() is not None:
            raise BadInput(
                str(self.collection.directory),
                "holds a crawl of `broadsheet crawl`",
                "Name another folder as BROADSHEET_DIR.",
            )


def _info(settings: ProjectSettings, user_agent: str | None, robots: str) -> WarcInfo:
    parts = (f"Python/{platform.python_version()}", f"Scrapy/{version('scrapy')}", f"isal/{version('isal')}")
    return WarcInfo(
        software=f"broadsheet/{version('broadsheet')} ({'; '.join(parts)})",
        user_agent=user_agent,
        robots=robots,
        is_part_of=settings.directory.absolute().name,
        settings=json.dumps({"project": True, "dedupe": settings.dedupe}, sort_keys=True),
    )


def _set(future: asyncio.Future[Capture | None], capture: Capture | None) -> None:
    if not future.done():
        future.set_result(capture)


def _nobody_waits(_: Sequence[Submission]) -> None:
    """Who waits for an exchange waits for its record to be written."""
