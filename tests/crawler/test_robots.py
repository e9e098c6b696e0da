"""When robots.txt is asked for, whom it follows, what it remembers: without a network, with answers of choice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from small_warcs import answered

from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange, FetchError, Provenance
from broadsheet.archive.warc.writer import WarcInfo, WarcWriter
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.politeness.gate import PolitenessGate
from broadsheet.crawler.politeness.robots import RobotsRules
from broadsheet.crawler.robots import FRESH, MAX_REDIRECTS, MAX_TRIES, RobotsCache, RobotsUnreachable, redirect_target
from broadsheet.crawler.state.changes import RobotsFetched
from broadsheet.crawler.state.memory import MemoryStore
from broadsheet.pipelines.capture.log import CaptureLog
from broadsheet.pipelines.capture.submission import Submission

HOST = "a.example"
ORIGIN = f"http://{HOST}"
FILE = f"{ORIGIN}/robots.txt"
RULES = "User-agent: *\nDisallow: /no\nSitemap: /maps/1.xml\nSitemap: http://b.example/2.xml\n"


def plain(url: str, body: str = RULES, status: int = 200, to: str | None = None) -> Exchange:
    more = "" if to is None else f"Location: {to}\r\n"
    one: Exchange = answered(url, body, status=status, kind="text/plain", more=more)
    return one


def dead(url: str) -> Exchange:
    return Exchange(url, datetime.now(UTC), 0.1, b"GET / HTTP/1.1\r\n\r\n", error=FetchError.DISCONNECT)


class World:
    """Everything that a cache talks to: it answers, is submitted to, takes sitemaps, and lets hosts wait."""

    backlog = 0

    def __init__(self, folder: Path, answer: Callable[[str], Exchange] = plain) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.submitted: list[Submission] = []
        self.sitemaps: dict[str, list[str]] = {}
        self.store = MemoryStore()
        self.gate = PolitenessGate(delay=0.0, connections=4, on_rest=lambda *_: None)
        self.cache = RobotsCache(
            Collection(folder), self.store, client=self, log=cast("CaptureLog", self), gate=self.gate, sitemaps=self
        )

    async def ask(self, url: str) -> Exchange:
        self.asked.append(url)
        await asyncio.sleep(0)
        return self.answer(url)

    def submit(self, one: Submission) -> None:
        self.submitted.append(one)

    def add_sitemaps(self, origin: str, urls: Iterable[str]) -> None:
        self.sitemaps[origin] = list(urls)

    def rules(self, count: int = 1) -> list[RobotsRules | RobotsUnreachable]:
        async def many() -> list[RobotsRules | RobotsUnreachable]:
            visit = Visit(b"1", f"{ORIGIN}/page", HOST, 0, "LL", f"{ORIGIN}/", 1)
            return list(await asyncio.gather(*(self.cache.rules(visit) for _ in range(count))))

        return asyncio.run(many())


def test_one_asks_for_all_who_wait_and_nobody_asks_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    first, *others = world.rules(3)
    assert isinstance(first, RobotsRules)
    assert all(one is first for one in others)
    assert (first.allowed(f"{ORIGIN}/no/1", "broadsheet"), first.allowed(f"{ORIGIN}/yes", "broadsheet")) == (
        False,
        True,
    )
    assert world.rules() == [first]
    assert world.asked == [FILE]
    assert world.sitemaps == {ORIGIN: [f"{ORIGIN}/maps/1.xml", "http://b.example/2.xml"]}


def test_it_is_kept_whole_with_why_it_was_asked_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.rules()
    (one,) = world.submitted
    assert one.change == RobotsFetched(ORIGIN, 200, None)
    assert (one.provenance.via, one.provenance.hops, one.dedupe) == (f"{ORIGIN}/page", "LLP", False)


def test_redirects_are_followed_as_far_as_the_standard_says_and_each_is_kept(tmp_path: Path) -> None:
    def chain(length: int) -> Callable[[str], Exchange]:
        def answer(url: str) -> Exchange:
            step = 0 if url == FILE else int(url.rpartition("/")[2])
            return plain(url) if step == length else plain(url, "", 301, f"http://b.example/{step + 1}")

        return answer

    far, too_far = World(tmp_path, chain(MAX_REDIRECTS)), World(tmp_path, chain(MAX_REDIRECTS + 1))
    (rules,) = far.rules()
    assert isinstance(rules, RobotsRules)
    assert not rules.allowed(f"{ORIGIN}/no", "broadsheet")
    assert len(far.submitted) == len(far.asked) == MAX_REDIRECTS + 1
    (rules,) = too_far.rules()
    assert isinstance(rules, RobotsRules)
    assert rules.allowed(f"{ORIGIN}/no", "broadsheet")  # RFC 9309, 2.3.1.2: it may be taken as unavailable
    assert len(too_far.asked) == MAX_REDIRECTS + 1


@pytest.mark.parametrize("bad", [dead, lambda url: plain(url, "", 503), lambda url: plain(url, "", 302)])
def test_what_cannot_be_had_lets_the_host_wait_longer_each_time_and_then_for_this_run(tmp_path: Path, bad: Any) -> None:
    world = World(tmp_path, bad)
    seen = [world.rules()[0] for _ in range(MAX_TRIES + 2)]
    assert all(isinstance(one, RobotsUnreachable) and one.why for one in seen)
    whens = [one.when for one in seen if isinstance(one, RobotsUnreachable)]
    assert [when is None for when in whens] == [False] * (MAX_TRIES - 1) + [True] * 3
    assert len(world.asked) == MAX_TRIES
    assert world.sitemaps == {}


def test_a_server_that_comes_back_is_heeded(tmp_path: Path) -> None:
    world = World(tmp_path, dead)
    assert isinstance(world.rules()[0], RobotsUnreachable)
    world.answer = plain
    assert isinstance(world.rules()[0], RobotsRules)


@pytest.mark.parametrize(("hours", "asks"), [(1, False), (23, False), (25, True)])
def test_what_was_kept_is_read_back_for_a_day(tmp_path: Path, hours: int, asks: bool) -> None:
    kept = _kept(tmp_path, status=200, age_hours=hours)
    (rules,) = kept.rules()
    assert isinstance(rules, RobotsRules)
    assert not rules.allowed(f"{ORIGIN}/no", "broadsheet")
    assert kept.asked == ([FILE] if asks else [])
    assert FRESH.total_seconds() == 24 * 3600


@pytest.mark.parametrize("status", [503, 301, None])
def test_what_says_nothing_is_not_read_back(tmp_path: Path, status: int | None) -> None:
    kept = _kept(tmp_path, status=status, age_hours=1)
    kept.rules()
    assert kept.asked == [FILE]


def test_what_cannot_be_read_back_is_asked_for_again(tmp_path: Path) -> None:
    kept = _kept(tmp_path, status=200, age_hours=1)
    for path in (tmp_path / "archive").glob("*.warc.gz"):
        path.unlink()
    assert isinstance(kept.rules()[0], RobotsRules)
    assert kept.asked == [FILE]


def _kept(folder: Path, *, status: int | None, age_hours: float) -> World:
    """A world whose archive has the file since so many hours."""
    collection = Collection.create(folder)
    with WarcWriter(collection.archive, prefix="test", info=WarcInfo(software="test")) as writer:
        captures = writer.write_exchange(plain(FILE), Provenance())
    world = World(folder)
    capture = replace(captures.main, date=datetime.now(UTC) - timedelta(hours=age_hours), status=status)
    with world.store.transaction():
        world.store.apply(RobotsFetched(ORIGIN, status, None), capture)
    return world


def test_where_a_redirect_leads() -> None:
    assert redirect_target(plain(FILE, "", 301, "/other")) == f"{ORIGIN}/other"
    assert redirect_target(plain(FILE, "", 200, "/other")) is None
    assert redirect_target(plain(FILE, "", 301)) is None
    assert redirect_target(dead(FILE)) is None
