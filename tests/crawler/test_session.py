"""The way of one visit through a session: from the frontier to the fetcher, into the archive, and back, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from crawled_site import kinds
from scrapy import Request
from small_warcs import answered

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.errors import BrokenEnvironment
from broadsheet.archive.exchange import Exchange, FetchError, Outlink
from broadsheet.archive.warc.writer import WarcInfo
from broadsheet.crawler import session as session_module
from broadsheet.crawler.assembly import assemble
from broadsheet.crawler.control.action import ActionFolder, action_of
from broadsheet.crawler.control.control import CrawlControl
from broadsheet.crawler.discovery.scope import Scope
from broadsheet.crawler.fetcher import Fetched, Later, Refused
from broadsheet.crawler.frontier.queues import Visit
from broadsheet.crawler.options import CrawlOptions, ScopeKind
from broadsheet.crawler.session import CrawlSession
from broadsheet.crawler.spider import ArticleSpider
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.url import State
from broadsheet.pipelines.capture.log import WarcOptions
from tests.crawler.noting import Noting

SITE = "http://a.example"
Answer = Callable[[Visit], Fetched | Refused | Later]


class Fetching:
    """A fetcher of choice."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def fetch(self, visit: Visit) -> Fetched | Refused | Later:
        self.asked.append(visit.url.removeprefix(SITE))
        return self.answer(visit)

    async def close(self) -> None:
        pass


def page(visit: Visit) -> Fetched:
    return Fetched(answered(visit.url, f"<html><p>{visit.url}</p></html>"))


class Crawled:
    """A collection, and what a session does with it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.collection = Collection.create(folder)
        self.catalogue = Catalogue.open(self.collection.journal)
        self.store = SqliteStore.prepared(self.catalogue)
        self.observer = Noting()
        self.ended: list[str] = []
        self._monkeypatch = monkeypatch

    def run(
        self, use: Callable[[CrawlSession], Awaitable[None]], answer: Answer = page, *urls: str, **options: Any
    ) -> Fetching:
        """Let *use* drive a session whose fetcher answers as *answer* says."""
        fetching = Fetching(answer)
        with self._monkeypatch.context() as patched:
            patched.setattr(session_module, "assemble", lambda *a, **k: replace(assemble(*a, **k), fetcher=fetching))
            with asyncio.Runner() as runner:
                chosen = CrawlOptions(self.collection.directory, (f"{SITE}/",), delay=0.0, requisites=False, **options)
                made = CrawlSession(
                    self.collection,
                    chosen,
                    catalogue=self.catalogue,
                    store=self.store,
                    scope=Scope(ScopeKind.HOST, chosen.seeds, chosen.include, chosen.exclude),
                    warc=WarcOptions("test", WarcInfo(software="test")),
                    observer=self.observer,
                    loop=runner.get_loop(),
                    control=CrawlControl(self.collection, self.observer.note),
                )
                made.frontier.seed([SITE + url for url in urls or ("/",)])
                runner.run(self._driven(made, use))
        return fetching

    async def _driven(self, made: CrawlSession, use: Callable[[CrawlSession], Awaitable[None]]) -> None:
        async def stop() -> None:
            self.ended.append("stop")

        made.begin(stop, lambda: self.ended.append("wake"))
        try:
            await use(made)
        finally:
            await made.close()

    def state(self, target: str) -> State | None:
        why = self.store.why(SITE + target)
        return None if why is None else why.state


@pytest.fixture
def crawled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crawled]:
    made = Crawled(tmp_path / "c", monkeypatch)
    yield made
    made.catalogue.close()


def leased(session: CrawlSession) -> Visit:
    visit = session.lease()
    assert visit is not None
    return visit


def link(target: str) -> Outlink:
    return Outlink(SITE + target, "L", "a/@href")


async def all_of(session: CrawlSession) -> None:
    """What the engine does, one visit after another."""
    while (visit := session.lease()) is not None:
        if (fetched := await session.fetch(visit)) is not None:
            await session.complete(visit, fetched)


def test_a_visit_ends_with_its_record_its_capture_and_its_links_together(crawled: Crawled) -> None:
    async def use(session: CrawlSession) -> None:
        assert session.has_pending()
        visit = leased(session)
        fetched = await session.fetch(visit)
        assert fetched is not None
        assert session.frontier.active == 1
        await session.complete(visit, fetched, [link("/a"), link("/b"), Outlink("http://b.example/", "L", "a/@href")])
        assert session.frontier.active == 0
        assert (session.tally.pages, session.progress().queued, session.incomplete) == (1, 2, True)

    crawled.run(use)
    assert [crawled.state(target) for target in ("/", "/a", "/b")] == [State.DONE, State.QUEUED, State.QUEUED]
    assert crawled.store.why("http://b.example/") is None
    latest = crawled.catalogue.connection.execute("SELECT url, is_page FROM captures").fetchall()
    assert latest == [(f"{SITE}/", 1)]
    assert kinds(crawled.collection.directory) == {"warcinfo": 1, "request": 1, "response": 1, "metadata": 1}


def test_what_a_fetcher_brought_beside_is_kept_too(crawled: Crawled) -> None:
    def answer(visit: Visit) -> Fetched:
        return replace(page(visit), others=(answered("http://api.example/x", "{}", kind="application/json"),))

    crawled.run(all_of, answer)
    assert kinds(crawled.collection.directory)["response"] == 2


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        (Refused("blocked"), State.REFUSED, "blocked"),
        (Refused("host given up", State.FAILED), State.FAILED, "host given up"),
        (Later(None, "its robots.txt cannot be had"), State.QUEUED, None),
    ],
)
def test_what_is_not_asked_ends_as_the_fetcher_says(
    crawled: Crawled, answer: Refused | Later, state: State, error: str | None
) -> None:
    waiting: dict[str, str] = {}

    async def use(session: CrawlSession) -> None:
        await all_of(session)
        waiting.update(session.waiting_for)
        assert session.incomplete is (state is State.QUEUED)
        assert not session.has_pending()

    crawled.run(use, lambda _visit: answer)
    why = crawled.store.why(f"{SITE}/")
    assert why is not None
    assert (why.state, why.error, why.tries) == (state, error, 0 if state is State.QUEUED else why.tries)
    assert waiting == ({"a.example": "its robots.txt cannot be had"} if state is State.QUEUED else {})
    assert kinds(crawled.collection.directory) == {}


def test_what_was_excluded_meanwhile_is_not_asked_and_says_by_what(crawled: Crawled) -> None:
    async def use(session: CrawlSession) -> None:
        action_folder = ActionFolder(crawled.collection)
        action_folder.ask(action_of("exclude", "/tag/", "", datetime.now(UTC)))
        visit = leased(session)
        while not any("/tag/" in note for note in crawled.observer.notes):
            await asyncio.sleep(0.01)
        assert await session.fetch(visit) is None

    fetching = crawled.run(use, page, "/tag/1")
    assert fetching.asked == []
    why = crawled.store.why(f"{SITE}/tag/1")
    assert why is not None
    assert (why.state, why.error) == (State.REFUSED, "excluded: /tag/")


def test_a_spider_s_request_that_cannot_be_kept_is_refused_in_words_and_counted(crawled: Crawled) -> None:
    async def use(session: CrawlSession) -> None:
        spider = ArticleSpider(session)
        assert session.queue_request(Request(f"{SITE}/a", callback=spider.items), spider)
        assert not session.queue_request(Request(f"{SITE}/b", method="POST", callback=spider.items), spider)
        assert session.progress().errors == {"request-refused": 1}

    crawled.run(use, page, "/")
    assert [note for note in crawled.observer.notes if f"{SITE}/b: this Request" in note and "method" in note]
    assert (crawled.state("/a"), crawled.state("/b")) == (State.QUEUED, None)


def test_what_fails_is_asked_again_as_often_as_was_said_and_its_links_are_not_read(crawled: Crawled) -> None:
    def answer(visit: Visit) -> Fetched:
        one = answered(visit.url, "")
        return Fetched(Exchange(one.url, one.started, 0.1, one.request, error=FetchError.TIMEOUT))

    fetching = crawled.run(all_of, answer, retries=2)
    assert fetching.asked == ["/"] * 3
    assert crawled.state("/") is State.FAILED


def test_a_busy_server_is_asked_again_and_a_missing_page_is_not(crawled: Crawled) -> None:
    statuses = {"/": [503, 200], "/gone": [404]}

    def answer(visit: Visit) -> Fetched:
        return Fetched(answered(visit.url, "x", status=statuses[visit.url.removeprefix(SITE)].pop(0)))

    fetching = crawled.run(all_of, answer, "/", "/gone")
    assert sorted(fetching.asked) == ["/", "/", "/gone"]
    assert (crawled.state("/"), crawled.state("/gone")) == (State.DONE, State.DONE)


def test_the_page_limit_counts_what_is_under_way(crawled: Crawled) -> None:
    async def use(session: CrawlSession) -> None:
        first, second = leased(session), leased(session)
        assert session.lease() is None
        for visit in (first, second):
            await session.complete(visit, page(visit))
        assert session.limit_reached
        assert not session.has_pending()
        assert session.incomplete

    crawled.run(use, page, "/", "/a", "/b", max_pages=2)


def test_nothing_new_is_begun_when_it_is_to_stop_and_the_engine_hears_once(crawled: Crawled) -> None:
    async def use(session: CrawlSession) -> None:
        visit = leased(session)
        assert session.stop()
        assert not session.stop()
        assert (session.lease(), session.has_pending(), session.stopping) == (None, False, True)
        await session.complete(visit, page(visit), [link("/a")])
        await asyncio.sleep(0)

    crawled.run(use, page, "/", "/b")
    assert crawled.ended.count("stop") == 1
    assert (crawled.state("/"), crawled.state("/a"), crawled.state("/b")) == (State.DONE, State.QUEUED, State.QUEUED)


def test_a_host_that_is_to_wait_while_the_crawl_ends_is_not_remembered_as_waiting(crawled: Crawled) -> None:
    async def use(session: CrawlSession) -> None:
        visit = leased(session)
        session.stop()
        assert await session.fetch(visit) is None
        assert (session.waiting_for, session.frontier.active) == ({}, 0)

    crawled.run(use, lambda _visit: Later(None, "the crawl ends"))
    assert crawled.state("/") is State.QUEUED


def test_when_the_archive_fails_nothing_is_ended_and_the_crawl_stops(
    crawled: Crawled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    async def use(session: CrawlSession) -> None:
        first, second = leased(session), leased(session)
        monkeypatch.setattr("broadsheet.archive.warc.writer.WarcWriter.write_exchange", full)
        await session.complete(first, page(first))
        while session.failure is None:
            await asyncio.sleep(0.01)
        assert session.stopping
        await session.complete(second, page(second))
        assert session.frontier.active == 0
        assert isinstance(session.failure, BrokenEnvironment)

    crawled.run(use, page, "/", "/a")
    assert State.DONE not in (crawled.state("/"), crawled.state("/a"))
    assert kinds(crawled.collection.directory) == {}
