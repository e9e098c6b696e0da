"""Keeps the search index of a collection up to date while it is served, on a thread of its own.

It looks for new Parquet every few seconds, so what a crawl extracts can be found soon after.  Where another process keeps the
index already, this one reads what that one writes.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BadInput, BroadsheetError
from broadsheet.pipelines.search.index import SearchIndex
from broadsheet.pipelines.search.update import update_index

logger = logging.getLogger(__name__)

_SECONDS = 5.0  # between two looks


@dataclass(frozen=True, slots=True)
class IndexState:
    """``done`` of ``files`` are indexed while it is at it; ``fault`` says why it cannot; ``missing``: files left out."""

    ready: bool = False
    done: int = 0
    files: int = 0
    fault: str | None = None
    missing: tuple[str, ...] = ()

    @property
    def is_working(self) -> bool:
        """Whether files are being indexed."""
        return self.done < self.files


class IndexKeeper:
    """Keeps *index*; a context manager."""

    def __init__(self, collection: Collection, index: SearchIndex) -> None:
        self._collection, self._index = collection, index
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="search-index", daemon=True)
        self.state = IndexState()
        self._first = threading.Event()

    def __enter__(self) -> IndexKeeper:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._index.close()

    def wait(self, seconds: float) -> None:
        """Wait until it has looked once, but no longer than that."""
        self._first.wait(seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._look()
            self._first.set()
            self._stop.wait(_SECONDS)

    def _look(self) -> None:
        try:
            update_index(self._collection, self._index, self._progress)
            with self._index.reading() as db:
                missing = tuple(message for (message,) in db.execute("SELECT message FROM faults ORDER BY path"))
            self.state = IndexState(ready=True, missing=missing)
        except _Stopped:
            pass
        except BadInput as error:  # no dataset yet
            self.state = IndexState(ready=True, fault=str(error))
        except (BroadsheetError, OSError) as error:
            self.state = IndexState(ready=True, fault=str(error))
        except Exception as error:  # what nobody foresaw costs the new articles alone, and is said on the page
            logger.exception("the search index is not brought up to date")
            self.state = IndexState(
                ready=True, fault=f"The search index is not brought up to date: {type(error).__name__}."
            )

    def _progress(self, done: int, files: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        self.state = IndexState(self.state.ready, done, files)


class _Stopped(Exception):
    """The server ends: what is not indexed yet is indexed the next time."""
