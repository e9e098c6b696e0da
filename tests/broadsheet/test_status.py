"""How a crawl stands, from its journal alone."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_crawl import BEGIN, capture, make_crawl

from broadsheet.archive.collection import Collection
from broadsheet.cli import cli
from broadsheet.status import crawl_status

FAST, SLOW = "http://fast.example", "http://slow.example"
NOW = BEGIN + timedelta(seconds=120)


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """Two hosts, one asked each second, one each ten seconds, of which two answers are errors; a name that was looked up."""
    fast = [capture(f"{FAST}/{n}", 61 + n) for n in range(60)]
    slow = [capture(f"{SLOW}/{n}", 70 + 10 * n) for n in range(4)]
    slow[2] = capture(f"{SLOW}/2", 90, status=503)
    slow[3] = capture(f"{SLOW}/3", 100, status=None, error="timeout", record_type="metadata", is_page=False)
    name = capture("dns:slow.example", 69, record_type="resource", is_page=False)
    captures = sorted([*fast, *slow, name], key=lambda one: one.date)
    queued = [*(f"{FAST}/more/{n}" for n in range(30)), *(f"{SLOW}/more/{n}" for n in range(12))]
    made: Collection = make_crawl(
        tmp_path_factory.mktemp("crawl") / "news", captures, queued=queued, refused=[f"{SLOW}/secret"]
    )
    return made


def test_what_is_done_and_what_is_left(crawl: Collection) -> None:
    status = crawl_status(crawl, NOW)
    assert (status.queued, status.done, status.failed, status.refused) == (42, 64, 0, 1)
    assert (status.captures, status.archive_bytes, status.warcs) == (65, 5000, 1)
    assert status.latest == BEGIN + timedelta(seconds=120)
    assert [(one.reason, one.count) for one in status.problems] == [("robots", 1)]


def test_speeds_and_delays_are_measured(crawl: Collection) -> None:
    with crawl.locked():
        status = crawl_status(crawl, NOW)
    assert status.speed.exchanges == pytest.approx(64 / 59)  # from the first capture of the last minute on
    assert status.speed.pages == pytest.approx(63 / 59)
    assert status.speed.bytes == pytest.approx(64 * 500 / 59)
    fast, slow = status.hosts
    assert (fast.host, fast.queued, fast.exchanges, fast.errors, fast.interval) == ("fast.example", 30, 60, 0, 1.0)
    assert (slow.host, slow.queued, slow.exchanges, slow.errors, slow.interval) == ("slow.example", 12, 4, 2, 10.0)
    assert slow.last_error == "timeout"
    assert status.seconds_left == slow.seconds_left == 120.0  # the slowest host decides


def test_the_last_pages_come_first(crawl: Collection) -> None:
    pages = crawl_status(crawl, NOW).pages
    assert [page.url for page in pages[:2]] == [f"{FAST}/59", f"{FAST}/58"]
    assert len(pages) == 20
    assert not any(page.url.startswith("dns:") for page in crawl_status(crawl, NOW).pages)


def test_whether_a_command_works_on_it_is_seen_without_touching_its_lock(crawl: Collection) -> None:
    if not Path("/proc/locks").exists():
        pytest.skip("this system does not list its locks")
    assert not crawl_status(crawl, NOW).is_working
    assert crawl_status(crawl, NOW).seconds_left is None
    with crawl.locked():
        assert crawl_status(crawl, NOW).is_working
        with pytest.raises(Exception, match="another broadsheet command"), crawl.locked():
            pass
    assert not crawl_status(crawl, NOW).is_working


def test_a_collection_that_was_never_crawled_has_captures_alone(tmp_path: Path) -> None:
    empty = crawl_status(Collection.create(tmp_path / "empty"))
    assert (empty.captures, empty.queued, empty.latest, empty.hosts) == (0, 0, None, ())


def test_the_command_says_the_same(crawl: Collection) -> None:
    told = json.loads(CliRunner().invoke(cli, ["status", str(crawl.directory), "--json"]).stdout)
    assert told["queued"] == 42
    assert told["hosts"][1]["last_error"] == "timeout"
    text = CliRunner().invoke(cli, ["status", str(crawl.directory)]).stdout
    assert "64 done, 42 queued, 0 failed, 1 refused" in text
    assert "Not complete, and nothing works on it" in text
