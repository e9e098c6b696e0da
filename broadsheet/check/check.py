"""A check from beginning to end: open what was named, choose pages, ask, and leave the result for the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.archive.collection import Collection
from broadsheet.archive.durable import temporary_folder, whole_file
from broadsheet.archive.errors import BadInput
from broadsheet.archive.replay.capture_index import CaptureIndex
from broadsheet.archive.replay.payload import Spool
from broadsheet.archive.replay.replay import Replay
from broadsheet.archive.warc.record import Damage
from broadsheet.check.browser_view import BrowserViewer
from broadsheet.check.defaults import SAMPLE
from broadsheet.check.documents import DocumentReader
from broadsheet.check.fates import Fates
from broadsheet.check.page_requisites import page_quality
from broadsheet.check.pages import article_pages, sampled
from broadsheet.check.quality import Fate, Quality
from broadsheet.facts import CAPTURE_QUALITY
from broadsheet.replay.browser import find_browser

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What ``broadsheet check`` was told.  ``sample`` 0 means all pages; ``browser`` is used when ``look`` is set."""

    paths: tuple[Path, ...]
    sample: int = SAMPLE
    look: bool = False
    browser: Path | None = None
    screenshots: Path | None = None
    conversions: bool = False


def check(
    options: CheckOptions,
    on_progress: Progress = lambda *_: None,
    on_damage: Callable[[Damage], None] = lambda _damage: None,
) -> Quality:
    """How well the pages of what was named are captured; *on_progress* is told pages done, of how many, and which.

    Raises:
        BadInput: a path is not there or holds no WARC, there is no page, or no browser.
        BroadsheetError: an archive is damaged, the browser fails, the disk refuses.
    """
    program = find_browser(options.browser, "--browser-path", "leave out --browser") if options.look else None
    with temporary_folder("check") as temporary:
        index = CaptureIndex.open(options.paths, temporary, conversions=options.conversions)
        for damage in index.damages:
            on_damage(damage)
        urls, total = sampled(article_pages(options.paths, index), options.sample)
        if not urls:
            raise BadInput(str(options.paths[0]), "holds no page to check", "Name an archive with HTML pages.")
        replay = Replay(index, Spool(temporary))
        documents = DocumentReader(replay)
        steps = len(urls) * (2 if program else 1)
        with Fates(documents, options.paths) as fates:
            pages = []
            for number, url in enumerate(urls):
                on_progress(number, steps, url)
                pages.append(page_quality(url, documents, fates))
            if program is not None:
                looks = BrowserViewer(replay, fates, program, options.screenshots).looks(urls)
                for number, look in enumerate(looks):
                    pages[number] = replace(pages[number], look=look)
                    on_progress(len(urls) + number + 1, steps, urls[number])
    quality = Quality(tuple(pages), total)
    if len(options.paths) == 1 and (options.paths[0] / "collection.sqlite").is_file():
        _remember(Collection.open(options.paths[0]), quality)
    return quality


def _remember(collection: Collection, quality: Quality) -> None:
    """Leave the result in the collection, for its report; one on a read-only disk is checked all the same."""
    counts = quality.counts()
    result = {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "pages": len(quality.pages),
        "of": quality.of,
        "complete": sum(page.is_complete for page in quality.pages),
        "looked_at": sum(page.look is not None for page in quality.pages),
        "needs": [
            {"kind": kind, **{fate.name.lower(): counts[kind, fate] for fate in Fate}}
            for kind in sorted({kind for kind, _ in counts})
        ],
        "missing": [{"url": url, "reason": reason, "pages": pages} for url, reason, pages in quality.missing_urls()],
    }
    path = collection.logs / CAPTURE_QUALITY
    with suppress(OSError), whole_file(path) as file:
        file.write(f"{json.dumps(result, indent=1)}\n".encode())
