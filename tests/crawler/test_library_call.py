"""A program that calls the crawl finds its logging, garbage collector, signals and import system as they were."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from crawled_site import Answer, page, serving

from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.progress import CrawlEnd, CrawlProgress
from broadsheet.crawler.run import crawl

LOGGERS = ("", "broadsheet", "broadsheet.crawler", "scrapy", "asyncio", "twisted", "py.warnings")


class Watching:
    """Looks at the process while the crawl runs, too."""

    def __init__(self) -> None:
        self.seen: list[dict[str, object]] = []

    def update(self, _: CrawlProgress) -> None:
        self.seen.append(_process())

    def note(self, line: str) -> None:
        pass


def _process() -> dict[str, object]:
    """What belongs to the program and not to the crawl."""
    root = logging.getLogger()
    return {
        "levels": [logging.getLogger(name).level for name in LOGGERS],
        "raiseExceptions": logging.raiseExceptions,
        "root handlers": [handler for handler in root.handlers if type(handler).__name__ != "LogCounterHandler"],
        "gc": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()),
        "meta_path": list(sys.meta_path),
        "SIGTERM": signal.getsignal(signal.SIGTERM),
        "excepthook": sys.excepthook,
    }


def _between() -> dict[str, object]:
    """What may be otherwise during a crawl, but not after it."""
    return {
        "handlers": [list(logging.getLogger(name).handlers) for name in LOGGERS],
        "SIGINT": signal.getsignal(signal.SIGINT),
        "wakeup": signal.set_wakeup_fd(-1),
    }


@pytest.mark.parametrize("extract", [False, True])
def test_a_call_leaves_the_process_as_it_was(tmp_path: Path, extract: bool) -> None:
    gc.unfreeze()  # what an earlier test froze may die during this one, which would change the count
    before, around, observer = _process(), _between(), Watching()
    with serving({"/": Answer(page("/a")), "/a": Answer(page())}) as site:
        options = CrawlOptions(directory=tmp_path / "c", seeds=(f"{site.url}/",), delay=0, extract=extract)
        assert crawl(options, observer).end is CrawlEnd.FINISHED
    assert _process() == before
    assert _between() == around
    assert observer.seen
    assert all(seen == before for seen in observer.seen)
    assert (tmp_path / "c" / "logs" / "run.log").is_file()


def test_a_program_may_stop_a_crawl_and_go_on(tmp_path: Path) -> None:
    from contextlib import contextmanager

    @contextmanager
    def soon(loop: object, stop: Callable[[], bool]):  # type: ignore[no-untyped-def]
        loop.call_later(0.3, stop)  # type: ignore[attr-defined]
        yield

    answers = {"/": Answer(page("/a", "/b")), "/a": Answer(page()), "/b": Answer(page())}
    with serving(answers) as site:
        options = CrawlOptions(directory=tmp_path / "c", seeds=(f"{site.url}/",), delay=0.5, extract=False)
        assert crawl(options, Watching(), watch=soon).end is CrawlEnd.INTERRUPTED
        assert crawl(options, Watching()).end is CrawlEnd.FINISHED
        assert len(set(site.paths())) == len(site.paths())
