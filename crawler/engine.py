"""Scrapy's engine, run for a crawl session.

AsyncCrawlerRunner is driven in a loop of our own rather than by AsyncCrawlerProcess: the loop must outlive the engine for as
long as the last exchanges take to become durable, a stop has to end visits through the frontier, and a Python program must be
able to run one crawl after another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from twisted.python.failure import Failure

from broadsheet.crawler.addon import PROCESS_SETTINGS
from broadsheet.crawler.scheduler import WAKE
from broadsheet.crawler.session import CrawlSession
from broadsheet.crawler.spider import ArticleSpider

# Watches for what may end a crawl early while its loop runs: it is given the loop and what stops the crawl, which says
# whether that was news.
StopWatch = Callable[[asyncio.AbstractEventLoop, Callable[[], bool]], AbstractContextManager[None]]


@contextmanager
def no_watch(_loop: asyncio.AbstractEventLoop, _stop: Callable[[], bool]) -> Iterator[None]:
    """A program's signals are the program's: nothing is watched for."""
    yield


async def run_engine(session: CrawlSession, spider: type[ArticleSpider], watch: StopWatch) -> None:
    """Fetch until *session* has nothing left, or was told to stop; all of it is durable then."""
    crawler = AsyncCrawlerRunner(Settings(PROCESS_SETTINGS))
    made = crawler.create_crawler(spider)

    def on_error(failure: Failure, response: object) -> None:
        if response is None:  # no callback, but the spider's `start`
            session.start_failed(failure.value)

    made.signals.connect(on_error, signals.spider_error)
    with watch(asyncio.get_running_loop(), session.stop):
        try:
            session.begin(made.stop_async, partial(_wake, made))
            await crawler.crawl(made, session=session)
        except BaseException:
            session.stop()  # what waits for its turn must not be waited for
            raise
        finally:
            await session.close()


def _wake(crawler: Crawler) -> None:
    if crawler.engine is not None and crawler.engine.spider is not None:
        crawler.engine.crawl(WAKE)
