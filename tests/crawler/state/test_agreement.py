"""The stores against each other, driven at random: the same changes, the same answers; told again, they change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from made_changes import CAPTURE, MOMENT, print_of

from broadsheet.archive.capture import Capture
from broadsheet.archive.catalogue import Catalogue, LatestAnswer
from broadsheet.archive.collection import Collection
from broadsheet.crawler.cookies.cookie import Cookie
from broadsheet.crawler.state.changes import Completion, CookiesSet, Discovery, Opening, Requeued, RobotsFetched
from broadsheet.crawler.state.memory import MemoryStore
from broadsheet.crawler.state.sqlite import SqliteStore
from broadsheet.crawler.state.store import CrawlStore
from broadsheet.crawler.state.url import FoundUrl, Lane, State
from broadsheet.pipelines.capture.submission import Change


@contextmanager
def sqlite_store(folder: Path) -> Iterator[SqliteStore]:
    with Catalogue.open(Collection.create(folder / "c").journal) as catalogue:
        yield SqliteStore.prepared(catalogue)


HOSTS, NAMES = "ab", "12345"
ALL = [f"http://{host}/{name}" for host in HOSTS for name in NAMES]
HOPS = st.sampled_from(["", "R", "I", "L", "LL", "E", "LE", "LER"])
NUMBERS = st.integers(0, 3)
ERRORS = st.sampled_from([None, "dns", "timeout"])
URLS = st.builds("http://{}/{}".format, st.sampled_from(HOSTS), st.sampled_from(NAMES))
MOMENTS = NUMBERS.map(lambda number: MOMENT + timedelta(seconds=number))


@st.composite
def found_urls(draw: st.DrawFn) -> FoundUrl:
    url = draw(URLS)
    return FoundUrl(print_of(url), url, url[7], draw(NUMBERS), draw(HOPS))


@st.composite
def completions(draw: st.DrawFn) -> Completion:
    url = draw(URLS)
    return Completion(
        print_of(url),
        url[7],
        draw(st.sampled_from([State.DONE, State.FAILED, State.REFUSED, State.QUEUED])),
        draw(NUMBERS),
        draw(NUMBERS),
        draw(ERRORS),
        tuple(draw(st.lists(found_urls(), max_size=4))),
        tuple(draw(st.lists(st.tuples(URLS.map(print_of), MOMENTS), max_size=2))),
    )


CHANGES: st.SearchStrategy[Change] = st.one_of(
    completions(),
    completions(),
    st.builds(Discovery, st.lists(found_urls(), max_size=4).map(tuple)),
    st.builds(Requeued, URLS.map(print_of), NUMBERS),
    st.builds(RobotsFetched, st.sampled_from(["http://a", "http://b"]), st.sampled_from([None, 200, 404]), ERRORS),
    st.builds(
        CookiesSet, st.lists(st.builds(Cookie, st.just("n"), ERRORS.map(str), st.sampled_from(HOSTS))).map(tuple)
    ),
    st.builds(Opening, st.integers(1, 3), st.booleans()),
)
ANSWERS = st.lists(
    st.builds(LatestAnswer, URLS, MOMENTS, st.none() | st.tuples(NUMBERS, NUMBERS)), unique_by=lambda one: one.url
)
# A change with the time of its capture; an update that begins; a transaction that fails.
STEPS = st.one_of(
    st.tuples(CHANGES, MOMENTS),
    st.tuples(CHANGES, MOMENTS),
    ANSWERS,
    st.lists(st.tuples(CHANGES, MOMENTS), min_size=1, max_size=3).map(tuple).map(frozenset),
)


def everything(store: CrawlStore) -> dict[str, object]:
    """Every answer that *store* has."""
    prints = [print_of(url) for url in ALL]
    return {
        "why": [store.why(url) for url in ALL],
        "seen": store.seen(prints),
        "resting": store.resting(prints),
        "earlier": [store.earlier_capture(one) for one in prints],
        "loaded": [store.load(host, lane, limit, prints[:2]) for host in HOSTS for lane in Lane for limit in (1, 99)],
        "waiting": store.waiting(),
        "counts": store.counts(),
        "failures": store.failures(),
        "failed": [store.failed(error, 2) for error in (None, "dns", "timeout")],
        "seeds": (store.seeds(), store.seed_redirects()),
        "order": (store.next_order(), store.found_since(3)),
        "robots": [store.robots(f"http://{host}") for host in HOSTS],
        "cookies": store.cookies(),
        "crawl": store.latest_crawl(),
    }


def captured_at(moment: object) -> Capture:
    assert isinstance(moment, datetime)
    capture: Capture = replace(CAPTURE, date=moment)
    return capture


def take(store: CrawlStore, step: object) -> None:
    match step:
        case (Change() as change, moment):
            with store.transaction():
                store.apply(change, captured_at(moment))
        case list():
            with store.transaction():
                store.begin_update(7, step)
        case frozenset():
            try:
                with store.transaction():
                    for change, moment in sorted(step, key=repr):
                        store.apply(change, captured_at(moment))
                    raise ZeroDivisionError
            except ZeroDivisionError:
                pass


@settings(max_examples=150)
@given(steps=st.lists(STEPS, max_size=25))
def test_the_same_changes_have_the_same_answers_in_each_store(steps: list[object]) -> None:
    with TemporaryDirectory() as folder, sqlite_store(Path(folder)) as in_journal:
        in_memory = MemoryStore()
        for step in steps:
            take(in_journal, step)
            take(in_memory, step)
            assert everything(in_journal) == everything(in_memory), step


def in_an_update() -> MemoryStore:
    """A store in which all URLs were asked, some as requisites, and an update has begun."""
    store = MemoryStore()
    hops = ["", "I", "L", "E", "LL"] * len(HOSTS)
    found = [FoundUrl(print_of(url), url, url[7], 0, path) for url, path in zip(ALL, hops, strict=True)]
    take(store, (Discovery(tuple(found)), MOMENT))
    for one in found:
        take(store, (Completion(one.fingerprint, one.host, State.DONE, 1, 0), MOMENT))
    take(store, [LatestAnswer(url, MOMENT + timedelta(seconds=2), (1, 1)) for url in ALL])
    return store


def as_a_crawl_makes_them(changes: list[tuple[Change, object]]) -> list[tuple[Change, object]]:
    """Tries count up, what is queued again was done with the last of them, and captures come one after another."""
    tries: dict[bytes, int] = {}
    made: list[tuple[Change, object]] = []
    for number, (change, _) in enumerate(changes):
        match change:
            case Completion(fingerprint=print_):
                tries[print_] = tries.get(print_, 0) + 1
                change = replace(change, tries=tries[print_])
            case Requeued(fingerprint=print_):
                change = replace(change, tries=tries.get(print_, 0))
        made.append((change, MOMENT + timedelta(seconds=number)))
    return made


@settings(max_examples=150)
@given(changes=st.lists(st.tuples(CHANGES, MOMENTS), max_size=20), data=st.data())
def test_changes_that_are_told_again_change_nothing(changes: list[tuple[Change, object]], data: st.DataObject) -> None:
    """As one does who died before it heard that they had arrived: from any of them on, in their order."""
    store = in_an_update()
    told = as_a_crawl_makes_them(changes)
    for step in told:
        take(store, step)
    before = everything(store)
    for step in told[data.draw(st.integers(0, len(told))) :]:
        take(store, step)
    assert everything(store) == before
