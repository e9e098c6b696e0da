"""Host queues: fairness, places, rest, bounded memory.  A model test drives them at random against a plain list."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.crawler.frontier.queues import CAPACITY, HostQueues, Visit


def visit(number: int, host: str = "a", priority: int = 0) -> Visit:
    return Visit(b"%d" % number, f"http://{host}/{number}", host, priority, "L", None, number)


def queues(
    concurrency: int = 2, ready: dict[str, float] | None = None, journal: list[Visit] | None = None
) -> HostQueues:
    times = ready if ready is not None else {}
    stored = journal if journal is not None else []

    def load(host: str, requisite: bool, limit: int) -> list[Visit]:
        mine = sorted(one for one in stored if one.host == host and one.requisite == requisite)[:limit]
        for one in mine:
            stored.remove(one)
        return mine

    return HostQueues(
        concurrency=concurrency,
        horizon=1.0,
        ready_at=lambda host, _now: times.get(host, 0.0),
        load=load,
        leave=stored.extend,
    )


def test_higher_priority_first_then_in_the_order_found() -> None:
    q = queues(concurrency=10)
    for one in (visit(3), visit(1), visit(9, priority=5), visit(2)):
        q.push(one)
    assert [q.pop(0.0).order for _ in range(4)] == [9, 1, 2, 3]  # type: ignore[union-attr]
    assert q.pop(0.0) is None
    assert (q.queued, q.active) == (0, 4)


def test_what_a_page_shows_goes_before_other_pages() -> None:
    q = queues(concurrency=10)
    q.push(visit(1, priority=500))
    q.push(Visit(b"picture", "http://a/2.png", "a", 1, "LE", None, 2))
    q.push(visit(3, priority=500))
    assert [q.pop(0.0).order for _ in range(3)] == [2, 1, 3]  # type: ignore[union-attr]


def test_a_host_gives_no_more_than_its_places() -> None:
    q = queues(concurrency=2)
    for number in range(5):
        q.push(visit(number))
    assert q.pop(0.0) is not None
    assert q.pop(0.0) is not None
    assert q.pop(0.0) is None
    q.done(visit(0))
    assert q.pop(0.0) is not None


def test_hosts_are_served_in_turn() -> None:
    q = queues(concurrency=10)
    for number in range(6):
        q.push(visit(number, "abc"[number // 2]))
    assert [q.pop(0.0).host for _ in range(6)] == ["a", "b", "c"] * 2  # type: ignore[union-attr]


def test_a_resting_host_is_skipped_until_shortly_before_its_time() -> None:
    ready = {"a": 10.0}
    q = queues(ready=ready)
    q.push(visit(1, "a"))
    q.push(visit(2, "b"))
    first = q.pop(0.0)
    assert first is not None
    assert first.host == "b"
    assert q.pop(0.0) is None
    for number in range(3, 50):  # what is found meanwhile must not make it rest many times over
        q.push(visit(number, "a"))
        assert q.pop(1.0) is None
    assert len(q._resting) == 1
    again = q.pop(9.5)
    assert again is not None
    assert again.order == 1


def test_memory_is_bounded_and_the_rest_comes_from_the_journal() -> None:
    journal: list[Visit] = []
    q = queues(concurrency=10**6, journal=journal)
    for number in range(CAPACITY * 5):
        one = visit(number)
        if not q.push(one):
            journal.append(one)
    assert len(journal) >= CAPACITY * 3
    got = [q.pop(0.0) for _ in range(CAPACITY * 5)]
    assert [one.order for one in got if one] == list(range(CAPACITY * 5))


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=40), st.integers(2, 4))
@settings(max_examples=5)
def test_the_order_is_that_of_all_wherever_they_are_held(priorities: list[int], times: int) -> None:
    journal: list[Visit] = []
    q = queues(concurrency=10**6, journal=journal)
    pushed: list[Visit] = []
    for number in range(CAPACITY * times):
        one = visit(number, priority=priorities[number % len(priorities)])
        pushed.append(one)
        takes = q.takes("a", one.place, requisite=False)
        if not q.push(one):
            journal.append(one)
        else:
            assert takes
        if number % 7 == 6:  # the best of all goes at any time
            first = q.pop(0.0)
            assert first == min(pushed)
            pushed.remove(first)
    assert [q.pop(0.0) for _ in pushed] == sorted(pushed)


def test_what_the_journal_held_before_goes_in_its_order_with_what_is_found() -> None:
    stored = [visit(number, priority=number % 5) for number in range(1, 400)]
    journal = list(stored)
    q = queues(concurrency=10**6, journal=journal)
    q.count("a", len(stored))
    late = visit(1000, priority=3)
    if not q.push(late):
        journal.append(late)
    assert [q.pop(0.0) for _ in range(400)] == sorted([*stored, late])


@given(st.lists(st.one_of(st.sampled_from("abc"), st.just("pop"), st.just("done")), max_size=200))
def test_nothing_is_lost_or_given_twice(steps: list[str]) -> None:
    q = queues(concurrency=2)
    pushed: list[int] = []
    given_out: list[int] = []
    active: Counter[str] = Counter()
    for number, step in enumerate(steps):
        if step == "pop":
            one = q.pop(0.0)
            if one is not None:
                given_out.append(one.order)
                active[one.host] += 1
                assert active[one.host] <= 2
            else:
                waiting = [n for n in pushed if n not in given_out]
                assert all(active[steps[n]] == 2 for n in waiting)
        elif step == "done":
            busy = [host for host, count in active.items() if count]
            if busy:
                active[busy[0]] -= 1
                q.done(visit(0, busy[0]))
        else:
            q.push(visit(number, step))
            pushed.append(number)
    assert len(set(given_out)) == len(given_out)
    assert q.queued == len(pushed) - len(given_out)
    assert q.active == sum(active.values())
