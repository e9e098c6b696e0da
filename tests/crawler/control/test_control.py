"""A crawl that is told things while it runs, and one that was told them before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from crawled_site import Answer, Site, frontier, page, serving

from broadsheet.archive.collection import Collection
from broadsheet.crawler import session
from broadsheet.crawler.control.action import ActionFolder, ActionKind, action_of
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.progress import CrawlEnd, CrawlProgress
from broadsheet.crawler.run import crawl

PAGES = [f"/a{number}.html" for number in range(12)]
SKIPPED = [f"/tag/{number}.html" for number in range(12)]


def site() -> dict[str, Answer]:
    answers = {path: Answer(page("/")) for path in (*PAGES, *SKIPPED)}
    island = {"/island.html": Answer(page("/beach.html")), "/beach.html": Answer(page())}
    return answers | island | {"/": Answer(page(*PAGES, *SKIPPED))}


def options(directory: Path, served: Site, **how: object) -> CrawlOptions:
    return CrawlOptions(directory, (f"{served.url}/",), delay=0.02, extract=False, requisites=False, **how)  # type: ignore[arg-type]


class Teller:
    """Asks while the crawl runs: a pause after its first answers, and to go on when nothing was asked for several looks."""

    def __init__(self, folder: ActionFolder, served: Site) -> None:
        self.folder, self.served = folder, served
        self.notes: list[str] = []
        self.quiet: list[int] = []  # requests seen by the site at each look, while it pauses

    def note(self, line: str) -> None:
        self.notes.append(line)

    def update(self, progress: CrawlProgress) -> None:
        paused = any("pause" in line for line in self.notes)
        if not self.notes and progress.exchanges >= 3 and not self.folder.all():
            self.folder.ask(action_of("pause", "", "the site is slow", datetime.now(UTC)))
        elif paused and len(self.quiet) < 6:
            asked = len(self.served.asked)
            if self.quiet and self.quiet[-1] != asked:  # what was under way when the pause began
                self.quiet.clear()
            self.quiet.append(asked)
        elif len(self.quiet) == 6:
            self.quiet.append(len(self.served.asked))
            for kind, value in (("exclude", "/tag/"), ("seed", f"{self.served.url}/island.html"), ("resume", "")):
                self.folder.ask(action_of(kind, value, "a test", datetime.now(UTC)))


def test_a_running_crawl_pauses_leaves_out_and_takes_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PROGRESS_SECONDS", 0.02)
    with serving(site()) as served:
        folder = ActionFolder(Collection.create(tmp_path / "c"))
        teller = Teller(folder, served)
        summary = crawl(options(tmp_path / "c", served), teller)
        asked = served.paths()
    assert summary.end is CrawlEnd.FINISHED
    assert len(teller.quiet) == 7
    assert len(set(teller.quiet)) == 1
    assert {*PAGES, "/island.html", "/beach.html"} <= set(asked)
    refused = {url for url, (_, error) in frontier(tmp_path / "c").items() if error == "excluded: /tag/"}
    assert refused == {served.url + path for path in SKIPPED if path not in asked}
    assert len(refused) > 6
    assert [one.action.kind.value for one in folder.all() if one.done] == ["pause", "exclude", "seed", "resume"]
    assert "Asked of this crawl: pause (the site is slow)." in teller.notes


def test_what_a_killed_crawl_had_not_taken_is_taken_by_the_next_and_its_pause_is_over(tmp_path: Path) -> None:
    with serving(site()) as served:
        folder = ActionFolder(Collection.create(tmp_path / "c"))
        for kind, value in (("exclude", "/tag/"), ("seed", f"{served.url}/island.html"), ("pause", "")):
            folder.ask(action_of(kind, value, "", datetime.now(UTC)))
        folder.take(folder.pending()[0])  # and was killed
        summary = crawl(options(tmp_path / "c", served), Teller(folder, served))
        assert summary.end is CrawlEnd.FINISHED
        asked = set(served.paths())
        assert "/island.html" in asked
        assert not asked & set(SKIPPED)
        assert folder.pending() == []
        assert folder.all()[-1].action.kind is ActionKind.RESUME
        again = crawl(options(tmp_path / "c", served), Teller(folder, served))
        assert again.end is CrawlEnd.ALREADY_FINISHED
