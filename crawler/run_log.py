"""The log file of a crawl.  A program's own logging is left as it is: no level is set, and the handlers go with the crawl."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOGGERS = ("broadsheet", "scrapy", "asyncio", "twisted", "py.warnings")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@contextmanager
def run_log(path: Path) -> Iterator[None]:
    """Write to the file at *path*, too, what Scrapy and our own layers log while the context lasts, as far as levels let it."""
    path.parent.mkdir(exist_ok=True)
    handler = _CrawlLog(path)
    handler.setFormatter(logging.Formatter(_FORMAT))
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()


class _CrawlLog(logging.FileHandler):
    """A file that may refuse to be written: a full disk ends a crawl by its archive, and must not fill the terminal before."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say nothing."""
