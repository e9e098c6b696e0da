"""The frontier over a real journal: every URL once, nothing lost by a kill, retries last, memory no larger than allowed.

The capture log is stood in for by one that applies changes when told to, so a test decides what was durable at a "kill".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.archive.catalogue import Catalogue
from broadsheet.archive.collection import Collection
from broadsheet.archive.exchange import Exchange, FetchError, Outlink
from broadsheet.crawler.frontier.expansion import MAX_EMBEDS
from broadsheet.crawler.frontier.frontier import Frontier, FrontierOptions
from broadsheet.crawler.frontier.queues import CAPACITY, Visit
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.url import Lane, State
from broadsheet.pipelines.capture.submission import Submission


def answer(url: str, status: int | None = 200, error: FetchError | None = None) -> Exchange:
    return Exchange(url, datetime(2026, 11, 23, tzinfo=UTC), 0.1, status=status, error=error)


class Crawl:
    """A frontier whose commits happen by hand."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.collection = Collection.create(folder)
        self.catalogue = Catalogue.open(self.collection.journal)
        self.store = SqliteStore.prepared(self.catalogue)
        self.waiting: list[Submission] = []
        self.options = FrontierOptions(**{"concurrency": 10**6, **options})
        self.start()

    def start(self) -> None:
        """Begin, or begin again as after a kill: what was not committed is gone."""
        self.waiting.clear()
        self.frontier = Frontier(
            self.store,
            self.options,
            submit=self.waiting.append,
            accepts=lambda url: "outside" not in url,
            ready_at=lambda _host, _now: 0.0,
            accepts_requisite=lambda url: "excluded" not in url,
        )

    def commit(self) -> None:
        submissions = list(self.waiting)
        self.waiting.clear()
        with self.store.transaction():
            for submission in submissions:
                assert submission.change is not None
                self.store.apply(submission.change, None)
        self.frontier.committed(submissions)

    def complete(self, visit: Visit, exchange: Exchange, outlinks: Sequence[Outlink] = ()) -> None:
        self.frontier.complete(visit, exchange, outlinks)
        self.frontier.leave(visit)

    def lease(self) -> Visit:
        visit = self.frontier.lease(0.0)
        assert visit is not None
        return visit

    def rows(self) -> dict[str, tuple[State, int]]:
        rows = self.catalogue.connection.execute("SELECT url, state, tries FROM frontier")
        return {url: (State(state), tries) for url, state, tries in rows}

    def lanes(self) -> dict[str, Lane]:
        rows = self.catalogue.connection.execute("SELECT url, requisite FROM frontier")
        return {url: Lane(lane) for url, lane in rows}


def links(*urls: str) -> list[Outlink]:
    return [Outlink(url, "L", "a/@href") for url in urls]


def test_a_url_is_fetched_once_however_often_it_is_found(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    assert crawl.frontier.seed(["http://a/"]) == ()
    first = crawl.lease()
    crawl.complete(first, answer(first.url), links("http://a/1", "http://a/", "http://a/1", "http://outside/"))
    crawl.commit()
    second = crawl.lease()
    assert (second.url, second.via, second.hops, second.depth) == ("http://a/1", "http://a/", "L", 1)
    crawl.complete(second, answer(second.url), links("http://a/", "http://a/1"))
    crawl.commit()
    assert crawl.frontier.lease(0.0) is None
    assert (crawl.frontier.queued, crawl.frontier.active) == (0, 0)
    assert crawl.rows() == {"http://a/": (State.DONE, 1), "http://a/1": (State.DONE, 1)}


def test_a_kill_before_the_commit_loses_the_visit_and_its_children_together(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    crawl.commit()
    visit = crawl.lease()
    crawl.complete(visit, answer(visit.url), links("http://a/1"))
    crawl.start()
    assert crawl.lease().url == "http://a/"
    assert crawl.frontier.lease(0.0) is None
    assert len(crawl.rows()) == 1


def test_a_kill_voids_all_leases(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed([f"http://a/{n}" for n in range(5)])
    crawl.commit()
    before = {crawl.lease().url for _ in range(3)}
    crawl.start()
    after = {crawl.lease().url for _ in range(5)}
    assert before < after


def test_a_failure_is_tried_again_after_all_others_and_then_given_up(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c", retries=1)
    crawl.frontier.seed(["http://a/1", "http://a/2"])
    order = []
    while (visit := crawl.frontier.lease(0.0)) is not None:
        order.append(visit.url)
        bad = visit.url.endswith("1")
        crawl.complete(visit, answer(visit.url, None if bad else 200, FetchError.TIMEOUT if bad else None))
        crawl.commit()
    assert order == ["http://a/1", "http://a/2", "http://a/1"]
    assert crawl.rows() == {"http://a/1": (State.FAILED, 2), "http://a/2": (State.DONE, 1)}
    assert crawl.frontier.errors == {"timeout": 1}
    crawl.start()
    assert crawl.frontier.errors == {"timeout": 1}


def test_a_refused_url_is_a_row_with_its_reason(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/private"])
    crawl.frontier.refuse(crawl.lease(), "robots")
    crawl.commit()
    record = crawl.store.why("http://a/private")
    assert record is not None
    assert (record.state, record.tries, record.error) == (State.REFUSED, 0, "robots")


def test_a_url_that_was_answered_is_asked_again_once(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    for _ in range(2):
        visit = crawl.lease()
        crawl.complete(visit, answer(visit.url, 302))
        crawl.frontier.again(visit)
        assert crawl.frontier.lease(0.0) is None  # the store does not show it yet
        crawl.commit()
    visit = crawl.lease()
    crawl.complete(visit, answer(visit.url))
    crawl.commit()
    assert crawl.frontier.lease(0.0) is None
    assert (crawl.frontier.queued, crawl.rows()) == (0, {"http://a/": (State.DONE, 3)})


def test_a_visit_given_back_is_there_for_the_next_run(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    crawl.commit()
    crawl.frontier.leave(crawl.lease())
    assert crawl.frontier.active == 0
    crawl.start()
    assert crawl.lease().url == "http://a/"


@pytest.mark.parametrize(("depth", "expected"), [(0, 4), (1, 2), (2, 3)])
def test_depth_counts_links_and_not_redirects(tmp_path: Path, depth: int, expected: int) -> None:
    crawl = Crawl(tmp_path / "c", max_depth=depth)
    crawl.frontier.seed(["http://a/"])
    found = {
        "http://a/": [Outlink("http://a/moved", "R")],
        "http://a/moved": links("http://a/1"),
        "http://a/1": links("http://a/2"),
        "http://a/2": [],
    }
    if depth:
        expected += 1  # the redirect does not count
    seen = []
    while (visit := crawl.frontier.lease(0.0)) is not None:
        seen.append(visit.url)
        crawl.complete(visit, answer(visit.url), found[visit.url])
        crawl.commit()
    assert len(seen) == min(expected, 4)


def test_an_endless_redirect_ends(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/0"])
    count = 0
    while (visit := crawl.frontier.lease(0.0)) is not None:
        count += 1
        crawl.complete(visit, answer(visit.url, 302), [Outlink(f"http://a/{count}", "R")])
        crawl.commit()
    assert count == 11


def test_an_ended_visit_keeps_its_place_until_it_leaves(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c", concurrency=1)
    crawl.frontier.seed(["http://a/1", "http://a/2"])
    visit = crawl.lease()
    crawl.frontier.complete(visit, answer(visit.url))
    assert crawl.frontier.lease(0.0) is None
    crawl.frontier.leave(visit)
    assert crawl.lease().url == "http://a/2"


def test_many_urls_of_one_host_stay_in_the_journal_and_all_come_out_once(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    seed = crawl.lease()
    total = CAPACITY * 4
    crawl.complete(seed, answer(seed.url), links(*(f"http://a/{n}" for n in range(total))))
    crawl.commit()
    assert sum(len(held) for held in crawl.frontier._held.values()) <= CAPACITY
    seen = []
    while (visit := crawl.frontier.lease(0.0)) is not None:
        seen.append(visit.url)
        crawl.complete(visit, answer(visit.url))
        if len(seen) % 50 == 0:
            crawl.commit()
    assert seen == [f"http://a/{n}" for n in range(total)]
    assert not crawl.frontier.queued


def test_what_is_put_off_behind_others_in_the_journal_comes_once_when_its_place_is_committed(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    total = CAPACITY * 4
    crawl.frontier.seed([f"http://a/{n}" for n in range(total)])
    crawl.commit()
    refused = [crawl.lease() for _ in range(CAPACITY // 2)]
    for one in refused:
        crawl.complete(one, answer(one.url, 503))
    seen = []
    while (visit := crawl.frontier.lease(0.0)) is not None:
        seen.append(visit.url)
        crawl.complete(visit, answer(visit.url))
    assert seen == [f"http://a/{n}" for n in range(len(refused), total)]
    crawl.commit()
    again = [crawl.lease() for _ in refused]
    assert [(one.url, one.tries) for one in again] == [(one.url, 1) for one in refused]
    assert crawl.frontier.lease(0.0) is None


def test_no_more_is_put_off_than_can_be_remembered_until_it_is_committed(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed([f"http://a/{n}" for n in range(CAPACITY * 8)])
    crawl.commit()
    asked = 0
    for _ in range(9):
        while (visit := crawl.frontier.lease(0.0)) is not None and visit.tries == 0:
            asked += 1
            crawl.complete(visit, answer(visit.url, 503))
        assert sum(len(held) for held in crawl.frontier._held.values()) <= CAPACITY * 5
        if visit is not None:
            crawl.frontier.leave(visit)
        crawl.commit()
    assert asked == CAPACITY * 8


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_kills_at_any_moment_change_nothing_in_what_is_fetched(tmp_path: Path, data: st.DataObject) -> None:
    """A random site, crawled with random commits and kills: in the end every reachable URL is done."""
    size = data.draw(st.integers(1, 40))
    site = {
        f"http://{n % 3}/{n}": data.draw(st.lists(st.integers(0, size - 1), max_size=4), label=str(n))
        for n in range(size)
    }
    reachable, todo = set(), ["http://0/0"]
    while todo:
        url = todo.pop()
        if url not in reachable:
            reachable.add(url)
            todo += [f"http://{n % 3}/{n}" for n in site[url]]
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    crawl = Crawl(folder, concurrency=2)
    crawl.frontier.seed(["http://0/0"])
    crawl.commit()
    active: list[Visit] = []
    for step in [*data.draw(st.lists(st.sampled_from(["lease", "complete", "commit", "kill"]), max_size=60)), "end"]:
        if step == "lease" and (visit := crawl.frontier.lease(0.0)):
            active.append(visit)
        elif step == "complete" and active:
            visit = active.pop(0)
            crawl.complete(visit, answer(visit.url), links(*(f"http://{n % 3}/{n}" for n in site[visit.url])))
        elif step == "commit":
            crawl.commit()
        elif step == "kill":
            active.clear()
            crawl.start()
    active.clear()
    crawl.start()
    while (visit := crawl.frontier.lease(0.0)) is not None:
        crawl.complete(visit, answer(visit.url), links(*(f"http://{n % 3}/{n}" for n in site[visit.url])))
        crawl.commit()
    assert {url for url, (state, _) in crawl.rows().items() if state is State.DONE} == reachable
    counted = crawl.catalogue.connection.execute("SELECT count(*), count(DISTINCT url) FROM frontier").fetchone()
    assert counted == (len(reachable),) * 2
    crawl.catalogue.close()


def embeds(*urls: str, context: str = "img/@src") -> list[Outlink]:
    return [Outlink(url, "E", context) for url in urls]


def finish(crawl: Crawl, *outlinks: Outlink, status: int = 200) -> Visit:
    visit = crawl.lease()
    crawl.complete(visit, answer(visit.url, status), outlinks)
    return visit


def test_requisites_go_before_pages_wherever_they_lie(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    finish(crawl, *links("http://a/1"), *embeds("http://a/i", "http://outside/i", "http://a/excluded", "http://a/i"))
    assert (crawl.frontier.queued, crawl.frontier.queued_pages) == (3, 1)
    given_out = {(visit.url, visit.hops, visit.requisite) for visit in (crawl.lease(), crawl.lease())}
    assert given_out == {("http://a/i", "E", True), ("http://outside/i", "E", True)}
    assert (crawl.frontier.active, crawl.frontier.active_pages) == (2, 0)
    assert crawl.lease().url == "http://a/1"


def test_without_pages_only_requisites_are_given_out(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/", "http://b/"])
    finish(crawl, *links("http://a/1"), *embeds("http://b/i"))
    visit = crawl.frontier.lease(0.0, pages=False)
    assert visit is not None
    assert visit.url == "http://b/i"
    assert crawl.frontier.lease(0.0, pages=False) is None
    assert {crawl.lease().url, crawl.lease().url} == {"http://a/1", "http://b/"}


def test_what_a_requisite_needs_is_a_requisite_and_redirects_are_followed(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    finish(crawl, *embeds("http://outside/s.css"))
    finish(crawl, Outlink("http://outside/t.css", "R", "location"), status=302)
    moved = finish(crawl, *embeds("http://outside/f.woff2", context="css/@font-face"))
    font = crawl.lease()
    assert (moved.hops, font.hops, font.via) == ("ER", "ERE", "http://outside/t.css")


def test_a_chain_of_requisites_ends(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    for number in range(30):
        if not crawl.frontier.queued:
            break
        finish(crawl, *embeds(f"http://a/{number}.css"))
    assert number == MAX_EMBEDS + 1


@pytest.mark.parametrize("context", ["iframe/@src", "frame/@src", "iframe/@data-src"])
def test_a_frame_of_the_site_is_a_page_and_one_from_elsewhere_is_not(tmp_path: Path, context: str) -> None:
    crawl = Crawl(tmp_path / "c", max_depth=1)
    crawl.frontier.seed(["http://a/"])
    finish(crawl, *embeds("http://a/frame", "http://outside/frame", context=context))
    visits = [finish(crawl, *embeds(f"http://a/deep/{n}", context=context)) for n in range(2)]
    visits += [crawl.lease() for _ in range(2)]
    assert {(one.url, one.hops, one.requisite) for one in visits if "deep" not in one.url} == {
        ("http://outside/frame", "E", True),
        ("http://a/frame", "L", False),
    }
    deep = {one.hops: one.requisite for one in visits if "deep" in one.url}
    assert deep == {"EL": False, "LE": True}  # too far to be a page, but it is part of one


def test_what_is_out_of_scope_as_a_link_is_fetched_as_an_image(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    finish(crawl, *links("http://outside/i", "http://a/1"), *embeds("http://outside/i"))
    assert {crawl.lease().url for _ in range(2)} == {"http://outside/i", "http://a/1"}


def test_requisites_survive_a_kill_in_their_lane(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    finish(crawl, *links("http://a/1"), *embeds(*(f"http://a/{n}.png" for n in range(3))))
    crawl.commit()
    finish(crawl)
    crawl.start()
    assert (crawl.frontier.queued, crawl.frontier.queued_pages) == (4, 1)
    assert [crawl.lease().requisite for _ in range(4)] == [True, True, True, False]


def test_without_requisites_those_of_an_earlier_run_wait(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/"])
    finish(crawl, *links("http://a/1"), *embeds("http://a/i"))
    crawl.commit()
    crawl.options = replace(crawl.options, requisites=False)
    crawl.start()
    assert crawl.frontier.queued == 1
    finish(crawl, *embeds("http://a/j"))
    assert crawl.frontier.queued == 0
    crawl.commit()
    crawl.options = replace(crawl.options, requisites=True)
    crawl.start()
    assert crawl.lease().url == "http://a/i"


def test_a_retried_requisite_keeps_its_lane(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c", retries=1)
    crawl.frontier.seed(["http://a/"])
    finish(crawl, *links("http://a/1"), *embeds("http://a/i", "http://a/j"))
    finish(crawl, status=500)
    assert [crawl.lease().url for _ in range(3)] == ["http://a/j", "http://a/i", "http://a/1"]


def test_a_journal_from_before_requisites_goes_on(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path / "c")
    crawl.frontier.seed(["http://a/", "http://b/"])
    crawl.commit()
    crawl.catalogue.connection.executescript(
        "DROP INDEX frontier_lanes; ALTER TABLE frontier DROP COLUMN requisite;"
        "CREATE INDEX frontier_queue ON frontier (host, priority DESC, id) WHERE state = 0;"
        "UPDATE frontier SET hops = 'LER' WHERE url = 'http://b/'"
    )
    crawl.store = SqliteStore.prepared(crawl.catalogue)
    crawl.start()
    assert [crawl.lease().url for _ in range(2)] == ["http://a/", "http://b/"]
    assert crawl.lanes() == {"http://a/": Lane.PAGE, "http://b/": Lane.REQUISITE}
