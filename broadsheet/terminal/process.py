"""What the command line sets for its own process around a crawl: logging, the garbage collector, signals.

A program that calls `broadsheet.crawler.run.crawl` has its own wishes of these; the crawl leaves them alone.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from broadsheet.archive.ending import ENDINGS, leave_closed_terminal
from broadsheet.archive.errors import EXIT_INCOMPLETE
from broadsheet.crawler.progress import CrawlObserver


@contextmanager
def loading() -> Iterator[None]:
    """Modules are loaded within: nothing of them is garbage, and looking for it is a tenth of the time that they take."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def prepare_process() -> None:
    """Let a crawl's log tell what it does, and nothing of it reach the terminal; spare the garbage collector what stays.

    Call it when the modules are loaded (`loading`).
    """
    logging.getLogger("broadsheet").setLevel(logging.INFO)
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    logging.getLogger().addHandler(logging.NullHandler())
    gc.set_threshold(10_000, 20, 20)
    gc.freeze()  # modules and their like live for ever: looking through them again and again is 4 % of a crawl's CPU


class StopSignals:
    """A signal that ends a run, once: finish what is in flight.  Twice: leave at once; the journal is always consistent."""

    def __init__(self, observer: CrawlObserver) -> None:
        self._observer = observer

    @contextmanager
    def watch(self, loop: asyncio.AbstractEventLoop, stop: Callable[[], bool]) -> Iterator[None]:
        """Call *stop* for a signal while the context lasts; it says whether it was news.  SIGHUP stays ignored (`nohup`)."""
        ours = threading.current_thread() is threading.main_thread()
        before = {number: signal.getsignal(number) for number in ENDINGS if ours}
        if before.get(signal.SIGHUP) is signal.SIG_IGN:
            del before[signal.SIGHUP]
        for number in before:
            loop.add_signal_handler(number, self._received, stop)
        try:
            yield
        finally:
            for number, handler in before.items():
                loop.remove_signal_handler(number)
                signal.signal(number, handler)

    def _received(self, stop: Callable[[], bool]) -> None:
        leave_closed_terminal()
        if not stop():
            os._exit(EXIT_INCOMPLETE)
        self._observer.note("Stopping: finishing what is in flight. Once more to leave at once.")
