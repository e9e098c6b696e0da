"""The archive as an extension of a Scrapy crawler: opened with it, closed when its engine has stopped."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import is_asyncio_available

from broadsheet.archive.capture import Capture
from broadsheet.archive.errors import BadInput, BroadsheetError
from broadsheet.crawler.scrapy_project.archive import ProjectArchive
from broadsheet.crawler.scrapy_project.settings import ProjectSettings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ItemOrigin:
    """Where an item comes from.  ``item`` is held so that nothing else has its identity; ``item_id`` names it in a run that
    our scheduler goes on with."""

    item: object
    record: Capture | None
    item_id: str | None


class ArchiveExtension:
    """Holds the project's archive for the parts of one crawler."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not is_asyncio_available():
            raise BadInput(
                "TWISTED_REACTOR",
                "has no asyncio, which the capture client needs",
                'Leave it out, or set "twisted.internet.asyncioreactor.AsyncioSelectorReactor".',
            )
        self.settings = ProjectSettings.of(settings, crawler.spidercls.name or "spider")
        robots = "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore"
        self.archive = ProjectArchive.of(self.settings, user_agent=settings.get("USER_AGENT"), robots=robots)
        self.start_places: set[str] = set()  # private ones (host:port) that start Requests name
        self.answered: dict[
            str, tuple[str, int, int]
        ] = {}  # by request id: file, offset, length of an answer kept before
        self.origins: dict[int, ItemOrigin] = {}  # by the identity of an item that is on its way through the pipelines
        self._crawler = crawler
        self._open = True
        crawler.signals.connect(self.begun, signals.engine_started)
        crawler.signals.connect(self.close, signals.engine_stopped)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(self._item_ended, signal)
        if self.archive.recovered:
            logger.info("The last run was cut off: %d exchanges picked up from the archive.", self.archive.recovered)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The extension of *crawler*."""
        return cls(crawler)

    @classmethod
    def of(cls, crawler: Crawler) -> ArchiveExtension:
        """That of *crawler*.

        Raises:
            NotConfigured: the add-on is not on.
        """
        extension = crawler.get_extension(cls)
        if extension is None:
            raise NotConfigured('Put "broadsheet.scrapy.Addon" into ADDONS.')
        return extension

    def begun(self) -> None:
        """The engine runs: a disk that fails from now on ends it."""
        loop = asyncio.get_event_loop()
        self.archive.tell(lambda error: loop.call_soon_threadsafe(self._fail, error))

    async def close(self) -> None:
        """Make all durable."""
        if self._open:
            self._open = False
            await asyncio.to_thread(self.archive.release)

    def _item_ended(self, item: Any) -> None:
        self.origins.pop(id(item), None)

    def _fail(self, error: BroadsheetError) -> None:
        logger.error("The archive cannot be written, so the spider is closed: %s", error)
        engine = self._crawler.engine
        if engine is not None and engine.spider is not None:
            self._ending = asyncio.ensure_future(engine.close_spider_async(reason="archive_failed"))
