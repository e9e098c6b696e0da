"""Hosts that die, or ask to be left alone for long: the crawl ends incomplete, says why, and goes on later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from crawled_site import Answer, page, serving

from broadsheet.archive.warc.reader import read_records
from broadsheet.archive.warc.source import WarcSource
from broadsheet.crawler.options import CrawlOptions
from broadsheet.crawler.politeness import pacing
from broadsheet.crawler.progress import CrawlEnd, CrawlSummary
from broadsheet.crawler.run import crawl
from tests.crawler.noting import Noting

PATHS = [f"/{number}" for number in range(12)]


def run(folder: Path, url: str, **said: object) -> CrawlSummary:
    options = CrawlOptions(folder, (url + "/",), delay=0.0, extract=False, requisites=False, timeout=5.0, **said)  # type: ignore[arg-type]
    return crawl(options, Noting())


def test_a_host_that_asks_for_two_hours_is_left_and_gone_on_with(tmp_path: Path) -> None:
    answers = {"/": Answer(page(*PATHS))} | {path: Answer(page()) for path in PATHS}
    away = Answer(status=503, headers={"Retry-After": "7200"})
    with serving(answers | dict.fromkeys(PATHS, away)) as site:
        first = run(tmp_path / "c", site.url, concurrency=1)
        assert (first.end, first.exit_code) == (CrawlEnd.WAITING, 3)
        assert "asks to be left alone until" in first.message
        assert sum(path in PATHS for path in site.paths()) == 1
        site.answers |= answers
        second = run(tmp_path / "c", site.url, concurrency=1)
        assert (second.end, second.exit_code) == (CrawlEnd.FINISHED, 0)
        assert set(PATHS) <= set(site.paths())


def test_a_host_that_dies_is_left_and_its_urls_wait_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "backoff", lambda host, tries: 0.01)
    with serving({"/": Answer(page(*PATHS), headers={"Connection": "close"})}) as site:
        site.answers |= dict.fromkeys(PATHS, Answer(status=0))
        first = run(tmp_path / "c", site.url)
        assert (first.end, first.exit_code) == (CrawlEnd.WAITING, 3)
        assert "it has stopped answering" in first.message
        again = run(tmp_path / "c", site.url)  # nothing answers in this run: that is no reason to fail what is queued
        assert again.exit_code == 3
        assert "answered in an earlier run" in again.message
        site.answers |= {path: Answer(page()) for path in PATHS}
        last = run(tmp_path / "c", site.url)
        assert (last.end, last.progress.pages) == (CrawlEnd.FINISHED, 1 + len(PATHS))


def test_a_host_with_leave_to_ignore_its_robots_txt_and_why(tmp_path: Path) -> None:
    answers = {
        "/": Answer(page("/a")),
        "/a": Answer(page()),
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /", "text/plain"),
    }
    with serving(answers) as site:
        host = site.url.removeprefix("http://")
        said = f"{host} ignore-robots reason='leave of 3 May'"
        assert run(tmp_path / "c", site.url, host_settings=(said,)).progress.pages == 2
    (warc,) = (tmp_path / "c" / "archive").glob("*.gz")
    info = next(iter(read_records(WarcSource.of(warc)))).block.decode()
    settings = next(line for line in info.splitlines() if "leave of 3 May" in line)
    assert json.loads(settings.partition(":")[2])["host_settings"] == [said]


def test_the_rules_for_the_name_that_one_gives_oneself(tmp_path: Path) -> None:
    robots = b"User-agent: libbot/1.0\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n"
    with serving({"/": Answer(page("/a", "/b")), "/robots.txt": Answer(robots, "text/plain")}) as site:
        run(tmp_path / "c", site.url, user_agent="libbot/2.0")
    assert "/b" in site.paths()
    assert "/a" not in site.paths()
