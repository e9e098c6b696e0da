"""The contract of a crawl's state (crawler/state/store.py) as tests, over each store that conftest.py names."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from made_changes import CAPTURE, MOMENT, apply, done, found, print_of, urls

from broadsheet.archive.catalogue import LatestAnswer
from broadsheet.crawler.bounds.evidence import LeftOutCount, RuleCount, ShapeCount
from broadsheet.crawler.cookies.cookie import Cookie
from broadsheet.crawler.state.changes import (
    CallbackKept,
    CookiesSet,
    Discovery,
    Learnt,
    LeftOut,
    Opening,
    Requeued,
    RobotsFetched,
)
from broadsheet.crawler.state.store import CrawlStore, Failure, RobotsCopy, StateCount, Waiting
from broadsheet.crawler.state.url import RETRY_PENALTY, Lane, State
from broadsheet.pipelines.capture.submission import Journal


def test_a_new_state_is_that_of_a_first_crawl_without_urls(store: CrawlStore) -> None:
    crawl = store.latest_crawl()
    assert (crawl.id, crawl.is_update, crawl.opened, crawl.finished, crawl.first_order) == (
        1,
        False,
        True,
        False,
        1,
    )
    assert (store.next_order(), store.options()) == (1, None)
    assert (store.waiting(), store.counts(), store.failures(), store.cookies(), store.seeds()) == ([],) * 5
    assert store.why("http://a/") is None
    assert store.seen([print_of("http://a/")]) == set()


def test_a_host_has_answered_when_one_of_its_urls_has(store: CrawlStore) -> None:
    apply(store, Discovery((found("http://a/", ""), found("http://b/", ""))), done("http://a/"))
    assert (store.has_answered("a"), store.has_answered("b"), store.has_answered("c")) == (True, False, False)


def test_what_was_found_is_queued_and_why_says_where_it_comes_from(store: CrawlStore) -> None:
    apply(
        store,
        Discovery((found("http://a/", ""),)),
        done("http://a/", found("http://b/1"), found("http://b/i", "LE")),
    )
    page, picture = store.why("http://b/1"), store.why("HTTP://B:80/i#top")
    assert page is not None
    assert picture is not None
    assert (page.state, page.lane, page.via, page.hops, page.tries) == (
        State.QUEUED,
        Lane.PAGE,
        "http://a/",
        "L",
        0,
    )
    assert (picture.url, picture.lane, picture.host) == ("http://b/i", Lane.REQUISITE, "b")
    assert store.seen([print_of("http://b/1"), print_of("http://b/2")]) == {print_of("http://b/1")}
    assert store.waiting() == [Waiting("b", Lane.PAGE, 1), Waiting("b", Lane.REQUISITE, 1)]
    assert [seed.url for seed in store.seeds()] == ["http://a/"]


def test_the_order_of_discovery_is_counted_by_the_store(store: CrawlStore) -> None:
    twice = found("http://a/1")
    apply(store, Discovery((twice, found("http://a/2"), twice)), Discovery((found("http://a/3"), twice)))
    assert [record.order for record in store.load("a", Lane.PAGE, 9)] == [1, 2, 3]
    assert store.next_order() == 4
    assert store.found_since(2) == 2


def test_what_is_loaded_has_the_highest_priority_and_was_found_first_and_is_not_held(store: CrawlStore) -> None:
    few = [found(f"http://a/{number}", priority=number % 3) for number in range(9)]
    apply(store, Discovery((*few, found("http://b/"), found("http://a/i", "E", 99))))
    assert urls(store, "a") == [f"http://a/{number}" for number in (2, 5, 8, 1, 4, 7, 0, 3, 6)]
    held = {few[2].fingerprint, few[8].fingerprint}
    assert [record.url for record in store.load("a", Lane.PAGE, 2, held)] == ["http://a/5", "http://a/1"]
    assert urls(store, "a", Lane.REQUISITE) == ["http://a/i"]
    assert urls(store, "c") == []


def test_a_completion_ends_a_url_or_puts_it_behind_the_others(store: CrawlStore) -> None:
    apply(store, Discovery((found("http://a/1"), found("http://a/2"))))
    again = done("http://a/1", state=State.QUEUED, error="timeout")
    apply(store, replace(again, priority=-RETRY_PENALTY))
    assert urls(store, "a") == ["http://a/2", "http://a/1"]
    apply(store, done("http://a/1", state=State.FAILED, tries=2, error="timeout"), done("http://a/2"))
    assert store.waiting() == []
    record = store.why("http://a/1")
    assert record is not None
    assert (record.state, record.tries, record.error) == (State.FAILED, 2, "timeout")
    assert store.counts() == [StateCount(State.DONE, Lane.PAGE, 1), StateCount(State.FAILED, Lane.PAGE, 1)]


def test_why_urls_failed(store: CrawlStore) -> None:
    for number, error in enumerate(("dns", "robots", None, "dns")):
        url = f"http://a/{number}"
        state = State.REFUSED if error == "robots" else State.FAILED
        apply(store, Discovery((found(url),)), done(url, state=state, error=error))
    apply(store, Discovery((found("http://a/fine"),)), done("http://a/fine", error="too-large"))
    assert store.failures() == [Failure(None, 1), Failure("dns", 2), Failure("robots", 1)]
    assert store.failed("dns", 9) == ["http://a/0", "http://a/3"]
    assert store.failed("dns", 1) == ["http://a/0"]
    assert store.failed(None, 9) == ["http://a/2"]


def test_where_seeds_have_redirected_to(store: CrawlStore) -> None:
    hops = {
        "": "http://a/",
        "R": "http://b/",
        "RR": "http://c/",
        "L": "http://d/",
        "LR": "http://e/",
        "I": "http://f/",
    }
    apply(store, Discovery(tuple(found(url, path) for path, url in hops.items())))
    assert store.seed_redirects() == ["http://b/", "http://c/"]


def test_a_url_that_is_done_can_be_queued_again(store: CrawlStore) -> None:
    apply(store, Discovery((found("http://a/"),)), done("http://a/"), Requeued(print_of("http://a/"), 1))
    assert urls(store, "a") == ["http://a/"]
    apply(store, done("http://a/", tries=2), Requeued(print_of("http://a/"), 1))
    assert urls(store, "a") == []  # that was overtaken


def test_a_change_that_comes_late_undoes_nothing(store: CrawlStore) -> None:
    first, second = done("http://a/", state=State.QUEUED, error="timeout"), done("http://a/", tries=2)
    apply(store, Discovery((found("http://a/"),)), first, second, first)
    record = store.why("http://a/")
    assert record is not None
    assert (record.state, record.tries, record.error) == (State.DONE, 2, None)


def test_a_transaction_that_fails_leaves_nothing(store: CrawlStore) -> None:
    apply(store, Discovery((found("http://a/"), found("http://a/1"))), CookiesSet((Cookie("n", "1", "a"),)))
    before = (store.load("a", Lane.PAGE, 9), store.cookies(), store.next_order(), store.counts())
    with suppress(ZeroDivisionError), store.transaction():
        store.apply(done("http://a/", found("http://a/2"), found("http://b/")), CAPTURE)
        store.apply(RobotsFetched("http://a", 200, None), CAPTURE)
        store.apply(CookiesSet((Cookie("n", "2", "a"), Cookie("m", "", "a"))), CAPTURE)
        assert store.why("http://a/2") is not None  # who is within sees what was applied
        raise ZeroDivisionError
    assert (store.load("a", Lane.PAGE, 9), store.cookies(), store.next_order(), store.counts()) == before
    assert store.robots("http://a") is None
    apply(store, done("http://a/"))
    assert urls(store, "a") == ["http://a/1"]


def test_options_are_kept_as_they_are(store: CrawlStore) -> None:
    store.keep_options('{"delay": 1}')
    store.keep_options('{"delay": 2}')
    assert store.options() == '{"delay": 2}'


def test_the_latest_robots_txt_of_an_origin_counts(store: CrawlStore) -> None:
    later = replace(CAPTURE, date=MOMENT + timedelta(hours=1), offset=9)
    with store.transaction():
        store.apply(RobotsFetched("http://a", 404, None), later)
        store.apply(RobotsFetched("http://a", 200, None), CAPTURE)
        store.apply(RobotsFetched("http://b", None, "dns"), CAPTURE)
    assert store.robots("http://a") == RobotsCopy(later.date, 404, None, "a.warc.gz", 9, 90)
    assert store.robots("http://b") == RobotsCopy(MOMENT, None, "dns", "a.warc.gz", 700, 90)


def test_cookies_replace_those_of_one_name(store: CrawlStore) -> None:
    one = Cookie("n", "1", "b", "/x", host_only=False, secure=True, expires=7.5)
    apply(store, CookiesSet((one, Cookie("n", "1", "a"))), CookiesSet((replace(one, value="2"),)))
    assert store.cookies() == [Cookie("n", "1", "a"), replace(one, value="2")]


def test_the_first_request_of_a_spider_for_a_url_counts(store: CrawlStore) -> None:
    print_ = found("http://a/").fingerprint
    assert store.callback(print_) is None
    apply(store, CallbackKept(print_, "{}"), CallbackKept(print_, "[]"))
    assert store.callback(print_) == "{}"
    with suppress(ZeroDivisionError), store.transaction():
        store.apply(CallbackKept(b"other", "{}"), None)
        raise ZeroDivisionError
    assert store.callback(b"other") is None


def test_what_one_thread_applies_another_one_asks_for(store: CrawlStore, journal: Journal) -> None:
    """A whole transaction at a time."""
    seen: list[int] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            seen.append(sum(waiting.count for waiting in store.waiting()))

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(30):
        with journal.transaction():
            for half in range(2):
                journal.apply(Discovery((found(f"http://a/{number}/{half}"),)), None)
    ended.set()
    asking.join()
    assert sum(waiting.count for waiting in store.waiting()) == 60
    assert all(count % 2 == 0 for count in seen)


# -- updates


def test_an_update_asks_the_sources_and_then_the_known_pages(store: CrawlStore) -> None:
    sources = [
        found("http://a/", ""),
        found("http://a/moved", "R"),
        found("http://a/map", "I"),
        found("http://a/feed", "LI"),
    ]
    others = [found("http://a/1"), found("http://a/i", "E"), found("http://a/waits")]
    apply(store, Discovery((*sources, *others)), *(done(one.url) for one in [*sources, *others[:2]]))
    assert store.resting([others[1].fingerprint]) == []
    with store.transaction():
        store.begin_update(5, [])
    crawl = store.latest_crawl()
    assert (crawl.id, crawl.is_update, crawl.first_warc, crawl.first_order, crawl.opened) == (2, True, 5, 8, False)
    assert urls(store, "a") == [*(one.url for one in sources), "http://a/waits"]
    resting = store.resting([one.fingerprint for one in [*sources, *others]])
    assert [one.url for one in resting] == ["http://a/i"]
    apply(store, *(done(one.url) for one in sources), done("http://a/waits"), Opening(2, ask_all=False))
    assert urls(store, "a") == ["http://a/1"]
    assert urls(store, "a", Lane.REQUISITE) == []
    apply(store, done("http://a/1", *resting))
    assert urls(store, "a", Lane.REQUISITE) == ["http://a/i"]
    assert store.latest_crawl().opened
    store.finish_crawl(2)
    assert store.latest_crawl().finished


@pytest.mark.parametrize("ask_all", [False, True])
def test_what_a_sitemap_calls_unchanged_is_spared(store: CrawlStore, ask_all: bool) -> None:
    names = ("old", "new", "unknown", "unsaid", "listing")
    pages = {name: found(f"http://a/{name}") for name in names}
    children = tuple(found(f"http://a/{number}") for number in range(3))
    apply(store, Discovery((found("http://a/", ""), *pages.values())), done("http://a/"))
    apply(store, *(done(page.url) for page in pages.values()), done("http://a/listing", *children))
    apply(store, *(done(child.url) for child in children))
    answers = [LatestAnswer(pages[name].url, MOMENT, (1, 2)) for name in names if name != "unknown"]
    with store.transaction():
        store.begin_update(2, answers)
    said = {name: MOMENT - timedelta(days=1) for name in ("old", "unknown", "listing")} | {"new": MOMENT}
    sitemap = replace(done("http://a/"), changed_until=tuple((print_of(f"http://a/{n}"), at) for n, at in said.items()))
    apply(store, sitemap, Opening(2, ask_all))
    asked = {record.url.removeprefix("http://a/") for record in store.load("a", Lane.PAGE, 99)}
    assert asked == {*names, "0", "1", "2"} - ({"old"} if not ask_all else set())
    assert store.latest_crawl().spared == (not ask_all)
    apply(store, *(done(f"http://a/{name}") for name in asked), Opening(2, ask_all=True))
    assert store.waiting() == []  # it was open


def test_an_update_knows_the_latest_capture_and_forgets_tries_and_errors(store: CrawlStore) -> None:
    apply(store, Discovery((found("http://a/1"), found("http://a/2"))))
    bad = done("http://a/1", state=State.FAILED, tries=3, error="timeout")
    apply(store, replace(bad, priority=-2 * RETRY_PENALTY), done("http://a/2"))
    assert store.earlier_capture(print_of("http://a/1")) is None
    with store.transaction():
        store.begin_update(2, [LatestAnswer("http://a/1", MOMENT, (4, 7)), LatestAnswer("http://a/2", MOMENT, None)])
    assert store.earlier_capture(print_of("http://a/1")) == (4, 7)
    assert store.earlier_capture(print_of("http://a/2")) is None
    record = store.why("http://a/1")
    assert record is not None
    assert (record.state, record.tries, record.error, record.priority) == (State.KNOWN, 0, None, 0)
    assert store.failures() == []


def test_what_was_learnt_of_a_site_is_kept_as_it_was_counted_last(store: CrawlStore) -> None:
    one, two = RuleCount("a", "slash", 1, 0, "x y"), RuleCount("a", "slash", 2, 0, "x z")
    few, many = ShapeCount("a", "/tag/*", 1, 0, 0, 1, 4), ShapeCount("a", "/tag/*", 2, 0, 1, 0, 4, 3)
    page = replace(done("http://a/1"), learnt=Learnt((one,), (few,), 77))
    apply(store, Discovery((found("http://a/1"), found("http://a/2"))), page)
    apply(store, replace(done("http://a/2"), learnt=Learnt((two,), (many,), 77)), page)
    assert (store.rule_counts("a"), store.shape_counts("a"), store.learnt_sites()) == ([two], [many], ["a"])
    family = store.family(77)
    assert family is not None
    assert (family.fingerprint, family.url) == (print_of("http://a/1"), "http://a/1")
    assert (store.family(78), store.rule_counts("b"), store.shape_counts("b")) == (None, [], [])


def test_what_was_left_out_is_counted_named_and_taken_when_it_is_wanted(store: CrawlStore) -> None:
    few = [found(f"http://a/{number}") for number in range(4)]
    variants = [
        replace(done(url.url, state=State.LEFT_OUT, tries=0, error="variant: slash"), variant_of=few[0].fingerprint)
        for url in few[1:3]
    ]
    apply(
        store,
        Discovery(tuple(few)),
        *variants,
        done(few[3].url, state=State.LEFT_OUT, tries=0, error="no new articles"),
    )
    apply(
        store,
        LeftOut((LeftOutCount("out of scope", 7, ("http://b/",)),)),
        LeftOut((LeftOutCount("out of scope", 5, ()),)),
    )
    assert store.left_out() == [LeftOutCount("out of scope", 7, ("http://b/",))]
    assert store.left_out_reasons(1) == [
        LeftOutCount("no new articles", 1, ("http://a/3",)),
        LeftOutCount("variant: slash", 2, ("http://a/1",)),
    ]
    assert (urls(store, "a"), store.failures()) == (["http://a/0"], [])
    assert store.variants_of(few[0].fingerprint, 9) == ["http://a/1", "http://a/2"]
    variant = store.why("http://a/1")
    assert variant is not None
    assert variant.variant_of == "http://a/0"
    with store.transaction():
        assert store.take_left_out("variant: ") == 2
    assert urls(store, "a") == ["http://a/0", "http://a/1", "http://a/2"]
