"""How far apart a host can bear to be asked, learnt from what it answers."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.crawler.politeness.learned_interval import SLOWEST, LearnedInterval


def test_a_steady_host_is_not_slowed_down() -> None:
    learned = LearnedInterval()
    for number in range(200):
        learned.answered(float(number), 3.0 if number % 7 else 3.4, 0.5)
    assert learned.seconds == 0.0


def test_refusals_of_requests_under_way_together_count_once() -> None:
    learned = LearnedInterval()
    for _ in range(4):
        learned.refused(10.0, 1.0, 0.5)
    assert learned.seconds == 1.0
    learned.refused(20.0, 1.0, 0.5)
    assert learned.seconds == 2.0


def asked(
    learned: LearnedInterval, requests: int, delay: float, refuses: Callable[[float, int], bool]
) -> tuple[int, float]:
    """How many of *requests* were refused, and the time it took; *refuses* is told the interval and the number."""
    now, refusals = 0.0, 0
    for number in range(requests):
        interval = max(learned.seconds, delay)
        now += interval
        if refuses(interval, number):
            refusals += 1
            learned.refused(now, 0.01, delay)
        else:
            learned.answered(now, 0.01, delay)
    return refusals, now


def test_a_host_that_bears_two_requests_a_second_is_asked_about_so_often() -> None:
    refusals, time = asked(LearnedInterval(), 200, 0.1, lambda interval, _: interval < 0.5)
    assert refusals < 30
    assert 80 < time < 200


def test_pages_that_are_refused_at_any_rate_slow_nothing_down_for_long() -> None:
    refusals, time = asked(LearnedInterval(), 2000, 0.5, lambda _, number: number % 3 == 0)
    assert refusals > 600
    assert time < 1.3 * 2000 * 0.5


def test_a_host_that_gets_slow_is_asked_less_and_as_before_when_it_has_recovered() -> None:
    learned = LearnedInterval()
    now = 0.0
    for _ in range(20):
        now += 0.5
        learned.answered(now, 0.1, 0.5)
    for _ in range(20):
        now += max(learned.seconds, 0.5)
        learned.answered(now, 4.0, 0.5)
    assert learned.seconds > 2.0
    for _ in range(200):
        now += max(learned.seconds, 0.5)
        learned.answered(now, 0.1, 0.5)
    assert learned.seconds == 0.0


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 100), st.floats(0, 100)), max_size=60), st.floats(0, 10))
def test_it_stays_within_its_bounds(events: list[tuple[bool, float, float]], delay: float) -> None:
    learned = LearnedInterval()
    now = 0.0
    for refused, pause, latency in events:
        now += pause + latency
        (learned.refused if refused else learned.answered)(now, latency, delay)
        assert 0 <= learned.seconds <= SLOWEST
