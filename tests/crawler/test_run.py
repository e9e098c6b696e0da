"""`crawl` as a program calls it: what it refuses, how it ends and goes on; and the process is left as it was: its logging,
garbage collector, signals and import system."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from crawled_site import Answer, page, serving

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.errors import BadInput
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.progress import CrawlEnd, CrawlProgress
from broadsheet.crawler.run import crawl
from broadsheet.crawler.settled_options import Origin
from broadsheet.crawler.state.sqlite import SqliteStore

LOGGERS = ("", "broadsheet", "broadsheet.crawler", "scrapy", "asyncio", "twisted", "py.warnings")


class Watching:
    """Looks at the process while the crawl runs, too."""

    def __init__(self) -> None:
        self.seen: list[dict[str, object]] = []
        self.notes: list[str] = []

    def update(self, _: CrawlProgress) -> None:
        self.seen.append(_process())

    def note(self, line: str) -> None:
        self.notes.append(line)


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
        summary = crawl(options, observer)
    assert (summary.end, summary.articles) == (CrawlEnd.FINISHED, 2 if extract else 0)
    assert _process() == before
    assert _between() == around
    assert observer.seen
    assert all(seen == before for seen in observer.seen)
    assert (tmp_path / "c" / "logs" / "run.log").is_file()


def test_a_program_may_stop_a_crawl_and_go_on(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"seeds": ("ftp://a.example/",)}, "ftp://a.example/"),
        ({"seeds": ("http://a.example/",), "exclude": ("(",)}, "exclude"),
        ({"seeds": ("http://a.example/",), "spider": "nowhere"}, "names no class of a module"),
        ({"seeds": ("http://a.example/",), "hours": "25-26"}, "25-26"),
        ({"seeds": ()}, "no such folder"),
    ],
)
def test_what_cannot_be_followed_is_refused(tmp_path: Path, said: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        crawl(CrawlOptions(directory=tmp_path / "c", extract=False, **said), Watching())


def test_options_that_cannot_be_followed_leave_no_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        crawl(CrawlOptions(tmp_path / "c", ("http://a.example/",), since="2026-13-01"), Watching())
    assert list(tmp_path.iterdir()) == []


def test_a_crawl_ends_at_its_limit_goes_on_by_its_folder_and_is_finished_then(tmp_path: Path) -> None:
    pages = {f"/{number}": Answer(page()) for number in range(3)}
    said: dict[str, Any] = {"delay": 0.0, "extract": False, "requisites": False}
    with serving({"/": Answer(page(*pages)), **pages}) as site:
        first = crawl(CrawlOptions(tmp_path / "c", (f"{site.url}/",), max_pages=2, **said), watching := Watching())
        assert (first.end, first.exit_code, first.progress.pages) == (CrawlEnd.PAGE_LIMIT, 3, 2)
        assert not any("--contact" in note for note in watching.notes)  # it is one's own
        again = crawl(CrawlOptions(tmp_path / "c", ()), Watching())
        assert (again.end, again.progress.pages) == (CrawlEnd.PAGE_LIMIT, 2)  # the limit is kept with the crawl
        more = crawl(
            CrawlOptions(tmp_path / "c", (), max_pages=0), Watching(), origins={"max_pages": Origin.FLAG}
        )  # fmt: skip
        assert (more.end, more.exit_code, more.progress.pages, more.warc_files) == (CrawlEnd.FINISHED, 0, 4, 2)
        done = crawl(CrawlOptions(tmp_path / "c", ()), Watching())
        assert (done.end, done.exit_code) == (CrawlEnd.ALREADY_FINISHED, 0)
    assert any((tmp_path / "c" / "indexes").iterdir())
    with Catalogue.open(tmp_path / "c" / "collection.sqlite") as catalogue:
        assert SqliteStore(catalogue).latest_crawl().finished is not None
